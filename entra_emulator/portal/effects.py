"""A change of members or assignments in; who would lose, gain and keep what out."""

from collections.abc import Iterable, Mapping
from typing import Any

from entra_emulator.portal import holders, parked
from entra_emulator.portal.objects import name_of
from entra_emulator.portal.parked import Returning
from entra_emulator.portal.visit import Visit
from entra_emulator.portal.words import count

Row = Mapping[str, Any]
_NAMED = 5
# At as many applications a question tells each role.
_PLACES = 20
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


def without_role(visit: Visit, app: Row, role_id: str) -> tuple[str, ...]:
    """Tell who loses a role that its registration no longer has."""
    principal = visit.tenant.service_principal_by_app_id(str(app["appId"]))
    rows = visit.tenant.app_role_assignments.find("resourceId", str(principal["id"])) if principal else ()
    holding = (str(row["principalId"]) for row in rows if row["appRoleId"] == role_id)
    people = {person for principal_id in holding for person in _people(visit, principal_id)}
    return (f"Lose it: {_names(visit, list(people))}." if people else "Nobody loses it.",)


def without_application(visit: Visit, app: Row) -> tuple[str, ...]:
    """Tell what goes with a registration."""
    principal = visit.tenant.service_principal_by_app_id(str(app["appId"]))
    if principal is None:
        return ("Nobody signs in to it any more.",)
    return (*without_principal(visit, principal), "Its enterprise application goes with it.")


def without_principal(visit: Visit, principal: Row) -> tuple[str, ...]:
    """Tell who loses what with an enterprise application."""
    tenant, own = visit.tenant, str(principal["id"])
    by_role: dict[str, set[str]] = {}
    for row in tenant.app_role_assignments.find("resourceId", own):
        role = holders.role_name(principal, str(row["appRoleId"]))
        by_role.setdefault(role, set()).update(_people(visit, str(row["principalId"])))
    losing = [
        f"Lose {role}: {_names(visit, list(people))}." for role, people in sorted(by_role.items()) if people
    ]
    grants = tenant.oauth2_permission_grants
    ends = {*grants.ids("clientId", own), *grants.ids("resourceId", own)}
    consents = (
        [f"{count(len(ends), 'consent')} with it {'ends' if len(ends) == 1 else 'end'}."] if ends else []
    )
    held = _words(visit, _assigned(visit, [own]), f"{name_of(principal)} loses")
    return ("Nobody signs in to it any more.", *losing, *held, *consents)


def without_person(visit: Visit, user: Row) -> tuple[str, ...]:
    """Tell what goes with a person."""
    own = str(user["id"])
    consents = visit.tenant.oauth2_permission_grants.ids("principalId", own)
    return (
        "Each sign-in is refused.",
        *_words(visit, _held(visit, own), f"{name_of(user)} loses"),
        *([f"{count(len(consents), 'own consent')} of {name_of(user)}: lost."] if consents else []),
    )


def without_members(visit: Visit, group: Row) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tell who loses a role with a group, and who keeps it by another way."""
    own = str(group["id"])
    people = _people(visit, own)
    others = {each: _held(visit, each, without=own) for each in people}
    lost, kept = [], []
    for resource_id, role_id in sorted(_assigned(visit, [own])):
        resource = visit.tenant.service_principals.get(resource_id)
        words = f"{holders.role_name(resource, role_id)} at {name_of(resource) if resource else 'nothing'}"
        losing = [each for each in people if (resource_id, role_id) not in others[each]]
        keeping = [each for each in people if (resource_id, role_id) in others[each]]
        lost += [f"Lose {words}: {_names(visit, losing)}."] if losing else []
        kept += [f"Keep {words} by another way: {_names(visit, keeping)}."] if keeping else []
    return tuple(lost) or ("Nobody loses a role.",), tuple(kept)


def restored(visit: Visit, row: Row) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tell what comes back with a deleted object, and what does not."""
    found = list(parked.returning(visit, row))
    back = [each for each in found if each.state == parked.BACK]
    others = [each for each in found if each.state != parked.BACK]
    stayed = parked.kept(visit, row)
    return (
        (*_returning(back), *([f"As it was: {', '.join(stayed)}."] if stayed else [])),
        _returning(others),
    )


def _returning(found: list[Returning]) -> tuple[str, ...]:
    lines = [
        f"{each.what[:1].upper()}{each.what[1:]} with {', '.join(end.name for end in each.ends)} {each.state}"
        + (f": {each.why}." if each.why else ".")
        for each in found[:_NAMED]
    ]
    more = len(found) - _NAMED
    return (*lines, *([f"{count(more, 'other')} likewise."] if more > 0 else []))


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
    for resource_id, role_id in held:
        resource = visit.tenant.service_principals.get(resource_id)
        name = name_of(resource) if resource else "a removed application"
        by_resource.setdefault(name, []).append(holders.role_name(resource, role_id))
    places = sorted(by_resource.items())
    more = len(places) - _PLACES
    return (
        *(f"{verb} {', '.join(sorted(roles))} at {name}." for name, roles in places[:_PLACES]),
        *([f"{verb} roles at {count(more, 'more application')}."] if more > 0 else []),
    )


def _names(visit: Visit, ids: list[str]) -> str:
    tenant = visit.tenant
    rows = [tenant.users.get(each) or tenant.service_principals.get(each) for each in ids]
    names = sorted(name_of(row) for row in rows if row is not None)
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
