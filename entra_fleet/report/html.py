"""A report on a fleet in, a self-contained HTML page out; each kind opens to one member's plan and to its
members, with what was taken out to find them alike.

The page is bounded, the worst first: what does not fit is told in brief, with where the rest of it is, and
each shard is in the numbers all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from entra_config import quoting
from entra_config.report import made, rendering
from entra_config.report.escape import text
from entra_config.report.lines import Line, counted
from entra_config.report.made import HowMade
from entra_config.report.pages import Fact, Listed, ShownLine, show_lines
from entra_config.risk import LEVELS
from entra_fleet.report import members, squares, wording
from entra_fleet.report.document import (
    FleetChangePart,
    FleetGroupPart,
    FleetLimitPart,
    FleetMemberPart,
    FleetReportDocument,
)

if TYPE_CHECKING:
    from markupsafe import Markup

WHOLE = 3_000_000  # bytes of kinds that are told whole
BRIEF = 1_200_000  # bytes of those that are told in brief
MEMBERS = 100  # of a kind whose members would be too many
_MOST = 1000  # shards that failed or have no result, and ids in one command
_SHOWN = 200  # characters of a line that is told in brief
_ROW = 400  # bytes of a member's row beside what was taken out
_OWN = "entra_fleet.report"


def render(report: FleetReportDocument, *, folder: str = "DIR", how: HowMade | None = None) -> str:
    """Return the page; `folder` is where the results are, for the commands that it shows."""
    how = how or HowMade(command=("fleet", "report", folder))
    kinds, left = _kinds(report, folder)
    return rendering.html_page(
        "fleet.html",
        _OWN,
        title=wording.about(report),
        style=rendering.read_style(_OWN, "fleet.css"),
        headline=wording.headline(report),
        lead=wording.lead(report),
        rows=list(_facts(report, how)),
        picture=squares.picture(report),
        guards=Listed("Guards of the fleet that are lowered", list(report.guards)),
        kinds=kinds,
        left=counted(left, "kind") if left else "",
        apart=[
            _members("Failed", report.failed),
            _members("Without a result", report.without_result),
            _members("Not planned", report.not_planned),
        ],
        left_locks=Listed("Lock files whose tenant left", list(report.lock_files_without_tenant)),
        taking=_taking(report, folder),
        id=report.id,
        footer=made.footer(how, ""),
    )


def _facts(report: FleetReportDocument, how: HowMade) -> Iterator[Fact]:
    yield Fact("Run", code=report.run or "none")
    yield from made.facts(how, "")
    some = report.shards - len(report.without_result) - len(report.not_planned)
    yield Fact("Shards", f"{some:,} of {report.shards:,} have a result")
    if report.limits:
        yield Fact("Approving all that can be takes from", ", ".join(map(_limit, report.limits)))
    yield Fact("Report", code=report.id)


def _limit(limit: FleetLimitPart) -> str:
    lost = "an unknown number" if limit.losses is None else f"{limit.losses:,}"
    return f"{lost} of at most {limit.limit:,} {limit.unit}"


def _taking(report: FleetReportDocument, folder: str) -> dict[str, str] | None:
    words, takes = wording.approving(report.groups), wording.TAKES.get(report.do)
    if not words or takes is None:
        return None
    number = sum(not wording.unapproved(each) for each in report.groups)
    few = len(report.groups) <= _MOST
    return {
        "heading": f"To {takes[0]} what this report shows",
        "sentence": f"{counted(number, 'kind')} of {len(report.groups)} can be {takes[1]}.",
        "command": quoting.command("entra-config", "fleet", takes[0], folder, *words.split()) if few else "",
    }


def _kinds(report: FleetReportDocument, folder: str) -> tuple[list[Markup], int]:
    """Return the kinds: whole, with the first members, in brief; and how many there are besides."""
    whole, brief, found = WHOLE, BRIEF, []
    for number, group in enumerate(report.groups):
        for most in (None, MEMBERS):
            # What cannot fit is not written out first: escaping it takes long.
            if (least := _least(group, most)) > whole:
                continue
            section = _kind(group, report.do, folder, wording.said(group), _open(group, most))
            if len(section.encode()) <= whole:
                whole -= len(section.encode())
                found.append(section)
                break
            # Nor is another one like it.
            whole = least - 1
        else:
            said = [each[:_SHOWN] for each in wording.said(group)[:3]]
            section = _kind(group, report.do, folder, said, None)
            brief -= len(section.encode())
            if brief < 0:
                return found, len(report.groups) - number
            found.append(section)
    return found, 0


def _least(group: FleetGroupPart, most: int | None) -> int:
    """Return how many characters a kind has at least, told whole."""
    taken = sum(_ROW + sum(len(one.value) for one in each.not_compared) for each in group.members[:most])
    lines = [line for each in group.changes for line in each.lines]
    shown = sum(len(said) for line in lines for said, _ in line.text)
    return len(group.text) + shown + sum(map(len, wording.said(group))) + taken


def _kind(
    group: FleetGroupPart, do: str, folder: str, said: Sequence[str], whole: dict[str, Any] | None
) -> Markup:
    with_counts = len(group.members) > 1 and group.counts
    few = "" if with_counts or len(group.members) > wording.FEW else f" · {wording.members(group)}"
    return rendering.html_part(
        "kind.html",
        _OWN,
        mark_of=squares.mark(group),
        count=f"{len(group.members):,}",
        said=said[0],
        rest=said[1:],
        few=few,
        whole=whole,
        members=wording.members(group),
        tenant=group.members[0].shard.partition("/")[0],
        approval=_approval(group, do, folder),
    )


def _open(group: FleetGroupPart, most: int | None) -> dict[str, Any]:
    first = group.members[0].shard
    return {
        "plan": f"The plan of {first}, which stands for all",
        "changes": [{"level": LEVELS[each.risk], "lines": _lines(each)} for each in group.changes],
        "report": f"The report of {first}, as its command tells it",
        "lines": group.text.split("\n"),
        "table": members.table(group, most),
    }


def _lines(change: FleetChangePart) -> list[ShownLine]:
    return show_lines(
        Line(tuple((text(said), style) for said, style in each.text), text(each.place))
        for each in change.lines
    )


def _approval(group: FleetGroupPart, do: str, folder: str) -> dict[str, str] | None:
    takes = wording.TAKES.get(do)
    if takes is None:
        return None
    if why := wording.unapproved(group):
        return {"problem": f"Cannot be {takes[1]}: {why}"}
    these = f"these {len(group.members):,}" if len(group.members) > 1 else "it"
    command = quoting.command("entra-config", "fleet", takes[0], folder, "--class", group.id)
    return {"problem": "", "heading": f"{takes[0].capitalize()} {these}", "command": command}


def _members(title: str, found: list[FleetMemberPart]) -> dict[str, Any]:
    # A reason is told whole while few have one.
    most = _SHOWN if len(found) > _SHOWN else None
    shown = [(each.shard, each.reason[:most]) for each in found[:_MOST]]
    return {"heading": title, "members": shown, "left": max(0, len(found) - _MOST)}
