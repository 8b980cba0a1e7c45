"""Delegated permission grants: one for all users, or one per user, for each client and resource."""

from typing import Any

from entra_emulator.graph import audit, lookup, permissions, queries, render
from entra_emulator.graph.assignment_records import client_facts
from entra_emulator.graph.call import Call, CollectionResponse
from entra_emulator.graph.entities.oauth2_permission_grant import PERMISSION_GRANT
from entra_emulator.graph.entity_set import EntitySet
from entra_emulator.graph.errors import ODataError, bad_request, missing_value, not_found
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.identifiers import is_guid, link_id
from entra_emulator.table import Row

_LONGEST_SCOPE = 3850
_WRITABLE = {"clientId", "consentType", "principalId", "resourceId", "scope", "id", "startTime", "expiryTime"}


def list_of_client(call: Call) -> CollectionResponse:
    """Answer GET /servicePrincipals/{id}/oauth2PermissionGrants: the grants where it is the client."""
    row = lookup.find(call, "servicePrincipals", call.params[0])
    return _list_by(call, "clientId", row["id"])


def list_of_user(call: Call) -> CollectionResponse:
    """Answer GET /users/{id}/oauth2PermissionGrants."""
    key = call.params[0] if call.params else call.caller.oid
    return _list_by(call, "principalId", lookup.find(call, "users", key)["id"])


def _make(call: Call, body: dict[str, Any]) -> Row:
    new = _read(body)
    for name in ("clientId", "resourceId"):
        if call.view("servicePrincipals").get(new[name]) is None:
            raise not_found(new[name])
    ends = [new["clientId"], new["resourceId"]]
    if new["principalId"] is not None:
        if call.view("users").get(new["principalId"]) is None:
            raise not_found(new["principalId"])
        ends.append(new["principalId"])
    for end in ends:
        if not lookup.is_live(call, end):
            raise not_found(end)
    # Deterministic: deleted and made anew, it has the same id.
    new = PERMISSION_GRANT.make(id=link_id(*ends), **new)
    if new["id"] in call.tenant.oauth2_permission_grants:
        # terraform-provider-azuread#690
        raise ODataError(409, "Request_MultipleObjectsWithSameKeyValue", "Permission entry already exists.")
    return new


def _change(_call: Call, old: Row, body: dict[str, Any]) -> Row:
    """Change the scope; a grant has nothing else that can change."""
    for name, value in body.items():
        if "@" in name:
            continue
        if name not in _WRITABLE:
            raise bad_request(f"Invalid property '{name}'.")
        if name != "scope" and value != old.get(name):
            raise bad_request(f"Property '{name}' is read-only and cannot be set.")
    scope = body.get("scope", old["scope"])
    _check_scope(scope)
    return {**old, "scope": scope}


def _list_by(call: Call, index: str, row_id: str) -> CollectionResponse:
    view = call.view("oauth2PermissionGrants", listing=True)
    ids = [row["id"] for row in view.find(index, row_id)]
    found = queries.page(call, PERMISSION_GRANT.rules, view, within=ids)
    items = [render.default(call, PERMISSION_GRANT.name, row) for row in found.rows]
    return CollectionResponse(200, queries.envelope(call, "oauth2PermissionGrants", found, items))


def _read(body: dict[str, Any]) -> Row:
    for name in body:
        if "@" not in name and name not in _WRITABLE:
            raise bad_request(f"Invalid property '{name}'.")
    new: Row = {}
    for name in ("clientId", "resourceId", "principalId"):
        value = body.get(name)
        if value is None and name != "principalId":
            raise missing_value(name, "OAuth2PermissionGrant")
        if value is not None and not (isinstance(value, str) and is_guid(value)):
            raise bad_request(
                f"Invalid value specified for property '{name}' of resource 'OAuth2PermissionGrant'."
            )
        new[name] = value.casefold() if value is not None else None
    consent = body.get("consentType")
    if consent != ("AllPrincipals" if new["principalId"] is None else "Principal"):
        raise bad_request(
            "Invalid value specified for property 'consentType' of resource 'OAuth2PermissionGrant'."
        )
    # Not checked against the resource's scopes: no source says that Graph does.
    scope = body.get("scope")
    _check_scope(scope)
    return {**new, "consentType": consent, "scope": scope}


def _check_scope(scope: Any) -> None:
    if scope is not None and (not isinstance(scope, str) or len(scope) > _LONGEST_SCOPE):
        raise bad_request("Invalid value specified for property 'scope' of resource 'OAuth2PermissionGrant'.")


def _log(call: Call, old: Row | None, new: Row | None) -> None:
    """Write the record; a change of scope is logged as an addition with both sides filled."""
    row = new or old or {}
    client = call.tenant.service_principals.get(row["clientId"])
    resource = call.tenant.service_principals.get(row["resourceId"])
    if client is None or resource is None:
        return
    scope = audit.fact("DelegatedPermissionGrant.Scope", row["scope"], removed=new is None)
    if old is not None and new is not None:
        scope["oldValue"] = audit.fact("", old["scope"])["newValue"]
    changes = [
        scope,
        audit.fact("DelegatedPermissionGrant.ConsentType", row["consentType"], removed=new is None),
    ]
    if new is None:
        changes.append(audit.fact("DelegatedPermissionGrant.PrincipalId", row["principalId"], removed=True))
    changes += [*client_facts(client), audit.principal_names(resource)]
    targets = [
        audit.AuditTarget(resource["id"], "ServicePrincipal", resource["displayName"], changes=changes),
        audit.AuditTarget(client["id"], "ServicePrincipal"),
    ]
    removed = new is None
    activity = "Remove delegated permission grant" if removed else "Add delegated permission grant"
    audit.write(call, activity, "Unassign" if removed else "Assign", targets, app_id=resource["appId"])


_ENTITIES = EntitySet(
    entity=PERMISSION_GRANT,
    located=True,
    make=_make,
    change=_change,
    log=_log,
)
ROUTES: Routes = {
    **_ENTITIES.routes(),
    ("GET", "servicePrincipals/*/oauth2PermissionGrants"): Route(list_of_client, permissions.GRANT_READ),
    ("GET", "users/*/oauth2PermissionGrants"): Route(list_of_user, permissions.GRANT_READ),
    ("GET", "me/oauth2PermissionGrants"): Route(list_of_user, permissions.GRANT_READ),
}
