"""An API or a client in; the delegated permissions between it and others, with who gave them, out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from entra_emulator.portal import labels
from entra_emulator.portal.given import consents_given, key_of
from entra_emulator.portal.labels import DeclaredAt
from entra_emulator.portal.listing import LISTED
from entra_emulator.portal.objects import NamedObject, client, named
from entra_emulator.portal.trail import TrailEntry
from entra_emulator.portal.visit import Visit

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
    # The record that began it, where the audit log has one.
    given: TrailEntry | None = None


@dataclass(frozen=True)
class ShownConsents:
    """The first lines of a long list of consents, and how many there are."""

    rows: list[ShownConsent]
    total: int
    # All scopes of all of them.
    scopes: frozenset[str]

    @property
    def more(self) -> int:
        """Return how many are left out."""
        return self.total - len(self.rows)


def clients_of(visit: Visit, app: Row | None, principal: Row | None) -> ShownConsents:
    """Return who may ask for an API's scopes: authorized clients, then what was consented to."""
    found = authorized(visit, app) if app is not None else []
    own = str(principal["id"]) if principal is not None else ""
    rows = visit.tenant.oauth2_permission_grants.find("resourceId", own) if own else []
    scopes = {scope for one in found for scope in one.scopes}
    scopes |= {scope for row in rows for scope in str(row.get("scope") or "").split()}
    shown = [*found, *(of_grant(visit, row) for row in rows[: max(0, LISTED - len(found))])]
    return ShownConsents(shown, len(found) + len(rows), frozenset(scopes))


def permissions_of(visit: Visit, principal: Row) -> list[ShownConsent]:
    """Return which scopes a client was given, since when and by whom: the first of a long list."""
    rows = visit.tenant.oauth2_permission_grants.find("clientId", str(principal["id"]))
    given = consents_given(visit, str(principal["id"])) if rows else {}
    return [replace(of_grant(visit, row), given=given.get(key_of(row))) for row in rows[:LISTED]]


def of_grant(visit: Visit, row: Row) -> ShownConsent:
    """Write a delegated permission grant with the names of its ends."""
    everybody = row["consentType"] == "AllPrincipals"
    scopes = str(row.get("scope") or "").split()
    principals = visit.tenant.service_principals
    ends = (principals.get(str(row["clientId"])), principals.get(str(row["resourceId"])))
    # No label is about the consent of one user.
    place = labels.of_scopes(visit, "oauth2PermissionGrants", ends, scopes if everybody else ())
    who = NamedObject("everybody") if everybody else named(visit, str(row.get("principalId")))
    return ShownConsent(
        named(visit, str(row["clientId"])),
        named(visit, str(row["resourceId"])),
        scopes,
        "tenant-wide consent" if everybody else "own consent",
        who,
        place if everybody else DeclaredAt(more="a person’s own"),
        str(row["id"]),
        visit.path("grants", str(row["id"])),
    )


def authorized(visit: Visit, app: Row, only: str = "") -> list[ShownConsent]:
    """Return the clients that an API authorizes itself, or the one of an appId."""
    values = {scope["id"]: str(scope["value"]) for scope in app["api"]["oauth2PermissionScopes"]}
    found = []
    for entry in app["api"]["preAuthorizedApplications"]:
        app_id = str(entry["appId"])
        if only and app_id != only:
            continue
        scopes = [values.get(scope, "removed scope") for scope in entry.get("delegatedPermissionIds") or ()]
        tenant = visit.tenant
        row = tenant.service_principal_by_app_id(app_id) or tenant.application_by_app_id(app_id)
        place = labels.of_scopes(
            visit, "preAuthorizedApplications", (row or {"appId": app_id, "id": app_id}, app), scopes
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
