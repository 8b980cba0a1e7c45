"""What a replica that lags behind shows of a table."""

from __future__ import annotations

import pytest

from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import ADVANCED, World


def lagging(**lag: float) -> World:
    """Return a world in which reads are behind."""
    made = World()
    made.faults.plan.lag, made.faults.plan.list_lag = {"groups": 60.0}, lag
    return made


def shown(made: World, *, listing: bool = False) -> str | None:
    """Return the description of a group that a read shows."""
    row = made.call("GET", "/groups").view("groups", listing=listing).get(made.group("All Staff")["id"])
    return None if row is None else str(row["description"])


def test_versions_of_a_row() -> None:
    """Hold that a read shows the last version that is old enough."""
    made = lagging()
    row = made.group("All Staff")
    found = []
    for number in range(3):
        made.call("PATCH", "/x").put("groups", {**row, "description": str(number)})
        found.append(shown(made))
        made.clock.advance(30)
    assert (found, len(made.tenant.groups.history)) == (["None", "None", "0"], 2)
    assert shown(made) == "1"
    made.clock.advance(29)
    assert shown(made) == "1"
    made.clock.advance(1)
    assert shown(made) == "2"
    made.clock.advance(1)
    made.call("PATCH", "/x").put("groups", row)
    assert len(made.tenant.groups.history) == 1


@pytest.mark.parametrize(("path", "expected"), [("/applications", "old"), ("/applications/x", "new")])
def test_what_stands_beside_an_object(path: str, expected: str) -> None:
    """Hold that it is as old as the object's own collection: as its list where that is read."""
    made = World()
    made.faults.plan.list_lag = {"applications": 60.0}
    row = made.group("All Staff")
    made.tenant.groups.put({**row, "description": "old"})
    made.call("PATCH", "/x").put("groups", {**row, "description": "new"})
    call = made.call("GET", path)
    with call.one_replica("applications", listing=len(call.segments) == 1):
        found = call.view("groups").get(row["id"]) or {}
    assert found["description"] == expected
    assert (call.view("groups").get(row["id"]) or {})["description"] == "new"


POLICY = {"displayName": "P", "isEnabled": True, "restrictions": {}, "definition": [], "description": None}


@pytest.mark.parametrize(
    ("table", "path", "row"),
    [
        ("groups", "/groups", {}),
        ("federatedIdentityCredentials", "/applications/{app}/federatedIdentityCredentials", {"name": "n"}),
        ("extensionProperties", "/applications/{app}/extensionProperties", {"name": "n"}),
        ("classifications", "/servicePrincipals/{principal}/delegatedPermissionClassifications", {}),
        ("appManagementPolicies", "/policies/appManagementPolicies", POLICY),
        ("appManagementPolicies", "/applications/{app}/appManagementPolicies", POLICY),
        ("homeRealmDiscoveryPolicies", "/policies/homeRealmDiscoveryPolicies", POLICY),
        ("homeRealmDiscoveryPolicies", "/servicePrincipals/{principal}/homeRealmDiscoveryPolicies", POLICY),
        ("deletedItems", "/directory/deletedItems/microsoft.graph.group", {"_type": "group"}),
        ("appRoleAssignments", "/servicePrincipals/{principal}/appRoleAssignedTo", {}),
    ],
)
def test_lists_that_do_not_show_yet_what_came(table: str, path: str, row: Row) -> None:
    """Hold that each collection's list is as far behind as the plan says, and its number too."""
    made = World()
    made.faults.plan.list_lag = {table: 60.0}
    principal = made.principal("App")
    app = made.tenant.application_by_app_id(principal["appId"]) or {}
    new = {**made.group("All Staff"), "id": "new", "deletedDateTime": "2026-01-01T00:00:00Z", **row}
    new |= {"_application": app["id"], "_principal": principal["id"], "isMultiValued": False}
    new["resourceId"] = principal["id"]
    made.tenant.app_policies.add(app["id"], "new")
    made.tenant.policies.add(principal["id"], "new")
    made.call("POST", "/x").put(table, new)
    target = path.format(app=app["id"], principal=principal["id"])

    def listed() -> list[str]:
        return [each["id"] for each in (made.get(target).body or {})["value"]]

    before = listed()
    number = made.get(f"{target}/$count", headers=ADVANCED).text if table == "groups" else str(len(before))
    made.clock.advance(60)
    assert ("new" in before, "new" in listed(), number) == (False, True, str(len(before)))
