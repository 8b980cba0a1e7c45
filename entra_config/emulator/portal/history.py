"""Two moments of a tenant in; what changed between them, by object, time or person, with the way back and the
lines that declare it, out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from starlette.responses import Response

from entra_config.emulator.portal import risk
from entra_config.emulator.portal.declaring import WayToDeclare, way_to_declare
from entra_config.emulator.portal.marks import Mark, mark_of
from entra_config.emulator.portal.objects import NamedObject, named
from entra_config.emulator.portal.pieces import ChangedPiece, pieces
from entra_config.emulator.portal.trail import TrailEntry, entries
from entra_config.emulator.portal.undoing import way_back
from entra_config.emulator.portal.visit import Visit
from entra_config.emulator.snapshots.named import BEGINNING, NOW, SnapshotError

_WAYS = ("object", "time", "person")
_MOST = 300


@dataclass(frozen=True)
class ChangeLine:
    """One change as the page shows it; `undo` is the address of its question, or empty."""

    piece: ChangedPiece
    on: NamedObject
    mark: Mark
    by: TrailEntry | None
    undo: str
    reason: str
    declared: WayToDeclare


@dataclass
class ChangeGroup:
    """Changes of one object, or by one person, gravest first; without a name where they stand by time."""

    of: NamedObject | None
    mark: Mark = field(default_factory=Mark)
    lines: list[ChangeLine] = field(default_factory=list)


@dataclass(frozen=True)
class ChangesSinceApply:
    """What changed since the last apply of an owner: how much, and the gravest lines of it."""

    owner: str
    at: str
    snapshot: str
    total: int
    high: int
    lines: list[ChangeLine]


def since_apply(visit: Visit, most: int) -> ChangesSinceApply | None:
    """Return the gravest changes since the last apply; None where none is known, or its snapshot is gone."""
    snapshots = visit.held.emulator.snapshots
    applied = visit.held.emulator.applied.last(visit.tenant.tenant_id)
    if applied is None or applied.snapshot not in {each.name for each in snapshots.kept()}:
        return None
    found = _between(visit, applied.snapshot, NOW)
    return ChangesSinceApply(
        applied.owner,
        applied.at,
        applied.snapshot,
        len(found),
        sum(piece.risk == risk.order()[0] for piece in found),
        list(_lines(visit, found[:most], (applied.snapshot, NOW))),
    )


def show(visit: Visit, problem: str = "", status: int = 200) -> Response:
    """Show what changed since the last apply, or since a snapshot."""
    emulator = visit.held.emulator
    kept = emulator.snapshots.kept()
    names = [each.name for each in reversed(kept)]
    applied = emulator.applied.last(visit.tenant.tenant_id)
    last = applied.snapshot if applied and applied.snapshot in names else ""
    since = visit.param("since") or last or (names[0] if names else BEGINNING)
    until = visit.param("until") or NOW
    try:
        found = _between(visit, since, until)
    except SnapshotError as error:
        return show_problem(visit, _sentence(error))
    level, way = visit.param("risk", "all", *risk.order()), visit.param("by", *_WAYS)
    wanted = [piece for piece in found if level in ("all", piece.risk)]
    return visit.render(
        "changes.html",
        status=status,
        here="changes",
        since=since,
        until=until,
        last=last,
        applied=applied,
        kept=list(reversed(kept)),
        beginning=BEGINNING,
        total=len(found),
        most=_MOST,
        groups=_grouped(_lines(visit, wanted[:_MOST], (since, until)), way),
        level=level,
        way=way,
        ways=_WAYS,
        numbers={each: sum(piece.risk == each for piece in found) for each in risk.order()},
        problem=problem,
    )


def show_problem(visit: Visit, problem: str) -> Response:
    """Say what is wrong with the names of snapshots."""
    return visit.render("edit_gone.html", status=404, here="changes", reason=problem)


def act(visit: Visit) -> Response:
    """Take a snapshot, drop one, go back to one or reset: the last two after a question."""
    action, name = visit.request.path_params["action"], visit.form.get("name", "")
    snapshots = visit.held.emulator.snapshots
    try:
        if action == "take":
            snapshots.take(name.strip())
        elif action == "drop":
            snapshots.drop(name)
        elif action == "back" and visit.form.get("sure") == "yes":
            snapshots.back(name)
        elif action == "back":
            number = len(snapshots.differences(name))
            return visit.render("back.html", here="changes", name=name, number=number, beginning=BEGINNING)
        else:
            return show_problem(visit, "There is no such change.")
    except SnapshotError as error:
        return show_problem(visit, _sentence(error))
    if action == "take":
        return visit.go(visit.path("changes", since=name.strip()))
    found = visit.held.service.directory.find(visit.tenant.tenant_id)
    return visit.go(visit.path("changes") if found else "/")


def _sentence(error: SnapshotError) -> str:
    return f"{str(error)[:1].upper()}{str(error)[1:]}."


def _between(visit: Visit, since: str, until: str) -> list[ChangedPiece]:
    """Return the changes of this tenant, the riskiest first."""
    snapshots = visit.held.emulator.snapshots
    mine = [each for each in snapshots.differences(since, until) if each.tenant == visit.tenant.tenant_id]
    before, after = (snapshots.directory(name).tenants.get(visit.tenant.tenant_id) for name in (since, until))
    return pieces(mine, before, after) if before is not None and after is not None else []


def _lines(visit: Visit, found: Iterable[ChangedPiece], moments: tuple[str, str]) -> Iterator[ChangeLine]:
    """Tell of each change the last record, the way back and the lines that declare it."""
    records = entries(visit, limit=2_000)
    ids = [{target.id for target in entry.targets} for entry in records]
    for piece in found:
        by = next((entry for entry, about in zip(records, ids, strict=True) if piece.ends <= about), None)
        yield _line(visit, piece, by, moments)


def _line(visit: Visit, piece: ChangedPiece, by: TrailEntry | None, moments: tuple[str, str]) -> ChangeLine:
    since, until = moments
    row = visit.tenant.applications.get(piece.on) or visit.tenant.service_principals.get(piece.on)
    app = visit.tenant.application_by_app_id(str((row or {}).get("appId")))
    undo, why = "", "Only what is so now is undone."
    if until == NOW:
        way = way_back(visit, piece, since)
        then = visit.path("changes", since=since, by=visit.param("by"), risk=visit.param("risk"))
        undo = visit.path("edit", way.edit, **(way.given or {}), then=then) if way.edit else ""
        why = way.reason
    on = named(visit, str(app["id"]) if app else piece.on, piece.words)
    return ChangeLine(piece, on, mark_of(app), by, undo, why, way_to_declare(visit, piece))


def _grouped(lines: Iterable[ChangeLine], way: str) -> list[ChangeGroup]:
    """Put changes of one object, or by one person, together; by time the newest comes first."""
    if way == "time":
        ordered = sorted(lines, key=lambda line: line.by.at if line.by else "", reverse=True)
        return [ChangeGroup(None, lines=ordered)] if ordered else []
    found: dict[str, ChangeGroup] = {}
    for line in lines:
        of = line.on if way == "object" else line.by.by if line.by else NamedObject("nobody: no record")
        group = found.setdefault(of.id or of.name, ChangeGroup(of, line.mark if way == "object" else Mark()))
        group.lines.append(line)
    return list(found.values())
