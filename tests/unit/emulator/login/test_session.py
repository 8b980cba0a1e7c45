"""A browser's session in its cookie, and whom it signs out where."""

from __future__ import annotations

import json
from http.cookies import SimpleCookie
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from entra_emulator.login import session
from entra_emulator.login.keys import b64url
from entra_emulator.login.session import COOKIE, Account, BrowserSession
from tests.conformance.login.login_world import ORIGIN, REDIRECTS, World

ACCOUNT = Account("t", "u", "sid", 7)
BACK = REDIRECTS["web"]


def request(cookie: str) -> Request:
    """Return a request with a cookie."""
    headers = [(b"cookie", f"{COOKIE}={cookie}".encode())] if cookie else []
    return Request({"type": "http", "headers": headers})


def sealed(world: World, kept: BrowserSession) -> SimpleCookie:
    """Return the cookie that a browser is given of a session."""
    response = Response()
    session.write(world.service, response, kept)
    return SimpleCookie(response.headers["set-cookie"])


def test_a_session_lies_in_a_cookie() -> None:
    """Frames of other sites have it too, scripts have not; it comes back as it was."""
    world = World()
    kept = BrowserSession((ACCOUNT, Account("t", "v", "sid2", 8)), ("a", "b"))
    cookie = sealed(world, kept)[COOKIE]
    assert (cookie["path"], cookie["secure"], cookie["httponly"], cookie["samesite"]) == (
        "/",
        True,
        True,
        "none",
    )
    assert not cookie["max-age"]
    assert session.read(world.service, request(cookie.value)) == kept
    assert session.read(World().service, request(cookie.value)) == kept


@pytest.mark.parametrize("cookie", ["", "nonsense"])
def test_what_is_no_session(cookie: str) -> None:
    """Nobody is signed in."""
    assert session.read(World().service, request(cookie)) == BrowserSession((), ())


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


@pytest.mark.parametrize("more", [{"iss": "https://evil.example"}, {"iss": 7}, {"iss": None}, {"aud": None}])
def test_a_hint_of_nobody_leads_nowhere(more: dict[str, Any]) -> None:
    """Only an id_token of this emulator says whose it is."""
    world = World()
    response = logout(world, id_token_hint=hint(world, **more), post_logout_redirect_uri=BACK)
    assert response.status_code == 200
    assert "Location" not in response.headers


def test_a_client_of_the_session_may_be_gone_back_to() -> None:
    """Nobody has to name it."""
    world = World()
    response = logout(world, used(world, "web"), post_logout_redirect_uri=BACK)
    assert response.headers["location"] == BACK


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


def test_a_session_of_nobody_tells_nobody() -> None:
    """Though clients were used."""
    world = World()
    world.set("web", web={"logoutUrl": "https://web.localhost/out"})
    response = logout(world, used(world, "web"), post_logout_redirect_uri=BACK)
    assert (response.status_code, response.headers["location"]) == (302, BACK)
