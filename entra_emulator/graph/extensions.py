"""Directory extensions: properties that an application defines, and that users, groups and applications
then have.
"""

import re
from typing import Any

from entra_emulator.graph import (
    audit,
    bodies,
    extended,
    permissions,
    render,
    schema_extensions,
)
from entra_emulator.graph.call import Call, CollectionResponse
from entra_emulator.graph.entities import DIRECTORY_OBJECTS
from entra_emulator.graph.entities.extension_property import EXTENSION_PROPERTY
from entra_emulator.graph.entity_set import EntitySet
from entra_emulator.graph.errors import bad_request, invalid_value, taken
from entra_emulator.graph.properties import Entity
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.table import Row
from entra_emulator.tenant import Tenant

_KIND, _RESOURCE = EXTENSION_PROPERTY.name, EXTENSION_PROPERTY.resource
_TYPES = {
    name.casefold(): name for name in ("Binary", "Boolean", "DateTime", "Integer", "LargeInteger", "String")
}
_TARGETS = {
    name.casefold(): name
    for name in ("AdministrativeUnit", "Application", "Device", "Group", "Organization", "User")
}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def _make(call: Call, body: dict[str, Any]) -> Row:
    """Make an extension: the id of its application is the first part of its name."""
    app = _ENTITIES.owner_to_change(call)
    bodies.require(EXTENSION_PROPERTY, body, filled=True)
    for name in body:
        if "@" not in name and name not in EXTENSION_PROPERTY.writable:
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
    return EXTENSION_PROPERTY.make(
        id=call.graph.directory.ids.guid(),
        appDisplayName=app["displayName"],
        dataType=_TYPES[kind.casefold()],
        isMultiValued=bool(body.get("isMultiValued")),
        name=full,
        targetObjects=[_TARGETS[str(each).casefold()] for each in targets],
        _application=app["id"],
    )


def _remove(call: Call, row: Row) -> None:
    """Remove an extension with its values."""
    call.remove("extensionProperties", row["id"])
    for entity in DIRECTORY_OBJECTS:
        for holder in list(call.tenant.tables[entity.table]):
            if row["name"] in holder.get("_extensions", {}):
                left = {name: value for name, value in holder["_extensions"].items() if name != row["name"]}
                call.put(entity.table, {**holder, "_extensions": left})
    _log(call, row, None)


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
    items = [{"@odata.type": f"#microsoft.graph.{_KIND}", **render.default(call, _KIND, row)} for row in rows]
    return CollectionResponse(200, {"@odata.context": call.context("directoryObjects"), "value": items})


def known(tenant: Tenant) -> dict[str, Row]:
    """Give the tenant's extension properties by name."""
    return {row["name"]: row for row in tenant.tables["extensionProperties"]}


def merge(call: Call, entity: Entity, old: Row, body: dict[str, Any], *, binds: tuple[str, ...] = ()) -> Row:
    """Check a body and merge it onto an object, with the values of extensions."""
    body, values = _split(call, entity.resource, old, body)
    new = bodies.merge(entity, old, body, binds=binds)
    if values != old.get("_extensions", {}):
        new["_extensions"] = values
    return new


def _split(call: Call, target: str, old: Row, body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Split a body into the schema's own properties and the values of extensions that the target then has."""
    given = [name for name in body if "_" in name and "@" not in name]
    before = old.get("_extensions", {})
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


def _log(call: Call, old: Row | None, new: Row | None) -> None:
    app = call.tenant.applications.rows[(new or old or {})["_application"]]
    target = audit.AuditTarget(
        app["id"], "Application", app["displayName"], changes=[audit.included(["ExtensionProperties"])]
    )
    audit.write(call, "Update application", "Update", [target], app_id=app["appId"])


_ENTITIES = EntitySet(
    entity=EXTENSION_PROPERTY,
    make=_make,
    remove=_remove,
    log=_log,
)
ROUTES: Routes = {
    **_ENTITIES.routes(),
    ("POST", "directoryObjects/getAvailableExtensionProperties"): Route(available, permissions.OBJECT_READ),
}
