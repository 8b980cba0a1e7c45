"""The claims of access tokens and id_tokens, whole, for people and for applications, of either version."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.login import claims
from entra_emulator.login.claims import AccessTokenInput
from tests.conformance.login.login_world import World
from tests.unit.emulator.login.tokens import entropy, given, signed_in

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
