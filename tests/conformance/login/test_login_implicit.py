"""Tokens straight from the authorize endpoint: the implicit and the hybrid flow."""

import pytest

from entra_emulator import seed
from tests.conformance.login.login_world import World
from tests.conformance.login.signing_in import SCOPE

fact = pytest.mark.fact


@fact("implicit and hybrid need the app's switches and a nonce", source="msal-js#766", grade="R")
def test_hybrid(world: World) -> None:
    """Without its switch each is refused; with both on, `code id_token` answers both, bound by c_hash and
    nonce.
    """
    for response_type, code in (("id_token", 700054), ("code id_token", 700054), ("token", 700051)):
        without = world.read(world.authorize("web", SCOPE, response_type=response_type))
        assert (without.kind, without.code) == ("redirect", code)
    world.set(
        "web",
        web={"implicitGrantSettings": {"enableIdTokenIssuance": True, "enableAccessTokenIssuance": True}},
    )
    world.grant("web", "api", "user.read")
    response = world.choose(world.authorize("web", SCOPE, response_type="code id_token"), "bob")
    found = world.read(response).body
    claims = world.service.keys.verify(found["id_token"])
    assert "#" in response.headers["location"]
    assert (claims["nonce"], len(claims["c_hash"])) == ("the nonce", 22)
    refused = world.read(world.authorize("web", SCOPE, response_type="id_token", nonce=""))
    assert (refused.kind, refused.code) == ("redirect", 900144)


@fact("one resource at the token endpoint", source="aad_oauth#328", grade="R")
def test_implicit_one_resource_per_token(world: World) -> None:
    """An access token straight from /authorize is for one resource: 28000; an ID token alone may collect
    consent for two.
    """
    world.set(
        "web",
        web={"implicitGrantSettings": {"enableIdTokenIssuance": True, "enableAccessTokenIssuance": True}},
    )
    for resource in ("api", "other"):
        world.grant("web", resource, "user.read")
    both = "openid api://api/user.read api://other/user.read"
    refused = world.read(world.choose(world.authorize("web", both, response_type="id_token token"), "bob"))
    assert (refused.kind, refused.error, refused.code) == ("redirect", "invalid_scope", 28000)
    assert (
        "id_token"
        in world.read(world.choose(world.authorize("web", both, response_type="id_token"), "bob")).body
    )


@fact("overage in the implicit flow", source="ED:access-token-claims-reference", grade="D")
@pytest.mark.parametrize(("groups", "claims"), [(2, {"groups"}), (3, {"hasgroups"})])
def test_implicit_groups(world: World, groups: int, claims: set[str]) -> None:
    """A token by URL holds at most five groups (bob has three), then only says that there are some; no
    refresh token.
    """
    switches = {"enableIdTokenIssuance": True, "enableAccessTokenIssuance": True}
    world.set("web", web={"implicitGrantSettings": switches}, groupMembershipClaims="SecurityGroup")
    world.set("api", groupMembershipClaims="SecurityGroup")
    world.grant("web", "api", "user.read")
    for number in range(groups):
        group = seed.add_group(world.tenant, f"Group {number}")
        world.tenant.members.add(group["id"], world.user("bob")["id"])
    found = world.read(
        world.choose(world.authorize("web", SCOPE, response_type="id_token token"), "bob")
    ).body
    for name in ("access_token", "id_token"):
        assert {"groups", "hasgroups"} & set(world.service.keys.verify(found[name])) == claims
    assert found["scope"] == "api://api/user.read"
    assert "refresh_token" not in found
