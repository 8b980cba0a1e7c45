"""The list of groups, and the page of one: its members and what it gives them."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from entra_emulator.portal import graph_json, holders, labels, linked, trail
from entra_emulator.portal.listing import LISTED, SIZE, Cell, by_name, near_links, page_of
from entra_emulator.portal.objects import name_of, named
from entra_emulator.portal.visit import Visit
from entra_emulator.portal.words import count
from entra_emulator.tenant import Tenant

Row = Mapping[str, Any]


def show_list(visit: Visit) -> Response:
    """Show the groups of the filter."""
    tenant = visit.tenant

    def cells(row: Row) -> list[Cell]:
        group_id = str(row["id"])
        return [
            Cell(name_of(row), visit.path("groups", group_id), group_id, code=True),
            Cell(count(len(tenant.members.forward.get(group_id, ())), "member")),
            Cell(count(len(tenant.app_role_assignments.ids("principalId", group_id)), "role")),
            Cell(str(row.get("description") or "")),
        ]

    rows = by_name(tenant.groups)
    listing = page_of(
        visit,
        rows,
        len(rows),
        texts=lambda row: [row.get("displayName"), row.get("mailNickname"), row["id"]],
        cells=cells,
    )
    if not listing.rows:
        listing.near_names = near_links(visit, tenant.groups, "groups")
    return visit.render(
        "list.html",
        here="groups",
        words="Groups",
        listing=listing,
        columns=["Name", "Members", "Gives", "Description"],
        choices=(),
        searched="Name, mail nickname or object id",
        nothing="There is no group.",
        remark="",
        add=("New group…", visit.path("edit", "new-group")),
    )


def place(visit: Visit, row: Row) -> labels.DeclaredAt:
    """Return where an assignment is declared."""
    resource = visit.tenant.service_principals.get(str(row["resourceId"]))
    role = (holders.role_name(resource, str(row["appRoleId"])), str(row["appRoleId"]))
    return (
        labels.of_assignment(visit, resource, role, str(row["principalId"])) if resource else labels.UNKNOWN
    )


def _texts(tenant: Tenant, object_id: str) -> list[Any]:
    tables = (tenant.users, tenant.groups, tenant.service_principals)
    row = next((found for table in tables if (found := table.get(object_id))), {})
    return [row.get("displayName"), row.get("userPrincipalName")]


def show(visit: Visit) -> Response:
    """Show one group."""
    object_id = visit.request.path_params["id"]
    tenant = visit.tenant
    group = tenant.groups.get(object_id)
    if group is None:
        return visit.missing("group", object_id, "groups")
    given = tenant.app_role_assignments.find("principalId", object_id)
    gives = [
        (
            holders.role_name(tenant.service_principals.get(str(row["resourceId"])), str(row["appRoleId"])),
            named(visit, str(row["resourceId"])),
            row,
            place(visit, row),
        )
        for row in given[:LISTED]
    ]
    members = page_of(
        visit,
        [{"id": member} for member in tenant.members.targets(object_id)],
        len(tenant.members.targets(object_id)),
        texts=lambda row: _texts(tenant, str(row["id"])),
        cells=lambda row: [Cell(str(row["id"]))],
    )
    shown = [
        (
            named(visit, row[0].text),
            row[0].text in tenant.groups,
            labels.of_link(visit, "members", row[0].text, object_id),
        )
        for row in members.rows
    ]
    return visit.render(
        "group.html",
        here="groups",
        group=group,
        name=name_of(group),
        listing=members,
        members=shown,
        size=SIZE,
        gives=gives,
        owners=linked.owners_of(visit, object_id),
        more=len(given) - LISTED,
        within=[named(visit, each) for each in tenant.members.sources(object_id)],
        trail=trail.entries(visit, [object_id]),
        graph=graph_json.shown(visit, f"groups/{object_id}", visit.path("groups", object_id)),
    )
