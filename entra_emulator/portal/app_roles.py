"""The list of app roles, and the page of one: who has it, through what, and where it is declared."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from entra_emulator.portal import graph_json, holders, labels, stream, trail
from entra_emulator.portal.listing import SIZE, Cell, page_of
from entra_emulator.portal.navigation import own_principals
from entra_emulator.portal.objects import name_of
from entra_emulator.portal.visit import Visit
from entra_emulator.portal.words import count

Row = Mapping[str, Any]


def show_list(visit: Visit) -> Response:
    """Show the app roles of the tenant's own applications."""
    tenant = visit.tenant
    rows = [
        {"principal": principal, "role": role, "name": str(role.get("value") or role["displayName"])}
        for principal in own_principals(tenant)
        for role in principal["appRoles"]
    ]
    rows.sort(key=lambda row: (name_of(row["principal"]).casefold(), row["name"].casefold()))

    def cells(row: Row) -> list[Cell]:
        principal, role = row["principal"], row["role"]
        held = [
            each
            for each in tenant.app_role_assignments.find("resourceId", str(principal["id"]))
            if each["appRoleId"] == role["id"]
        ]
        address = visit.path("roles", str(principal["id"]), str(role["id"]))
        return [
            Cell(row["name"], address, str(role.get("description") or "")),
            Cell(name_of(principal), visit.path("enterprise", str(principal["id"]))),
            Cell(mark=labels.declared_by(visit, principal)),
            Cell(", ".join(role["allowedMemberTypes"])),
            Cell(count(len(held), "assignment")),
            Cell("enabled" if role.get("isEnabled") else "disabled"),
        ]

    listing = page_of(
        visit,
        rows,
        len(rows),
        texts=lambda row: [row["name"], row["role"]["displayName"], name_of(row["principal"])],
        cells=cells,
    )
    return visit.render(
        "list.html",
        here="roles",
        words="App roles",
        listing=listing,
        columns=["Role", "Application", "Declared by", "For", "Held by", "State"],
        choices=(),
        searched="Role or application",
        nothing="No application of this tenant offers roles. They are declared at applications.KEY.appRoles.",
        remark="",
        add=None,
    )


def show(visit: Visit) -> Response:
    """Show one app role: those who have it come first."""
    principal_id, role_id = (visit.request.path_params[name] for name in ("id", "role"))
    tenant = visit.tenant
    principal = tenant.service_principals.get(principal_id)
    found = holders.role_of(visit, principal, role_id) if principal else None
    if principal is None or found is None:
        return visit.missing("app role", role_id, "roles")
    role, rows = found
    by_id = {str(row["id"]): (row, place) for row, place in rows}
    listing = page_of(
        visit,
        [row for row, _ in rows],
        len(rows),
        texts=lambda row: [row.get("principalDisplayName"), row["principalId"]],
        cells=lambda row: [Cell(str(row["id"]))],
    )
    for shown in listing.rows:
        holders.hold(visit, role, *by_id[shown[0].text])
    path = f"servicePrincipals/{principal_id}"
    app = tenant.application_by_app_id(str(principal["appId"]))
    return visit.render(
        "role.html",
        here="roles",
        role=role,
        principal=principal,
        app=app,
        application=name_of(principal),
        mark=labels.declared_by(visit, principal),
        listing=listing,
        size=SIZE,
        sign_ins=stream.sign_ins(visit, api=principal, role=role.value),
        traffic=visit.path("traffic", q=role.value, kind="sign-in"),
        trail=trail.entries(visit, [principal_id], value=("AppRole.Id", role_id)),
        graph=graph_json.shown(visit, path, role.address, query="$select=id,appId,displayName,appRoles"),
    )
