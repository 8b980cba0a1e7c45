"""Devices: how they are registered, changed and removed, who owns and uses them, and what is recorded."""

from __future__ import annotations

import pytest

from entra_emulator.callers import Caller
from entra_emulator.graph.call import CollectionResponse
from entra_emulator.graph.entities.device import make_device
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import BASE, V1, World, records

DEVICE = "DDDDDDDD-0000-4000-8000-000000000001"
STAMP = "2026-01-01T00:00:00Z"
SENT = {
    "accountEnabled": True,
    "alternativeSecurityIds": [],
    "deviceId": DEVICE,
    "displayName": "Laptop",
    "operatingSystem": "Linux",
    "operatingSystemVersion": "1",
}
DENIED = "403 Authorization_RequestDenied: Insufficient privileges to complete the operation."
MISSING = "400 Request_BadRequest: A value is required for property '{}' of resource 'Device'."
INVALID = "400 Request_BadRequest: Invalid value specified for property '{}' of resource 'Device'."
TAKEN = "400 Request_BadRequest: Another object with the same value for property deviceId already exists."
SCOPES = ("Directory.AccessAsUser.All", "Directory.Read.All", "Device.Read.All")


def world() -> tuple[World, Caller, Row]:
    """Return a world with a registered device, and who registers them."""
    made = World()
    caller = made.as_user("grace", *SCOPES, roles="Global Administrator")
    row = make_device("eeeeeeee-0000-4000-8000-000000000002", "eeeeeeee-0000-4000-8000-000000000003", STAMP)
    row |= {
        "displayName": "Old",
        "accountEnabled": True,
        "operatingSystem": "L",
        "operatingSystemVersion": "1",
    }
    made.tenant.tables["devices"].put(row)
    return made, caller, row


def test_one_is_registered() -> None:
    """Hold what is responded, held and recorded."""
    made, caller, _ = world()
    found = made.send("POST", "/devices", SENT, caller=caller)
    row_id = (found.body or {})["id"]
    row = make_device(row_id, DEVICE.lower(), STAMP) | SENT | {"deviceId": DEVICE.lower()}
    assert made.tenant.tables["devices"].get(row_id) == row
    where = f"{BASE}/v2/{made.tenant.tenant_id}/directoryObjects/{row_id}/Microsoft.DirectoryServices.Device"
    body = {"@odata.context": f"{V1}/$metadata#devices/$entity", **row}
    assert found == CollectionResponse(201, body, headers=(("Location", where),))
    target = (row_id, "Device", "Laptop", None, {})
    assert records(made) == [("Add device", "Add", "Device", "", [target])]


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        *(({name: None}, MISSING.format(name)) for name in SENT),
        ({"deviceId": "laptop"}, INVALID.format("deviceId")),
        ({"deviceId": 7}, INVALID.format("deviceId")),
        ({"deviceId": "EEEEEEEE-0000-4000-8000-000000000003"}, TAKEN),
        ({"displayName": ""}, INVALID.format("displayName")),
        ({"operatingSystem": ""}, INVALID.format("operatingSystem")),
        ({"operatingSystemVersion": ""}, INVALID.format("operatingSystemVersion")),
        ({"trustType": "x"}, "400 Request_BadRequest: Property 'trustType' is read-only and cannot be set."),
        ({"extension_none": 1}, "400 Request_BadRequest: Invalid property 'extension_none'."),
    ],
)
def test_what_one_may_be(sent: Row, expected: str) -> None:
    """Hold what a device needs, and that its id is taken once."""
    made, caller, _ = world()
    assert made.short("POST", "/devices", SENT | sent, caller=caller) == expected


def test_an_application_registers_none() -> None:
    """Hold that it gives them nobody either."""
    made, _, row = world()
    alice = made.user("alice")["id"]
    body = {"@odata.id": f"{V1}/users/{alice}"}
    path = f"/devices/{row['id']}/registeredOwners"
    for caller in (made.as_app(), made.as_app(*SCOPES)):
        assert made.short("POST", "/devices", SENT, caller=caller) == DENIED
        assert made.short("POST", f"{path}/$ref", body, caller=caller) == DENIED
        assert made.short("DELETE", f"{path}/{alice}/$ref", caller=caller) == DENIED


@pytest.mark.parametrize(
    ("sent", "after"),
    [
        ({}, {}),
        ({"displayName": "Old"}, {}),
        ({"displayName": "New", "accountEnabled": False}, {"displayName": "New", "accountEnabled": False}),
        ({"accountEnabled": None}, INVALID.format("accountEnabled")),
        ({"displayName": None}, INVALID.format("displayName")),
        ({"deviceId": DEVICE}, "400 Request_BadRequest: Property 'deviceId' is read-only and cannot be set."),
    ],
)
def test_changes(sent: Row, after: str | Row) -> None:
    """Hold what may be changed, and that a record is written where something is."""
    made, _, row = world()
    found = made.short("PATCH", f"/devices/{row['id']}", sent)
    assert found == (after if isinstance(after, str) else "204")
    held = row if isinstance(after, str) else row | after
    assert made.tenant.tables["devices"].get(row["id"]) == held
    target = (row["id"], "Device", held["displayName"], None, {})
    assert records(made) == [("Update device", "Update", "Device", "", [target])] * (held != row)


def test_one_is_removed() -> None:
    """Hold that it is gone for good with its people, found by its deviceId, and what is recorded."""
    made, _, row = world()
    made.tenant.device_users.add(row["id"], "x")
    path = f"/devices(deviceId='{row['deviceId']}')"
    assert (made.get(path).body or {})["id"] == row["id"]
    assert made.send("DELETE", path) == CollectionResponse(204)
    assert (len(made.tenant.tables["devices"]), made.tenant.device_users.targets(row["id"])) == (0, [])
    assert len(made.tenant.deleted_items) == 0
    target = (row["id"], "Device", "Old", None, {})
    assert records(made) == [("Delete device", "Delete", "Device", "", [target])]


@pytest.mark.parametrize(
    ("name", "words"), [("registeredOwners", "registered owner"), ("REGISTEREDUSERS", "registered users")]
)
def test_people_of_a_device(name: str, words: str) -> None:
    """Hold that each is one once, that there is one owner, and what is recorded."""
    made, caller, row = world()
    links = made.tenant.device_owners if words == "registered owner" else made.tenant.device_users
    alice, bob = made.user("alice")["id"], made.user("bob")["id"]
    path = f"/devices/{row['id']}/{name}"
    bodies = [{"@odata.id": f"{V1}/users/{each}"} for each in (alice, alice, bob)]
    found = [made.short("POST", f"{path}/$ref", body, caller=caller) for body in bodies]
    single = "400 Request_BadRequest: One or more property values specified are invalid."
    assert (found[0], found[2]) == ("204", single if words == "registered owner" else "204")
    assert found[1].startswith("400 Request_BadRequest: One or more added object references already exist")
    assert links.targets(row["id"]) == ([alice] if words == "registered owner" else [alice, bob])
    for expected in ("204", "400"):
        gone = made.short("DELETE", f"{path}/{alice.upper()}/$ref", caller=caller)
        assert gone.startswith(expected)
    assert alice not in links.targets(row["id"])
    target = (row["id"], "Device", "Old", None, {})
    kinds = [(each[0], each[1], each[4]) for each in records(made)]
    assert kinds[0] == (f"Add {words} to device", "Assign", [target])
    assert kinds[-1] == (f"Remove {words} from device", "Unassign", [target])
    assert len(kinds) == (2 if words == "registered owner" else 3)
