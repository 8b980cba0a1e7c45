"""The claims of access tokens and id_tokens, whole, for people and for applications, of either version."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_emulator.login import claims
from entra_emulator.login.claims import AccessTokenInput
from tests.conformance.login.login_world import ORIGIN, World
from tests.unit.emulator.login.tokens import entropy, given, opaque, signed_in, sub, times

# What `entropy` makes of 60 to 90 minutes, and of 20 to 28 hours.
PERSON, REVOCABLE = 4503, 86_456
CP1 = {"xms_cc": {"values": ["cp1"]}}


def access(world: World, asked: AccessTokenInput) -> dict[str, Any]:
    """Return the claims of an access token; their order is checked."""
    found = claims.access_claims(asked, world.clock.now(), entropy)
    names = list(found)
    assert names[:5] == ["aud", "iss", "iat", "nbf", "exp"]
    assert names[5:] == sorted(names[5:])
    return found


def test_a_person_s_token_of_version_2() -> None:
    """For more than an hour, with scopes and roles; what a person lacks is left out."""
    world = World()
    world.assign("user:bob", "api", "Writer")
    who = signed_in(world)
    common = {
        **times(world, PERSON),
        **opaque(world, "api"),
        "aud": world.app_ids["api"],
        "iss": f"{ORIGIN}/{world.tenant.tenant_id}/v2.0",
        "azp": world.app_ids["web"],
        "azpacr": "1",
        "name": who.user["displayName"],
        "oid": who.user["id"],
        "preferred_username": "bob@contoso.com",
        "roles": ["Writer"],
        "scp": "user.write user.read",
        "sid": "session",
        "sub": sub(world, "bob", "api"),
        "tid": world.tenant.tenant_id,
        "ver": "2.0",
    }
    asked = given(world, who=who, scopes=("user.write", "user.read"))
    assert access(world, asked) == common
    nameless = replace(who, user={"id": who.user["id"]})
    without = {name: value for name, value in common.items() if name not in {"name", "preferred_username"}}
    assert access(world, replace(asked, who=nameless)) == without


@pytest.mark.parametrize(
    ("resource", "person", "declared", "lives", "marked"),
    [
        ("graph", True, CP1, REVOCABLE, True),
        ("graph", True, {}, PERSON, False),
        ("graph", False, CP1, 3600, True),
        ("api", True, CP1, PERSON, False),
        ("api", False, {}, 3600, False),
    ],
)
def test_how_long_a_token_lives(
    resource: str, *, person: bool, declared: Any, lives: int, marked: bool
) -> None:
    """An hour for applications, more for people, and a day at Graph where it can be taken back."""
    world = World()
    who = signed_in(world) if person else None
    asked = given(world, resource, who=who, requested_claims=declared)
    found = access(world, asked)
    assert found["exp"] - found["iat"] == lives + 300
    assert found.get("xms_cc") == (["CP1"] if marked else None)


@pytest.mark.parametrize(
    ("entries", "by_id"),
    [
        ([{"name": "aud", "additionalProperties": ["use_guid"]}], True),
        ([{"name": "upn", "additionalProperties": ["use_guid"]}], False),
        ([{"name": "aud", "additionalProperties": []}], False),
        ([{"name": "aud"}, {"name": "aud", "additionalProperties": ["use_guid"]}], True),
        (None, False),
    ],
)
def test_a_version_1_token_may_be_for_an_id(entries: Any, *, by_id: bool) -> None:
    """Where the API's optional claims say so."""
    world = World()
    world.set("api", api={"requestedAccessTokenVersion": None}, optionalClaims={"accessToken": entries})
    expected = world.app_ids["api"] if by_id else "api://api"
    assert access(world, given(world))["aud"] == expected
