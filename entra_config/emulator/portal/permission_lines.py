"""What a client asks for, or a client that an API authorizes, in; the manifest's lines for it out."""

from collections.abc import Iterable, Mapping
from typing import Any

from entra_config.emulator.portal.called import api_of, label_of
from entra_config.emulator.portal.holders import role_name
from entra_config.emulator.portal.marks import Mark, mark_of
from entra_config.emulator.portal.pieces import ChangedPiece
from entra_config.emulator.portal.visit import Visit

Row = Mapping[str, Any]
_OTHERS = "It asks for what the API does not offer: no manifest can name it."


def lines_of(visit: Visit, piece: ChangedPiece, app: Row, mark: Mark) -> dict[str, Any] | str:
    """Return what stands below the application's key, or why nothing does."""
    requested = piece.path == "requiredResourceAccess"
    before, after = (_ids(each) for each in (piece.before, piece.after))
    if before - after:
        key = "apiPermissions" if requested else "authorizedClients"
        return f"What is gone is taken out where it is declared, under {key}: the next apply brings it back."
    return (
        _requested(visit, piece.after, app, mark) if requested else _authorized(visit, piece.after, app, mark)
    )


def _ids(entry: Any) -> set[str]:
    given: Row = entry or {}
    requested = (str(each["id"]) for each in given.get("resourceAccess") or ())
    return {*requested, *map(str, given.get("delegatedPermissionIds") or ())}


def _requested(visit: Visit, entry: Row, app: Row, mark: Mark) -> dict[str, Any] | str:
    api = visit.tenant.service_principal_by_app_id(str(entry["resourceAppId"]))
    if api is None:
        return "The API is not there: no manifest can name what is asked for."
    name, ours = api_of(visit, mark, api)
    scopes, roles = _values(api, "oauth2PermissionScopes"), _values(api, "appRoles")
    requested: dict[str, list[str]] = {"delegated": [], "application": []}
    for each in entry.get("resourceAccess") or ():
        delegated = each["type"] == "Scope"
        value = (scopes if delegated else roles).get(str(each["id"]))
        if value is None:
            return _OTHERS
        requested["delegated" if delegated else "application"].append(value)
    said: dict[str, Any] = _called(visit, ours, requested)
    if consents := _called(visit, ours, _consented(visit, app, api)):
        # What is consented to stays as it is: `true` would consent to what is asked for from now on, too.
        said["adminConsent"] = consents
    return {"apiPermissions": {name: said}}


def _consented(visit: Visit, app: Row, api: Row) -> dict[str, list[str]]:
    """Return what of an API a client was given for everybody, and which roles it holds there."""
    tenant = visit.tenant
    client = tenant.service_principal_by_app_id(str(app["appId"]))
    if client is None:
        return {}
    grants = (
        row
        for row in tenant.oauth2_permission_grants.find("clientId", str(client["id"]))
        if row["resourceId"] == api["id"] and row["consentType"] == "AllPrincipals"
    )
    held = (
        row
        for row in tenant.app_role_assignments.find("principalId", str(client["id"]))
        if row["resourceId"] == api["id"]
    )
    return {
        "delegated": [scope for row in grants for scope in str(row.get("scope") or "").split()],
        "application": [role_name(api, str(row["appRoleId"])) for row in held],
    }


def _called(visit: Visit, ours: Mark, values: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Write values as the manifest has them, without empty lists."""
    nouns = {"delegated": "scope", "application": "appRole"}
    return {
        type_: [label_of(visit, ours, nouns[type_], value) if ours else value for value in found]
        for type_, found in values.items()
        if found
    }


def _authorized(visit: Visit, entry: Row, app: Row, mark: Mark) -> dict[str, Any] | str:
    app_id = str(entry["appId"])
    own = mark_of(visit.tenant.application_by_app_id(app_id))
    scopes = _values(app["api"], "oauth2PermissionScopes")
    found = [scopes.get(str(each)) for each in entry.get("delegatedPermissionIds") or ()]
    if None in found:
        return _OTHERS
    labels = [label_of(visit, mark, "scope", str(value)) for value in found]
    return {"authorizedClients": {own.key if own.owner == mark.owner else app_id: labels}}


def _values(row: Row, name: str) -> dict[str, str]:
    return {str(each["id"]): str(each["value"]) for each in row.get(name) or () if each.get("value")}
