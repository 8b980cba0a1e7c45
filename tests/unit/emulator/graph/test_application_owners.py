"""Applications: who makes, changes and deletes them, and what goes with them."""

from __future__ import annotations

import pytest

from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import World

PATH = "/applications"
OWNED_BY = "Application.ReadWrite.OwnedBy"
DENIED = "403 Authorization_RequestDenied: Insufficient privileges to complete the operation."


@pytest.mark.parametrize(("who", "expected"), [("owner", DENIED), ("application", "201"), ("bob", "201")])
def test_mapped_claims(who: str, expected: str) -> None:
    """Hold that whoever may make what is its own alone does not let claims be mapped at once."""
    made = World()
    callers = {
        "owner": made.as_app(OWNED_BY),
        "application": made.as_app(),
        "bob": made.as_user("bob", OWNED_BY),
    }
    sent = {"displayName": "App", "api": {"acceptMappedClaims": True}}
    assert made.short("POST", PATH, sent, caller=callers[who]) == expected
    assert (
        made.short("POST", PATH, {**sent, "api": {"acceptMappedClaims": None}}, caller=callers[who]) == "201"
    )


def world() -> tuple[World, Row]:
    """Return a world with an application that has a service principal."""
    made = World()
    made.principal("App", tags=["t"])
    row = made.tenant.one("applications", "displayName", "App")
    assert row is not None
    return made, row


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_who_may(method: str) -> None:
    """Hold that an application with permission for what it owns changes that alone."""
    made, row = world()
    caller = made.as_app(OWNED_BY)
    assert made.short(method, f"{PATH}/{row['id']}", {"notes": "n"}, caller=caller) == DENIED
    made.tenant.owners.add(row["id"], caller.oid)
    assert made.short(method, f"{PATH}/{row['id']}", {"notes": "n"}, caller=caller) == "204"
