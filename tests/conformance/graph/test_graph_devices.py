"""Devices: who registers them, whose they are, and the groups that hold them."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.documented.tenant import DEVICE
from tests.conformance.graph_client import Graph, refused

fact = pytest.mark.fact
SOURCE = "device-post-devices, device-update, device-delete documentation, PERM"
GRACE, ALICE = "grace@contoso.com", "alice@contoso.com"
Caller = Callable[..., Graph]


@pytest.fixture
def grace(as_user: Caller) -> Graph:
    """Give a client of a user who may register devices."""
    return as_user(GRACE, "Directory.AccessAsUser.All")


def link(object_id: str) -> dict[str, str]:
    """Write a reference."""
    return {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{object_id}"}


def register(graph: Graph, **properties: Any) -> dict[str, Any]:
    """Register a device and give what was answered."""
    response = graph.post("/devices", {**DEVICE, **properties})
    assert response.status_code == 201, response.text
    return dict(response.json())


@fact("devices: registered, found, changed, removed", source=SOURCE, grade="D")
def test_life(grace: Graph) -> None:
    """A device is found by id, deviceId and filter, changed, counted, listed among what changed, and gone
    for good.
    """
    made = register(grace)
    assert (made["displayName"], made["deviceId"], made["accountEnabled"]) == (
        "A device",
        DEVICE["deviceId"],
        False,
    )
    assert grace.get(f"/devices(deviceId='{DEVICE['deviceId']}')").json()["id"] == made["id"]
    path = f"/devices/{made['id']}"
    assert grace.patch(path, {"accountEnabled": True, "displayName": "Renamed"}).status_code == 204
    read = grace.get(f"{path}?$select=id,displayName,accountEnabled").json()
    assert (read["displayName"], read["accountEnabled"]) == ("Renamed", True)
    for text in (
        "deviceId eq '4C299165-6e8f-4b45-a5ba-c5d250a707ff'",
        "startswith(displayName,'ren')",
        "operatingSystem eq 'Linux'",
    ):
        assert [row["id"] for row in grace.get(f"/devices?$filter={text}").json()["value"]] == [made["id"]], (
            text
        )
    assert grace.advanced("/devices/$count?$filter=displayName ne 'x'").text == "1"
    assert [row["id"] for row in grace.get("/devices/delta?$select=displayName").json()["value"]] == [
        made["id"]
    ]
    assert grace.get(f"/directoryObjects/{made['id']}").json()["@odata.type"] == "#microsoft.graph.device"
    assert grace.delete(path).status_code == 204
    refused(grace.get(path), 404, "Request_ResourceNotFound")
    assert grace.get("/devices").json()["value"] == []
    refused(grace.get(f"/directory/deletedItems/{made['id']}"), 404, "Request_ResourceNotFound")


@fact(
    "devices: whose they are",
    source="device-post-registeredowners, user-list-owneddevices documentation",
    grade="D",
)
@pytest.mark.parametrize(
    ("people", "of_user"), [("registeredOwners", "ownedDevices"), ("registeredUsers", "registeredDevices")]
)
def test_people(grace: Graph, people: str, of_user: str) -> None:
    """Who registered a device and who uses it is listed at both ends, once each."""
    device, alice = f"/devices/{register(grace)['id']}", grace.get(f"/users/{ALICE}").json()["id"]
    assert grace.post(f"{device}/{people}/$ref", link(alice)).status_code == 204
    assert [row["id"] for row in grace.get(f"{device}/{people}").json()["value"]] == [alice]
    assert grace.advanced(f"{device}/{people}/microsoft.graph.user/$count").text == "1"
    assert [row["displayName"] for row in grace.get(f"/users/{alice}/{of_user}").json()["value"]] == [
        "A device"
    ]
    refused(grace.post(f"{device}/{people}/$ref", link(alice)), 400, "Request_BadRequest", "already exist")
    refused(
        grace.post(f"{device}/{people}/$ref", link(grace.group()["id"])),
        400,
        "Request_BadRequest",
        "The reference target 'Group_",
    )
    assert grace.delete(f"{device}/{people}/{alice}/$ref").status_code == 204
    refused(grace.delete(f"{device}/{people}/{alice}/$ref"), 400, "Request_BadRequest", "do not exist")
    assert grace.get(f"/users/{alice}/{of_user}").json()["value"] == []


@fact(
    "devices: one owner each",
    source="device resource documentation; the answer was not seen",
    grade="D",
    verdict="uncertain",
)
def test_one_owner(grace: Graph) -> None:
    """A second owner is refused, a second user is not."""
    device = f"/devices/{register(grace)['id']}"
    first, second = (grace.get(f"/users/{name}").json()["id"] for name in (ALICE, GRACE))
    for people in ("registeredOwners", "registeredUsers"):
        assert grace.post(f"{device}/{people}/$ref", link(first)).status_code == 204
    refused(grace.post(f"{device}/registeredOwners/$ref", link(second)), 400, "Request_BadRequest")
    assert grace.post(f"{device}/registeredUsers/$ref", link(second)).status_code == 204


@fact(
    "devices: members of groups", source="device-list-memberof, group-list-memberof documentation", grade="D"
)
def test_groups(grace: Graph) -> None:
    """A device is a member, directly and through a group, and of its type in the list of members."""
    device, outer, inner = register(grace)["id"], grace.group()["id"], grace.group()["id"]
    for group, member in ((outer, inner), (inner, device)):
        assert grace.post(f"/groups/{group}/members/$ref", link(member)).status_code == 204
    assert [
        row["id"] for row in grace.get(f"/groups/{inner}/members/microsoft.graph.device").json()["value"]
    ] == [device]
    assert [row["id"] for row in grace.get(f"/devices/{device}/memberOf").json()["value"]] == [inner]
    assert grace.advanced(f"/devices/{device}/transitiveMemberOf/microsoft.graph.group/$count").text == "2"
    requested = grace.post(f"/devices/{device}/checkMemberGroups", {"groupIds": [outer]}).json()
    assert requested["value"] == [outer]
    assert grace.delete(f"/directoryObjects/{device}").status_code == 204
    assert grace.get(f"/groups/{inner}/members").json()["value"] == []


@fact("devices: who may, and what is missing", source=SOURCE, grade="D")
def test_refusals(grace: Graph, as_app: Caller, as_user: Caller) -> None:
    """A person in a role registers; an application changes and removes; a name of Intune's own is nobody's
    to write.
    """
    device = f"/devices/{register(grace)['id']}"
    app = as_app("Device.ReadWrite.All", "Directory.AccessAsUser.All")
    refused(app.post("/devices", {**DEVICE, "deviceId": device[-36:]}), 403, "Authorization_RequestDenied")
    refused(
        as_user(ALICE, "Directory.AccessAsUser.All").post("/devices", DEVICE),
        403,
        "Authorization_RequestDenied",
    )
    refused(as_app("Application.Read.All").get("/devices"), 403, "Authorization_RequestDenied")
    assert app.patch(device, {"operatingSystemVersion": "2"}).status_code == 204
    owners, owner = f"{device}/registeredOwners", grace.get(f"/users/{ALICE}").json()["id"]
    refused(app.post(f"{owners}/$ref", link(owner)), 403, "Authorization_RequestDenied")
    assert grace.post(f"{owners}/$ref", link(owner)).status_code == 204
    refused(app.delete(f"{owners}/{owner}/$ref"), 403, "Authorization_RequestDenied")
    refused(app.patch(device, {"accountEnabled": None}), 400, "Request_BadRequest", "'accountEnabled'")
    refused(app.patch(device, {"deviceId": device[-36:]}), 400, "Request_BadRequest", "read-only")
    refused(app.patch(device, {"trustType": "AzureAd"}), 400, "Request_BadRequest", "'trustType'")
    refused(app.patch(device, {"nonsense": 1}), 400, "Request_BadRequest", "'nonsense'")
    refused(app.patch(device, {"displayName": ""}), 400, "Request_BadRequest", "'displayName'")
    for name in DEVICE:
        body = {**DEVICE, "deviceId": "11111111-6e8f-4b45-a5ba-c5d250a707ff", name: None}
        refused(grace.post("/devices", body), 400, "Request_BadRequest", f"'{name}'")
    refused(grace.post("/devices", DEVICE), 400, "Request_BadRequest", "deviceId already exists")
    refused(grace.post("/devices", {**DEVICE, "deviceId": "x"}), 400, "Request_BadRequest", "'deviceId'")
    assert app.delete(device).status_code == 204
