"""Two moments of a tenant in; what changed between them, how grave it is and who did it, out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from entra_config.emulator.portal import risk
from entra_config.emulator.portal.objects import NamedObject, named
from entra_config.emulator.portal.trail import TrailEntry, entries
from entra_config.emulator.portal.visit import Visit
from entra_config.emulator.snapshots.compare import DirectoryDifference, PropertyDifference
from entra_config.emulator.snapshots.named import BEGINNING, NOW, SnapshotError

SIGNS = {"added": "+", "removed": "−", "changed": "~"}
_WORDS = {
    "applications": "registration", "servicePrincipals": "enterprise application", "groups": "group",
    "users": "user", "appRoleAssignments": "", "oauth2PermissionGrants": "", "members": "", "owners": "",
    "deletedItems": "deleted", "directoryRoles": "directory roles of", "secrets": "hash of the secret",
    "federatedIdentityCredentials": "federated credential",
}  # fmt: skip
# What a row without a page of its own joins, or is of.
_ENDS = ("principalId", "clientId", "resourceId", "_application")
_JOINING = {"appRoleAssignments", "oauth2PermissionGrants", "federatedIdentityCredentials"}
_MOST = 300


@dataclass(frozen=True)
class ChangeLine:
    """One difference as the page shows it."""

    risk: str
    sign: str
    words: str
    on: NamedObject
    properties: tuple[PropertyDifference, ...]
    by: TrailEntry | None


def show(visit: Visit, problem: str = "", status: int = 200) -> Response:
    """Show what changed since a snapshot, gravest first."""
    kept = visit.held.emulator.snapshots.kept()
    names = [each.name for each in reversed(kept)]
    since = visit.param("since") or (names[0] if names else BEGINNING)
    until = visit.param("until") or NOW
    try:
        found = visit.held.emulator.snapshots.differences(since, until)
    except SnapshotError as error:
        return show_problem(visit, str(error))
    mine = [each for each in found if each.tenant == visit.tenant.tenant_id]
    ranked = _ranked(visit, mine)
    level = visit.param("risk", "all", *risk.order())
    records = entries(visit, limit=2_000)
    wanted = [one for one in ranked if level in ("all", one[1])]
    return visit.render(
        "changes.html",
        status=status,
        here="changes",
        since=since,
        until=until,
        kept=list(reversed(kept)),
        beginning=BEGINNING,
        total=len(mine),
        most=_MOST,
        lines=[_line(visit, each, of, records) for each, of in wanted[:_MOST]],
        level=level,
        numbers={each: sum(of == each for _, of in ranked) for each in risk.order()},
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
        return show_problem(visit, f"{str(error)[:1].upper()}{str(error)[1:]}.")
    found = visit.held.service.directory.find(visit.tenant.tenant_id)
    return visit.go(visit.path("changes") if found else "/")


def _ranked(visit: Visit, found: Sequence[DirectoryDifference]) -> list[tuple[DirectoryDifference, str]]:
    """Return what is shown, the riskiest first, each with its level."""
    rank, levels = list(risk.levels()), risk.levels()
    gone = {each.id for each in found if each.place == "deletedItems" and each.kind == "removed"}
    restored = gone & {each.id for each in found if each.place != "deletedItems" and each.kind == "added"}
    classes = [
        (each, risk.class_of(visit.tenant, each, restored)) for each in found if each.place != "secrets"
    ]
    classes.sort(key=lambda one: rank.index(one[1]))
    return [(each, levels[name]) for each, name in classes]


def _line(visit: Visit, each: DirectoryDifference, level: str, records: list[TrailEntry]) -> ChangeLine:
    ids = _ends(visit, each) if each.place in _JOINING else each.id.split("/")
    type_ = _WORDS.get(each.place, each.place)
    by = next((entry for entry in records if set(ids) <= {target.id for target in entry.targets}), None)
    return ChangeLine(
        level,
        SIGNS[each.kind],
        f"{type_} {each.name}".strip(),
        named(visit, ids[0], " "),
        each.properties,
        by,
    )


def _ends(visit: Visit, each: DirectoryDifference) -> list[str]:
    row: Mapping[str, Any] = visit.tenant.tables[each.place].get(each.id) or {}
    ends = [str(row.get(name)) for name in _ENDS if row.get(name)]
    return ends or [each.id]
