"""A report on a fleet in, lines for a terminal out."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.report import escape
from entra_config.report.lines import Line, line
from entra_fleet.report import wording
from entra_fleet.report.document import FleetGroupPart, FleetReportDocument


def lines(report: FleetReportDocument) -> Iterator[Line]:
    """Yield the report: kinds of change, what failed, what has no result."""
    yield line((f"Fleet · {report.do or 'nothing'} · run {escape.text(report.run) or 'none'}", "bold"))
    yield line()
    for guard in report.guards:
        yield line(("Guard: ", "red"), escape.text(guard))
    if report.guards:
        yield line()
    for group in report.groups:
        yield line((wording.title(group), "bold"))
        yield from (line("    ", escape.text(each)) for each in wording.said(group))
        yield line(("    in ", "dim"), escape.text(wording.members(group)))
        if report.do in wording.TAKES:
            yield line((f"    {_taken(group, *wording.TAKES[report.do])}", "dim"))
        yield line()
    for each in report.failed:
        yield line(("Failed: ", "red"), escape.text(f"{each.shard}: {' '.join(each.reason.split())}"))
    for each in report.without_result:
        yield line(("Without: ", "yellow"), escape.text(f"{each.shard}: {each.reason}"))
    if report.not_planned:
        names = wording.bounded([each.shard for each in report.not_planned])
        yield line(("Not planned: ", "dim"), escape.text(f"{names}: {report.not_planned[0].reason}"))
    for path in report.lock_files_without_tenant:
        yield line(
            ("Left: ", "yellow"),
            f"{escape.text(path)}: destroy its applications there first, release them, or delete the file",
        )
    if report.do in wording.TAKES and wording.approving(report.groups):
        yield line((f"All that can be {wording.TAKES[report.do][1]}: --report {report.id}", "dim"))
    yield line((wording.headline(report), "bold"))


def _taken(group: FleetGroupPart, verb: str, done: str) -> str:
    why = wording.unapproved(group)
    return f"cannot be {done}: {why}" if why else f"{verb}: --class {group.id}"
