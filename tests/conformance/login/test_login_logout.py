"""Logout: where it leads, and which applications hear of it."""

import pytest

from tests.conformance.login.login_world import REDIRECTS, World
from tests.conformance.login.signing_in import OFFLINE_SCOPE, code_for

fact = pytest.mark.fact


@fact("logout", source="ED:v2-protocols-oidc", grade="D")
def test_logout(world: World) -> None:
    """Logout ends the session, goes back only to a registered URI with the state, and revokes no token."""
    tokens = world.redeem_code("web", code_for(world, "web"))
    query = {"post_logout_redirect_uri": "https://evil.example/", "state": "s"}
    assert "You signed out" in world.browser.get(world.path("logout"), params=query).text
    assert world.read(world.authorize("web", OFFLINE_SCOPE, prompt="none")).code == 50058
    assert world.refresh("web", tokens).kind == "token"
    hint = {
        "post_logout_redirect_uri": REDIRECTS["web"],
        "state": "s",
        "id_token_hint": tokens.body["id_token"],
    }
    back = world.browser.get(world.path("logout"), params=hint)
    assert (back.status_code, back.headers["location"]) == (302, f"{REDIRECTS['web']}?state=s")


@fact("front-channel logout sends sid only", source="nginx-openid-connect#117", grade="R")
def test_front_channel_logout(world: World) -> None:
    """Applications of the session are told by a hidden frame that carries the session id and no issuer."""
    world.set("web", web={"logoutUrl": "https://web.localhost/bye"})
    sid = world.redeem_code("web", code_for(world, "web")).claims["sid"]
    page = world.browser.get(world.path("logout"))
    assert f'<iframe src="https://web.localhost/bye?sid={sid}" hidden' in page.text
    assert "frame-src https://web.localhost;" in page.headers["content-security-policy"]


@fact("a browser is never sent to a URL that it carries out", source="this project", grade="C")
@pytest.mark.parametrize(
    "uri",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "javascript://app.example:99999999/%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox(1)",
        "file:///etc/passwd",
    ],
)
def test_a_browser_is_sent_to_no_url_that_it_carries_out(world: World, uri: str) -> None:
    """Neither after signing in nor after signing out, whatever is registered."""
    world.set("web", web={"redirectUris": [uri], "logoutUrl": uri})
    asked = world.browser.get(
        world.path("authorize"),
        params={
            "client_id": world.app_ids["web"],
            "response_type": "code",
            "redirect_uri": uri,
            "scope": "openid",
            "prompt": "none",
        },
    )
    left = world.browser.get(
        world.path("logout"), params={"post_logout_redirect_uri": uri, "client_id": world.app_ids["web"]}
    )
    for response in (asked, left):
        assert "location" not in response.headers
        assert f'"{uri}"' not in response.text
