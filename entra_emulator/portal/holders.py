"""An enterprise application in; who holds each of its roles, through what and since when, out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from entra_emulator.login.parties import DEFAULT_ROLE
from entra_emulator.portal import labels
from entra_emulator.portal.labels import UNKNOWN, DeclaredAt
from entra_emulator.portal.listing import LISTED
from entra_emulator.portal.objects import NamedObject, named
from entra_emulator.portal.visit import Visit
from entra_emulator.portal.words import count

Row = Mapping[str, Any]
# More members of a group than this stand as one line.
UNFOLDED = 5


@dataclass(frozen=True)
class ShownHolding:
    """One line: who has the role, through what, and which assignment gives it."""

    who: NamedObject
    since: str
    assignment: str
    kind: str
    through: NamedObject | None = None
    people: int = 1
    disabled: bool = False
    declared: DeclaredAt = UNKNOWN


@dataclass
class RoleHeld:
    """One role with who holds it."""

    id: str
    value: str
    description: str = ""
    types: str = ""
    enabled: bool = True
    declared: DeclaredAt = UNKNOWN
    holdings: list[ShownHolding] = field(default_factory=list)
    # Groups inside a group that holds the role: their members get nothing.
    nested: list[tuple[NamedObject, NamedObject, int]] = field(default_factory=list)
    # Who should have it and has not: as a label says, and where it is declared.
    missing: list[tuple[NamedObject, DeclaredAt]] = field(default_factory=list)
    # How many hold it, each counted once; how many assignments give it, and its own page.
    people: int = 0
    applications: int = 0
    assignments: int = 0
    address: str = ""

    @property
    def words(self) -> str:
        """Say how many hold it."""
        parts = [count(self.people, "person", "people")] if self.people or not self.applications else []
        return ", ".join([*parts, *([count(self.applications, "application")] if self.applications else [])])

    @property
    def more(self) -> int:
        """Return how many of its assignments a page of the application leaves out."""
        return max(0, self.assignments - LISTED)


def roles(visit: Visit, principal: Row) -> list[RoleHeld]:
    """Return each role with its holders, then the default access and roles that are gone."""
    known = {str(role["id"]): _role(role) for role in principal["appRoles"]}
    for role in known.values():
        role.declared = labels.of_part(visit, principal, "appRoles", role.value, role.id)
    given: dict[str, list[Row]] = {}
    for row in visit.tenant.app_role_assignments.find("resourceId", str(principal["id"])):
        given.setdefault(str(row["appRoleId"]), []).append(row)
    held: set[tuple[str, str]] = set()
    for role_id in given:
        known.setdefault(role_id, _gone(role_id))
    for role in known.values():
        role.address = visit.path("roles", str(principal["id"]), role.id) if principal["id"] else ""
        found = placed(visit, principal, role, given.get(role.id, ()))
        for one, place in found[:LISTED]:
            hold(visit, role, one, place)
        held |= {(role.value, str(one["principalId"])) for one, _ in found}
    by_value = {role.value: role for role in known.values()}
    for value, who, place in labels.missing_holders(visit, principal, held):
        if value in by_value:
            by_value[value].missing.append((who, place))
    return list(known.values())


def role_of(
    visit: Visit, principal: Row, role_id: str
) -> tuple[RoleHeld, list[tuple[Row, DeclaredAt]]] | None:
    """Return one role, who should have it, and all its assignments, each with its place; None where there
    is no such role and nobody has it.
    """
    found = next((role for role in principal["appRoles"] if role["id"] == role_id), None)
    assigned = visit.tenant.app_role_assignments.find("resourceId", str(principal["id"]))
    given = [row for row in assigned if row["appRoleId"] == role_id]
    if found is None and not given:
        return None
    role = _role(found) if found else _gone(role_id)
    role.declared = labels.of_part(visit, principal, "appRoles", role.value, role.id) if found else UNKNOWN
    role.address = visit.path("roles", str(principal["id"]), role_id)
    held = {(role.value, str(row["principalId"])) for row in given}
    role.missing = [
        (who, place)
        for value, who, place in labels.missing_holders(visit, principal, held)
        if value == role.value
    ]
    return role, placed(visit, principal, role, given)


def placed(visit: Visit, principal: Row, role: RoleHeld, rows: Iterable[Row]) -> list[tuple[Row, DeclaredAt]]:
    """Return the assignments of a role with their places, those that are not declared first; count who
    holds it.
    """
    place = labels.assignments_of(visit, principal)
    found = [(row, place((role.value, role.id), str(row["principalId"]))) for row in rows]
    tenant, people = visit.tenant, set[str]()
    for row, _ in found:
        holder = str(row["principalId"])
        people |= set(tenant.members.targets(holder) if row["principalType"] == "Group" else [holder])
        role.applications += row["principalType"] == "ServicePrincipal"
    role.people = sum(each in tenant.users for each in people)
    role.assignments = len(found)
    return sorted(found, key=lambda each: (not each[1].missing, _name(each[0])))


def through(visit: Visit, user: Row) -> list[tuple[Row, NamedObject | None]]:
    """Return the assignments that reach a user, each with the group through which."""
    tenant = visit.tenant
    found: list[tuple[Row, NamedObject | None]] = [
        (row, None) for row in tenant.app_role_assignments.find("principalId", str(user["id"]))
    ]
    for group in tenant.direct_groups(str(user["id"])):
        group_name = named(visit, str(group["id"]))
        found += [
            (row, group_name) for row in tenant.app_role_assignments.find("principalId", str(group["id"]))
        ]
    return found


def role_name(principal: Row | None, role_id: str) -> str:
    """Return the value of a role, or what stands for it."""
    if role_id == DEFAULT_ROLE:
        return "Default access"
    for role in principal["appRoles"] if principal else ():
        if role["id"] == role_id:
            return str(role.get("value") or role["displayName"])
    return f"removed role {role_id}"


def _role(role: Row) -> RoleHeld:
    kinds = {"User": "users", "Application": "applications"}
    types = [kinds.get(each, each) for each in role["allowedMemberTypes"]]
    return RoleHeld(
        str(role["id"]),
        str(role.get("value") or role["displayName"]),
        str(role.get("description") or ""),
        f"{types[0]} only" if len(types) == 1 else " and ".join(types),
        role.get("isEnabled") is not False,
    )


def _name(row: Row) -> str:
    return str(row.get("principalDisplayName") or "").casefold()


def _gone(role_id: str) -> RoleHeld:
    words = "Default access" if role_id == DEFAULT_ROLE else f"removed role {role_id}"
    return RoleHeld(role_id, words)


def hold(visit: Visit, role: RoleHeld, row: Row, place: DeclaredAt) -> None:
    """Add an assignment to what a page shows of a role: a small group as its people."""
    principal_id, since = str(row["principalId"]), str(row["createdDateTime"])
    who = named(visit, principal_id, str(row.get("principalDisplayName") or ""))
    if row["principalType"] != "Group":
        kind = "application" if row["principalType"] == "ServicePrincipal" else "direct"
        user = visit.tenant.users.get(principal_id) or {}
        role.holdings.append(
            ShownHolding(
                who, since, str(row["id"]), kind, disabled=user.get("accountEnabled") is False, declared=place
            )
        )
        return
    members = visit.tenant.members.targets(principal_id)
    people = [member for member in members if member in visit.tenant.users]
    if len(people) > UNFOLDED or not people:
        role.holdings.append(
            ShownHolding(who, since, str(row["id"]), "group", people=len(people), declared=place)
        )
    else:
        role.holdings += [
            ShownHolding(named(visit, member), since, str(row["id"]), "member", who, declared=place)
            for member in people
        ]
    for member in members:
        if member in visit.tenant.groups:
            inner = [each for each in visit.tenant.members.targets(member) if each in visit.tenant.users]
            role.nested.append((named(visit, member), who, len(inner)))
