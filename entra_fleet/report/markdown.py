"""A report on a fleet in, Markdown for a comment out: bounded, the worst first, and no name of a person."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.report.escape import markdown
from entra_config.report.lines import counted
from entra_fleet.report import wording
from entra_fleet.report.document import FleetMemberPart, FleetReportDocument

MOST = 50  # kinds, and shards that failed or have no result; the others are counted


def render(report: FleetReportDocument) -> str:
    """Return the report."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: FleetReportDocument) -> Iterator[str]:
    yield f"### Fleet: {wording.headline(report)}"
    yield ""
    if report.guards:
        yield "**Guards of the fleet that are lowered**"
        yield ""
        yield from (f"- {markdown(each)}" for each in report.guards[:MOST])
        yield from (f"- and {len(report.guards) - MOST} more" for _ in report.guards[MOST : MOST + 1])
        yield ""
    for group in report.groups[:MOST]:
        yield f"**{wording.title(group)}**"
        yield ""
        yield from (f"- {markdown(each)}" for each in wording.said(group))
        yield ""
        yield f"in {markdown(wording.members(group))}"
        yield ""
        if report.do in wording.TAKES:
            why, (verb, done) = wording.unapproved(group), wording.TAKES[report.do]
            yield f"Cannot be {done}: {why}" if why else f"{verb.capitalize()}: `--class {group.id}`"
            yield ""
    if len(report.groups) > MOST:
        yield f"And {counted(len(report.groups) - MOST, 'kind')} more, of no higher risk."
        yield ""
    yield from _members("Failed", report.failed)
    yield from _members("Without a result", report.without_result)
    if report.not_planned:
        names = wording.bounded([each.shard for each in report.not_planned])
        yield "**Not planned**"
        yield ""
        yield markdown(f"{names}: {report.not_planned[0].reason}")
        yield ""


def _members(title: str, members: list[FleetMemberPart]) -> Iterator[str]:
    if not members:
        return
    yield f"**{title}**"
    yield ""
    for each in members[:MOST]:
        # Why something failed may quote names of people: the report in another format tells it.
        yield f"- {markdown(each.shard)}" + ("" if title == "Failed" else f": {markdown(each.reason)}")
    if len(members) > MOST:
        yield f"- and {len(members) - MOST} more"
    yield ""
