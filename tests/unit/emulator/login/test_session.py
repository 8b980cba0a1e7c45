"""A browser's session in its cookie, and whom it signs out where."""

from __future__ import annotations

import json
from http.cookies import SimpleCookie
from typing import Any

import pytest
from starlette.responses import Response

from entra_emulator.login import session
from entra_emulator.login.keys import b64url
from entra_emulator.login.session import COOKIE, Account, BrowserSession
from tests.conformance.login.login_world import ORIGIN, REDIRECTS, World

ACCOUNT = Account("t", "u", "sid", 7)
BACK = REDIRECTS["web"]


def sealed(world: World, kept: BrowserSession) -> SimpleCookie:
    """Return the cookie that a browser is given of a session."""
    response = Response()
    session.write(world.service, response, kept)
    return SimpleCookie(response.headers["set-cookie"])


def test_an_ended_session_leaves_no_cookie() -> None:
    """It is taken back with what it was given with, or browsers keep it."""
    response = Response()
    session.clear(response)
    cookie = SimpleCookie(response.headers["set-cookie"])[COOKIE]
    assert (cookie.value, cookie["max-age"], cookie["path"]) == ("", "0", "/")
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "none")


def logout(world: World, kept: BrowserSession | None = None, method: str = "get", **parameters: str) -> Any:
    """Sign out in a browser with a session."""
    if kept is not None:
        world.browser.cookies.set(COOKIE, sealed(world, kept)[COOKIE].value)
    path = world.path("logout")
    sent = {"params" if method == "get" else "data": parameters}
    return world.browser.request(method, path, **sent)  # type: ignore[arg-type]  # one of two names


def hint(world: World, client: str = "web", **more: Any) -> str:
    """Return an id_token as a client has it, expired."""
    claims = {"aud": world.app_ids[client], "iss": f"{ORIGIN}/x/v2.0", "exp": 1, **more}
    head = b64url(b'{"alg":"HS256","typ":"JWT"}')
    return f"{head}.{b64url(json.dumps(claims).encode())}.{b64url(b'signature')}"


def used(world: World, *clients: str, accounts: tuple[Account, ...] = ()) -> BrowserSession:
    """Return a session that was used for clients."""
    return BrowserSession(accounts, tuple(world.app_ids[each] for each in clients))


@pytest.mark.parametrize(
    ("parameters", "location"),
    [
        ({"client_id": "ID"}, BACK),
        ({"id_token_hint": "HINT"}, BACK),
        ({"client_id": "ID", "state": "a b"}, f"{BACK}?state=a+b"),
        ({"client_id": "ID", "state": ""}, f"{BACK}?state="),
        ({}, ""),
        ({"client_id": "nobody"}, ""),
        ({"id_token_hint": "nonsense"}, ""),
        ({"client_id": "ID", "post_logout_redirect_uri": "https://evil.example"}, ""),
        ({"client_id": "ID", "post_logout_redirect_uri": ""}, ""),
        ({"client_id": "ID", "post_logout_redirect_uri": REDIRECTS["spa"]}, ""),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_where_signing_out_leads(parameters: dict[str, str], location: str, method: str) -> None:
    """To what the client registered, and else to a page; the cookie is gone either way."""
    world = World()
    named = {"ID": world.app_ids["web"], "HINT": hint(world)}
    sent = {name: named.get(value, value) for name, value in parameters.items()}
    response = logout(world, method=method, **{"post_logout_redirect_uri": BACK, **sent})
    assert response.headers.get("location", "") == location
    assert response.status_code == (302 if location else 200)
    assert "Max-Age=0" in response.headers["set-cookie"]
    if location:
        assert response.headers["cache-control"] == "no-store"


def test_who_is_signed_out_is_told() -> None:
    """Each client of the session that has an address for it, once, by the id of its session."""
    world = World()
    world.set("web", web={"logoutUrl": "https://web.localhost/out?a=1"})
    world.set("middle", web={"logoutUrl": "https://web.localhost/out2"})
    world.set("foreign", web={"logoutUrl": "https://foreign.localhost/out"})
    clients = ("web", "middle", "web", "spa")
    kept = used(world, *clients, accounts=(ACCOUNT, Account("t", "v", "sid2", 8)))
    response = logout(
        world, kept, client_id=world.app_ids["foreign"], post_logout_redirect_uri=REDIRECTS["foreign"]
    )
    assert response.status_code == 200
    assert response.text.count("<iframe") == 2
    assert "https://web.localhost/out?a=1&amp;sid=sid" in response.text
    assert "https://web.localhost/out2?sid=sid" in response.text
    assert "foreign.localhost/out" not in response.text
    assert REDIRECTS["foreign"] in response.text
    assert "frame-src https://web.localhost;" in response.headers["content-security-policy"]
