"""An enterprise application in; who holds each of its roles, through what and since when, out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from entra_config.emulator.login.parties import DEFAULT_ROLE
from entra_config.emulator.portal import declared
from entra_config.emulator.portal.marks import mark_of
from entra_config.emulator.portal.objects import NamedObject, named
from entra_config.emulator.portal.visit import Visit

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
    declared: str = ""


@dataclass
class RoleHeld:
    """One role with who holds it."""

    id: str
    value: str
    description: str = ""
    types: str = ""
    enabled: bool = True
    declared: str = ""
    holdings: list[ShownHolding] = field(default_factory=list)
    # Groups inside a group that holds the role: their members get nothing.
    nested: list[tuple[NamedObject, NamedObject, int]] = field(default_factory=list)
    # Who should have it and has not: as the manifest that was applied last says, and where.
    missing: list[tuple[NamedObject, str]] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Say how many hold it."""
        applications = sum(each.kind == "application" for each in self.holdings)
        people = sum(each.people for each in self.holdings if each.kind != "application")
        parts = [f"{people} {'person' if people == 1 else 'people'}"] if people or not applications else []
        if applications:
            parts.append(f"{applications} application{'s' if applications > 1 else ''}")
        return ", ".join(parts)


def roles(visit: Visit, principal: Row) -> list[RoleHeld]:
    """Return each role with its holders, then the default access and roles that are gone."""
    mark = mark_of(visit.tenant.application_by_app_id(str(principal.get("appId"))))
    known = {str(role["id"]): _role(role) for role in principal.get("appRoles") or ()}
    for role in known.values():
        role.declared = declared.of_part(visit, mark, "application", "appRole", role.value)
    held: set[tuple[str, str]] = set()
    for row in visit.tenant.app_role_assignments.find("resourceId", str(principal["id"])):
        role_id = str(row["appRoleId"])
        if role_id not in known:
            gone = "Default access" if role_id == DEFAULT_ROLE else f"removed role {role_id}"
            known[role_id] = RoleHeld(role_id, gone)
        _hold(
            visit,
            known[role_id],
            row,
            declared.of_assignment(visit, principal, known[role_id].value, str(row["principalId"])),
        )
        held.add((known[role_id].value, str(row["principalId"])))
    by_value = {role.value: role for role in known.values()}
    for value, who, place in declared.missing(visit, principal, held):
        if value in by_value:
            by_value[value].missing.append((who, place))
    for role in known.values():
        role.holdings.sort(key=lambda each: each.declared != declared.NOWHERE)
    return list(known.values())


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
    for role in (principal or {}).get("appRoles") or ():
        if role["id"] == role_id:
            return str(role.get("value") or role["displayName"])
    return f"removed role {role_id}"


def _role(role: Row) -> RoleHeld:
    kinds = {"User": "users", "Application": "applications"}
    types = [kinds.get(each, each) for each in role.get("allowedMemberTypes") or ()]
    return RoleHeld(
        str(role["id"]),
        str(role.get("value") or role["displayName"]),
        str(role.get("description") or ""),
        f"{types[0]} only" if len(types) == 1 else " and ".join(types),
        role.get("isEnabled") is not False,
    )


def _hold(visit: Visit, role: RoleHeld, row: Row, place: str) -> None:
    principal_id, since = str(row["principalId"]), str(row.get("createdDateTime") or "")
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
