"""Applications: who makes, changes and deletes them, and what goes with them."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.graph.call import CollectionResponse
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import V1, World, records

PATH = "/applications"
OWNED_BY = "Application.ReadWrite.OwnedBy"
DENIED = "403 Authorization_RequestDenied: Insufficient privileges to complete the operation."


@pytest.mark.parametrize(
    ("who", "named", "owners"),
    [
        ("bob", [], ["bob"]),
        ("bob", ["alice"], ["bob", "alice"]),
        ("bob", ["alice", "bob"], ["alice", "bob"]),
        ("application", [], []),
        ("application", ["alice"], ["alice"]),
        ("owner", [], ["application"]),
        ("owner", ["alice"], ["application", "alice"]),
        ("owner", ["application"], ["application"]),
    ],
)
def test_who_owns_what_is_made(who: str, named: list[str], owners: list[str]) -> None:
    """Hold that a person does, and an application that may change what is its own alone; each is recorded."""
    made = World()
    callers = {
        "bob": made.as_user("bob", "Application.ReadWrite.All"),
        "application": made.as_app("Application.ReadWrite.All"),
        "owner": made.as_app(OWNED_BY),
    }
    ids = {"application": made.as_app().oid, **{name: made.user(name)["id"] for name in ("alice", "bob")}}
    bound = {"owners@odata.bind": [f"{V1}/directoryObjects/{ids[name]}" for name in named]} if named else {}
    found = made.send("POST", PATH, {"displayName": "App", **bound}, caller=callers[who])
    row_id = (found.body or {})["id"]
    assert made.tenant.owners.targets(row_id) == [ids[name] for name in owners]
    assert [(each[0], each[4][0][0]) for each in records(made)[2:]] == [
        ("Add owner to application", ids[name]) for name in owners
    ]


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


def test_an_application_that_registers() -> None:
    """Hold that an application may, though people may not."""
    made = World()
    made.tenant.choices = made.tenant.choices.changed({"usersMayRegister": False})
    assert made.short("POST", PATH, {"displayName": "App"}) == "201"


@pytest.mark.parametrize(("roles", "expected"), [("", DENIED), ("Application Developer", "201")])
def test_registering(roles: str, expected: str) -> None:
    """Hold that where people may not, a role lets them."""
    made = World()
    made.tenant.choices = made.tenant.choices.changed({"usersMayRegister": False})
    caller = made.as_user("bob", "Application.ReadWrite.All", roles=roles)
    assert made.short("POST", PATH, {"displayName": "App"}, caller=caller) == expected


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


@pytest.mark.parametrize("principal", [True, False])
def test_one_is_deleted_with_its_service_principal(*, principal: bool) -> None:
    """Hold that both wait, and the records of both and of what was assigned."""
    made, row = world()
    held = made.tenant.service_principal_by_app_id(row["appId"]) or {}
    if principal:
        seed.assign(made.tenant, {**made.user("alice"), "type": "User"}, held)
    else:
        made.tenant.service_principals.remove(held["id"])
    assert made.send("DELETE", f"{PATH}/{row['id']}") == CollectionResponse(204)
    waiting = [each for each in (row, held) if each["id"] in made.tenant.deleted_items]
    assert waiting == ([row, held] if principal else [row])
    target = (row["id"], "Application", "App", None, {})
    named = "ApplicationManagement", row["appId"]
    found = records(made)
    assert found[0] == ("Delete application", "Delete", *named, [target])
    if principal:
        names = {"TargetId.ServicePrincipalNames": (None, f'"{row["appId"]}"')}
        target = (held["id"], "ServicePrincipal", "App", None, names)
        assert found[2] == ("Remove service principal", "Delete", *named, [target])
    assert len(found) == (3 if principal else 1)


def test_what_can_be_expanded() -> None:
    """Hold that owners and credentials are written beside it."""
    made, row = world()
    alice = made.user("alice")
    made.tenant.owners.add(row["id"], alice["id"])
    made.tenant.owners.add(row["id"], "gone")
    seed.add_federated_credential(made.tenant, row, "name", "https://a.test", "s")
    found = made.get(f"{PATH}/{row['id']}?$expand=owners,federatedIdentityCredentials").body or {}
    credentials: list[dict[str, Any]] = found["federatedIdentityCredentials"]
    assert [each["id"] for each in found["owners"]] == [alice["id"]]
    assert [(each["name"], "_application" in each) for each in credentials] == [("name", False)]
