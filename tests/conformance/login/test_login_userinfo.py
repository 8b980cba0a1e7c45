"""The userinfo endpoint: which tokens it takes, and what it says of the user."""

import pytest

from tests.conformance.login.login_world import World
from tests.conformance.login.signing_in import code_for

fact = pytest.mark.fact


@fact("userinfo", source="ED:userinfo", grade="D")
def test_userinfo(world: World) -> None:
    """Userinfo takes a Graph token with openid; its sub is the id_token's, not the bearer token's own."""
    found = world.sign_in("web", "bob", "openid profile email")
    headers = {"Authorization": f"Bearer {found.body['access_token']}"}
    body = world.browser.get("/oidc/userinfo", headers=headers).json()
    assert set(body) == {"sub", "name", "family_name", "given_name", "picture", "email"}
    assert body["sub"] == found.id_claims["sub"] != found.claims["sub"]
    assert body["sub"] == found.claims["xms_st"]["sub"]
    other = world.redeem_code("web", code_for(world, "web")).body["access_token"]
    for bad in (other, "nonsense", ""):
        assert (
            world.browser.get("/oidc/userinfo", headers={"Authorization": f"Bearer {bad}"}).status_code == 401
        )
