"""The list of registrations, and the page of one."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from entra_emulator.portal import (
    credentials,
    graph_json,
    holders,
    labels,
    linked,
    requested_permissions,
    stream,
    trail,
)
from entra_emulator.portal.consents import ShownConsents, clients_of
from entra_emulator.portal.listing import Cell, ListFilter, by_name, near_links, page_of
from entra_emulator.portal.objects import name_of
from entra_emulator.portal.pieces import PLATFORMS
from entra_emulator.portal.visit import Visit
from entra_emulator.portal.words import when

Row = Mapping[str, Any]


def show_list(visit: Visit) -> Response:
    """Show the registrations of the filter."""
    tenant, now = visit.tenant, visit.now
    owner, order = visit.param("owner"), visit.param("order", "name", "newest", "changed")
    with_credentials = visit.param("credentials", "any", "some", "ending", "none")
    rows, changed = by_name(tenant.applications), trail.last_changes(tenant)
    if order != "name":
        rows = sorted(
            rows, key=lambda row: _changed(row, changed if order == "changed" else {}), reverse=True
        )

    def keep(row: Row) -> bool:
        found = labels.declared_by(visit, row).source
        if owner and (found != owner if owner != "none" else bool(found)):
            return False
        if with_credentials == "any":
            return True
        text, _, risk = credentials.summary(tenant, row, now)
        return {"some": text != "none", "ending": bool(risk), "none": text == "none"}[with_credentials]

    def cells(row: Row) -> list[Cell]:
        text, more, risk = credentials.summary(tenant, row, now)
        return [
            Cell(name_of(row), visit.path("registrations", str(row["id"])), str(row["appId"]), code=True),
            Cell(mark=labels.declared_by(visit, row)),
            Cell(type_of(row)),
            Cell(text, more=more, risk=risk),
            Cell(when(_changed(row, changed), now, now)),
        ]

    choices = _filters(visit, owner, with_credentials, order)
    kept = keep if owner or with_credentials != "any" else None
    listing = page_of(visit, rows, len(rows), texts=_texts, cells=cells, keep=kept, choices=choices)
    if not listing.rows:
        listing.near_names = near_links(visit, tenant.applications, "registrations")
    return visit.render(
        "list.html",
        here="registrations",
        words="Registrations",
        listing=listing,
        columns=["Name", "Declared by", "Type", "Credentials", "Changed"],
        choices=choices,
        searched="Name, client id, redirect URI or tag",
        nothing="No application is registered. They are declared at applications.",
        remark="",
        add=("Register…", visit.path("edit", "register")),
    )


def _filters(visit: Visit, owner: str, with_credentials: str, order: str) -> tuple[ListFilter, ...]:
    owners = sorted({label.source for label in visit.labels.labels.values()})
    whose = (("", "anybody"), *((one, one) for one in owners), ("none", "nobody"))
    having = (("any", "any"), ("some", "some"), ("ending", "ending soon"), ("none", "none"))
    orders = (("name", "Name"), ("newest", "Newest"), ("changed", "Last change"))
    return (
        ListFilter("owner", "Declared by", whose, owner),
        ListFilter("credentials", "Credentials", having, with_credentials),
        ListFilter("order", "Order", orders, order),
    )


def show(visit: Visit) -> Response:
    """Show one registration with all that is linked to it."""
    object_id = visit.request.path_params["id"]
    app = visit.tenant.applications.get(object_id)
    if app is None:
        return visit.missing("registration", object_id, "registrations")
    principal = visit.tenant.service_principal_by_app_id(str(app["appId"]))
    ids = [object_id, *([str(principal["id"])] if principal else [])]
    consents = clients_of(visit, app, principal)
    uris = [
        (uri, platform, labels.of_part(visit, app, "redirectUris", uri))
        for platform in PLATFORMS
        for uri in app[platform]["redirectUris"]
    ]
    return visit.render(
        "application.html",
        here="registrations",
        app=app,
        principal=principal,
        name=name_of(app),
        mark=labels.declared_by(visit, app),
        roles=holders.roles(visit, {**(principal or {"id": ""}), "appRoles": app["appRoles"]}),
        consents=consents,
        unasked=_unasked(app, consents),
        uris=uris,
        platforms=PLATFORMS,
        missing_uris=labels.missing_parts(visit, app, "redirectUris", [each[0] for each in uris]),
        identifiers=[
            (uri, labels.of_part(visit, app, "identifierUris", uri)) for uri in app["identifierUris"]
        ],
        scopes=_scopes(visit, app),
        credentials=credentials.shown(visit, app),
        trail=trail.entries(visit, ids),
        type=type_of(app),
        owners=linked.owners_of(visit, object_id),
        policies=linked.policies_of(visit, *ids),
        made=trail.last_of(visit, [object_id], "Add application"),
        requested=requested_permissions.of(visit, app, principal),
        declared=labels.of_object(visit, app),
        sign_ins=stream.sign_ins(visit, client_id=str(app["appId"]), api=principal),
        graph=graph_json.shown(visit, f"applications/{object_id}", visit.path("registrations", object_id)),
    )


def _scopes(visit: Visit, app: Row) -> list[tuple[Row, labels.DeclaredAt]]:
    return [
        (
            scope,
            labels.of_part(
                visit, app, "oauth2PermissionScopes", str(scope.get("value") or ""), str(scope["id"])
            ),
        )
        for scope in app["api"]["oauth2PermissionScopes"]
    ]


def type_of(row: Row) -> str:
    """Say in a word or two what an application is."""
    if row["api"]["oauth2PermissionScopes"] or row["appRoles"]:
        return "API"
    for platform in ("spa", "publicClient", "web"):
        if row[platform]["redirectUris"]:
            return PLATFORMS[platform]
    return "daemon"


def _unasked(app: Row, consents: ShownConsents) -> list[str]:
    return [
        str(scope["value"])
        for scope in app["api"]["oauth2PermissionScopes"]
        if scope["value"] not in consents.scopes
    ]


def _texts(row: Row) -> list[Any]:
    uris = [uri for platform in PLATFORMS for uri in row[platform]["redirectUris"]]
    return [row.get("displayName"), row["appId"], row["id"], *row["identifierUris"], *uris, *row["tags"]]


def _changed(row: Row, changed: Mapping[str, str]) -> str:
    return changed.get(str(row["id"]), str(row.get("createdDateTime") or ""))
