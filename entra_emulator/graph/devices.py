"""Devices: listed, read, registered by a user, changed, removed; and who registered and uses them."""

from collections.abc import Callable
from typing import Any

from entra_emulator.graph import audit, authorization, bodies, extensions
from entra_emulator.graph.call import Call
from entra_emulator.graph.entities.device import DEVICE, make_device
from entra_emulator.graph.entity_set import EntitySet
from entra_emulator.graph.errors import bad_request, invalid_value, taken
from entra_emulator.graph.properties import Entity
from entra_emulator.graph.routing import Routes
from entra_emulator.identifiers import is_guid
from entra_emulator.table import Row


def _make(call: Call, body: dict[str, Any]) -> Row:
    # An application registers none.
    authorization.require_user(call)
    bodies.require(DEVICE, body)
    sent = dict(body)
    device_id = sent.pop("deviceId")
    if not isinstance(device_id, str) or not is_guid(device_id):
        raise invalid_value("deviceId", DEVICE.resource)
    if call.tenant.one("devices", "deviceId", device_id) is not None:
        raise taken("deviceId")
    blank = make_device(call.graph.directory.ids.guid(), device_id.casefold(), call.stamp)
    return _change(call, blank, sent)


def require_user(call: Call, _device: Row) -> None:
    """Refuse an application: a signed-in person changes who registered and uses a device."""
    authorization.require_user(call)


def check_owner(call: Call, device: Row, user: str) -> None:
    """Refuse a second owner (device resource documentation: currently only one; how was not seen)."""
    if any(owner != user for owner in call.tenant.device_owners.targets(device["id"])):
        raise bad_request("One or more property values specified are invalid.")


def audit_person(word: str) -> Callable[..., None]:
    """Return what writes the record of a person whom a device got or lost."""

    def write(call: Call, entity: Entity, device: Row, _user: str, *, removed: bool) -> None:
        activity, operation = (f"Remove {word} from", "Unassign") if removed else (f"Add {word} to", "Assign")
        target = audit.AuditTarget(device["id"], entity.resource, device["displayName"])
        audit.write(call, f"{activity} device", operation, [target], category=entity.category)

    return write


def _change(call: Call, old: Row, body: dict[str, Any]) -> Row:
    new = extensions.merge(call, DEVICE, old, body)
    for name in ("displayName", "operatingSystem", "operatingSystemVersion"):
        if not new[name]:
            raise invalid_value(name, DEVICE.resource)
    if new["accountEnabled"] is None:
        raise invalid_value("accountEnabled", DEVICE.resource)
    return new


_ENTITIES = EntitySet(entity=DEVICE, make=_make, change=_change)
ROUTES: Routes = _ENTITIES.routes()
