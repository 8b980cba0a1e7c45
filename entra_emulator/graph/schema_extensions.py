"""Schema extensions: complex values that an application defines, and that users, groups and applications
then have.
"""

import base64
import binascii
import re
from typing import Any

from entra_emulator.clock import read_stamp
from entra_emulator.graph import bodies, extended, schema
from entra_emulator.graph.call import Call, TableView
from entra_emulator.graph.entities.schema_extension import SCHEMA_EXTENSION
from entra_emulator.graph.entity_set import EntitySet
from entra_emulator.graph.errors import bad_request, denied, invalid_value, not_found, taken
from entra_emulator.table import Row

_RESOURCE, _TABLE = SCHEMA_EXTENSION.resource, SCHEMA_EXTENSION.table
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


def _make(call: Call, body: dict[str, Any]) -> Row:
    """Define an extension: its name gets a verified domain's name, or random characters, in front."""
    sent = schema.check(SCHEMA_EXTENSION.name, body)
    bodies.require(SCHEMA_EXTENSION, sent, filled=True)
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
    return new


def _change(_call: Call, old: Row, body: dict[str, Any]) -> Row:
    """Add properties and targets, or change the description or the state."""
    sent = schema.check(SCHEMA_EXTENSION.name, body)
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
    return new


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


def _allow(call: Call, row: Row) -> None:
    """Refuse a caller who may not change a definition, and to delete one that is in use. Through another's
    application a user names the owner.
    """
    deletes = call.method == "DELETE"
    named = row["owner"] if deletes else str(call.body.get("owner")).casefold()
    through = row["owner"] in {call.caller.appid.casefold(), named}
    elsewhere = row["id"] not in call.tenant.tables[_TABLE]
    finished = row["status"] != extended.IN_DEVELOPMENT if deletes else row["status"] == "Deprecated"
    if elsewhere or not _owns(call, row["owner"]) or not through or finished:
        # docs-contrib#4081
        raise denied(_NO_WRITE)


def _view(call: Call) -> TableView:
    """Return what a caller sees: its applications' own definitions, and those that are available to all."""
    return TableView.of(_seen(call))


ROUTES = EntitySet(
    entity=SCHEMA_EXTENSION, view=_view, find=_find, allow=_allow, make=_make, change=_change
).routes()
