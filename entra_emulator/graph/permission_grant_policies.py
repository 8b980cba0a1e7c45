"""Permission grant policies and their conditions; which of them hold for a tenant's people is its choice."""

import re
from typing import Any

from entra_emulator.grant_policies import ANYTHING, TABLE, built_in
from entra_emulator.graph import permissions, schema
from entra_emulator.graph.call import NO_CONTENT, Call, CollectionResponse
from entra_emulator.graph.errors import (
    bad_request,
    denied,
    invalid_value,
    missing_value,
    not_found,
    taken,
)
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.table import Row

_RESOURCE, _SET = "PermissionGrantPolicy", "permissionGrantConditionSet"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,200}")
_OF_MICROSOFT = "microsoft-"
_TYPES = {"application", "delegated"}
_CLIENTS = ("clientApplicationIds", "clientApplicationPublisherIds", "clientApplicationTenantIds")
_CLASSES = {"all", "low", "medium", "high"}


def list_all(call: Call) -> CollectionResponse:
    """Answer GET /policies/permissionGrantPolicies: Microsoft's own first."""
    rows = [*built_in(call.tenant).values(), *call.tenant.tables[TABLE]]
    return CollectionResponse(200, {"@odata.context": call.context(f"policies/{TABLE}"), "value": rows})


def get(call: Call) -> CollectionResponse:
    """Answer GET /policies/permissionGrantPolicies/{id}."""
    return CollectionResponse(
        200, {"@odata.context": call.context(f"policies/{TABLE}/$entity"), **_find(call)}
    )


def create(call: Call) -> CollectionResponse:
    """Answer POST /policies/permissionGrantPolicies."""
    body = _named(call.object_body("permissionGrantPolicy"))
    name = body.get("id")
    if not isinstance(name, str):
        raise missing_value("id", _RESOURCE)
    if not _NAME.fullmatch(name) or name.casefold().startswith(_OF_MICROSOFT):
        raise invalid_value("id", _RESOURCE)
    if name in call.tenant.tables[TABLE]:
        raise taken("id")
    new: Row = {
        "id": name,
        "displayName": body.get("displayName"),
        "description": body.get("description"),
        "includes": [],
        "excludes": [],
    }
    call.put(TABLE, new)
    return CollectionResponse(201, {"@odata.context": call.context(f"policies/{TABLE}/$entity"), **new})


def update(call: Call) -> CollectionResponse:
    """Answer PATCH /policies/permissionGrantPolicies/{id}: its names alone."""
    old = _own(call)
    body = _named(call.object_body("permissionGrantPolicy"))
    if body.get("id", old["id"]) != old["id"]:
        raise bad_request("Property 'id' is read-only and cannot be set.")
    call.put(TABLE, {**old, **body})
    return NO_CONTENT


def delete(call: Call) -> CollectionResponse:
    """Answer DELETE /policies/permissionGrantPolicies/{id}."""
    call.remove(TABLE, _own(call)["id"])
    return NO_CONTENT


def list_sets(call: Call) -> CollectionResponse:
    """Answer GET …/includes and …/excludes."""
    row, side = _find(call), _side(call)
    return CollectionResponse(
        200, {"@odata.context": call.context(f"policies/{TABLE}('{row['id']}')/{side}"), "value": row[side]}
    )


def add_set(call: Call) -> CollectionResponse:
    """Answer POST …/includes and …/excludes: what is left out means anything."""
    old, side = _own(call), _side(call)
    sent = schema.check(
        _SET, {name: value for name, value in call.object_body(_SET).items() if value is not None}
    )
    sent.pop("id", None)
    if not sent.get("permissionType"):
        raise missing_value("permissionType", "PermissionGrantConditionSet")
    new = {
        "id": call.graph.directory.ids.guid(),
        **ANYTHING,
        **sent,
    }
    if new["permissionType"] not in _TYPES or new["permissionClassification"] not in _CLASSES:
        raise bad_request("One or more property values specified are invalid.")
    if not all(new[name] for name in ("permissions", *_CLIENTS)):
        raise bad_request("One or more property values specified are invalid.")
    call.put(TABLE, {**old, side: [*old[side], new]})
    return CollectionResponse(
        201, {"@odata.context": call.context(f"policies/{TABLE}('{old['id']}')/{side}/$entity"), **new}
    )


def remove_set(call: Call) -> CollectionResponse:
    """Answer DELETE …/includes/{id} and …/excludes/{id}."""
    old, side = _own(call), _side(call)
    kept = [each for each in old[side] if each["id"] != str(call.params[1]).casefold()]
    if len(kept) == len(old[side]):
        raise not_found(str(call.params[1]))
    call.put(TABLE, {**old, side: kept})
    return NO_CONTENT


def _named(body: dict[str, Any]) -> dict[str, Any]:
    return schema.check(
        "permissionGrantPolicy", {name: value for name, value in body.items() if name != "deletedDateTime"}
    )


def _side(call: Call) -> str:
    return "includes" if str(call.segments[3]).casefold() == "includes" else "excludes"


def _own(call: Call) -> Row:
    """Give a policy that the tenant made: Microsoft's own are nobody's to change."""
    row = _find(call)
    if row["id"].startswith(_OF_MICROSOFT):
        raise denied()
    return row


def _find(call: Call) -> Row:
    name = str(call.params[0])
    row = built_in(call.tenant).get(name.casefold()) or call.view(TABLE).get(name)
    if row is None:
        raise not_found(name)
    return row


_PATH = f"policies/{TABLE}"
_READ, _WRITE = permissions.CLASSIFICATION_READ, permissions.CLASSIFICATION_WRITE
ROUTES: Routes = {
    ("GET", _PATH): Route(list_all, _READ),
    ("POST", _PATH): Route(create, _WRITE),
    ("GET", f"{_PATH}/*"): Route(get, _READ),
    ("PATCH", f"{_PATH}/*"): Route(update, _WRITE),
    ("DELETE", f"{_PATH}/*"): Route(delete, _WRITE),
    **{
        key: route
        for side in ("includes", "excludes")
        for key, route in (
            (("GET", f"{_PATH}/*/{side}"), Route(list_sets, _READ)),
            (("POST", f"{_PATH}/*/{side}"), Route(add_set, _WRITE)),
            (("DELETE", f"{_PATH}/*/{side}/*"), Route(remove_set, _WRITE)),
        )
    },
}
