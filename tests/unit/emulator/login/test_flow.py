"""The parameters of /authorize: what they are read as, and what is refused on a page or by redirect."""

from __future__ import annotations

import pytest

from entra_emulator.login import flow
from entra_emulator.login.errors import RedirectError
from entra_emulator.login.flow import Flow
from tests.conformance.login.login_world import REDIRECTS, World

LEAST = {"response_type": "code", "scope": "openid"}


def begun(world: World, parameters: dict[str, str], client: str = "web", segment: str = "") -> Flow:
    """Begin a sign-in with the least that it needs, and these."""
    given = {"client_id": world.app_ids[client], **LEAST, **parameters}
    return flow.begin(world.service, segment or world.tenant.tenant_id, given)


@pytest.mark.parametrize(
    ("parameters", "allowed", "code", "mode"),
    [
        ({"response_type": ""}, (), 900144, "query"),
        ({"response_type": "code code token id_token"}, (), 70005, "fragment"),
        ({"response_type": "nonsense"}, (), 70005, "query"),
        ({"response_type": "id_token", "nonce": "n"}, (), 700054, "fragment"),
        ({"response_type": "id_token", "nonce": "n"}, ("Access",), 700054, "fragment"),
        ({"response_type": "token"}, (), 700051, "fragment"),
        ({"response_type": "token"}, ("Id",), 700051, "fragment"),
        ({"response_type": "id_token", "nonce": ""}, ("Id",), 900144, "fragment"),
        ({"response_type": "id_token"}, ("Id",), 900144, "fragment"),
        ({"response_type": "token", "response_mode": "query"}, ("Access",), 70007, "fragment"),
        ({"response_mode": "nonsense"}, (), 70007, "query"),
        ({"prompt": "select_account", "login_hint": "b"}, (), 90023, "query"),
        ({"code_challenge_method": "s256"}, (), 90023, "query"),
        ({"code_challenge": "c" * 42, "code_challenge_method": "S256"}, (), 501491, "query"),
        ({"code_challenge": "c" * 44, "code_challenge_method": "S256"}, (), 501491, "query"),
        ({"code_challenge": "c" * 42}, (), 501491, "query"),
        ({"code_challenge": "c" * 129}, (), 501491, "query"),
        ({"claims": "{"}, (), 0, "query"),
        ({"max_age": "x"}, (), 0, "query"),
        ({"scope": ""}, (), 900144, "query"),
        ({"scope": "api://api/.default api://api/user.read"}, (), 70011, "query"),
        ({"scope": "api://nobody/x"}, (), 500011, "query"),
        ({"scope": "openid api://api/user.gone"}, (), 650053, "query"),
        ({"scope": "api://api/user.read", "resource": "api://other"}, (), 0, "query"),
    ],
)
def test_what_goes_back_to_the_client(
    parameters: dict[str, str], allowed: tuple[str, ...], code: int, mode: str
) -> None:
    """Its redirect URI is known then; the state goes with it."""
    world = World()
    names = {"Id": "enableIdTokenIssuance", "Access": "enableAccessTokenIssuance"}
    world.set("web", web={"implicitGrantSettings": {names[each]: True for each in allowed}})
    with pytest.raises(RedirectError) as caught:
        begun(world, {"state": "s", **parameters})
    refused = caught.value
    assert (refused.redirect_uri, refused.response_mode, refused.state) == (REDIRECTS["web"], mode, "s")
    assert refused.refusal.code == (code or refused.refusal.code)
