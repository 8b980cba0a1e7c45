"""The list of enterprise applications, and the page of one."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from entra_emulator.portal import (
    credentials,
    graph_json,
    groups,
    holders,
    labels,
    linked,
    stream,
    trail,
)
from entra_emulator.portal.consents import clients_of, permissions_of
from entra_emulator.portal.listing import LISTED, Cell, ListFilter, by_name, near_links, page_of
from entra_emulator.portal.objects import name_of, named
from entra_emulator.portal.visit import Visit
from entra_emulator.portal.words import count

Row = Mapping[str, Any]


def show_list(visit: Visit) -> Response:
    """Show the enterprise applications of the filter."""
    tenant = visit.tenant
    home = visit.param("home", "all", "here", "elsewhere")
    assigned = tenant.app_role_assignments

    def keep(row: Row) -> bool:
        return (row.get("appOwnerOrganizationId") == tenant.tenant_id) == (home == "here")

    def cells(row: Row) -> list[Cell]:
        here = row.get("appOwnerOrganizationId") == tenant.tenant_id
        return [
            Cell(name_of(row), visit.path("enterprise", str(row["id"])), str(row["appId"]), code=True),
            Cell(mark=labels.declared_by(visit, row)),
            Cell("this tenant" if here else "another tenant"),
            Cell("required" if row.get("appRoleAssignmentRequired") else "not required"),
            Cell(count(len(assigned.ids("resourceId", str(row["id"]))), "assignment")),
            Cell("disabled" if row.get("accountEnabled") is False else "enabled"),
        ]

    rows = by_name(tenant.service_principals)
    choices = (
        ListFilter(
            "home", "At home", (("all", "anywhere"), ("here", "here"), ("elsewhere", "elsewhere")), home
        ),
    )
    listing = page_of(
        visit,
        rows,
        len(rows),
        texts=lambda row: [row.get("displayName"), row["appId"], row["id"], *row["servicePrincipalNames"]],
        cells=cells,
        keep=None if home == "all" else keep,
        choices=choices,
    )
    if not listing.rows:
        listing.near_names = near_links(visit, tenant.service_principals, "enterprise")
    return visit.render(
        "list.html",
        here="enterprise",
        words="Enterprise applications",
        listing=listing,
        columns=["Name", "Declared by", "At home in", "Assignment", "Held by", "Sign-in"],
        choices=choices,
        searched="Name, client id, object id or URI",
        nothing="There is no enterprise application.",
        remark="",
        add=None,
    )


def show(visit: Visit) -> Response:
    """Show one enterprise application with all that is linked to it."""
    object_id = visit.request.path_params["id"]
    tenant = visit.tenant
    principal = tenant.service_principals.get(object_id)
    if principal is None:
        return visit.missing("enterprise application", object_id, "enterprise")
    app = tenant.application_by_app_id(str(principal["appId"]))
    given = tenant.app_role_assignments.find("principalId", object_id)
    held = [
        (
            holders.role_name(tenant.service_principals.get(str(row["resourceId"])), str(row["appRoleId"])),
            named(visit, str(row["resourceId"]), str(row.get("resourceDisplayName") or "")),
            row,
            groups.place(visit, row),
        )
        for row in given[:LISTED]
    ]
    grants = tenant.oauth2_permission_grants.ids("clientId", object_id)
    roles = [each for each in holders.roles(visit, principal) if each.holdings or app is not None]
    return visit.render(
        "enterprise.html",
        here="enterprise",
        app=app,
        principal=principal,
        name=name_of(principal),
        mark=labels.declared_by(visit, principal),
        roles=roles,
        consents=clients_of(visit, app, principal),
        permissions=permissions_of(visit, principal),
        held=held,
        owners=linked.owners_of(visit, object_id),
        policies=linked.policies_of(visit, object_id),
        holds=len(given) + len(grants),
        credentials=credentials.of(tenant, principal, visit.now),
        declared=labels.of_object(visit, principal),
        required_at=labels.of_part(visit, principal, "properties", "appRoleAssignmentRequired"),
        sign_ins=stream.sign_ins(visit, client_id=str(principal["appId"]), api=principal),
        trail=trail.entries(visit, [object_id]),
        graph=graph_json.shown(visit, f"servicePrincipals/{object_id}", visit.path("enterprise", object_id)),
    )
