"""The list of delegated permission grants, and the page of one: which scopes, for whom, since when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from entra_emulator.portal import consents, graph_json, labels, stream, trail
from entra_emulator.portal.consents import of_grant
from entra_emulator.portal.given import consents_given, key_of
from entra_emulator.portal.labels import UNKNOWN, DeclaredAt
from entra_emulator.portal.listing import LISTED, Cell, page_of
from entra_emulator.portal.objects import name_of
from entra_emulator.portal.visit import Visit

Row = Mapping[str, Any]


@dataclass(frozen=True)
class GrantedScope:
    """One scope of a grant: what the API says of it, and where it is declared."""

    value: str
    allows: str
    consent: str
    state: str
    declared: DeclaredAt


def show_list(visit: Visit) -> Response:
    """Show the delegated permission grants."""
    grants = visit.tenant.oauth2_permission_grants

    def cells(row: Row) -> list[Cell]:
        found = of_grant(visit, row)
        return [
            Cell(found.client.name, found.address),
            Cell(found.resource.name, found.resource.address),
            Cell(more=" ".join(found.scopes), code=True),
            Cell(found.by),
            Cell(found.who.name, found.who.address),
            Cell(act=visit.path("edit", "withdraw", grant=found.id), verb="Withdraw…"),
        ]

    listing = page_of(visit, grants, len(grants), texts=lambda row: _texts(visit, row), cells=cells)
    return visit.render(
        "list.html",
        here="grants",
        words="Grants",
        listing=listing,
        columns=["Client", "API", "Scopes", "By", "For", ""],
        choices=(),
        searched="Client, API, person or scope",
        nothing="Nobody consented to anything yet.",
        remark="Clients that an API authorizes itself stand on the API’s page",
        add=("Consent…", visit.path("edit", "consent")),
    )


def show(visit: Visit) -> Response:
    """Show one grant with both of its ends."""
    grant_id, tenant = visit.request.path_params["id"], visit.tenant
    row = tenant.oauth2_permission_grants.get(grant_id)
    if row is None:
        return visit.missing("grant", grant_id, "grants")
    grant = of_grant(visit, row)
    client, api = (tenant.service_principals.get(str(row[end])) for end in ("clientId", "resourceId"))
    app_id = str((client or {}).get("appId", ""))
    ends = [str(row["clientId"]), str(row["resourceId"])]
    return visit.render(
        "grant.html",
        here="grants",
        grant=grant,
        marks=[labels.declared_by(visit, end) for end in (client, api)],
        scopes=_scopes(visit, row, client, api),
        given=consents_given(visit, str(row["clientId"])).get(key_of(row)),
        besides=_besides(visit, row, client, api),
        sign_ins=stream.sign_ins(visit, client_id=app_id) if app_id else [],
        traffic=visit.path("traffic", q=app_id, kind="sign-in"),
        trail=trail.entries(visit, ends, every=True),
        graph=graph_json.shown(visit, f"oauth2PermissionGrants/{grant_id}", grant.address),
    )


def _scopes(visit: Visit, row: Row, client: Row | None, api: Row | None) -> list[GrantedScope]:
    offered = {str(each.get("value")): each for each in (api["oauth2PermissionScopes"] if api else ())}
    everybody = row["consentType"] == "AllPrincipals"
    found = []
    for value in str(row.get("scope") or "").split():
        scope = offered.get(value)
        place = (
            labels.of_scopes(visit, "oauth2PermissionGrants", (client, api), [value])
            if everybody
            else UNKNOWN
        )
        state = "" if scope is not None else "not offered"
        if scope is not None and scope.get("isEnabled") is False:
            state = "disabled"
        found.append(
            GrantedScope(
                value,
                str((scope or {}).get("adminConsentDescription") or ""),
                "" if scope is None else "administrators" if scope.get("type") == "Admin" else "people",
                state,
                place if everybody else DeclaredAt(more="a person’s own"),
            )
        )
    return found


def _besides(visit: Visit, row: Row, client: Row | None, api: Row | None) -> list[consents.ShownConsent]:
    """Return what else lets the same client ask the same API."""
    grants = visit.tenant.oauth2_permission_grants.find("clientId", str(row["clientId"]))
    others = [each for each in grants if each["resourceId"] == row["resourceId"] and each["id"] != row["id"]]
    app = visit.tenant.application_by_app_id(str(api["appId"])) if api else None
    own = consents.authorized(visit, app, only=str(client["appId"])) if app and client else []
    return [*own, *(of_grant(visit, each) for each in others[:LISTED])]


def _texts(visit: Visit, row: Row) -> list[Any]:
    tenant = visit.tenant
    ends = [tenant.service_principals.get(str(row[end])) for end in ("clientId", "resourceId")]
    ends.append(tenant.users.get(str(row.get("principalId"))))
    return [row.get("scope"), *(name_of(end) for end in ends if end is not None)]
