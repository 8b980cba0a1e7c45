"""A report on a fleet in, a self-contained HTML page out; each kind opens to one member's plan and to its
members, with what was taken out to find them alike.

The page is bounded, the worst first: what does not fit is told in brief, with where the rest of it is, and
each shard is in the numbers all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from entra_config.report import change_html, made, page
from entra_config.report.escape import html as safe
from entra_config.report.escape import text
from entra_config.report.lines import Line, counted
from entra_config.report.made import HowMade
from entra_fleet.report import members, squares, wording
from entra_fleet.report.document import (
    FleetBoundPart,
    FleetChangePart,
    FleetGroupPart,
    FleetMemberPart,
    FleetReportDocument,
)

WHOLE = 3_000_000  # bytes of kinds that are told whole
BRIEF = 1_200_000  # bytes of those that are told in brief
MEMBERS = 100  # of a kind whose members would be too many
_MOST = 1000  # shards that failed or have no result, and ids in one command
_SHOWN = 200  # characters of a line that is told in brief
_ROW = 400  # bytes of a member's row beside what was taken out
_STYLE = (
    squares.STYLE + "details.kind{border-bottom:1px solid var(--line)}"
    "details.kind>summary,.heads{display:grid;grid-template-columns:136px 64px minmax(0,1fr) 48px;gap:0 16px}"
    "details.kind>summary{cursor:pointer;padding:12px 0;list-style:none}"
    "details.kind>summary::-webkit-details-marker{display:none}details.kind>summary:hover{background:#7f87941a}"
    "details.kind>summary .mark{white-space:normal}"
    "details.kind h3{font-size:inherit;font-weight:600;margin:0}"
    "details.kind h4{font-size:inherit;font-weight:600;margin:24px 0 8px}"
    ".count{font-weight:600;text-align:right;font-variant-numeric:tabular-nums}.rest{color:var(--ink2)}"
    ".way{color:var(--accent);font-size:.8125rem;text-align:right}.way::before{content:'Open'}"
    "details[open]>summary .way::before{content:'Close'}.opened{padding:0 0 24px 232px}"
    ".heads{color:var(--ink3);font-size:.8125rem;padding:6px 0;border-bottom:1px solid var(--line)}"
    ".heads :nth-child(2){text-align:right}.report>summary{color:var(--accent);cursor:pointer;margin:8px 0}"
    "caption{padding:8px 0;color:var(--ink);font-size:inherit;font-weight:600}"
    "@media (max-width:704px){caption{display:block}}"
    "@media (max-width:704px){details.kind>summary{grid-template-columns:minmax(0,1fr) auto}"
    ".heads{display:none}.what{grid-column:1/-1}.way{grid-column:1;text-align:left}.opened{padding-left:0}}"
    "@media print{details::details-content{content-visibility:visible;display:block}.way{display:none}"
    ".opened{padding-left:0}}"
)


def render(report: FleetReportDocument, *, folder: str = "DIR", how: HowMade | None = None) -> str:
    """Return the page; `folder` is where the results are, for the commands that it shows."""
    how = how or HowMade(command=("fleet", "report", folder))
    return page.document(wording.about(report), _body(report, folder, how), more_style=_STYLE)


def _body(report: FleetReportDocument, folder: str, how: HowMade) -> Iterator[str]:
    yield f"<h1>{safe(wording.about(report))}</h1>"
    yield f'<p class="lead"><b>{safe(wording.headline(report))}.</b> '
    yield f"{safe(wording.lead(report))}</p>"
    yield from page.facts(_facts(report, how))
    yield from squares.picture(report)
    yield from page.listed("Guards of the fleet that are lowered", report.guards)
    if report.groups:
        yield "<h2>Kinds of change, what waits for somebody first, then the riskiest</h2>"
        yield '<div class="heads"><span>Risk</span><span>Shards</span><span>What</span></div>'
    yield from _kinds(report, folder)
    yield from _members("Failed", report.failed)
    yield from _members("Without a result", report.without)
    yield from _members("Not planned", report.not_planned)
    yield from page.listed("Lock files whose tenant left", report.left)
    yield from _taking(report, folder)
    yield made.footer(how, "")


def _facts(report: FleetReportDocument, how: HowMade) -> Iterator[tuple[str, str]]:
    yield "Run", f"<code>{safe(report.run or 'none')}</code>"
    yield from made.facts(how, "")
    some = report.shards - len(report.without) - len(report.not_planned)
    yield "Shards", f"{some:,} of {report.shards:,} have a result"
    if report.bounds:
        yield "Approving all that can be takes from", safe(", ".join(map(_bound, report.bounds)))
    yield "Report", f"<code>{safe(report.id)}</code>"


def _bound(bound: FleetBoundPart) -> str:
    lost = "an unknown number" if bound.lost is None else f"{bound.lost:,}"
    return f"{lost} of at most {bound.most:,} {bound.noun}"


def _taking(report: FleetReportDocument, folder: str) -> Iterator[str]:
    words, takes = wording.approving(report.groups), wording.TAKES.get(report.do)
    if not words or takes is None:
        return
    number = sum(not wording.unapproved(each) for each in report.groups)
    yield f"<h2>To {takes[0]} what this report shows</h2>"
    yield f"<p>{counted(number, 'kind')} of {len(report.groups)} can be {takes[1]}.</p>"
    if len(report.groups) <= _MOST:
        yield page.command("fleet", takes[0], folder, *words.split())
    yield f'<p class="meta">All of it: <code>--report {safe(report.id)}</code>. The ids hash what was read '
    yield "and the digest of every member: results that change afterwards are refused.</p>"


def _kinds(report: FleetReportDocument, folder: str) -> Iterator[str]:
    """Yield the kinds: whole, with the first members, in brief, then how many more there are."""
    whole, brief = WHOLE, BRIEF
    for number, group in enumerate(report.groups):
        for most in (None, MEMBERS):
            # What cannot fit is not written out first: escaping it takes long.
            if (least := _least(group, most)) > whole:
                continue
            section = "\n".join(_group(group, report.do, folder, most))
            if len(section.encode()) <= whole:
                whole -= len(section.encode())
                yield section
                break
            # Nor is another one like it.
            whole = least - 1
        else:
            section = "\n".join(_brief(group, report.do, folder))
            brief -= len(section.encode())
            if brief < 0:
                left = counted(len(report.groups) - number, "kind")
                yield f"<p>And {left} more, of no higher risk: <code>--format json</code> has all.</p>"
                return
            yield section


def _least(group: FleetGroupPart, most: int | None) -> int:
    """Return how many characters a kind has at least, told whole."""
    taken = sum(_ROW + sum(len(one.value) for one in each.taken_out) for each in group.members[:most])
    lines = [line for each in group.changes for line in each.lines]
    shown = sum(len(said) for line in lines for said, _ in line.text)
    return len(group.text) + shown + sum(map(len, wording.said(group))) + taken


def _brief(group: FleetGroupPart, do: str, folder: str) -> Iterator[str]:
    first = group.members[0].shard
    yield from _head(group, [each[:_SHOWN] for each in wording.said(group)[:3]])
    yield f"<p>{safe(wording.members(group))}. This page would be too large with the rest: "
    yield f"<code>fleet report DIR --tenant {safe(first.partition('/')[0])}</code>.</p>"
    yield from _taken(group, do, folder)
    yield "</div></details>"


def _head(group: FleetGroupPart, said: Sequence[str]) -> Iterator[str]:
    """Yield what is seen of a kind that is closed."""
    with_counts = len(group.members) > 1 and group.counts
    few = "" if with_counts or len(group.members) > wording.FEW else f" · {wording.members(group)}"
    rest = "".join(f'<div class="rest">{safe(each)}</div>' for each in said[1:])
    yield f'<details class="kind"><summary>{squares.mark(group)}'
    yield f'<span class="count">{len(group.members):,}</span><div class="what"><h3>{safe(said[0])}'
    yield f'<span class="meta">{safe(few)}</span></h3>{rest}</div><span class="way"></span></summary>'
    yield '<div class="opened">'


def _group(group: FleetGroupPart, do: str, folder: str, most: int | None) -> Iterator[str]:
    first = safe(group.members[0].shard)
    yield from _head(group, wording.said(group))
    if group.changes:
        yield f"<h4>The plan of {first}, which stands for all</h4>"
        yield from map(_change, group.changes)
    lines = "\n".join(safe(each) for each in group.text.split("\n"))
    opened = "" if group.changes else " open"
    yield f'<details class="report"{opened}><summary>The report of {first}, as its command tells it</summary>'
    yield f'<pre class="command">{lines}</pre></details>'
    yield from members.table(group, most)
    yield from _taken(group, do, folder)
    yield "</div></details>"


def _change(change: FleetChangePart) -> str:
    lines = (
        Line(tuple((text(said), style) for said, style in each.text), text(each.place))
        for each in change.lines
    )
    return f"<article><div>{page.mark(change.risk)}</div>{change_html.tree(lines)}</article>"


def _taken(group: FleetGroupPart, do: str, folder: str) -> Iterator[str]:
    takes = wording.TAKES.get(do)
    if takes is None:
        return
    if why := wording.unapproved(group):
        yield f"<p>Cannot be {takes[1]}: {safe(why)}</p>"
        return
    these = f"these {len(group.members):,}" if len(group.members) > 1 else "it"
    yield f"<h4>{takes[0].capitalize()} {these}</h4>"
    yield page.command("fleet", takes[0], folder, "--class", group.id)


def _members(title: str, members: list[FleetMemberPart]) -> Iterator[str]:
    if members:
        yield f"<h2>{title}</h2><ul>"
        # A reason is told whole while few have one.
        most = _SHOWN if len(members) > _SHOWN else None
        yield from (f"<li>{safe(each.shard)}: {safe(each.reason[:most])}</li>" for each in members[:_MOST])
        yield f"<li>and {len(members) - _MOST} more</li>" if len(members) > _MOST else ""
        yield "</ul>"
