"""Pages at the token endpoint: which clients redeem from one, and what it may read."""

import httpx
import pytest

from tests.conformance.login.login_outcomes import refused
from tests.conformance.login.login_world import REDIRECTS, SPA_ORIGIN, World
from tests.conformance.login.signing_in import code_for

fact = pytest.mark.fact


@fact("Origin rules", source="kulala.nvim#758, msal-js#2482", grade="R")
@pytest.mark.parametrize(
    ("client", "origin", "code"),
    [
        ("spa", SPA_ORIGIN, 0),
        ("spa", None, 9002327),
        ("web", None, 0),
        ("web", SPA_ORIGIN, 9002326),
        ("public", None, 0),
        ("public", SPA_ORIGIN, 9002326),
    ],
)
def test_origin_rules(world: World, client: str, origin: str | None, code: int) -> None:
    """Codes and refresh tokens of SPA redirect URIs are redeemed from pages only, all others never."""
    form = {
        "grant_type": "authorization_code",
        "code": code_for(world, client),
        "redirect_uri": REDIRECTS[client],
        "code_verifier": "a verifier long enough to be accepted as one",
    }
    outcome = world.token(client, form, origin=origin)
    assert outcome.code == code
    if code:
        return
    again = {"grant_type": "refresh_token", "refresh_token": outcome.body["refresh_token"]}
    assert world.token(client, again, origin=None if origin else SPA_ORIGIN).code in {9002326, 9002327}


@fact("client credentials never from a page", source="azure-docs#76480", grade="R")
def test_no_client_credentials_from_a_page(world: World) -> None:
    """A page that sends a client secret is refused with 9002326, which names its origin."""
    form = {"grant_type": "client_credentials", "scope": "api://api/.default"}
    outcome = world.token("daemon", form, origin="https://evil.example")
    assert refused(outcome, 9002326, "invalid_request", 400)
    assert "Request origin: 'https://evil.example'." in outcome.text


@fact("CORS of the token endpoint, refusals too", source="clients", grade="C", verdict="uncertain")
def test_cors(world: World) -> None:
    """Answers and refusals are readable by the page that asked; a preflight is answered."""
    headers = {"Origin": SPA_ORIGIN}
    response: httpx.Response = world.browser.post(
        world.path("token"), data={"grant_type": "x"}, headers=headers
    )
    assert response.status_code == 400
    assert response.headers["access-control-allow-origin"] == SPA_ORIGIN
    preflight = world.browser.options(world.path("token"), headers=headers)
    assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (200, SPA_ORIGIN)
