"""What goes back to the client by its redirect URI, and what the v1 token endpoint answers."""

from __future__ import annotations

import hashlib
from urllib.parse import parse_qsl, urlsplit

import pytest

from entra_emulator.login.keys import b64url
from tests.conformance.login.login_world import REDIRECTS, World

READ = "api://api/user.read"


def half(text: str) -> str:
    """Return the left half of a text's hash."""
    return b64url(hashlib.sha256(text.encode()).digest()[:16])


def signed_in(world: World, scope: str, types: str, **parameters: str) -> dict[str, str]:
    """Sign bob in to the web client; give what comes back to it."""
    allowed = {"enableIdTokenIssuance": True, "enableAccessTokenIssuance": True}
    world.set("web", web={"implicitGrantSettings": allowed})
    world.grant("web", "api", "user.read")
    world.grant("web", "other", "user.read")
    page = world.authorize("web", scope, response_type=types, code_challenge_method="plain", **parameters)
    response = world.choose(page, "bob")
    assert response.headers["location"].startswith(REDIRECTS["web"])
    parts = urlsplit(response.headers["location"])
    return dict(parse_qsl(parts.fragment or parts.query, keep_blank_values=True))


TOKEN = {"access_token", "token_type", "expires_in", "scope"}


@pytest.mark.parametrize(
    ("types", "scope", "parameters", "names"),
    [
        ("code", READ, {}, {"code"}),
        ("code", READ, {"client_info": "1"}, {"code", "client_info"}),
        ("id_token", "openid", {}, {"id_token"}),
        ("id_token", f"openid {READ} api://other/user.read", {}, {"id_token"}),
        ("token", READ, {}, TOKEN),
        ("id_token token", f"openid {READ}", {}, TOKEN | {"id_token"}),
        ("code id_token", f"openid {READ}", {}, {"code", "id_token"}),
        ("code token", READ, {}, TOKEN | {"code"}),
    ],
)
def test_what_comes_back(types: str, scope: str, parameters: dict[str, str], names: set[str]) -> None:
    """What was asked for, with the state and the session; an id_token has the hash of what came with it."""
    world = World()
    found = signed_in(world, scope, types, **parameters)
    assert set(found) == names | {"state", "session_state"}
    assert found["state"] == "the state"
    if "access_token" in found:
        assert (found["token_type"], found["scope"]) == ("Bearer", READ)
        assert world.service.keys.verify(found["access_token"])["scp"] == "user.read"
    if "id_token" in found:
        claims = world.service.keys.verify(found["id_token"])
        expected = {"c_hash": found.get("code"), "at_hash": found.get("access_token")}
        hashes = {name: half(text) for name, text in expected.items() if text}
        assert {name: claims[name] for name in ("c_hash", "at_hash") if name in claims} == hashes
        assert claims["nonce"] == "the nonce"
