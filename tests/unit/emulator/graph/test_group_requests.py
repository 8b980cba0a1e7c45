"""Groups: how they are made, changed and deleted, who is in them, by whom, and what the audit log says."""

from __future__ import annotations

import pytest

from entra_emulator.table import Row
from tests.unit.emulator.graph.groups_made import SENT, link
from tests.unit.emulator.graph.sending import V1, World, records

MISSING = "400 Request_BadRequest: A value is required for property '{}' of resource 'Group'."
INVALID = "400 Request_BadRequest: Invalid property '{}'."
FIXED = "400 Request_BadRequest: Property '{}' is read-only and cannot be set."
DENIED = "403 Authorization_RequestDenied: Insufficient privileges to complete the operation."
ALL = "Group.ReadWrite.All"
ROLES = "RoleManagement.ReadWrite.Directory"


@pytest.mark.parametrize(
    ("sent", "version", "expected"),
    [
        ({"displayName": None}, "v1.0", MISSING.format("displayName")),
        ({"mailEnabled": None}, "v1.0", MISSING.format("mailEnabled")),
        ({"mailNickname": None}, "v1.0", MISSING.format("mailNickname")),
        ({"securityEnabled": None}, "v1.0", MISSING.format("securityEnabled")),
        ({"mailEnabled": True}, "v1.0", "400"),
        ({"uniqueName": "free"}, "v1.0", "201"),
        ({"uniqueName": "held"}, "v1.0", "400"),
        ({"writebackConfiguration": {"isEnabled": True}}, "v1.0",
         "400 Request_BadRequest: Invalid property 'writebackConfiguration'."),
        ({"writebackConfiguration": {"isEnabled": True}}, "beta", "201"),
        ({"manager@odata.bind": "x"}, "v1.0", ("400 Request_BadRequest: Invalid property "
                                              "'manager@odata.bind'.")),
        ({"extension_none": 1}, "v1.0", "400 Request_BadRequest: Invalid property 'extension_none'."),
        ({"id": "x"}, "v1.0", FIXED.format("id")),
    ],
)  # fmt: skip
def test_what_one_may_be(sent: Row, version: str, expected: str) -> None:
    """Hold what a new group needs, and what beta alone takes."""
    made = World()
    held = made.group("All Staff")
    made.tenant.groups.put({**held, "uniqueName": "held"})
    assert made.short("POST", "/groups", SENT | sent, version=version).startswith(expected)
    assert len(records(made)) == (expected == "201")


@pytest.mark.parametrize(
    ("roles", "named", "owners", "expected"),
    [
        ("", "", ["bob"], "201"),
        ("", "alice", ["alice", "bob"], "201"),
        ("", "bob", [], "400 Request_BadRequest: Request contains a property with duplicate values."),
        ("Groups Administrator", "", [], "201"),
        ("Groups Administrator", "bob", ["bob"], "201"),
    ],
)
def test_who_owns_what_a_person_makes(roles: str, named: str, owners: list[str], expected: str) -> None:
    """Hold that a person without a role owns it, and may not name himself."""
    made = World()
    bob = made.as_user("bob", ALL, roles=roles)
    sent = SENT | ({"owners@odata.bind": [link(made.user(named))]} if named else {})
    found = made.send("POST", "/groups", sent, caller=bob)
    assert made.short("POST", "/groups", sent, caller=bob) == expected
    assert made.tenant.owners.targets((found.body or {}).get("id", "")) == [
        made.user(each)["id"] for each in owners
    ]


def test_an_application_that_names_itself() -> None:
    """Hold that it may, and that it owns nothing that it does not name."""
    made = World()
    caller = made.as_app(ALL)
    own = {"owners@odata.bind": [f"{V1}/servicePrincipals/{caller.oid}"]}
    for sent, owners in ((SENT | own, [caller.oid]), (SENT, [])):
        found = made.send("POST", "/groups", sent, caller=caller)
        assert made.tenant.owners.targets((found.body or {})["id"]) == owners


@pytest.mark.parametrize(("permissions", "expected"), [((ALL,), DENIED), ((ALL, ROLES), "201")])
def test_groups_that_roles_are_given_to(permissions: tuple[str, ...], expected: str) -> None:
    """Hold that they need a permission of their own: to make, change, fill, empty and delete one."""
    made = World()
    caller = made.as_app(*permissions)
    assert made.short("POST", "/groups", {**SENT, "isAssignableToRole": True}, caller=caller) == expected
    row, alice = {**made.group("All Staff"), "isAssignableToRole": True}, made.user("alice")
    made.tenant.groups.put(row)
    done = expected.replace("201", "204")
    path = f"/groups/{row['id']}"
    for member in made.tenant.members.targets(row["id"]):
        made.tenant.members.remove(row["id"], member)
    body = {"@odata.id": link(alice)}
    assert made.short("PATCH", path, {"description": "d"}, caller=caller) == done
    assert made.short("POST", f"{path}/members/$ref", body, caller=caller) == done
    made.tenant.members.add(row["id"], alice["id"])
    assert made.short("DELETE", f"{path}/members/{alice['id']}/$ref", caller=caller) == done
    assert made.short("DELETE", path, caller=caller) == done


@pytest.mark.parametrize(
    ("sent", "after"),
    [
        ({}, {}),
        ({"description": "d"}, {"description": "d"}),
        ({"displayName": "All Staff"}, {}),
        ({"uniqueName": "free"}, {"uniqueName": "free"}),
        ({"uniqueName": "held"}, ("400 Request_BadRequest: Another object with the same value for property "
                                 "uniqueName already exists.")),
        ({"isAssignableToRole": True}, FIXED.format("isAssignableToRole")),
        ({"displayName": ""}, ("400 Request_BadRequest: Invalid value specified for property "
                               "'displayName' of "
                              "resource 'Group'.")),
        ({"writebackConfiguration": {}}, ("400 Request_BadRequest: Invalid property "
                                         "'writebackConfiguration'.")),
        ({"owners@odata.bind": []}, INVALID.format("owners@odata.bind")),
        ({"extension_none": 1}, "400 Request_BadRequest: Invalid property 'extension_none'."),
    ],
)  # fmt: skip
def test_changes(sent: Row, after: str | Row) -> None:
    """Hold what may be changed, and that a record is written where something is."""
    made = World()
    row = made.group("All Staff")
    made.tenant.groups.put({**made.group("MyApp Leads"), "uniqueName": "held"})
    refused = isinstance(after, str)
    assert made.short("PATCH", f"/groups/{row['id']}", sent) == (after if refused else "204")
    held = row if isinstance(after, str) else row | after
    assert made.tenant.groups.get(row["id"]) == held
    found = [(each[:3], each[4][0][:4]) for each in records(made)]
    kind = ("Update group", "Update", "GroupManagement")
    assert found == [(kind, (row["id"], "Group", "All Staff", None))] * (held != row)


def test_a_unique_name_stays() -> None:
    """Hold that it is not changed once a group has it, and finds the group."""
    made = World()
    row = {**made.group("All Staff"), "uniqueName": "held"}
    made.tenant.groups.put(row)
    path = "/groups(uniqueName='held')"
    assert made.short("PATCH", path, {"uniqueName": "other"}) == FIXED.format("uniqueName")
    assert made.short("PATCH", path, {"uniqueName": "held", "description": "d"}) == "204"
