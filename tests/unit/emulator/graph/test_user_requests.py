"""Users: what one may be when it is made and changed, and what of himself a user may change."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import World, records

SENT = {
    "accountEnabled": True,
    "displayName": "Zoe Zimmer",
    "mailNickname": "zoe",
    "userPrincipalName": "Zoe@contoso.com",
    "passwordProfile": {"password": "Abcdefg1", "forceChangePasswordNextSignIn": False},
}
STAMP = "2026-01-01T00:00:00Z"
MISSING = "400 Request_BadRequest: A value is required for property '{}' of resource 'User'."
INVALID = "400 Request_BadRequest: Invalid value specified for property '{}' of resource 'User'."
TAKEN = (
    "400 Request_BadRequest: Another object with the same value for property userPrincipalName "
    "already exists."
)
DOMAIN = (
    "400 Request_BadRequest: The domain portion of the userPrincipalName property is invalid. You must "
    "use one "
    "of the verified domain names in your organization."
)
WEAK = (
    "400 Request_BadRequest: The specified password does not comply with password complexity "
    "requirements. Please "
    "provide a different password."
)
NO_NAME = "400 Request_BadRequest: Property userPrincipalName is invalid."
DENIED = "403 Authorization_RequestDenied: Insufficient privileges to complete the operation."


IDENTITIES = [{"signInType": "userName", "issuer": "contoso.com", "issuerAssignedId": "z"}]


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"accountEnabled": None}, MISSING.format("accountEnabled")),
        ({"displayName": None}, MISSING.format("displayName")),
        ({"mailNickname": None}, MISSING.format("mailNickname")),
        ({"userPrincipalName": None}, MISSING.format("userPrincipalName")),
        ({"passwordProfile": None}, MISSING.format("passwordProfile")),
        ({"passwordProfile": {"forceChangePasswordNextSignIn": True}}, MISSING.format("passwordProfile")),
        ({"userPrincipalName": "z@CONTOSO.onmicrosoft.com"}, "201"),
        ({"userPrincipalName": "z@fabrikam.com"}, DOMAIN),
        ({"userPrincipalName": "ALICE@contoso.com"}, TAKEN),
        ({"userPrincipalName": ".z@contoso.com"}, NO_NAME),
        ({"city": "x", "extension_none": 1}, "400 Request_BadRequest: Invalid property 'extension_none'."),
        ({"usageLocation": "de"}, INVALID.format("usageLocation")),
        ({"identities": IDENTITIES}, "201"),
        ({"id": "x"}, "400 Request_BadRequest: Property 'id' is read-only and cannot be set."),
    ],
)
def test_what_one_may_be(sent: Row, expected: str) -> None:
    """Hold what a new user needs, and whose names are taken."""
    made = World()
    assert made.short("POST", "/users", SENT | sent) == expected
    assert len(records(made)) == (expected == "201")


def test_no_room() -> None:
    """Hold that a full tenant takes none."""
    made = World()
    made.tenant.choices = made.tenant.choices.changed({"objectQuota": 1})
    assert made.short("POST", "/users", SENT).startswith("403 Directory_QuotaExceeded: ")


PROFILE = {"password": None, "forceChangePasswordNextSignIn": True}


@pytest.mark.parametrize(
    ("sent", "after"),
    [
        ({}, {}),
        ({"city": "Bern"}, {"city": "Bern"}),
        ({"displayName": "Alice Archer"}, {}),
        ({"passwordProfile": {"password": "Abcdefg1"}},
         {"passwordProfile": {"password": None}, "lastPasswordChangeDateTime": STAMP}),
        ({"passwordProfile": {"forceChangePasswordNextSignIn": True}}, {"passwordProfile": PROFILE}),
        ({"passwordProfile": {"password": "short"}},
         WEAK),
        ({"userPrincipalName": "ALICE@contoso.com"}, {"userPrincipalName": "ALICE@contoso.com"}),
        ({"userPrincipalName": "a@contoso.com"}, {"userPrincipalName": "a@contoso.com"}),
        ({"userPrincipalName": "bob@contoso.com"}, TAKEN),
        ({"userPrincipalName": "a@fabrikam.com"}, INVALID.format("userPrincipalName")),
        ({"userPrincipalName": "@contoso.com"}, NO_NAME),
        ({"displayName": ""}, INVALID.format("displayName")),
    ],
)  # fmt: skip
def test_changes(sent: Row, after: str | Row) -> None:
    """Hold what may be changed, and that a record is written where something is."""
    made = World()
    row = made.user("alice")
    refused = isinstance(after, str)
    found = made.short("PATCH", "/users/alice@contoso.com", sent)
    assert found == (after if refused else "204")
    held = row if isinstance(after, str) else row | after
    assert made.tenant.users.get(row["id"]) == held
    targets = [(each[:3], each[4][0][:4]) for each in records(made)]
    name = held["userPrincipalName"]
    kind = ("Update user", "Update", "UserManagement")
    assert targets == [(kind, (row["id"], "User", None, name))] * (held != row)


ADMINISTERED = ["accountEnabled", "identities", "onPremisesImmutableId", "passwordProfile",
                "userPrincipalName", "userType"]  # fmt: skip


@pytest.mark.parametrize("name", [*ADMINISTERED, "city"])
def test_who_changes_himself(name: str) -> None:
    """Hold that nobody changes of himself what decides about access, unless a role lets him."""
    made = World()
    values: dict[str, Any] = {
        "accountEnabled": False,
        "identities": made.user("bob")["identities"],
        "onPremisesImmutableId": "i",
        "passwordProfile": {"password": "Abcdefg1"},
        "userPrincipalName": "robert@contoso.com",
        "userType": "Guest",
        "city": "Bern",
    }
    sent = {name.upper(): values[name]}
    bob = made.as_user("bob", "User.ReadWrite")
    assert made.short("PATCH", "/me", sent, caller=bob) == (DENIED if name in ADMINISTERED else "204")
    admin = made.as_user("bob", "User.ReadWrite", roles="User Administrator")
    assert made.short("PATCH", "/me", sent, caller=admin) == "204"
    assert made.get("/me", caller=made.as_user("alice", "User.Read")).status == 200
