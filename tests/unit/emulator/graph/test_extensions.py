"""Directory extensions: how an application defines them, who sees them, and what goes with them."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.graph.call import CollectionResponse
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import ADVANCED, BASE, V1, World

SENT = {"name": "badge", "dataType": "string", "targetObjects": ["user", "GROUP"]}
APP_ID = "0e000000-0000-4000-8000-000000000002"
FULL = f"extension_{APP_ID.replace('-', '')}_badge"
TARGETS = ["AdministrativeUnit", "Application", "Device", "Group", "Organization", "User"]
MISSING = "400 Request_BadRequest: A value is required for property '{}' of resource 'ExtensionProperty'."
INVALID = "400 Request_BadRequest: Invalid value specified for property '{}' of resource 'ExtensionProperty'."
FIXED = "400 Request_BadRequest: Property '{}' is read-only and cannot be set."
ABSENT = "404 Request_ResourceNotFound: Resource '{}' does not exist or one of its queried "
DENIED = "403 Authorization_RequestDenied: Insufficient privileges to complete the operation."


def world() -> tuple[World, str]:
    """Return a world with an application, and the path of its extensions."""
    made = World()
    app = made.app("Definer", app_id=APP_ID)
    return made, f"/applications/{app['id']}/extensionProperties"


def shown(row_id: str, **properties: Any) -> Row:
    """Return an extension as reads show it."""
    fields = {"id": row_id, "deletedDateTime": None, "appDisplayName": "Definer", "dataType": "String"}
    flags = {"isMultiValued": False, "isSyncedFromOnPremises": False}
    return {**fields, **flags, "name": FULL, "targetObjects": ["User", "Group"], **properties}


def test_its_name_gets_the_application_s_id_in_front() -> None:
    """Hold what a creation responds, what reads then show, and that the application's record says so."""
    made, path = world()
    app = path.split("/")[2]
    found = made.send("POST", path, SENT | {"isMultiValued": True, "name@odata.type": "x"})
    assert found.body is not None
    row = shown(found.body["id"], isMultiValued=True)
    context = f"{V1}/$metadata#applications('{app}')/extensionProperties"
    assert found == CollectionResponse(201, {"@odata.context": f"{context}/$entity", **row})
    assert made.get(path) == CollectionResponse(200, {"@odata.context": context, "value": [row]})
    assert made.get(f"{path}/{row['id'].upper()}") == CollectionResponse(200, found.body)
    assert made.get(f"{path}/$count", headers=ADVANCED) == CollectionResponse(200, text="1")
    assert made.short("GET", f"{path}/$count") == (
        "400 Request_BadRequest: $count is not currently supported."
    )
    assert made.tenant.audit[-1]["activityDisplayName"] == "Update application"
    assert made.tenant.audit[-1]["targetResources"][0]["id"] == app
    assert made.send("POST", path, SENT | {"name": "Other"}).status == 201


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"name": None}, MISSING.format("name")),
        ({"name": ""}, MISSING.format("name")),
        ({"dataType": None}, MISSING.format("dataType")),
        ({"targetObjects": []}, MISSING.format("targetObjects")),
        ({"appDisplayName": "x"}, FIXED.format("appDisplayName")),
        ({"id": "x"}, FIXED.format("id")),
        ({"dataType": "Text"}, INVALID.format("dataType")),
        ({"dataType": 1}, INVALID.format("dataType")),
        ({"targetObjects": "User"}, INVALID.format("targetObjects")),
        ({"targetObjects": {"User": 1}}, INVALID.format("targetObjects")),
        ({"targetObjects": TARGETS}, "201"),
        ({"targetObjects": ["User", "Contact"]}, INVALID.format("targetObjects")),
        ({"targetObjects": ["User", 1]}, INVALID.format("targetObjects")),
        ({"name": 1}, INVALID.format("name")),
        ({"name": "1a"}, INVALID.format("name")),
        ({"name": "a b"}, INVALID.format("name")),
        ({"name": "a_1", "dataType": "LARGEINTEGER", "targetObjects": ["administrativeunit"]}, "201"),
    ],
)
def test_what_may_be_defined(sent: dict[str, Any], expected: str) -> None:
    """Hold what a name, a type and targets may be."""
    made, path = world()
    assert made.short("POST", path, SENT | sent) == expected
    assert len(made.tenant.tables["extensionProperties"]) == (expected == "201")


def test_a_name_is_taken_once() -> None:
    """Hold that an application has no two of one name, and that another may have it too."""
    made, path = world()
    assert made.short("POST", path, SENT) == "201"
    text = "400 Request_BadRequest: Another object with the same value for property name already exists."
    assert made.short("POST", path, SENT) == text
    other = made.app("Other")
    assert made.short("POST", f"/applications/{other['id']}/extensionProperties", SENT) == "201"


def test_who_defines_and_deletes() -> None:
    """Hold that an application with permission for what it owns does so for that alone."""
    made, path = world()
    row_id = (made.send("POST", path, SENT).body or {})["id"]
    owner = made.as_app("Application.ReadWrite.OwnedBy")
    assert made.short("POST", path, SENT | {"name": "b"}, caller=owner) == DENIED
    assert made.short("DELETE", f"{path}/{row_id}", caller=owner) == DENIED
    made.tenant.owners.add(path.split("/")[2], owner.oid)
    assert made.short("POST", path, SENT | {"name": "b"}, caller=owner) == "201"
    assert made.short("DELETE", f"{path}/{row_id}", caller=owner) == "204"


def test_values_go_with_the_definition() -> None:
    """Hold that every type of object loses its value and keeps the others, and that the record says so."""
    made, path = world()
    row_id = (made.send("POST", path, SENT).body or {})["id"]
    other = made.app("Other")
    assert made.short("GET", f"/applications/{other['id']}/extensionProperties/{row_id}") == (
        ABSENT.format(row_id) + "reference-property objects are not present."
    )
    holders = {
        "users": made.user("alice"),
        "groups": made.group("All Staff"),
        "applications": other,
        "devices": {"id": "d1"},
    }
    for table, row in holders.items():
        made.tenant.tables[table].put({**row, "_extensions": {FULL: "7", "extension_b_x": "8"}})
    bob = made.user("bob")
    made.tenant.audit.clear()
    assert made.send("DELETE", f"{path}/{row_id}") == CollectionResponse(204)
    for table, row in holders.items():
        found = made.tenant.tables[table].get(row["id"])
        assert found == {**row, "_extensions": {"extension_b_x": "8"}}
    assert made.user("bob") == bob
    assert len(made.tenant.tables["extensionProperties"]) == 0
    assert [record["activityDisplayName"] for record in made.tenant.audit] == ["Update application"]
    assert made.short("DELETE", f"{path}/{row_id}").startswith(ABSENT.format(row_id))
    assert made.short("GET", f"{path}/none").startswith(ABSENT.format("none"))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (None, 1),
        ({}, 1),
        ({"isSyncedFromOnPremises": None}, 1),
        ({"ISSYNCEDFROMONPREMISES": False}, 1),
        ({"isSyncedFromOnPremises": True}, 0),
    ],
)
@pytest.mark.parametrize("action", ["", "microsoft.graph."])
def test_what_is_available(action: str, body: Any, expected: int) -> None:
    """Hold that the tenant's are listed with their type; none of them is synchronized."""
    made, path = world()
    row_id = (made.send("POST", path, SENT).body or {})["id"]
    found = made.send("POST", f"/directoryObjects/{action}getAvailableExtensionProperties", body)
    items = [{"@odata.type": "#microsoft.graph.extensionProperty", **shown(row_id)}][:expected]
    context = f"{BASE}/v1.0/$metadata#directoryObjects"
    assert found == CollectionResponse(200, {"@odata.context": context, "value": items})


def test_whether_synchronized_is_a_boolean() -> None:
    """Hold that a string is refused."""
    made, _ = world()
    path = "/directoryObjects/getAvailableExtensionProperties"
    assert made.short("POST", path, {"isSyncedFromOnPremises": "no"}) == (
        "400 Request_BadRequest: Cannot convert a primitive value to the expected type 'Edm.Boolean'."
    )
