"""Service principals: list, read, create for an application, change, upsert, soft-delete."""

from collections.abc import Callable, Mapping
from typing import Any

from entra_emulator.callers import GRAPH_APP_ID
from entra_emulator.graph import (
    audit,
    authorization,
    bodies,
    lookup,
    permissions,
    references,
    render,
    restrictions,
)
from entra_emulator.graph.applications import owners_of
from entra_emulator.graph.call import Call, CollectionResponse
from entra_emulator.graph.entities.service_principal import (
    SERVICE_PRINCIPAL,
    make_service_principal,
    mirror_application,
)
from entra_emulator.graph.entity_set import EntitySet, require_ownership
from entra_emulator.graph.errors import (
    ODataError,
    bad_request,
    denied,
    invalid_value,
    missing_value,
    object_conflict,
)
from entra_emulator.graph.expanding import Wanted
from entra_emulator.graph.owners import add_owners
from entra_emulator.graph.properties import APPLICATION, check_choices
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.identifiers import is_guid
from entra_emulator.table import Row

# The tenant that owns Microsoft's applications.
MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
_WHO_MAY_USE_IT = ("accountEnabled", "appRoleAssignmentRequired")
# Follows the application; what is written here would vanish with the next synchronisation.
_MIRRORED = {name for name, row in SERVICE_PRINCIPAL.properties.items() if row.set_by == APPLICATION}


def create_for_blueprint(call: Call) -> CollectionResponse:
    """Answer POST …/agentIdentityBlueprintPrincipal: a second one is refused, and none is kept here."""
    app_id = str(call.object_body().get("appId"))
    if call.tenant.service_principal_by_app_id(app_id) is not None:
        raise in_use(app_id)
    raise ODataError(501, "NotImplemented", "The emulator does not serve agent identities.")


def _change(call: Call, old: Row, body: dict[str, Any]) -> Row:
    new = _merged(call, old, body)
    if old["appId"] == GRAPH_APP_ID and any(new[name] != old[name] for name in _WHO_MAY_USE_IT):
        raise denied()
    return new


def _allow(call: Call, row: Row) -> None:
    """Refuse a caller who may not change it, and to delete what Microsoft put into every tenant: without
    Graph's own, nobody could call Graph again.
    """
    require_ownership(call, row)
    if call.method == "DELETE" and row["appOwnerOrganizationId"] == MICROSOFT:
        # A field report: neither the portal nor PowerShell removes these; the text was not seen.
        raise denied()


def in_use(app_id: str) -> ODataError:
    """Refuse a second service principal: 409, unlike most conflicts."""
    text = (
        "The service principal cannot be created, updated, or restored because the service principal name "
        f"{app_id} is already in use."
    )
    return ODataError(409, "Request_MultipleObjectsWithSameKeyValue", text, details=[object_conflict(text)])


def no_backing(app_id: str) -> ODataError:
    """Refuse a service principal without an application."""
    text = f"The appId '{app_id}' of the service principal does not reference a valid application object."
    return bad_request(
        text, details=[{"code": "NoBackingApplicationObject", "message": text, "target": "appId"}]
    )


def _insert(call: Call, body: dict[str, Any]) -> Row:
    app_id = body.get("appId")
    if not isinstance(app_id, str) or not app_id:
        raise missing_value("appId", SERVICE_PRINCIPAL.resource)
    if not is_guid(app_id):
        raise invalid_value("appId", SERVICE_PRINCIPAL.resource)
    if call.tenant.service_principal_by_app_id(app_id) is not None:
        raise in_use(app_id)
    home, app = _backing_application(call, app_id.casefold())
    restrictions.check_room(call)
    blank = make_service_principal(call.graph.directory.ids.guid(), app["appId"], call.stamp, home)
    sent = {k: v for k, v in body.items() if k != "appId"}
    new = _merged(call, mirror_application(blank, app), sent, binds=("owners",))
    new["createdByAppId"] = call.caller.appid
    owners = references.bound(call, body, "owners")
    if call.owned_only and call.caller.kind == "app" and call.caller.oid not in owners:
        # OwnedBy reaches only what it owns, so its service principals must be its own from the start.
        owners.insert(0, call.caller.oid)
    new["_creator"] = call.caller.oid
    call.put("servicePrincipals", new)
    readers = {k: v for k, v in SERVICE_PRINCIPAL.readers.items() if k != "ExplicitAccessGrantRequired"}
    audit.record(call, SERVICE_PRINCIPAL, "Add", new, audit.changes(None, new, readers))
    add_owners(call, SERVICE_PRINCIPAL, new, owners)
    return new


def _backing_application(call: Call, app_id: str) -> tuple[str, Row]:
    found = call.view("applications").find("appId", app_id)
    if found and found[0]["id"] in call.tenant.applications:
        app = found[0]
        authorization.require_ownership(call, app["id"])
        return call.tenant.tenant_id, app
    if call.owned_only:
        # Also while the application is still on its way to this replica, which is misleading.
        raise denied(
            "When using this permission, the backing application of the service principal being "
            "created must in the local tenant"
        )
    for tenant in call.graph.directory.tenants.values():
        app_elsewhere = tenant.application_by_app_id(app_id) if tenant is not call.tenant else None
        if app_elsewhere is not None and app_elsewhere["signInAudience"] != "AzureADMyOrg":
            return tenant.tenant_id, app_elsewhere
    raise no_backing(app_id)


def _merged(call: Call, old: Row, body: dict[str, Any], *, binds: tuple[str, ...] = ()) -> Row:
    # The documentation's upsert names the service principal by itself, until its application is named anew.
    own_name = body.get("displayName") if lookup.prefers_create(call) else None
    _check_mirrored(old, body, _MIRRORED - {"displayName"} if own_name is not None else _MIRRORED)
    sent = {name: value for name, value in body.items() if name not in _MIRRORED}
    new = bodies.merge(SERVICE_PRINCIPAL, old, sent, binds=binds)
    if own_name is not None:
        new["displayName"] = _checked_name(own_name)
    if new["passwordCredentials"] != old["passwordCredentials"]:
        raise bad_request("New password credentials must be generated using service actions.")
    if new["appId"] != old["appId"]:
        raise bad_request("Property 'appId' is read-only and cannot be set.")
    check_choices(SERVICE_PRINCIPAL, new)
    new["keyCredentials"] = bodies.certificates(call, old, new["keyCredentials"])
    restrictions.check_keys(call, "servicePrincipals", old, new)
    if "tags" in body:
        new["_tags"] = _added_tags(call, new)
    for name in ("accountEnabled", "appRoleAssignmentRequired"):
        if name in body and body[name] is None:
            new[name] = old[name]
    return new


def _check_mirrored(old: Row, body: Mapping[str, Any], mirrored: set[str]) -> None:
    """Refuse a value that is not the application's."""
    for name in mirrored & body.keys():
        if body[name] not in (None, old[name]):
            raise bad_request(
                f"Property '{name}' on the service principal does not match the application object."
            )


def _added_tags(call: Call, row: Row) -> list[str]:
    """Return the tags of a service principal that its application does not have."""
    app = call.tenant.application_by_app_id(row["appId"])
    own = set(app["tags"]) if app else set()
    return [tag for tag in row["tags"] if tag not in own]


def _checked_name(name: Any) -> str:
    if not isinstance(name, str) or not 0 < len(name) <= SERVICE_PRINCIPAL.properties["displayName"].longest:
        raise invalid_value("displayName", SERVICE_PRINCIPAL.resource)
    return name


def _assignments_of(index: str) -> Callable[[Call, Row, Wanted], list[Row]]:
    def found(call: Call, row: Row, _wanted: Wanted) -> list[Row]:
        rows = call.view("appRoleAssignments").find(index, row["id"])
        return [render.item(call, "appRoleAssignment", each, None) for each in rows]

    return found


def _grants_of(call: Call, row: Row, _wanted: Wanted) -> list[Row]:
    rows = call.view("oauth2PermissionGrants").find("clientId", row["id"])
    return [render.item(call, "oAuth2PermissionGrant", each, None) for each in rows]


def groups_of(call: Call, row: Row, _wanted: Wanted) -> list[dict[str, Any]]:
    """Give the groups of an object for an $expand."""
    return [render.mixed(call, "group", group) for group in call.tenant.direct_groups(row["id"])]


_ENTITIES = EntitySet(
    entity=SERVICE_PRINCIPAL,
    expand={
        "owners": owners_of,
        "appRoleAssignedTo": _assignments_of("resourceId"),
        "appRoleAssignments": _assignments_of("principalId"),
        "oauth2PermissionGrants": _grants_of,
        "memberOf": groups_of,
    },
    allow=_allow,
    insert=_insert,
    change=_change,
)
ROUTES: Routes = {
    **_ENTITIES.routes(),
    **{
        ("POST", f"servicePrincipals/{name}.agentIdentityBlueprintPrincipal"): Route(
            create_for_blueprint, permissions.APPLICATION_WRITE
        )
        for name in ("graph", "microsoft.graph")
    },
}
