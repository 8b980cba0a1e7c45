"""Groups: what a new one needs, who owns it, and who changes one without a directory role."""

from __future__ import annotations

import pytest

from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import V1, World, records

MISSING = "400 Request_BadRequest: A value is required for property '{}' of resource 'Group'."
FIXED = "400 Request_BadRequest: Property '{}' is read-only and cannot be set."
ALL = "Group.ReadWrite.All"
SENT = {"displayName": "Smiths", "mailEnabled": False, "mailNickname": "smiths", "securityEnabled": True}
DENIED = "403 Authorization_RequestDenied: Insufficient privileges to complete the operation."


def link(row: Row) -> str:
    """Return a reference to an object."""
    return f"{V1}/directoryObjects/{row['id']}"


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


@pytest.mark.parametrize(
    ("method", "more"),
    [("PATCH", ""), ("POST", "/members/$ref"), ("DELETE", "/members/{}/$ref"), ("DELETE", "")],
)
def test_a_person_without_a_role(method: str, more: str) -> None:
    """Hold that whoever has no directory role changes the groups that he owns."""
    made = World()
    row, alice = made.group("MyApp Leads"), made.user("alice")
    if method == "DELETE":
        made.tenant.members.add(row["id"], alice["id"])
    caller = made.as_user("bob", ALL)
    path = f"/groups/{row['id']}{more.format(alice['id'])}"
    body = {"@odata.id": link(alice)} if method == "POST" else {"description": "d"}
    refused = made.short(method, path, body, caller=caller)
    made.tenant.owners.add(row["id"], caller.oid)
    assert (refused, made.short(method, path, body, caller=caller)) == (DENIED, "204")
