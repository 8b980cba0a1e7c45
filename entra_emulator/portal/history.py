"""Show what changed between two moments of a tenant, by object, time or person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from starlette.responses import Response

from entra_emulator import extension
from entra_emulator.extension import LEVELS, Declaration, Moments
from entra_emulator.portal import labels
from entra_emulator.portal.labels import NOBODY, DeclaredBy
from entra_emulator.portal.objects import NamedObject, named
from entra_emulator.portal.pieces import ChangedPiece, pieces_between
from entra_emulator.portal.trail import TrailEntry, entries
from entra_emulator.portal.visit import Visit
from entra_emulator.snapshots.named import BEGINNING, NOW, SnapshotError

_WAYS = ("object", "time", "person")
_MOST = 300


@dataclass(frozen=True)
class ChangeLine:
    """One change as the page shows it."""

    piece: ChangedPiece
    on: NamedObject
    mark: DeclaredBy
    by: TrailEntry | None
    declared: Declaration | None


@dataclass
class ChangeGroup:
    """Changes of one object, or by one person, highest risk first; without a name if by time."""

    of: NamedObject | None
    mark: DeclaredBy
    lines: list[ChangeLine]


@dataclass(frozen=True)
class ChangesSinceApply:
    """What changed since the last apply of an owner: how much, and the most severe lines of it."""

    owner: str
    at: str
    snapshot: str
    total: int
    high: int
    lines: list[ChangeLine]


def since_apply(visit: Visit, most: int) -> ChangesSinceApply | None:
    """Return the most severe changes since the last apply; None without a snapshot of it."""
    snapshots = visit.held.emulator.snapshots
    applied = visit.held.emulator.labels.last_applied(visit.tenant.tenant_id)
    if applied is None or applied.snapshot not in {each.name for each in snapshots.kept()}:
        return None
    _, found = _between(visit, applied.snapshot, NOW)
    return ChangesSinceApply(
        applied.source,
        applied.at,
        applied.snapshot,
        len(found),
        sum(piece.risk == LEVELS[0] for piece in found),
        _lines(visit, found[:most], ()),
    )


def show(visit: Visit, problem: str = "", status: int = 200) -> Response:
    """Show what changed since the last apply, or since a snapshot."""
    emulator = visit.held.emulator
    kept = emulator.snapshots.kept()
    names = [each.name for each in reversed(kept)]
    applied = emulator.labels.last_applied(visit.tenant.tenant_id)
    last = applied.snapshot if applied and applied.snapshot in names else ""
    since = visit.param("since") or last or (names[0] if names else BEGINNING)
    until = visit.param("until") or NOW
    try:
        moments, found = _between(visit, since, until)
    except SnapshotError as error:
        return show_problem(visit, _sentence(error))
    level, way = visit.param("risk", "all", *LEVELS), visit.param("by", *_WAYS)
    wanted = [piece for piece in found if level in ("all", piece.risk)][:_MOST]
    declared = extension.declare(wanted, moments) if moments and wanted else ()
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
        groups=_grouped(_lines(visit, wanted, declared), way),
        level=level,
        way=way,
        ways=_WAYS,
        numbers={each: sum(piece.risk == each for piece in found) for each in LEVELS},
        rated=any(piece.risk for piece in found),
        problem=problem,
    )


def show_problem(visit: Visit, problem: str) -> Response:
    """Say what is wrong with the names of snapshots."""
    return visit.render("edit_gone.html", status=404, here="changes", reason=problem)


def act(visit: Visit) -> Response:
    """Save a snapshot, drop one, restore one or reset: the last two after a question."""
    action, name = visit.request.path_params["action"], visit.form.get("name", "")
    snapshots = visit.held.emulator.snapshots
    try:
        if action == "save":
            snapshots.save(name.strip())
        elif action == "drop":
            snapshots.drop(name)
        elif action == "restore" and visit.form.get("sure") == "yes":
            snapshots.restore(name)
        elif action == "restore":
            number = len(snapshots.differences(name))
            return visit.render("restore.html", here="changes", name=name, number=number, beginning=BEGINNING)
        else:
            return show_problem(visit, "There is no such change.")
    except SnapshotError as error:
        return show_problem(visit, _sentence(error))
    if action == "save":
        return visit.go(visit.path("changes", since=name.strip()))
    found = visit.held.service.directory.find(visit.tenant.tenant_id)
    return visit.go(visit.path("changes") if found else "/")


def _sentence(error: SnapshotError) -> str:
    return f"{str(error)[:1].upper()}{str(error)[1:]}."


def _between(visit: Visit, since: str, until: str) -> tuple[Moments | None, list[ChangedPiece]]:
    """Return the changes of this tenant, highest risk first, with the two moments."""
    snapshots = visit.held.emulator.snapshots
    ends, tenant_id = (snapshots.directory(since), snapshots.directory(until)), visit.tenant.tenant_id
    before, after = (directory.tenants.get(tenant_id) for directory in ends)
    if before is None or after is None:
        return None, []
    moments = Moments(before, after, visit.labels)
    changed = pieces_between(*ends, tenant_id)
    found = [replace(piece, label=labels.label_of(visit, piece)) for piece in changed]
    ratings = extension.rate(found, moments) if found else ()
    if not ratings:
        return moments, found
    ranked = sorted(zip(ratings, found, strict=True), key=lambda pair: pair[0].rank)
    return moments, [replace(piece, risk=rating.level) for rating, piece in ranked]


def _lines(visit: Visit, found: Sequence[ChangedPiece], declared: Sequence[Declaration]) -> list[ChangeLine]:
    """Return each change with the last record of the audit log and its declaration."""
    records = entries(visit, limit=2_000)
    ids = [{target.id for target in entry.targets} for entry in records]
    lines = []
    for number, piece in enumerate(found):
        by = next((entry for entry, about in zip(records, ids, strict=True) if piece.ends <= about), None)
        lines.append(_line(visit, piece, by, declared[number] if declared else None))
    return lines


def _line(
    visit: Visit,
    piece: ChangedPiece,
    by: TrailEntry | None,
    declared: Declaration | None,
) -> ChangeLine:
    row = visit.tenant.applications.get(piece.on) or visit.tenant.service_principals.get(piece.on)
    app = visit.tenant.application_by_app_id(str((row or {}).get("appId")))
    on = named(visit, str(app["id"]) if app else piece.on, piece.words)
    return ChangeLine(piece, on, labels.declared_by(visit, app), by, declared)


def _grouped(lines: Iterable[ChangeLine], way: str) -> list[ChangeGroup]:
    """Put changes of one object, or by one person, together; by time the newest comes first."""
    if way == "time":
        ordered = sorted(lines, key=lambda line: line.by.at if line.by else "", reverse=True)
        return [ChangeGroup(None, NOBODY, ordered)] if ordered else []
    found: dict[str, ChangeGroup] = {}
    for line in lines:
        of = line.on if way == "object" else line.by.by if line.by else NamedObject("nobody: no record")
        mark = line.mark if way == "object" else NOBODY
        found.setdefault(of.id or of.name, ChangeGroup(of, mark, [])).lines.append(line)
    return list(found.values())
