"""A report on a fleet in, a self-contained HTML page out; each kind opens to one member's report.

The page is bounded, the worst first: what does not fit is told in brief, with where the rest of it is, and
each shard is in the numbers all the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.report import fleet_squares, fleet_wording, page
from entra_config.report.escape import html as safe
from entra_config.report.fleet_document import FleetGroupPart, FleetMemberPart, FleetReportDocument
from entra_config.report.lines import counted

WHOLE = 3_000_000  # bytes of kinds that are told whole
BRIEF = 1_200_000  # bytes of those that are told in brief
_MOST = 1000  # shards that failed or have no result, and ids in one command
_SHOWN = 200  # characters of a line that is told in brief
_STYLE = (
    fleet_squares.STYLE
    + "details{margin:.5rem 0}summary{cursor:pointer}pre{overflow-x:auto}.kind{margin:1.5rem 0}"
)


def render(report: FleetReportDocument) -> str:
    """Return the page."""
    return page.document(f"Fleet: {fleet_wording.headline(report)}", _body(report), more_style=_STYLE)


def _body(report: FleetReportDocument) -> Iterator[str]:
    yield f"<h1>{safe(fleet_wording.headline(report))}</h1>"
    yield from page.facts([("Run", safe(report.run or "none")), ("Done", safe(report.do or "nothing"))])
    yield from fleet_squares.picture(report)
    if report.groups:
        yield "<h2>Kinds</h2>"
    yield from _kinds(report)
    yield from _members("Failed", report.failed)
    yield from _members("Without a result", report.without)
    yield from _members("Not planned", report.not_planned)
    if report.left:
        yield "<h2>Lock files whose tenant left</h2><ul>"
        yield from (f"<li>{safe(path)}</li>" for path in report.left)
        yield "</ul>"
    yield from _taking(report)


def _taking(report: FleetReportDocument) -> Iterator[str]:
    words, takes = fleet_wording.approving(report.groups), fleet_wording.TAKES.get(report.do)
    if not words or takes is None:
        return
    yield f"<h2>To {takes[0]} what this report shows</h2>"
    if len(report.groups) <= _MOST:
        yield f'<pre tabindex="0">entra-config fleet {takes[0]} DIR {safe(words)}</pre>'
    yield f"<p>All of it: <code>--report {safe(report.id)}</code>. The ids hash what was read and the "
    yield "digest of every member: results that change afterwards are refused.</p>"


def _kinds(report: FleetReportDocument) -> Iterator[str]:
    """Yield the kinds: whole, then in brief, then how many more there are."""
    takes, whole, brief = fleet_wording.TAKES.get(report.do), WHOLE, BRIEF
    for number, group in enumerate(report.groups):
        # What cannot fit is not written out first: escaping it takes long.
        section = "\n".join(_group(group, takes)) if _least(group) <= whole else ""
        if section and len(section.encode()) <= whole:
            whole -= len(section.encode())
            yield section
            continue
        section = "\n".join(_brief(group, takes))
        brief -= len(section.encode())
        if brief < 0:
            left = counted(len(report.groups) - number, "kind")
            yield f"<p>And {left} more, of no higher risk: <code>--format json</code> has all.</p>"
            return
        yield section


def _least(group: FleetGroupPart) -> int:
    """Return how many characters a kind has at least, told whole."""
    taken = sum(len(one.said) + len(one.value) for each in group.members for one in each.taken_out)
    return len(group.text) + sum(map(len, fleet_wording.said(group))) + taken


def _brief(group: FleetGroupPart, takes: tuple[str, str] | None) -> Iterator[str]:
    first = group.members[0].shard
    yield from _head(group, [each[:_SHOWN] for each in fleet_wording.said(group)[:3]])
    yield f"<p>{safe(fleet_wording.members(group))}. This page would be too large with the rest: "
    yield f"<code>fleet report DIR --tenant {safe(first.partition('/')[0])}</code>.</p>"
    yield from _taken(group, takes)
    yield "</section>"


def _head(group: FleetGroupPart, said: list[str]) -> Iterator[str]:
    count = counted(len(group.members), "shard")
    risk = page.mark(group.risk) if group.risk != "none" else "No change"
    yield f'<section class="kind"><h3>{safe(fleet_wording.before(group))}{risk} · {safe(count)}</h3><ul>'
    yield from (f"<li>{safe(each)}</li>" for each in said)
    yield "</ul>"


def _group(group: FleetGroupPart, takes: tuple[str, str] | None) -> Iterator[str]:
    count = counted(len(group.members), "shard")
    yield from _head(group, fleet_wording.said(group))
    yield f"<details><summary>The report of {safe(group.members[0].shard)}</summary>"
    lines = "\n".join(safe(each) for each in group.text.split("\n"))
    yield f'<pre tabindex="0">{lines}</pre></details>'
    yield f"<details><summary>{safe(count)}, and what was taken out</summary><ul>"
    for each in group.members:
        taken = [f"{one.said} → {one.value} ({one.place})" for one in each.taken_out]
        inside = "".join(f"<li>{safe(one)}</li>" for one in taken)
        yield f"<li>{safe(each.shard)}{f'<ul>{inside}</ul>' if inside else ''}</li>"
    yield "</ul></details>"
    yield from _taken(group, takes)
    yield "</section>"


def _taken(group: FleetGroupPart, takes: tuple[str, str] | None) -> Iterator[str]:
    if takes is not None:
        why = fleet_wording.unapproved(group)
        yield f"<p>Cannot be {takes[1]}: {safe(why)}</p>" if why else _command(group, takes[0])


def _command(group: FleetGroupPart, verb: str) -> str:
    return f'<pre tabindex="0">entra-config fleet {verb} DIR --class {safe(group.id)}</pre>'


def _members(title: str, members: list[FleetMemberPart]) -> Iterator[str]:
    if members:
        yield f"<h2>{title}</h2><ul>"
        # A reason is told whole while few have one.
        most = _SHOWN if len(members) > _SHOWN else None
        yield from (f"<li>{safe(each.shard)}: {safe(each.reason[:most])}</li>" for each in members[:_MOST])
        yield f"<li>and {len(members) - _MOST} more</li>" if len(members) > _MOST else ""
        yield "</ul>"
