"""The claims of id_tokens, whole: by the scopes, the claims and the age that a client asks for."""

from __future__ import annotations

import pytest

from entra_emulator import seed
from entra_emulator.login.claims import IdTokenRequest
from tests.conformance.login.login_world import ORIGIN, World
from tests.unit.emulator.login.tokens import given, identity, opaque, signed_in, sub, times


@pytest.mark.parametrize(
    ("wanted", "more"),
    [
        (IdTokenRequest((), None), []),
        (IdTokenRequest(("openid",), "n"), ["nonce"]),
        (IdTokenRequest((), ""), ["nonce"]),
        (IdTokenRequest(("profile",), None), ["oid", "preferred_username", "name"]),
        (IdTokenRequest(("email",), None), ["email"]),
        (IdTokenRequest((), None, max_age=9999), ["auth_time"]),
        (IdTokenRequest(("profile", "email"), "n"), ["oid", "preferred_username", "name", "email", "nonce"]),
    ],
)
def test_what_an_id_token_says(wanted: IdTokenRequest, more: list[str]) -> None:
    """To the client, by the scopes that it asks for."""
    world = World()
    who = signed_in(world)
    values = {
        "nonce": wanted.nonce,
        "oid": who.user["id"],
        "preferred_username": "bob@contoso.com",
        "name": who.user["displayName"],
        "email": "bob@contoso.com",
        "auth_time": who.auth_time,
    }
    shared = opaque(world, "web")
    del shared["xms_ftd"]
    assert identity(world, given(world, who=who), who, wanted) == {
        **times(world, 3600),
        **shared,
        "aud": world.app_ids["web"],
        "iss": f"{ORIGIN}/{world.tenant.tenant_id}/v2.0",
        "sub": sub(world, "bob", "web"),
        "tid": world.tenant.tenant_id,
        "ver": "2.0",
        **{name: values[name] for name in more},
    }


def test_an_id_token_has_roles_of_the_client_and_no_address_where_there_is_none() -> None:
    """Roles at the API are in its access token."""
    world = World()
    world.set("web", appRoles=world.application("api")["appRoles"])
    world.assign("user:bob", "web", "default")
    role = seed.fixed_id("api", "role", "Reader")
    seed.assign(world.tenant, {**world.user("bob"), "type": "User"}, world.principal("web"), role)
    world.set_user("bob", mail=None)
    who = signed_in(world)
    found = identity(world, given(world, who=who), who, IdTokenRequest(("email",), None))
    assert found["roles"] == ["Reader"]
    assert "email" not in found


@pytest.mark.parametrize(
    ("max_age", "lives"),
    [(None, 3600), (0, -60), (60, 0), (100, 40), (3660, 3600), (3659, 3599), (9999, 3600)],
)
def test_an_id_token_ends_when_the_sign_in_is_too_old(max_age: int | None, lives: int) -> None:
    """After an hour at the latest."""
    world = World()
    who = signed_in(world)
    found = identity(world, given(world, who=who), who, IdTokenRequest((), None, max_age=max_age))
    assert found["exp"] - int(world.clock.now().timestamp()) == lives


def test_claims_that_are_asked_for_by_name() -> None:
    """In an id_token; what belongs to the profile only with that scope."""
    world = World()
    who = signed_in(world)
    wanted = {"email": None, "given_name": None}
    asked = given(world, who=who)
    without = identity(world, asked, who, IdTokenRequest((), None, wanted))
    with_profile = identity(world, asked, who, IdTokenRequest(("profile",), None, wanted))
    assert set(with_profile) - set(without) == {"oid", "name", "preferred_username", "given_name"}
    assert with_profile["email"] == "bob@contoso.com"
