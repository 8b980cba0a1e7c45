"""Permission grant policies: kept and shown; who may consent to what is a choice of the tenant."""

import re
from typing import Any

from entra_config.emulator.graph import permissions, schema
from entra_config.emulator.graph.call import NO_CONTENT, Answer, Call
from entra_config.emulator.graph.errors import bad_request, denied, invalid_value, missing_value, not_found, taken
from entra_config.emulator.graph.routing import Route, Routes
from entra_config.emulator.table import Row

_RESOURCE, _SET = "PermissionGrantPolicy", "permissionGrantConditionSet"
_TABLE = "permissionGrantPolicies"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,200}")
_OF_MICROSOFT = "microsoft-"
_TYPES = {"application", "delegated"}
_CLASSES = {"all", "low", "medium", "high"}
_ANYTHING: Row = {
    "permissionClassification": "all",
    "permissionType": "delegated",
    "resourceApplication": "any",
    "permissions": ["all"],
    "clientApplicationIds": ["all"],
    "clientApplicationTenantIds": ["all"],
    "clientApplicationPublisherIds": ["all"],
    "clientApplicationsFromVerifiedPublisherOnly": False,
}


def list_all(call: Call) -> Answer:
    """Answer GET /policies/permissionGrantPolicies: Microsoft's own first."""
    rows = [*_built_in(call).values(), *call.tenant.tables[_TABLE]]
    return Answer(200, {"@odata.context": call.context(f"policies/{_TABLE}"), "value": [_shown(row) for row in rows]})


def get(call: Call) -> Answer:
    """Answer GET /policies/permissionGrantPolicies/{id}."""
    return Answer(200, {"@odata.context": call.context(f"policies/{_TABLE}/$entity"), **_shown(_find(call))})


def create(call: Call) -> Answer:
    """Answer POST /policies/permissionGrantPolicies."""
    body = _named(call.object_body("permissionGrantPolicy"))
    name = body.get("id")
    if not isinstance(name, str):
        raise missing_value("id", _RESOURCE)
    if not _NAME.fullmatch(name) or name.casefold().startswith(_OF_MICROSOFT):
        raise invalid_value("id", _RESOURCE)
    if name in call.tenant.tables[_TABLE]:
        raise taken("id")
    new: Row = {
        "id": name,
        "displayName": body.get("displayName"),
        "description": body.get("description"),
        "includes": [],
        "excludes": [],
    }
    call.put(_TABLE, new)
    return Answer(201, {"@odata.context": call.context(f"policies/{_TABLE}/$entity"), **_shown(new)})


def update(call: Call) -> Answer:
    """Answer PATCH /policies/permissionGrantPolicies/{id}: its names alone."""
    old = _own(call)
    body = _named(call.object_body("permissionGrantPolicy"))
    if body.get("id", old["id"]) != old["id"]:
        raise bad_request("Property 'id' is read-only and cannot be set.")
    call.put(_TABLE, {**old, **body})
    return NO_CONTENT


def delete(call: Call) -> Answer:
    """Answer DELETE /policies/permissionGrantPolicies/{id}."""
    call.remove(_TABLE, _own(call)["id"])
    return NO_CONTENT


def list_sets(call: Call) -> Answer:
    """Answer GET …/includes and …/excludes."""
    row, side = _find(call), _side(call)
    return Answer(200, {"@odata.context": call.context(f"policies/{_TABLE}('{row['id']}')/{side}"), "value": row[side]})


def add_set(call: Call) -> Answer:
    """Answer POST …/includes and …/excludes: what is left out means anything."""
    old, side = _own(call), _side(call)
    sent = schema.check(_SET, call.object_body(_SET))
    sent.pop("id", None)
    new = {
        "id": call.graph.directory.ids.guid(),
        **_ANYTHING,
        **{name: value for name, value in sent.items() if value is not None},
    }
    if new["permissionType"] not in _TYPES or new["permissionClassification"] not in _CLASSES:
        raise bad_request("One or more property values specified are invalid.")
    call.put(_TABLE, {**old, side: [*old[side], new]})
    return Answer(201, {"@odata.context": call.context(f"policies/{_TABLE}('{old['id']}')/{side}/$entity"), **new})


def remove_set(call: Call) -> Answer:
    """Answer DELETE …/includes/{id} and …/excludes/{id}."""
    old, side = _own(call), _side(call)
    kept = [each for each in old[side] if each["id"] != str(call.params[1]).casefold()]
    if len(kept) == len(old[side]):
        raise not_found(str(call.params[1]))
    call.put(_TABLE, {**old, side: kept})
    return NO_CONTENT


def _named(body: dict[str, Any]) -> dict[str, Any]:
    return schema.check("permissionGrantPolicy", {name: value for name, value in body.items() if name != "deletedDateTime"})


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
    row = _built_in(call).get(name.casefold()) or call.view(_TABLE).get(name)
    if row is None:
        raise not_found(name)
    return row


def _built_in(call: Call) -> dict[str, Row]:
    """Give those of Microsoft's policies that its pages show."""
    low = {**_ANYTHING, "permissionClassification": "low"}
    ours = {**low, "id": "00000000-0000-4000-8000-000000000001", "clientApplicationTenantIds": [call.tenant.tenant_id]}
    verified = {**low, "id": "00000000-0000-4000-8000-000000000002", "clientApplicationsFromVerifiedPublisherOnly": True}
    application = {**_ANYTHING, "id": "00000000-0000-4000-8000-000000000003", "permissionType": "application"}
    delegated = {**_ANYTHING, "id": "00000000-0000-4000-8000-000000000004"}
    graph = {**application, "id": "00000000-0000-4000-8000-000000000005", "resourceApplication": _GRAPH}
    policies: tuple[tuple[str, str, list[Row], list[Row]], ...] = (
        ("microsoft-user-default-low", "Low permissions, for members", [ours, verified], []),
        ("microsoft-application-admin", "For application administrators", [application, delegated], [graph]),
        ("microsoft-company-admin", "For global administrators", [application, delegated], []),
    )
    return {
        name: {"id": name, "displayName": text, "description": text, "includes": includes, "excludes": excludes}
        for name, text, includes, excludes in policies
    }


def _shown(row: Row) -> Row:
    return {name: value for name, value in row.items() if name[0] != "_"}


# An application administrator consents to all but Graph's own application permissions.
_GRAPH = "00000003-0000-0000-c000-000000000000"
_PATH = f"policies/{_TABLE}"
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
