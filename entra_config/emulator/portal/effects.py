"""A change of members or assignments in; who would lose, gain and keep what out."""

from collections.abc import Iterable, Mapping
from typing import Any

from entra_config.emulator.portal import holders
from entra_config.emulator.portal.objects import name_of
from entra_config.emulator.portal.visit import Visit

Row = Mapping[str, Any]
_NAMED = 5
Held = set[tuple[str, str]]


def without_group(visit: Visit, member: Row, group: Row) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tell what somebody loses and keeps outside a group."""
    group_id, member_id = str(group["id"]), str(member["id"])
    if member_id not in visit.tenant.users:
        return (), (f"{name_of(member)} is no person: nobody’s role comes by it.",)
    others = _held(visit, member_id, without=group_id)
    lost = _assigned(visit, [group_id]) - others
    return _words(visit, lost, f"{name_of(member)} loses"), _words(visit, others, "keeps")


def without_assignment(visit: Visit, row: Row) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tell who loses a role with an assignment, and who keeps it by another one."""
    role = (str(row["resourceId"]), str(row["appRoleId"]))
    people = _people(visit, str(row["principalId"]))
    losing = [each for each in people if role not in _held(visit, each, assignment=str(row["id"]))]
    keeping = [each for each in people if each not in losing]
    lost = (f"Lose it: {_names(visit, losing)}.",) if losing else ("Nobody loses it.",)
    return lost, (f"Keep it by another way: {_names(visit, keeping)}.",) if keeping else ()


def without_application(visit: Visit, app: Row) -> tuple[str, ...]:
    """Tell what goes with a registration."""
    principal = visit.tenant.service_principal_by_app_id(str(app["appId"]))
    held = visit.tenant.app_role_assignments.find("resourceId", str(principal["id"])) if principal else []
    people = {person for row in held for person in _people(visit, str(row["principalId"]))}
    return (
        "Nobody signs in to it any more.",
        f"{len(held)} assignments of {len(people)} people and applications go.",
    )


def reached(visit: Visit, holder: Row, role: str) -> tuple[str, ...]:
    """Tell who would get a role."""
    people = _people(visit, str(holder["id"]))
    return (f"{role} reaches {_names(visit, people) or 'nobody: the group has no direct member'}.",)


def gives(visit: Visit, group: Row) -> tuple[str, ...]:
    """Tell what a group gives its direct members."""
    return _words(visit, _assigned(visit, [str(group["id"])]), "Gains") or ("Gains no role.",)


def words_of_assignment(visit: Visit, row: Row) -> tuple[str, str, str]:
    """Name the holder, the role and the application of an assignment."""
    resource = visit.tenant.service_principals.get(str(row["resourceId"]))
    role = holders.role_name(resource, str(row["appRoleId"]))
    return str(row.get("principalDisplayName")), role, str(row.get("resourceDisplayName"))


def _held(visit: Visit, user_id: str, *, without: str = "", assignment: str = "") -> Held:
    groups = (str(each["id"]) for each in visit.tenant.direct_groups(user_id))
    return _assigned(visit, [user_id, *(each for each in groups if each != without)], assignment)


def _assigned(visit: Visit, principals: Iterable[str], but: str = "") -> Held:
    find = visit.tenant.app_role_assignments.find
    found = [find("principalId", each) for each in principals]
    rows = [row for held in found for row in held]
    return {(str(row["resourceId"]), str(row["appRoleId"])) for row in rows if row["id"] != but}


def _people(visit: Visit, principal_id: str) -> list[str]:
    """Return whom an assignment to a principal reaches: of a group, its direct members who are people."""
    if principal_id not in visit.tenant.groups:
        return [principal_id]
    return [each for each in visit.tenant.members.targets(principal_id) if each in visit.tenant.users]


def _words(visit: Visit, held: Held, verb: str) -> tuple[str, ...]:
    by_resource: dict[str, list[str]] = {}
    for resource_id, role_id in sorted(held):
        resource = visit.tenant.service_principals.get(resource_id)
        name = name_of(resource) if resource else "a removed application"
        by_resource.setdefault(name, []).append(holders.role_name(resource, role_id))
    return tuple(
        f"{verb} {', '.join(sorted(roles))} at {name}." for name, roles in sorted(by_resource.items())
    )


def _names(visit: Visit, ids: list[str]) -> str:
    tenant = visit.tenant
    rows = [tenant.users.get(each) or tenant.service_principals.get(each) for each in ids]
    names = sorted(name_of(row) for row in rows if row is not None)
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
