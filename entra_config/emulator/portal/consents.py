"""An API or a client in; the delegated permissions between it and others, with who gave them, out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from entra_config.emulator.portal import declared
from entra_config.emulator.portal.declared import DeclaredAt
from entra_config.emulator.portal.objects import NamedObject, client, named
from entra_config.emulator.portal.visit import Visit

Row = Mapping[str, Any]


@dataclass(frozen=True)
class ShownConsent:
    """One line: the client, the API, the scopes, by what and for whom."""

    client: NamedObject
    resource: NamedObject
    scopes: list[str]
    by: str
    who: NamedObject
    declared: DeclaredAt
    id: str = ""
    # Its own page; an authorized client stands on its API's.
    address: str = ""


def clients_of(visit: Visit, app: Row | None, principal: Row | None) -> list[ShownConsent]:
    """Return who may ask for an API's scopes: authorized clients, then what was consented to."""
    found = authorized(visit, app) if app is not None else []
    if principal is not None:
        rows = visit.tenant.oauth2_permission_grants.find("resourceId", str(principal["id"]))
        found += [of_grant(visit, row) for row in rows]
    return found


def permissions_of(visit: Visit, principal: Row) -> list[ShownConsent]:
    """Return which scopes a client was given."""
    rows = visit.tenant.oauth2_permission_grants.find("clientId", str(principal["id"]))
    return [of_grant(visit, row) for row in rows]


def of_grant(visit: Visit, row: Row) -> ShownConsent:
    """Write a delegated permission grant with the names of its ends."""
    everybody = row["consentType"] == "AllPrincipals"
    scopes = str(row.get("scope") or "").split()
    principals = visit.tenant.service_principals
    ends = (principals.get(str(row["clientId"])), principals.get(str(row["resourceId"])))
    # What one person consented to is declared in no manifest.
    place = declared.of_scopes(visit, "permissionGrant", ends, scopes if everybody else ())
    who = NamedObject("everybody") if everybody else named(visit, str(row.get("principalId")))
    return ShownConsent(
        named(visit, str(row["clientId"])),
        named(visit, str(row["resourceId"])),
        scopes,
        "tenant-wide consent" if everybody else "own consent",
        who,
        place if everybody else DeclaredAt("", "a person’s own"),
        str(row["id"]),
        visit.path("grants", str(row["id"])),
    )


def authorized(visit: Visit, app: Row, only: str = "") -> list[ShownConsent]:
    """Return the clients that an API authorizes itself, or the one of an appId."""
    values = {scope["id"]: str(scope["value"]) for scope in app["api"].get("oauth2PermissionScopes") or ()}
    found = []
    for entry in app["api"].get("preAuthorizedApplications") or ():
        app_id = str(entry["appId"])
        if only and app_id != only:
            continue
        scopes = [values.get(scope, "removed scope") for scope in entry.get("delegatedPermissionIds") or ()]
        tenant = visit.tenant
        row = tenant.service_principal_by_app_id(app_id) or tenant.application_by_app_id(app_id)
        place = declared.of_scopes(
            visit, "authorizedClient", (row or {"appId": app_id, "id": app_id}, app), scopes
        )
        found.append(
            ShownConsent(
                client(visit, app_id),
                client(visit, str(app["appId"])),
                scopes,
                "authorized client",
                NamedObject("everybody"),
                place,
            )
        )
    return found
