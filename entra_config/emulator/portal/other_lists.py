"""The lists of roles, grants, policies and deleted objects."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from entra_config.emulator.portal.consents import of_grant
from entra_config.emulator.portal.listing import Cell, page_of
from entra_config.emulator.portal.navigation import POLICIES, own_principals
from entra_config.emulator.portal.objects import name_of
from entra_config.emulator.portal.visit import Visit
from entra_config.emulator.portal.words import count, when

Row = Mapping[str, Any]
_POLICY_WORDS = {
    "permissionGrantPolicies": "permission grant policy",
    "homeRealmDiscoveryPolicies": "home realm discovery policy",
    "appManagementPolicies": "app management policy",
}
_NOTHING_DELETED = (
    "Nothing is deleted. What is deleted stays here for 30 days of the emulator’s clock, and can be restored."
)
_PARKED = {
    "application": "registration",
    "servicePrincipal": "enterprise application",
    "group": "group",
    "user": "user",
}


def show_roles(visit: Visit) -> Response:
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
        address = visit.path("enterprise", str(principal["id"]))
        return [
            Cell(row["name"], f"{address}#role-{role['id']}", str(role.get("description") or "")),
            Cell(name_of(principal), address),
            Cell(", ".join(role.get("allowedMemberTypes") or ())),
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
        words="Roles",
        listing=listing,
        columns=["Role", "Application", "For", "Held by", "State"],
        choices=(),
        searched="Role or application",
        nothing="No application of this tenant offers roles. They are declared at applications.KEY.appRoles.",
        remark="",
        add=None,
    )


def show_grants(visit: Visit) -> Response:
    """Show the delegated permission grants."""
    grants = visit.tenant.oauth2_permission_grants

    def cells(row: Row) -> list[Cell]:
        found = of_grant(visit, row)
        return [
            Cell(found.client.name, found.client.address),
            Cell(found.resource.name, found.resource.address),
            Cell(more=" ".join(found.scopes), code=True),
            Cell(found.by),
            Cell(found.who.name, found.who.address),
            Cell(act=visit.path("edit", "withdraw", grant=found.id), verb="Withdraw…"),
        ]

    listing = page_of(
        visit,
        list(grants),
        len(grants),
        texts=lambda row: [
            row.get("scope"),
            *(each.name for each in (of_grant(visit, row).client, of_grant(visit, row).resource)),
        ],
        cells=cells,
    )
    return visit.render(
        "list.html",
        here="grants",
        words="Grants",
        listing=listing,
        columns=["Client", "API", "Scopes", "By", "For", ""],
        choices=(),
        searched="Client, API or scope",
        nothing="Nobody consented to anything yet.",
        remark="Clients that an API authorizes itself stand on the API’s page",
        add=None,
    )


def show_policies(visit: Visit) -> Response:
    """Show the policies that are objects of their own."""
    rows = [{**row, "_kind": name} for name in POLICIES for row in visit.tenant.tables[name]]

    def cells(row: Row) -> list[Cell]:
        return [
            Cell(name_of(row), more=str(row["id"]), code=True),
            Cell(_POLICY_WORDS[row["_kind"]]),
            Cell(str(row.get("description") or "")),
        ]

    listing = page_of(
        visit, rows, len(rows), texts=lambda row: [row.get("displayName"), row["id"]], cells=cells
    )
    return visit.render(
        "list.html",
        here="policies",
        words="Policies",
        listing=listing,
        columns=["Name", "Type", "Description"],
        choices=(),
        searched="Name or id",
        nothing="No policy was made in this tenant.",
        remark="What the tenant chose besides is a switch of the emulator: /_emulator/choices",
        add=None,
    )


def show_deleted(visit: Visit) -> Response:
    """Show what was deleted and can be restored."""
    parked = visit.tenant.deleted_items
    rows = sorted(parked, key=lambda row: str(row.get("deletedDateTime") or ""), reverse=True)

    def cells(row: Row) -> list[Cell]:
        return [
            Cell(name_of(row), more=str(row["id"]), code=True),
            Cell(_PARKED.get(str(row["_type"]), str(row["_type"]))),
            Cell(when(str(row.get("deletedDateTime") or ""), visit.now, visit.now)),
            Cell(act=visit.path("edit", "restore", object=str(row["id"])), verb="Restore…"),
        ]

    listing = page_of(
        visit,
        rows,
        len(rows),
        texts=lambda row: [row.get("displayName"), row["id"], row.get("appId"), row.get("userPrincipalName")],
        cells=cells,
    )
    return visit.render(
        "list.html",
        here="deleted",
        words="Deleted",
        listing=listing,
        columns=["Name", "Type", "Deleted", ""],
        choices=(),
        searched="Name or id",
        nothing=_NOTHING_DELETED,
        remark="",
        add=None,
    )
