"""The claims of id_tokens, whole: by the scopes, the claims and the age that a client asks for."""

from __future__ import annotations

from entra_emulator import seed
from entra_emulator.login.claims import IdTokenRequest
from tests.conformance.login.login_world import World
from tests.unit.emulator.login.tokens import given, identity, signed_in


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
