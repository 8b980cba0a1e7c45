"""A row of the directory in; what somebody could come and change of it, one by one, out. What differs is
one act's trace.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

Element = tuple[str, ...]
Row = Mapping[str, Any]
Parts = dict[Element, Any]

PLATFORMS = ("web", "spa", "publicClient")
FLAGS = ("enableAccessTokenIssuance", "enableIdTokenIssuance")
OF_APPLICATION = (
    "displayName",
    "signInAudience",
    "web.logoutUrl",
    "web.homePageUrl",
    *(f"web.implicitGrantSettings.{flag}" for flag in FLAGS),
    "isFallbackPublicClient",
    "api.requestedAccessTokenVersion",
    "api.acceptMappedClaims",
    "optionalClaims",
    "groupMembershipClaims",
    "notes",
    "description",
)
OF_PRINCIPAL = ("appRoleAssignmentRequired", "accountEnabled", "loginUrl")
OWNERSHIP = ("entra-config:owner=", "entra-config:key=")
# Drawn anew for each creation, and never compared.
DRAWN = "entra-config:"
NAMES = {"users": ("user", "userPrincipalName"), "groups": ("group", "displayName")}
# What Graph has two spellings for: not set is off.
OFF = (None, False, "", (), [], {})


def parts(place: str, row: Row | None) -> Parts:
    """Return the elements of a row of a table, each with its value."""
    match place:
        case _ if row is None:
            return {}
        case "applications":
            return dict(_application(row))
        case "servicePrincipals":
            return dict(_principal(row))
        case "users" | "groups":
            kind, name = NAMES[place]
            return {(kind, str(row["id"])): True, ("name", str(row["id"])): row[name]}
        case _:
            return dict(_link(place, row))


def _application(row: Row) -> Iterator[tuple[Element, Any]]:
    app = str(row["id"])
    yield ("application", app), True
    for platform in PLATFORMS:
        for uri in row[platform]["redirectUris"]:
            yield ("redirect", app, f"{platform}.redirectUris", uri), True
    for path in OF_APPLICATION:
        yield ("value", app, path), _plain(at(row, path))
    yield from _tags(row)
    for uri in row["identifierUris"]:
        yield ("identifier", app, uri), True
    for type_, path in (("scope", "api.oauth2PermissionScopes"), ("role", "appRoles")):
        for entry in at(row, path) or ():
            yield (type_, app, entry["id"]), True
            for name, value in entry.items():
                if name not in {"id", "origin"}:
                    yield (f"{type_}Field", app, entry["id"], name), _plain(value)
    yield from _clients(app, row)
    yield from _credentials(row)


def _clients(app: str, row: Row) -> Iterator[tuple[Element, Any]]:
    for resource in row["requiredResourceAccess"]:
        for access in resource["resourceAccess"]:
            yield ("requested", app, resource["resourceAppId"], access["id"]), True
    for entry in row["api"]["preAuthorizedApplications"]:
        yield ("client", app, entry["appId"]), True
        for scope in entry["delegatedPermissionIds"]:
            yield ("clientScope", app, entry["appId"], scope), True
    for client in row["api"]["knownClientApplications"]:
        yield ("known", app, client), True


def _principal(row: Row) -> Iterator[tuple[Element, Any]]:
    yield ("principal", str(row["id"])), True
    yield ("name", str(row["id"])), row["displayName"]
    yield from _tags(row)
    for path in OF_PRINCIPAL:
        yield ("value", str(row["id"]), path), _plain(at(row, path))
    yield from _credentials(row)


def _tags(row: Row) -> Iterator[tuple[Element, Any]]:
    id_ = str(row["id"])
    yield ("ownership", id_), _plain(sorted(tag for tag in row["tags"] if tag.startswith(OWNERSHIP)))
    for tag in row["tags"]:
        if not tag.startswith(DRAWN):
            yield ("tag", id_, tag), True


def _credentials(row: Row) -> Iterator[tuple[Element, Any]]:
    for path in ("passwordCredentials", "keyCredentials"):
        for entry in row[path]:
            yield (path, str(row["id"]), entry["keyId"]), True


def _link(place: str, row: Row) -> Iterator[tuple[Element, Any]]:
    match place:
        case "owners":
            yield ("owner", row["source"], row["target"]), True
        case "appRoleAssignments":
            yield ("assigned", row["resourceId"], row["appRoleId"], row["principalId"]), True
        case "oauth2PermissionGrants" if row["consentType"] == "AllPrincipals":
            for scope in (row["scope"] or "").split():
                yield ("consent", row["clientId"], row["resourceId"], scope), True
        case "federatedIdentityCredentials":
            yield ("federated", row["_application"], row["name"]), True
            for name in ("issuer", "subject", "audiences", "description"):
                yield ("federatedField", row["_application"], row["name"], name), _plain(row[name])


def at(row: Any, path: str) -> Any:
    """Return what stands at a path."""
    for name in path.split("."):
        row = row.get(name) if isinstance(row, Mapping) else None
    return row


def _plain(value: Any) -> str:
    return json.dumps(None if value in OFF else value, sort_keys=True)
