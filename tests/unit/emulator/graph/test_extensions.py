"""Directory extensions: how an application defines them, who sees them, and what goes with them."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.graph.call import CollectionResponse
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import World

SENT = {"name": "badge", "dataType": "string", "targetObjects": ["user", "GROUP"]}
APP_ID = "0e000000-0000-4000-8000-000000000002"
FULL = f"extension_{APP_ID.replace('-', '')}_badge"
TARGETS = ["AdministrativeUnit", "Application", "Device", "Group", "Organization", "User"]
MISSING = "400 Request_BadRequest: A value is required for property '{}' of resource 'ExtensionProperty'."
INVALID = "400 Request_BadRequest: Invalid value specified for property '{}' of resource 'ExtensionProperty'."
FIXED = "400 Request_BadRequest: Property '{}' is read-only and cannot be set."
ABSENT = "404 Request_ResourceNotFound: Resource '{}' does not exist or one of its queried "


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
