"""The list of users, and the page of one: which roles, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from entra_emulator.portal import graph_json, holders, labels, linked, stream, trail
from entra_emulator.portal.consents import of_grant
from entra_emulator.portal.listing import LISTED, SIZE, Cell, ListFilter, by_name, near_links, page_of
from entra_emulator.portal.objects import NamedObject, name_of, named
from entra_emulator.portal.powers import STRONG
from entra_emulator.portal.visit import Visit
from entra_emulator.portal.words import count

Row = Mapping[str, Any]


@dataclass(frozen=True)
class ShownRole:
    """One role of a person: at which application, through what, since when, and which assignment gives it."""

    value: str
    resource: NamedObject
    through: NamedObject | None
    since: str
    assignment: str
    declared: labels.DeclaredAt = labels.UNKNOWN
    address: str = ""


@dataclass(frozen=True)
class ReachedRole:
    """One assignment that reaches a person: its id, application and role by id and in words, the group."""

    id: str
    key: tuple[str, str]
    value: str
    application: str
    row: Row
    through: NamedObject | None


@dataclass(frozen=True)
class ShownGroup:
    """One group of a person, what it gives, and how much of that is left out."""

    name: NamedObject
    members: int
    gives: list[tuple[str, NamedObject]]
    nested: str = ""
    more: int = 0


def show_list(visit: Visit) -> Response:
    """Show the users of the filter."""
    tenant = visit.tenant
    enabled = visit.param("enabled", "all", "yes", "no")

    rows = by_name(tenant.users)
    choices = (
        ListFilter("enabled", "Sign-in", (("all", "any"), ("yes", "enabled"), ("no", "disabled")), enabled),
    )
    listing = page_of(
        visit,
        rows,
        len(rows),
        texts=lambda row: [row.get("displayName"), row.get("userPrincipalName"), row.get("mail"), row["id"]],
        cells=lambda row: _cells(visit, row),
        keep=None
        if enabled == "all"
        else lambda row: (row.get("accountEnabled") is not False) == (enabled == "yes"),
        choices=choices,
    )
    if not listing.rows:
        listing.near_names = near_links(visit, tenant.users, "users")
    return visit.render(
        "list.html",
        here="users",
        words="Users",
        listing=listing,
        columns=["Name", "Groups", "Roles", "Directory roles", "Sign-in"],
        choices=choices,
        searched="Name, UPN, mail or object id",
        nothing="There is nobody yet: make a person.",
        remark="",
        add=("New user…", visit.path("edit", "new-user")),
    )


def _cells(visit: Visit, row: Row) -> list[Cell]:
    tenant = visit.tenant
    powers = tenant.directory_roles.get(str(row["id"]), ())
    strong = any(power in STRONG for power in powers)
    direct = len(tenant.app_role_assignments.ids("principalId", str(row["id"])))
    return [
        Cell(
            name_of(row),
            visit.path("users", str(row["id"])),
            str(row["userPrincipalName"]),
            code=True,
        ),
        Cell(count(len(tenant.members.sources(str(row["id"]))), "group")),
        Cell(f"{direct} directly"),
        Cell(", ".join(powers) or "none", risk="high" if strong else ""),
        Cell("disabled" if row.get("accountEnabled") is False else "enabled"),
    ]


def show(visit: Visit) -> Response:
    """Show one person: the roles with their reasons first."""
    object_id = visit.request.path_params["id"]
    user = visit.tenant.users.get(object_id)
    if user is None:
        return visit.missing("user", object_id, "users")
    found = reached(visit, user)
    by_id = {one.id: one for one in found}
    why = by_id.get(visit.param("why")) or next(iter(found), None)
    listing = page_of(
        visit,
        [{"id": one.id} for one in found],
        len(found),
        texts=lambda row: [by_id[row["id"]].value, by_id[row["id"]].application],
        cells=lambda row: [Cell(row["id"])],
    )
    ways = [one for one in found if why and one is not why and one.key == why.key]
    consents = visit.tenant.oauth2_permission_grants.find("principalId", object_id)
    return visit.render(
        "person.html",
        here="users",
        user=user,
        name=name_of(user),
        roles=[shown_role(visit, by_id[cells[0].text]) for cells in listing.rows],
        listing=listing,
        size=SIZE,
        why=shown_role(visit, why) if why else None,
        ways=[shown_role(visit, one) for one in ways[:LISTED]],
        applications=len({one.key[0] for one in found}),
        powers=[(power, STRONG.get(power, "")) for power in visit.tenant.directory_roles.get(object_id, ())],
        groups=groups_of(visit, user),
        owned=linked.owned_by(visit, object_id),
        consents=[of_grant(visit, row) for row in consents[:LISTED]],
        more_consents=max(0, len(consents) - LISTED),
        sign_ins=stream.sign_ins(visit, person_id=object_id),
        trail=trail.entries(visit, [object_id]),
        graph=graph_json.shown(visit, f"users/{object_id}", visit.path("users", object_id)),
    )


def reached(visit: Visit, user: Row) -> list[ReachedRole]:
    """Return the roles of a person by application, then by role: one look at each assignment."""
    principals = visit.tenant.service_principals
    values: dict[tuple[str, str], tuple[str, str]] = {}
    found = []
    for row, group in holders.through(visit, user):
        key = (str(row["resourceId"]), str(row["appRoleId"]))
        if key not in values:
            resource = principals.get(key[0])
            name = name_of(resource) if resource else str(row.get("resourceDisplayName") or "")
            values[key] = holders.role_name(resource, key[1]), name
        found.append(ReachedRole(str(row["id"]), key, *values[key], row, group))
    return sorted(found, key=lambda one: (one.application.casefold(), one.value.casefold()))


def shown_role(visit: Visit, one: ReachedRole) -> ShownRole:
    """Return a role as a page shows it, with where its assignment is declared."""
    resource = visit.tenant.service_principals.get(one.key[0])
    principal = str(one.row["principalId"])
    return ShownRole(
        one.value,
        named(visit, one.key[0], one.application),
        one.through,
        str(one.row["createdDateTime"]),
        one.id,
        labels.of_assignment(visit, resource, (one.value, one.key[1]), principal)
        if resource
        else labels.UNKNOWN,
        visit.path("roles", *one.key),
    )


def groups_of(visit: Visit, user: Row) -> list[ShownGroup]:
    """Return the groups of a person with what each gives; around a group of hers, one gives nothing."""
    tenant, direct = visit.tenant, {str(g["id"]) for g in visit.tenant.direct_groups(str(user["id"]))}
    found = []
    for row in tenant.all_groups(str(user["id"])):
        group_id = str(row["id"])
        given = tenant.app_role_assignments.find("principalId", group_id)
        gives = [
            (
                holders.role_name(
                    tenant.service_principals.get(str(each["resourceId"])), str(each["appRoleId"])
                ),
                named(visit, str(each["resourceId"])),
            )
            for each in given[:SIZE]
        ]
        inner = (
            ""
            if group_id in direct
            else "through a group inside it: what is assigned to it does not reach so far"
        )
        found.append(
            ShownGroup(
                named(visit, group_id),
                len(tenant.members.targets(group_id)),
                gives,
                inner,
                len(given) - len(gives),
            )
        )
    return sorted(found, key=lambda group: (bool(group.nested), group.name.name.casefold()))
