"""An API or a client in; the delegated permissions between it and others, with who gave them, out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
    id: str = ""


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
    who = NamedObject("everybody") if everybody else named(visit, str(row.get("principalId")))
    return ShownConsent(
        named(visit, str(row["clientId"])),
        named(visit, str(row["resourceId"])),
        str(row.get("scope") or "").split(),
        "tenant-wide consent" if everybody else "own consent",
        who,
        str(row["id"]),
    )


def authorized(visit: Visit, app: Row) -> list[ShownConsent]:
    """Return the clients that an API authorizes itself."""
    values = {scope["id"]: str(scope["value"]) for scope in app["api"].get("oauth2PermissionScopes") or ()}
    return [
        ShownConsent(
            client(visit, str(entry["appId"])),
            client(visit, str(app["appId"])),
            [values.get(scope, "removed scope") for scope in entry.get("delegatedPermissionIds") or ()],
            "authorized client",
            NamedObject("everybody"),
        )
        for entry in app["api"].get("preAuthorizedApplications") or ()
    ]
