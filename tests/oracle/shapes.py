"""Names and flags in; the objects of a tenant out, in the shapes of Graph v1.0 (only the properties that
decide about tokens).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Piece = tuple[str, dict[str, Any]]
LISTS = (
    "applications",
    "servicePrincipals",
    "users",
    "groups",
    "appRoleAssignments",
    "oauth2PermissionGrants",
)


def tenant(*pieces: Piece) -> dict[str, list[dict[str, Any]]]:
    """Put pieces together; of two with one id the later one counts."""
    found: dict[tuple[str, str], dict[str, Any]] = {(name, one["id"]): one for name, one in pieces}
    return {name: [one for (of, _), one in found.items() if of == name] for name in LISTS}


def application(
    app_id: str,
    *,
    version: int | None = 2,
    authorizes: Mapping[str, Iterable[str]] | None = None,
    lists: Mapping[str, Iterable[str]] | None = None,
    **more: Any,
) -> Piece:
    """Return a registration: whom it authorizes for which scopes, which scopes and roles (`Role:…`) of
    which API it lists.
    """
    authorized = [
        {"appId": client, "delegatedPermissionIds": list(scopes)}
        for client, scopes in (authorizes or {}).items()
    ]
    required = [
        {"resourceAppId": api, "resourceAccess": [_access(one) for one in ids]}
        for api, ids in (lists or {}).items()
    ]
    api = {"requestedAccessTokenVersion": version, "preAuthorizedApplications": authorized}
    return "applications", {
        "id": f"app:{app_id}",
        "appId": app_id,
        "api": api,
        "requiredResourceAccess": required,
    } | more


def _access(text: str) -> dict[str, str]:
    kind, _, id_ = text.rpartition(":")
    return {"id": id_, "type": kind or "Scope"}


def principal(
    app_id: str,
    *,
    roles: Iterable[dict[str, Any]] = (),
    scopes: Iterable[dict[str, Any]] = (),
    required: bool = False,
    enabled: bool = True,
    names: Iterable[str] = (),
    **more: Any,
) -> Piece:
    """Return a service principal; `required` is its need of assignment."""
    return "servicePrincipals", {
        "id": sp(app_id),
        "appId": app_id,
        "accountEnabled": enabled,
        "appRoleAssignmentRequired": required,
        "appRoles": list(roles),
        "oauth2PermissionScopes": list(scopes),
        "servicePrincipalNames": [app_id, *names],
    } | more


def sp(app_id: str) -> str:
    """Return the id of an application's service principal."""
    return f"sp:{app_id}"


def role(
    id_: str, value: str | None, *, kinds: Iterable[str] = ("User", "Application"), enabled: bool = True
) -> dict[str, Any]:
    """Return an app role."""
    return {"id": id_, "value": value, "allowedMemberTypes": list(kinds), "isEnabled": enabled}


def scope(id_: str, value: str, *, type_: str = "User", enabled: bool = True) -> dict[str, Any]:
    """Return a delegated permission; `type_` says who may consent."""
    return {"id": id_, "value": value, "type": type_, "isEnabled": enabled}


def person(id_: str, *, enabled: bool = True) -> Piece:
    """Return a person."""
    return "users", {"id": id_, "accountEnabled": enabled}


def group(id_: str, *members: str) -> Piece:
    """Return a group with its direct members."""
    return "groups", {"id": id_, "members": list(members)}


def assignment(holder: str, api: str, role_id: str, kind: str = "User") -> Piece:
    """Return an assignment of a role of an API (appId) to a holder (id)."""
    ends = {"principalId": holder, "principalType": kind, "resourceId": sp(api), "appRoleId": role_id}
    return "appRoleAssignments", {"id": f"{holder} {api} {role_id}"} | ends


def consent(client: str, api: str, text: str, *, by: str | None = None) -> Piece:
    """Return a consent to scopes of an API: of one person, or else for the whole tenant."""
    whose = {"consentType": "Principal" if by else "AllPrincipals", "principalId": by}
    return "oauth2PermissionGrants", {
        "id": f"{client} {api} {by}",
        "clientId": sp(client),
        "resourceId": sp(api),
        "scope": text,
    } | whose
