"""A report on a fleet in, a self-contained HTML page out; each kind opens to one member's report."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.report import fleet_wording, page
from entra_config.report.escape import html as safe
from entra_config.report.fleet_document import FleetGroupPart, FleetMemberPart, FleetReportDocument
from entra_config.report.lines import counted

_STYLE = "details{margin:.5rem 0}summary{cursor:pointer}pre{overflow-x:auto}.kind{margin:1.5rem 0}"


def render(report: FleetReportDocument) -> str:
    """Return the page."""
    return page.document(f"Fleet: {fleet_wording.headline(report)}", _body(report), more_style=_STYLE)


def _body(report: FleetReportDocument) -> Iterator[str]:
    yield f"<h1>{safe(fleet_wording.headline(report))}</h1>"
    yield from page.facts([("Run", safe(report.run or "none")), ("Done", safe(report.do or "nothing"))])
    if report.groups:
        yield "<h2>Kinds</h2>"
    for group in report.groups:
        yield from _group(group, fleet_wording.TAKES.get(report.do))
    yield from _members("Failed", report.failed)
    yield from _members("Without a result", report.without)
    if report.left:
        yield "<h2>Lock files whose tenant left</h2><ul>"
        yield from (f"<li>{safe(path)}</li>" for path in report.left)
        yield "</ul>"
    words = fleet_wording.approving(report.groups)
    if words and (takes := fleet_wording.TAKES.get(report.do)):
        yield f"<h2>To {takes[0]} what this report shows</h2>"
        yield f'<pre tabindex="0">entra-config fleet {takes[0]} DIR {safe(words)}</pre>'
        yield f"<p>All of it: <code>--report {safe(report.id)}</code>. The ids hash what was read and the "
        yield "digest of every member: results that change afterwards are refused.</p>"


def _group(group: FleetGroupPart, takes: tuple[str, str] | None) -> Iterator[str]:
    count = counted(len(group.members), "shard")
    risk = page.mark(group.risk) if group.risk != "none" else "No change"
    yield f'<section class="kind"><h3>{safe(fleet_wording.before(group))}{risk} · {safe(count)}</h3><ul>'
    yield from (f"<li>{safe(each)}</li>" for each in fleet_wording.said(group))
    yield "</ul>"
    yield f"<details><summary>The report of {safe(group.members[0].shard)}</summary>"
    lines = "\n".join(safe(each) for each in group.text.split("\n"))
    yield f'<pre tabindex="0">{lines}</pre></details>'
    yield f"<details><summary>{safe(count)}, and what was taken out</summary><ul>"
    for each in group.members:
        taken = [f"{one.said} → {one.value} ({one.place})" for one in each.taken_out]
        inside = "".join(f"<li>{safe(one)}</li>" for one in taken)
        yield f"<li>{safe(each.shard)}{f'<ul>{inside}</ul>' if inside else ''}</li>"
    yield "</ul></details>"
    if takes is not None:
        why = fleet_wording.unapproved(group)
        yield f"<p>Cannot be {takes[1]}: {safe(why)}</p>" if why else _command(group, takes[0])
    yield "</section>"


def _command(group: FleetGroupPart, verb: str) -> str:
    return f'<pre tabindex="0">entra-config fleet {verb} DIR --class {safe(group.id)}</pre>'


def _members(title: str, members: list[FleetMemberPart]) -> Iterator[str]:
    if members:
        yield f"<h2>{title}</h2><ul>"
        yield from (f"<li>{safe(each.shard)}: {safe(each.reason)}</li>" for each in members)
        yield "</ul>"
