"""Devices: listed, read, registered by a user, changed, removed; and who registered and uses them."""

from typing import Any

from entra_emulator.graph import (
    audit,
    bodies,
    extensions,
    lookup,
    permissions,
    references,
)
from entra_emulator.graph.call import NO_CONTENT, Call, CollectionResponse, Handler
from entra_emulator.graph.entities.device import DEVICE, make_device
from entra_emulator.graph.entity_set import EntitySet
from entra_emulator.graph.errors import (
    bad_request,
    invalid_value,
    reference_exists,
    reference_missing,
    taken,
)
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.identifiers import is_guid
from entra_emulator.table import Links, Row


def _insert(call: Call, body: dict[str, Any]) -> Row:
    # An application registers none.
    permissions.require_user(call)
    bodies.require(DEVICE, body)
    sent = dict(body)
    device_id = sent.pop("deviceId")
    if not isinstance(device_id, str) or not is_guid(device_id):
        raise invalid_value("deviceId", DEVICE.resource)
    if call.tenant.one("devices", "deviceId", device_id) is not None:
        raise taken("deviceId")
    blank = make_device(call.graph.directory.ids.guid(), device_id.casefold(), call.stamp)
    new = _change(call, blank, sent)
    call.put("devices", new)
    audit.record(call, DEVICE, "Add", new)
    return new


def _save(call: Call, _old: Row, new: Row) -> None:
    call.put("devices", new)
    audit.record(call, DEVICE, "Update", new)


def _links(call: Call) -> tuple[str, Links]:
    owners = str(call.segments[-2 if call.method == "POST" else -3]).casefold() == "registeredowners"
    return (
        ("registeredOwners", call.tenant.device_owners)
        if owners
        else ("registeredUsers", call.tenant.device_users)
    )


def add_person(call: Call) -> CollectionResponse:
    """Answer POST …/registeredOwners/$ref and …/registeredUsers/$ref: a device has one owner."""
    permissions.require_user(call)
    row, (name, links) = _find(call), _links(call)
    user = references.referenced(call, name)
    if name == "registeredOwners" and any(owner != user for owner in links.targets(row["id"])):
        # device resource documentation: currently only one; how a second is refused was not seen.
        raise bad_request("One or more property values specified are invalid.")
    if not links.add(row["id"], user):
        raise reference_exists(name)
    _audit(call, f"Add {_PHRASES[name]} to device", "Assign", row)
    return NO_CONTENT


def remove_person(call: Call) -> CollectionResponse:
    """Answer DELETE …/registeredOwners/{id}/$ref and …/registeredUsers/{id}/$ref."""
    permissions.require_user(call)
    row, (name, links) = _find(call), _links(call)
    if not links.remove(row["id"], str(call.params[1]).casefold()):
        raise reference_missing(name)
    _audit(call, f"Remove {_PHRASES[name]} from device", "Unassign", row)
    return NO_CONTENT


def _find(call: Call) -> Row:
    return lookup.find(call, "devices", call.params[0])


def _change(call: Call, old: Row, body: dict[str, Any]) -> Row:
    new = extensions.merge(call, DEVICE, old, body)
    for name in ("displayName", "operatingSystem", "operatingSystemVersion"):
        if not new[name]:
            raise invalid_value(name, DEVICE.resource)
    if new["accountEnabled"] is None:
        raise invalid_value("accountEnabled", DEVICE.resource)
    return new


def _audit(call: Call, activity: str, operation: str, row: Row) -> None:
    audit.write(
        call,
        activity,
        operation,
        [audit.AuditTarget(row["id"], DEVICE.resource, row["displayName"])],
        category=DEVICE.category,
    )


_PHRASES = {"registeredOwners": "registered owner", "registeredUsers": "registered users"}
_PEOPLE: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "$ref", add_person),
    ("DELETE", "*/$ref", remove_person),
)
_ENTITIES = EntitySet(entity=DEVICE, insert=_insert, change=_change, save=_save)
ROUTES: Routes = {
    **_ENTITIES.routes(
        permissions.DEVICE_READ,
        create=permissions.DEVICE_REGISTER,
        update=permissions.DEVICE_WRITE,
        delete=permissions.DEVICE_DELETE,
    ),
    **{
        (method, f"devices/*/{name}/{tail}"): Route(handler, permissions.DEVICE_REGISTER)
        for name in _PHRASES
        for method, tail, handler in _PEOPLE
    },
}
