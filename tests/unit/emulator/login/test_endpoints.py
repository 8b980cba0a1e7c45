"""Smaller endpoints of sign-in: userinfo, tokens for developers, and administrators' consent."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from entra_emulator import seed
from entra_emulator.login.claims import pairwise
from tests.conformance.login.login_world import ORIGIN, REDIRECTS, World

# -- userinfo --------------------------------------------------------------------------------------


def graph_token(world: World, scope: str = "openid User.Read", user: str = "bob") -> str:
    """Return a token for Graph."""
    world.grant("spa", "graph", f"{scope} offline_access email profile")
    body = {"client_id": world.app_ids["spa"], "scope": scope, "user": f"{user}@contoso.com"}
    return str(world.browser.post("/emulator/token", json=body).json()["access_token"])


def userinfo(
    world: World, header: str | None, origin: str | None = None, method: str = "GET"
) -> httpx.Response:
    """Ask who a token's user is."""
    headers = {"Authorization": header, "Origin": origin}
    given = {name: value for name, value in headers.items() if value is not None}
    return world.browser.request(method, "/oidc/userinfo", headers=given)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_who_the_user_of_a_token_is(scheme: str) -> None:
    """By the id that the client knows; what a person lacks is left out."""
    world = World()
    token = graph_token(world)
    bob = world.user("bob")
    response = userinfo(world, f"{scheme} {token}", "https://a.test")
    expected = {
        "sub": pairwise(world.tenant, bob["id"], world.app_ids["spa"]),
        "name": bob["displayName"],
        "family_name": bob["surname"],
        "given_name": bob["givenName"],
        "picture": f"{ORIGIN}/v1.0/me/photo/$value",
        "email": "bob@contoso.com",
    }
    assert response.json() == expected
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["access-control-allow-origin"] == "https://a.test"
    assert response.headers["access-control-allow-headers"] == "authorization"
    world.set_user("bob", mail=None, surname=None)
    plain = userinfo(world, f"Bearer {token}")
    assert set(plain.json()) == set(expected) - {"email", "family_name"}
    assert "access-control-allow-origin" not in plain.headers


@pytest.mark.parametrize("case", ["none", "other scheme", "nonsense", "no openid", "application", "gone"])
def test_a_token_that_says_nothing_of_a_user(case: str) -> None:
    """It is refused as Graph refuses it."""
    world = World()
    token = graph_token(world, "User.Read" if case == "no openid" else "openid User.Read")
    if case == "no openid":
        for row in list(world.tenant.oauth2_permission_grants.find("clientId", world.principal("spa")["id"])):
            world.tenant.oauth2_permission_grants.put({**row, "scope": "User.Read"})
        token = graph_token_plain(world)
    if case == "application":
        body = {"client_id": world.app_ids["daemon"], "scope": "https://graph.microsoft.com/.default"}
        token = world.browser.post("/emulator/token", json=body).json()["access_token"]
    if case == "gone":
        world.tenant.users.remove(world.user("bob")["id"])
    header = {"none": None, "other scheme": f"Basic {token}", "nonsense": "Bearer x"}.get(
        case, f"Bearer {token}"
    )
    response = userinfo(world, header)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.json()["error"]["code"] == "InvalidAuthenticationToken"


def graph_token_plain(world: World) -> str:
    """Return a token for Graph with the scopes that are granted now."""
    body = {"client_id": world.app_ids["spa"], "scope": "User.Read", "user": "bob@contoso.com"}
    return str(world.browser.post("/emulator/token", json=body).json()["access_token"])


def test_a_browser_asks_before_it_sends_a_token() -> None:
    """The page may."""
    response = userinfo(World(), None, "https://a.test", "OPTIONS")
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["access-control-allow-headers"] == "authorization"


# -- tokens for developers -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({}, 900144),
        ({"client_id": "SPA"}, 900144),
        ({"client_id": "SPA", "scope": "openid"}, 900144),
        ({"client_id": "SPA", "scope": "api://api/.default", "tenant": "nobody.example"}, 90002),
        ({"client_id": "SPA", "scope": "api://nobody/.default"}, 500011),
        ({"client_id": "SPA", "scope": "api://api/user.read", "user": "nobody"}, 50034),
        ({"client_id": "SPA", "scope": "api://api/user.read", "user": "bob@contoso.com"}, 65001),
        ([], 9002313),
        (b"{", 9002313),
    ],
)
def test_what_a_developer_gets_no_token_for(wanted: Any, code: int) -> None:
    """As in any sign-in."""
    world = World()
    if isinstance(wanted, bytes):
        response = world.browser.post("/emulator/token", content=wanted)
    else:
        named = wanted if isinstance(wanted, list) else {**wanted}
        if "client_id" in named:
            named["client_id"] = world.app_ids["spa"]
        response = world.browser.post("/emulator/token", json=named)
    assert response.json()["error_codes"] == [code]


@pytest.mark.parametrize("path", ["/emulator/token", "/emulator/rotate-keys"])
def test_a_page_is_no_developer(path: str) -> None:
    """It must not sign in as somebody."""
    world = World()
    response = world.browser.post(path, json={}, headers={"Origin": "https://a.test"})
    assert (response.status_code, response.json()["error_codes"]) == (400, [9002326])
    assert "'https://a.test'" in response.json()["error_description"]


@pytest.mark.parametrize(("query", "published"), [("", 3), ("?retire=false", 3), ("?retire=true", 2)])
def test_keys_are_turned(query: str, published: int) -> None:
    """The next one signs; the old ones stay unless they are retired."""
    world = World()
    following = world.service.keys._keys[1].kid
    response = world.browser.post(f"/emulator/rotate-keys{query}")
    assert response.json() == {"kid": following}
    assert world.service.keys.current.kid == following
    assert len(world.service.keys.jwks("")["keys"]) == published


# -- administrators' consent -----------------------------------------------------------------------


def administrates(world: World, method: str = "post", **parameters: str) -> httpx.Response:
    """Ask an administrator to consent to the web client's scopes."""
    given = {"client_id": world.app_ids["web"], "redirect_uri": REDIRECTS["web"], **parameters}
    path = f"/{seed.CONTOSO}/v2.0/adminconsent"
    sent: dict[str, Any] = {"params" if method == "get" else "data": given}
    return world.browser.request(method, path, **sent)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"client_id": seed.FABRIKAM}, 700016),
        ({"redirect_uri": "https://evil.example"}, 50011),
        ({"scope": "api://api/user.gone"}, 650053),
    ],
)
def test_what_no_administrator_is_asked_for(more: dict[str, str], code: int) -> None:
    """It stays on a page."""
    response = administrates(World(), **more)
    assert response.status_code == 200
    assert f"AADSTS{code}" in response.text
