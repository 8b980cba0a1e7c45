"""Why a token lacks a claim: as its kind, its application, its person and the directory say."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.login import absence
from tests.conformance.login.login_world import World

EVERY = "Not among the claims that every token has, and optionalClaims."


@pytest.fixture(scope="module")
def world() -> World:
    """Give a tenant with an API and its clients."""
    world = World()
    world.set("api", groupMembershipClaims=None)
    return world


def claims(world: World, *, client: str = "spa", user: str = "alice", **more: Any) -> dict[str, Any]:
    """Return claims of an access token of a person; of version 2 unless told otherwise."""
    made = {
        "tid": world.tenant.tenant_id,
        "aud": world.application("api")["appId"],
        "azp": world.application(client)["appId"],
        "scp": "user.read",
        "oid": str(world.user(user)["id"]) if user else "",
        **more,
    }
    return {name: value for name, value in made.items() if value is not None}


def why(world: World, name: str, value: str = "", **more: Any) -> str:
    """Return why a claim is not in a token."""
    return absence.reason(claims(world, **more), name, value, world.directory)


def test_an_id_token_is_known_by_what_it_lacks(world: World) -> None:
    """An access token names its client, by `azp` or `appid`; an ID token neither: it is for its audience."""
    v1 = {"azp": None, "appid": world.application("spa")["appId"]}
    id_token = {"azp": None, "scp": None, "aud": world.application("spa")["appId"]}

    assert why(world, "name").startswith(f"{EVERY}accessToken of ")
    assert why(world, "name", **v1).startswith(f"{EVERY}accessToken of ")
    assert why(world, "ctry", **id_token).startswith(f"{EVERY}idToken of ")
    for name in ("oid", "name", "preferred_username"):
        assert why(world, name, **id_token).startswith("The client did not ask for the scope `profile`")
    assert why(world, "email", **id_token).startswith("The client did not ask for the scope `email`")


def test_a_role_is_missed_by_whoever_is_not_assigned(world: World) -> None:
    """A person with the groups she is in directly; an application by its own name; a role that nobody
    offers.
    """
    assert "is assigned neither to alice@contoso.com nor to a group with that direct member" in why(
        world, "roles", "Admin"
    )
    assert why(world, "roles", "Nothing").endswith("offers no role Nothing.")
    assert why(world, "roles").startswith("A role of ")
    assert "offers no roles." in why(world, "roles", aud=world.application("spa")["appId"])
    alone = why(world, "roles", "Writer", client="daemon", scp=None)
    assert alone.startswith("Writer of ")
    assert "is not assigned to " in alone


def test_a_scope_is_missed_by_whoever_nobody_consented_for(world: World) -> None:
    """And an application by itself has none."""
    assert why(world, "scp", scp=None) == "An application by itself has roles, and no scopes."
    assert "offers no scope user.nothing." in why(world, "scp", "user.nothing")
    assert why(world, "scp", "user.write").startswith("Nobody consented to user.write for ")
    assert why(world, "scp").startswith("Nobody consented to a scope for ")


def test_groups_are_missed_where_the_api_asks_for_none_or_somebody_is_in_none(world: World) -> None:
    """In this order: the setting, who it is, the group by its name, the type of groups."""
    assert "its tokens name no groups" in why(world, "groups")
    world.set("api", groupMembershipClaims="SecurityGroup")
    try:
        assert why(world, "groups", scp=None) == "An application by itself is in no group here."
        assert why(world, "groups", "No Such") == "alice@contoso.com is no member of No Such."
        assert "no group of alice@contoso.com is of that type" in why(world, "groups")
    finally:
        world.set("api", groupMembershipClaims=None)


def test_what_is_gone_is_said(world: World) -> None:
    """The audience, or the client."""
    gone = "00000000-0000-4000-8000-00000000dead"
    assert why(world, "roles", aud=gone) == why(world, "roles", azp=gone) == "The application is gone."
    assert (
        absence.unassigned(world.directory, "nobody@contoso.com", gone)
        == "The user or the application is gone."
    )
    assert absence.unconsented(world.directory, "alice@contoso.com", gone, "openid") == (
        "The user or the application is gone.",
        [],
    )
