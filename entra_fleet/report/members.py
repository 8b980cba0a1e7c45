"""A kind of change in; its members, with what was taken out to find them alike, as a table, out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from entra_config.report import page
from entra_config.report.escape import html as safe
from entra_fleet.report.document import FleetGroupPart, FleetMemberPart

ROOM = 44  # characters that the heads of columns may have together, by their longest words: a sheet is narrow
_LEAST = 8  # characters that a column takes
_SHORT = 8  # digits of a digest: enough to tell two apart


def table(group: FleetGroupPart, most: int | None = None) -> Iterator[str]:
    """Yield the table: a column for each thing that was taken out, where a sheet has room for them, else one
    with all of them.
    """
    columns, members = _columns(group.members), group.members[:most]
    fitting = sum(max(_LEAST, *map(len, each.split())) for each in columns) <= ROOM
    digests = any(each.digest for each in group.members)
    labels = ["Wave", *(columns if fitting else ["Taken out"]), *(["Plan"] if digests else [])]
    yield from page.table("wide", ("Tenant", *labels), "Members, with what was taken out to find them alike")
    for each in members:
        taken = _taken(each)
        cells = [_code(taken.get(name, [])) for name in columns] if fitting else [_lines(taken)]
        plan = [f'<code title="{safe(each.digest)}">{safe(each.digest[:_SHORT])}…</code>'] if digests else []
        yield page.row(safe(each.shard), [str(each.wave), *cells, *plan], labels)
    yield "</tbody></table>"
    if len(members) < len(group.members):
        left = len(group.members) - len(members)
        yield f"<p>And {left:,} more: <code>--format json</code> has all.</p>"


def _columns(members: Sequence[FleetMemberPart]) -> list[str]:
    """Return the name of each thing that was taken out of any member."""
    return list(dict.fromkeys(name for each in members for name in _taken(each)))


def _taken(member: FleetMemberPart) -> dict[str, list[str]]:
    """Return what was taken out, by what the manifest says there: each value once, and the people counted."""
    found: dict[str, dict[str, None]] = {}
    for one in member.taken_out:
        found.setdefault(one.said, {})[one.value] = None
    taken = {name: list(values) for name, values in found.items()}
    for count in member.counts:
        said = "nobody knows" if count.people is None else f"{count.people:,}"
        taken.setdefault(f"{count.verb} {count.what}", []).append(said)
    return taken


def _code(values: Sequence[str]) -> str:
    return "<br>".join(f"<code>{safe(each)}</code>" for each in values) or "–"


def _lines(taken: dict[str, list[str]]) -> str:
    shown = (
        f"<code>{safe(name)}</code> → <code>{safe(each)}</code>"
        for name, values in taken.items()
        for each in values
    )
    return "<br>".join(shown) or "–"
