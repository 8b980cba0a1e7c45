"""Bob signs in for a scope of the API, or somebody else does, with the code or the claims that come of it."""

from typing import Any

from tests.conformance.login.login_world import World

SCOPE = "openid profile api://api/user.read"
OFFLINE_SCOPE = "openid profile offline_access api://api/user.read"


def code_for(world: World, client: str, **parameters: str) -> str:
    """Sign bob in and return the code."""
    world.grant(client, "api", "user.read")
    return world.read(world.choose(world.authorize(client, OFFLINE_SCOPE, **parameters), "bob")).body["code"]


def signed_in(world: World, user: str, **parameters: str) -> dict[str, Any]:
    """Sign a user in to the SPA and return the claims of the id_token."""
    response = world.choose(world.authorize("spa", SCOPE, **parameters), user)
    return world.redeem_code("spa", world.read(response).body["code"]).id_claims
