"""What every token says of itself: its header, times and issuer, and its opaque claims."""

import base64

import pytest

from tests.conformance.login.login_outcomes import header
from tests.conformance.login.login_world import SECRET, World
from tests.conformance.login.signing_in import code_for

fact = pytest.mark.fact


@fact("iat and nbf are five minutes back", source="", grade="S", verdict="uncertain")
def test_times(world: World) -> None:
    """Iat = nbf = now - 300; an application's token has exp - iat = 3900, a user's lives 60 to 90 minutes."""
    now = int(world.clock.now().timestamp())
    app = world.app_only("daemon", "api://api/.default").claims
    assert (app["iat"], app["nbf"], app["exp"]) == (now - 300, now - 300, now + 3600)
    user = world.redeem_code("web", code_for(world, "web"))
    assert 3600 <= user.claims["exp"] - now <= 5400
    assert user.id_claims["exp"] - user.id_claims["iat"] == 3900
    assert user.body["expires_in"] == user.claims["exp"] - now - 1


@fact("headers of tokens", source="MSALJS", grade="R")
def test_headers(world: World) -> None:
    """v2 tokens have typ, alg, kid; v1 tokens x5t too; Graph's a nonce that makes them nobody else's to
    verify.
    """
    world.set("other", api={"requestedAccessTokenVersion": 1})
    v2, v1, graph = (
        world.app_only("daemon", f"{resource}/.default").body["access_token"]
        for resource in ("api://api", "api://other", "https://graph.microsoft.com")
    )
    assert list(header(v2)) == ["typ", "alg", "kid"]
    assert list(header(v1)) == ["typ", "alg", "x5t", "kid"]
    assert header(v1)["x5t"] == header(v1)["kid"]
    assert list(header(graph)) == ["typ", "nonce", "alg", "x5t", "kid"]


@fact("order of claims; sub, uti, rh", source="EMU-FIX", grade="R")
def test_opaque_claims(world: World) -> None:
    """Five claims lead and the alphabet follows; sub is pairwise; uti ends in a zero byte; rh holds tenant
    and resource.
    """
    found = world.redeem_code("web", code_for(world, "web"))
    names = list(found.claims)
    assert names[:5] == ["aud", "iss", "iat", "nbf", "exp"]
    assert names[5:] == sorted(names[5:])
    assert found.claims["sub"] != found.id_claims["sub"]
    assert len(found.claims["sub"]) == 43
    assert base64.urlsafe_b64decode(found.claims["uti"] + "==")[-1] == 0
    assert len(base64.urlsafe_b64decode(found.claims["rh"][2:-1] + "==")) == 40


@fact("the issuer is the emulator's own", source="this project", grade="C", verdict="differs")
def test_never_microsofts_issuer(world: World) -> None:
    """No token names Microsoft as its issuer, whatever host the client used: production settings never
    accept it.
    """
    form = {"grant_type": "client_credentials", "client_id": world.app_ids["daemon"], "client_secret": SECRET}
    response = world.browser.post(
        world.path("token"),
        data={**form, "scope": "https://graph.microsoft.com/.default"},
        headers={"Host": "login.microsoftonline.com"},
    )
    claims = world.service.keys.verify(response.json()["access_token"])
    assert claims["iss"] == f"https://localhost:8443/{world.tenant.tenant_id}/"
