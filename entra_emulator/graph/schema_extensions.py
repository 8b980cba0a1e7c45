"""Schema extensions: complex values that an application defines, and that users, groups and applications
then have.
"""

import base64
import binascii
import re
from typing import Any

from entra_emulator.clock import read_stamp
from entra_emulator.graph import extended, permissions, queries, render, schema
from entra_emulator.graph.call import NO_CONTENT, Call, CollectionResponse, TableView
from entra_emulator.graph.entities.schema_extension import SCHEMA_EXTENSION
from entra_emulator.graph.errors import (
    bad_request,
    denied,
    invalid_value,
    missing_value,
    not_found,
    taken,
)
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.table import Row, Table

_KIND, _RESOURCE, _TABLE = "schemaExtension", "SchemaExtension", "schemaExtensions"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_TYPES = {name.casefold(): name for name in ("Binary", "Boolean", "DateTime", "Integer", "String")}
_TARGETS = frozenset(
    name.casefold()
    for name in (
        *(
            "administrativeUnit",
            "application",
            "contact",
            "device",
            "event",
            "group",
            "message",
            "organization",
        ),
        *("post", "todoTask", "todoTaskList", "user"),
    )
)
# Only names of domains directly below these serve as namespaces.
_ABOVE = frozenset({"com", "net", "gov", "edu", "org"})
_NEXT = {"InDevelopment": "Available", "Available": "Deprecated"}
_MOST_OF_OWNER = 5
_LONGEST = 256
_SMALLEST, _GREATEST = -(2**31), 2**31 - 1
_NO_WRITE = "Cannot perform this extension schema write operation."


def list_all(call: Call) -> CollectionResponse:
    """Answer GET /schemaExtensions: those of the caller's applications, and what anybody made available."""
    table = Table()
    for row in _seen(call):
        table.put(row)
    found = queries.page(call, SCHEMA_EXTENSION.rules, TableView(table, {}))
    return CollectionResponse(200, render.listed(call, _KIND, _TABLE, found))


def get(call: Call) -> CollectionResponse:
    """Answer GET /schemaExtensions/{id}."""
    return CollectionResponse(200, render.entity(call, _KIND, _find(call), f"{_TABLE}/$entity"))


def create(call: Call) -> CollectionResponse:
    """Answer POST /schemaExtensions: its name gets a verified domain's name, or random characters, in
    front.
    """
    sent = schema.check(_KIND, call.object_body(_KIND))
    for name in ("id", "properties", "targetTypes"):
        if not sent.get(name):
            raise missing_value(name, _RESOURCE)
    owner = str(sent.get("owner") or call.caller.appid).casefold()
    if not _owns(call, owner) and (
        call.caller.kind == "user" or call.tenant.application_by_app_id(owner) is None
    ):
        raise denied()
    new: Row = {
        "id": _identifier(call, sent["id"]),
        "description": sent.get("description"),
        "owner": owner,
        "properties": _properties(sent["properties"]),
        "status": extended.IN_DEVELOPMENT,
        "targetTypes": _targets(sent["targetTypes"]),
    }
    if sent.get("status") not in {None, new["status"]}:
        raise invalid_value("status", _RESOURCE)
    everywhere = [row for tenant in call.graph.directory.tenants.values() for row in tenant.tables[_TABLE]]
    if any(row["id"].casefold() == new["id"].casefold() for row in everywhere):
        raise taken("id")
    if sum(row["owner"] == owner for row in everywhere) >= _MOST_OF_OWNER:
        raise denied(f"An application defines at most {_MOST_OF_OWNER} schema extensions.")
    call.put(_TABLE, new)
    return CollectionResponse(201, render.entity(call, _KIND, new, f"{_TABLE}/$entity"))


def update(call: Call) -> CollectionResponse:
    """Answer PATCH /schemaExtensions/{id}: more properties and targets, a description, the next state."""
    sent = schema.check(_KIND, call.object_body(_KIND))
    old = _own(call, sent.pop("owner", None))
    new = {**old, **{name: value for name, value in sent.items() if name in {"description", "status"}}}
    if "properties" in sent:
        new["properties"] = _properties(sent["properties"])
    if "targetTypes" in sent:
        new["targetTypes"] = _targets(sent["targetTypes"])
    if sent.get("id") not in {None, old["id"]}:
        raise bad_request("Property 'id' is read-only and cannot be set.")
    if new["status"] != old["status"] and new["status"] != _NEXT.get(old["status"]):
        raise invalid_value("status", _RESOURCE)
    for name in ("properties", "targetTypes"):
        if any(each not in new[name] for each in old[name]):
            # Only additive changes are permitted.
            raise invalid_value(name, _RESOURCE)
    call.put(_TABLE, new)
    return NO_CONTENT


def delete(call: Call) -> CollectionResponse:
    """Answer DELETE /schemaExtensions/{id}: while it is in development; values stay, and nobody finds
    them.
    """
    row = _own(call, _find(call)["owner"])
    if row["status"] != extended.IN_DEVELOPMENT:
        raise denied(_NO_WRITE)
    call.remove(_TABLE, row["id"])
    return NO_CONTENT


def merged(definition: Row, before: Row, sent: Any) -> Row:
    """Merge what a request sends of an extension onto an object's values; nothing is left where all are
    null.
    """
    if sent is None:
        return {}
    if not isinstance(sent, dict):
        raise bad_request(f"Invalid value specified for property '{definition['id']}'.")
    kinds = {each["name"].casefold(): each for each in definition["properties"]}
    values = dict(before)
    for name, value in sent.items():
        if "@" in name:
            continue
        declared = kinds.get(name.casefold())
        if declared is None:
            raise bad_request(f"Invalid property '{name}'.")
        values[declared["name"]] = None if value is None else _value(declared, value)
    return {name: value for name, value in values.items() if value is not None}


def _value(declared: Row, value: Any) -> Any:
    match declared["type"]:
        case "Boolean":
            fits = isinstance(value, bool)
        case "Integer":
            if isinstance(value, str) and re.fullmatch(r"-?\d{1,10}", value):
                # The documentation of groups sends a number as text.
                value = int(value)
            fits = isinstance(value, int) and not isinstance(value, bool) and _SMALLEST <= value <= _GREATEST
        case "DateTime":
            fits = isinstance(value, str) and _is_time(value)
        case "Binary":
            fits = isinstance(value, str) and _is_short_binary(value)
        case _:
            fits = isinstance(value, str) and len(value) <= _LONGEST
    if not fits:
        raise bad_request(f"Invalid value specified for property '{declared['name']}'.")
    return value


def _is_time(text: str) -> bool:
    try:
        read_stamp(text)
    except ValueError:
        return False
    return True


def _is_short_binary(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) <= _LONGEST
    except binascii.Error:
        return False


def _identifier(call: Call, given: str) -> str:
    namespace, _, name = given.rpartition("_")
    if not _NAME.fullmatch(name):
        raise invalid_value("id", _RESOURCE)
    if not namespace:
        return f"ext{call.graph.directory.ids.bytes().hex()[:8]}_{name}"
    domains = [domain.split(".") for domain in call.tenant.domains]
    if not any(
        len(parts) == 2 and parts[1] in _ABOVE and parts[0] == namespace.casefold() for parts in domains
    ):
        raise bad_request(
            f"Your organization must own the namespace {namespace} as a part of one of the verified domains."
        )
    return given


def _properties(sent: list[Row]) -> list[Row]:
    names = [str(each["name"] or "") for each in sent]
    if not all(map(_NAME.fullmatch, names)) or len({name.casefold() for name in names}) != len(names):
        raise invalid_value("properties", _RESOURCE)
    if not all(str(each["type"]).casefold() in _TYPES for each in sent):
        raise invalid_value("properties", _RESOURCE)
    return [{"name": each["name"], "type": _TYPES[each["type"].casefold()]} for each in sent]


def _targets(sent: list[str]) -> list[str]:
    if not {each.casefold() for each in sent} <= _TARGETS:
        raise invalid_value("targetTypes", _RESOURCE)
    return sent


def _owns(call: Call, app_id: str) -> bool:
    """Say whether the caller may act as owner of what an application defined: it is that application, or
    owns it.
    """
    app = call.tenant.application_by_app_id(app_id)
    if call.caller.kind == "app":
        return call.caller.appid.casefold() == app_id
    return app is not None and call.caller.oid in call.tenant.owners.targets(app["id"])


def _seen(call: Call) -> list[Row]:
    rows = [row for tenant in call.graph.directory.tenants.values() for row in tenant.tables[_TABLE]]
    own = call.tenant.tables[_TABLE]
    return [
        row
        for row in rows
        if row["status"] == "Available" or (row["id"] in own and _owns(call, row["owner"]))
    ]


def _find(call: Call) -> Row:
    name = str(call.params[0])
    row = next((row for row in _seen(call) if row["id"].casefold() == name.casefold()), None)
    if row is None:
        raise not_found(name)
    return row


def _own(call: Call, named: Any) -> Row:
    """Give the definition that the caller may change; through another's application a user names the
    owner.
    """
    row = _find(call)
    through = call.caller.appid.casefold() == row["owner"] or str(named).casefold() == row["owner"]
    elsewhere = row["id"] not in call.tenant.tables[_TABLE]
    if elsewhere or not _owns(call, row["owner"]) or not through or row["status"] == "Deprecated":
        # docs-contrib#4081
        raise denied(_NO_WRITE)
    return row


ROUTES: Routes = {
    ("GET", _TABLE): Route(list_all, permissions.SCHEMA_READ),
    ("POST", _TABLE): Route(create, permissions.SCHEMA_WRITE),
    ("GET", f"{_TABLE}/*"): Route(get, permissions.SCHEMA_READ),
    ("PATCH", f"{_TABLE}/*"): Route(update, permissions.SCHEMA_WRITE),
    ("DELETE", f"{_TABLE}/*"): Route(delete, permissions.SCHEMA_WRITE),
}
