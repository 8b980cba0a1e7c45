"""Directory extensions: properties that an application defines, and that users, groups and applications
then have.
"""

import re
from typing import Any

from entra_emulator.graph import (
    audit,
    counting,
    extended,
    lookup,
    permissions,
    queries,
    render,
    schema_extensions,
)
from entra_emulator.graph.call import NO_CONTENT, Call, CollectionResponse
from entra_emulator.graph.entities.extension_property import EXTENSION_PROPERTY
from entra_emulator.graph.errors import bad_request, invalid_value, missing_value, not_found, taken
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.table import Row
from entra_emulator.tenant import Tenant

_KIND, _RESOURCE = "extensionProperty", "ExtensionProperty"
_TYPES = {
    name.casefold(): name for name in ("Binary", "Boolean", "DateTime", "Integer", "LargeInteger", "String")
}
_TARGETS = {
    name.casefold(): name
    for name in ("AdministrativeUnit", "Application", "Device", "Group", "Organization", "User")
}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def list_all(call: Call) -> CollectionResponse:
    """Answer GET /applications/{id}/extensionProperties."""
    app = lookup.find(call, "applications", call.params[0])
    view = call.view("extensionProperties", listing=True)
    ids = [row["id"] for row in view.find("application", app["id"])]
    if str(call.segments[-1]).casefold() == "$count":
        return counting.table(call, EXTENSION_PROPERTY.rules, "extensionProperties", within=ids)
    found = queries.page(call, EXTENSION_PROPERTY.rules, view, within=ids)
    return CollectionResponse(200, render.listed(call, _KIND, _context(app), found))


def get(call: Call) -> CollectionResponse:
    """Answer GET …/extensionProperties/{id}."""
    app, row = _one(call)
    return CollectionResponse(200, render.entity(call, _KIND, row, f"{_context(app)}/$entity"))


def create(call: Call) -> CollectionResponse:
    """Answer POST …/extensionProperties: the name gets the application's id in front."""
    app = lookup.current(call, "applications", lookup.find(call, "applications", call.params[0]))
    permissions.require_ownership(call, app["id"])
    body = call.object_body(_KIND)
    for name in ("name", "dataType", "targetObjects"):
        if not body.get(name):
            raise missing_value(name, _RESOURCE)
    for name in body:
        if "@" not in name and name not in {"name", "dataType", "targetObjects", "isMultiValued"}:
            raise bad_request(f"Property '{name}' is read-only and cannot be set.")
    kind, targets = body["dataType"], body["targetObjects"]
    if not isinstance(kind, str) or kind.casefold() not in _TYPES:
        raise invalid_value("dataType", _RESOURCE)
    if not isinstance(targets, list) or not {str(each).casefold() for each in targets} <= set(_TARGETS):
        raise invalid_value("targetObjects", _RESOURCE)
    if not isinstance(body["name"], str) or not _NAME.fullmatch(body["name"]):
        raise invalid_value("name", _RESOURCE)
    full = f"extension_{app['appId'].replace('-', '')}_{body['name']}"
    if full in known(call.tenant):
        raise taken("name")
    new = {
        "id": call.graph.directory.ids.guid(),
        "deletedDateTime": None,
        "appDisplayName": app["displayName"],
        "dataType": _TYPES[kind.casefold()],
        "isMultiValued": bool(body.get("isMultiValued")),
        "isSyncedFromOnPremises": False,
        "name": full,
        "targetObjects": [_TARGETS[str(each).casefold()] for each in targets],
        "_application": app["id"],
    }
    call.put("extensionProperties", new)
    _audit(call, app, "Update application")
    return CollectionResponse(201, render.entity(call, _KIND, new, f"{_context(app)}/$entity"))


def delete(call: Call) -> CollectionResponse:
    """Answer DELETE …/extensionProperties/{id}: the values go with it."""
    app, row = _one(call)
    permissions.require_ownership(call, app["id"])
    call.remove("extensionProperties", row["id"])
    for table in ("users", "groups", "applications", "devices"):
        for holder in [
            each for each in call.tenant.tables[table] if row["name"] in each.get("_extensions", {})
        ]:
            left = {name: value for name, value in holder["_extensions"].items() if name != row["name"]}
            call.put(table, {**holder, "_extensions": left})
    _audit(call, app, "Update application")
    return NO_CONTENT


def available(call: Call) -> CollectionResponse:
    """Answer POST /directoryObjects/getAvailableExtensionProperties."""
    synced = (
        call.parameters("isSyncedFromOnPremises").get("isSyncedFromOnPremises")
        if call.body is not None
        else None
    )
    if synced is not None and not isinstance(synced, bool):
        raise bad_request("Cannot convert a primitive value to the expected type 'Edm.Boolean'.")
    rows = [] if synced else list(call.tenant.tables["extensionProperties"])
    items = [{"@odata.type": f"#microsoft.graph.{_KIND}", **render.default(_KIND, row)} for row in rows]
    return CollectionResponse(200, {"@odata.context": call.context("directoryObjects"), "value": items})


def known(tenant: Tenant) -> dict[str, Row]:
    """Give the tenant's extension properties by name."""
    return {row["name"]: row for row in tenant.tables["extensionProperties"]}


def taken_out(
    call: Call, target: str, old: Row | None, body: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Split a body into the schema's own properties and the values of extensions that the target then has."""
    given = [name for name in body if "_" in name and "@" not in name]
    before = (old or {}).get("_extensions", {})
    if not given:
        return body, before
    properties = {
        name.casefold(): row for name, row in known(call.tenant).items() if target in row["targetObjects"]
    }
    schemas = extended.schemas(call, target)
    values = dict(before)
    for name in given:
        key, value = name.casefold(), body[name]
        if key in properties:
            full = properties[key]["name"]
            if value is not None:
                _check(properties[key], name, value)
        elif key in schemas:
            full = schemas[key]["id"]
            value = schema_extensions.merged(schemas[key], before.get(full, {}), value) or None
        else:
            raise bad_request(f"Invalid property '{name}'.")
        values[full] = value
    left = {name: value for name, value in body.items() if name not in given}
    return left, {name: value for name, value in values.items() if value is not None}


def _check(row: Row, name: str, value: Any) -> None:
    wanted = {"Boolean": bool, "Integer": int, "LargeInteger": int}.get(row["dataType"], str)
    for each in value if row["isMultiValued"] and isinstance(value, list) else [value]:
        if not isinstance(each, wanted) or (wanted is int and isinstance(each, bool)):
            raise bad_request(f"Invalid value specified for property '{name}' of resource 'User'.")


def _one(call: Call) -> tuple[Row, Row]:
    app = lookup.find(call, "applications", call.params[0])
    row = call.view("extensionProperties").get(str(call.params[1]).casefold())
    if row is None or row["_application"] != app["id"]:
        raise not_found(str(call.params[1]))
    return app, row


def _audit(call: Call, app: Row, activity: str) -> None:
    target = audit.AuditTarget(
        app["id"], "Application", app["displayName"], changes=[audit.included(["ExtensionProperties"])]
    )
    audit.write(call, activity, "Update", [target], app_id=app["appId"])


def _context(app: Row) -> str:
    return f"applications('{app['id']}')/extensionProperties"


_PATH = "applications/*/extensionProperties"
ROUTES: Routes = {
    ("GET", _PATH): Route(list_all, permissions.APPLICATION_READ),
    ("GET", f"{_PATH}/$count"): Route(list_all, permissions.APPLICATION_READ),
    ("POST", _PATH): Route(create, permissions.APPLICATION_WRITE),
    ("GET", f"{_PATH}/*"): Route(get, permissions.APPLICATION_READ),
    ("DELETE", f"{_PATH}/*"): Route(delete, permissions.APPLICATION_WRITE),
    ("POST", "directoryObjects/getAvailableExtensionProperties"): Route(available, permissions.OBJECT_READ),
}
