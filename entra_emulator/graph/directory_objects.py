"""Objects of any type: by ids, and the groups that they are members of."""

from typing import Any

from entra_emulator.graph import (
    applications,
    authorization,
    devices,
    groups,
    lookup,
    permissions,
    render,
    service_principals,
    users,
)
from entra_emulator.graph.call import Call, CollectionResponse
from entra_emulator.graph.entities import DIRECTORY_OBJECTS
from entra_emulator.graph.errors import bad_request, not_found
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.graph.schema import ANY_OBJECT

_MOST_IDS = 1000
_SELECT = frozenset({"$select"})
_MOST_CHECKED = 20
_LOCATION = (("Location", "https://graph.microsoft.com"),)


def get_by_ids(call: Call) -> CollectionResponse:
    """Answer POST /directoryObjects/getByIds: what is not there is left out."""
    body = call.parameters("ids", "types")
    ids = _strings(body, "ids")
    if len(ids) > _MOST_IDS:
        raise bad_request(f"The number of ids exceeds the maximum of {_MOST_IDS}.")
    wanted = {name.casefold() for name in _strings(body, "types")} if body.get("types") else None
    names = render.selected(call, ANY_OBJECT)
    items = []
    for object_id in dict.fromkeys(ids):
        found = lookup.any_object(call, object_id.casefold())
        if found is not None and (
            wanted is None or found[0].casefold() in wanted or "directoryobject" in wanted
        ):
            items.append(render.mixed(call, *found, names))
    return CollectionResponse(
        200, {"@odata.context": call.context("directoryObjects"), "value": items}, headers=_LOCATION
    )


def get(call: Call) -> CollectionResponse:
    """Answer GET /directoryObjects/{id}."""
    object_id = str(call.params[0]).casefold()
    found = lookup.any_object(call, object_id)
    if found is None:
        raise not_found(object_id)
    return CollectionResponse(200, render.mixed_entity(call, *found))


def delete(call: Call) -> CollectionResponse:
    """Answer DELETE /directoryObjects/{id}: as the object's own type is deleted."""
    object_id = str(call.params[0]).casefold()
    found = lookup.any_object(call, object_id)
    if found is None:
        raise not_found(object_id)
    route = _BY_TYPE["DELETE", f"{_TABLES[found[0]]}/*"]
    authorization.check(call, route.access)
    return route.handler(call)


def check_member_groups(call: Call) -> CollectionResponse:
    """Answer POST …/checkMemberGroups: which of the given groups hold the object, directly or not."""
    name = "ids" if str(call.segments[-1]).casefold() == "checkmemberobjects" else "groupIds"
    wanted = [each.casefold() for each in _strings(call.parameters(name), name)]
    if len(wanted) > _MOST_CHECKED:
        raise bad_request(f"The number of {name} exceeds the maximum of {_MOST_CHECKED}.")
    held = {row["id"] for row in call.tenant.all_groups(_object_id(call))}
    return _ids(call, [each for each in wanted if each in held])


def get_member_groups(call: Call) -> CollectionResponse:
    """Answer POST …/getMemberGroups: all groups that hold the object, directly or not."""
    security = call.parameters("securityEnabledOnly").get("securityEnabledOnly", False)
    if not isinstance(security, bool):
        raise bad_request("Cannot convert a primitive value to the expected type 'Edm.Boolean'.")
    rows = call.tenant.all_groups(_object_id(call))
    return _ids(call, [row["id"] for row in rows if row["securityEnabled"] or not security])


def _object_id(call: Call) -> str:
    if str(call.segments[0]).casefold() == "me":
        return call.caller.oid
    key = call.params[0]
    if str(call.segments[0]).casefold() == "users":
        return str(lookup.find(call, "users", key)["id"])
    object_id = str(key).casefold()
    if lookup.any_object(call, object_id) is None:
        raise not_found(object_id)
    return object_id


def _ids(call: Call, ids: list[str]) -> CollectionResponse:
    body = {"@odata.context": call.context("Collection(Edm.String)"), "value": ids}
    return CollectionResponse(200, body, headers=_LOCATION)


def _strings(body: dict[str, Any], name: str) -> list[str]:
    values = body.get(name)
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise bad_request(f"Invalid value specified for parameter '{name}'.")
    return values


_BY_TYPE: Routes = {
    **applications.ROUTES,
    **service_principals.ROUTES,
    **groups.ROUTES,
    **users.ROUTES,
    **devices.ROUTES,
}
_TABLES = {entity.name: entity.table for entity in DIRECTORY_OBJECTS}
_HOLDERS = ("directoryObjects/*", "devices/*", "users/*", "groups/*", "servicePrincipals/*", "me")
ROUTES: Routes = {
    **{
        ("POST", f"{base}/getByIds"): Route(get_by_ids, permissions.OBJECT_READ, options=_SELECT)
        for base in ("directoryObjects", "applications", "devices", "servicePrincipals", "groups", "users")
    },
    ("DELETE", "directoryObjects/*"): Route(delete, permissions.ANYBODY),
    ("GET", "directoryObjects/*"): Route(get, permissions.OBJECT_READ),
    **{
        ("POST", f"{base}/checkMemberGroups"): Route(check_member_groups, permissions.OBJECT_READ)
        for base in _HOLDERS
    },
    **{
        ("POST", f"{base}/checkMemberObjects"): Route(check_member_groups, permissions.OBJECT_READ)
        for base in _HOLDERS
    },
    **{
        ("POST", f"{base}/getMemberGroups"): Route(get_member_groups, permissions.OBJECT_READ)
        for base in _HOLDERS
    },
    **{
        ("POST", f"{base}/getMemberObjects"): Route(get_member_groups, permissions.OBJECT_READ)
        for base in _HOLDERS
    },
}
