"""The parameters of /authorize: what they are read as, and what is refused on a page or by redirect."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.login import flow
from entra_emulator.login.errors import LoginError, RedirectError
from entra_emulator.login.flow import Flow
from entra_emulator.login.parties import Party
from tests.conformance.login.login_world import REDIRECTS, World

LEAST = {"response_type": "code", "scope": "openid"}


def begun(world: World, parameters: dict[str, str], client: str = "web", segment: str = "") -> Flow:
    """Begin a sign-in with the least that it needs, and these."""
    given = {"client_id": world.app_ids[client], **LEAST, **parameters}
    return flow.begin(world.service, segment or world.tenant.tenant_id, given)


def default(world: World, **changes: Any) -> Flow:
    """Return what the least that a request needs is read as."""
    plain = Flow(
        tenant_id=world.tenant.tenant_id,
        segment=world.tenant.tenant_id,
        client_id=world.app_ids["web"],
        redirect_uri=REDIRECTS["web"],
        platform="web",
        response_types=("code",),
        response_mode="query",
        scope="openid",
        state=None,
        nonce=None,
        prompt="",
        login_hint="",
        domain_hint="",
        challenge="",
        method="plain",
        client_info=False,
        session_id="",
        claims="",
        max_age=None,
    )
    return replace(plain, **changes)


@pytest.mark.parametrize(
    ("parameters", "changes"),
    [
        ({}, {}),
        ({"redirect_uri": REDIRECTS["web"]}, {}),
        ({"state": "", "nonce": ""}, {"state": "", "nonce": ""}),
        ({"state": "s", "nonce": "n"}, {"state": "s", "nonce": "n"}),
        ({"prompt": "login"}, {"prompt": "login"}),
        ({"prompt": "select_account"}, {"prompt": "select_account"}),
        ({"login_hint": "bob@contoso.com"}, {"login_hint": "bob@contoso.com"}),
        ({"login_hint": "b", "prompt": "none"}, {"login_hint": "b", "prompt": "none"}),
        ({"domain_hint": "contoso.com", "sid": "s"}, {"domain_hint": "contoso.com", "session_id": "s"}),
        (
            {"code_challenge": "c" * 43, "code_challenge_method": "S256"},
            {"challenge": "c" * 43, "method": "S256"},
        ),
        ({"client_info": "1"}, {"client_info": True}),
        ({"client_info": "2"}, {}),
        ({"claims": "{}"}, {"claims": "{}"}),
        ({"max_age": "0"}, {"max_age": 0}),
        ({"response_mode": "form_post"}, {"response_mode": "form_post"}),
        ({"response_mode": "fragment"}, {"response_mode": "fragment"}),
        ({"response_mode": "query"}, {}),
        ({"scope": "api://api/user.read"}, {"scope": "api://api/user.read"}),
    ],
)
def test_what_a_request_is_read_as(parameters: dict[str, str], changes: dict[str, Any]) -> None:
    """The rest has what it has where nobody says it; a flow goes into a page and comes back as it was."""
    world = World()
    found = begun(world, parameters)
    assert found == default(world, **changes)
    assert Flow.opened(world.service, found.sealed(world.service)) == found
    assert found.scopes.text == found.scope


@pytest.mark.parametrize(
    ("types", "mode", "expected"),
    [
        ("id_token", None, "fragment"),
        ("id_token", "form_post", "form_post"),
        ("token id_token", None, "fragment"),
        ("token", "fragment", "fragment"),
        ("code id_token", None, "fragment"),
        ("code token", "fragment", "fragment"),
    ],
)
def test_tokens_that_come_at_once(types: str, mode: str | None, expected: str) -> None:
    """Behind a # or in a form, where the registration lets them."""
    world = World()
    allowed = {"enableIdTokenIssuance": True, "enableAccessTokenIssuance": True}
    world.set("web", web={"implicitGrantSettings": allowed})
    given = {"response_type": types, "nonce": "n", **({"response_mode": mode} if mode else {})}
    found = begun(world, given)
    assert (found.response_types, found.response_mode) == (tuple(types.split()), expected)


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


@pytest.mark.parametrize("switches", [None, {}, {"implicitGrantSettings": None}])
def test_a_registration_without_switches_lets_no_token_come_at_once(switches: Any) -> None:
    """They are off."""
    world = World()
    world.tenant.applications.put(
        {**world.application("web"), "web": switches, "spa": {"redirectUris": ["x:y"]}}
    )
    with pytest.raises(RedirectError) as caught:
        begun(world, {"response_type": "token"})
    assert caught.value.refusal.code == 700051


@pytest.mark.parametrize(
    ("parameters", "client", "segment", "code"),
    [
        ({}, "web", "nobody.example", 90002),
        ({"client_id": ""}, "web", "", 900144),
        ({"client_id": seed.FABRIKAM}, "web", "", 700016),
        ({}, "web", "common", 50194),
        ({"redirect_uri": "https://evil.example"}, "web", "", 50011),
        ({}, "daemon", "", 500113),
        ({"prompt": "login consent"}, "web", "", 90023),
    ],
)
def test_what_stays_on_a_page(parameters: dict[str, str], client: str, segment: str, code: int) -> None:
    """Nothing is sent where the tenant, the client or its redirect URI is wrong."""
    with pytest.raises(LoginError) as caught:
        begun(World(), parameters, client, segment)
    assert caught.value.code == code


def test_a_client_of_all_tenants_signs_in_at_any() -> None:
    """The default one stands for all until the user is known."""
    world = World()
    world.set("web", signInAudience="AzureADMultipleOrgs")
    found = begun(world, {}, segment="common")
    assert found == default(world, segment="common")


@pytest.mark.parametrize(
    ("registered", "requested", "found"),
    [
        ({"web": ["https://a"], "spa": ["https://b"]}, "", ("https://a", "web")),
        ({"web": ["https://a"], "spa": ["https://b"]}, "https://b", ("https://b", "spa")),
        (
            {"web": ["http://localhost:1/a"], "spa": ["http://localhost:2/a"]},
            "http://localhost:2/a",
            ("=", "spa"),
        ),
        ({"publicClient": ["http://localhost"]}, "http://localhost:5000", ("=", "publicClient")),
        ({"publicClient": ["http://localhost"]}, "http://localhost:5000/", ("=", "publicClient")),
        ({"publicClient": ["http://127.0.0.1/a?b"]}, "http://127.0.0.1:1/a?b", ("=", "publicClient")),
        ({"publicClient": ["http://127.0.0.1/a?b"]}, "http://127.0.0.1:1/a", None),
        ({"publicClient": ["http://localhost/a"]}, "http://localhost:1/b", None),
        ({"publicClient": ["http://localhost"]}, "https://localhost:1", None),
        ({"publicClient": ["http://localhost"]}, "http://127.0.0.1:1", None),
        ({"web": ["https://a.example"]}, "https://a.example:1", None),
        ({"web": ["https://a.example"]}, "https://a.example/", None),
        ({"web": ["https://[x"]}, "https://[y", None),
    ],
)
def test_redirect_uris_that_a_client_may_name(
    registered: dict[str, list[str]], requested: str, found: tuple[str, str] | None
) -> None:
    """Exactly as registered; on loopback the port may differ."""
    client = Party("a", {name: {"redirectUris": uris} for name, uris in registered.items()}, {})
    if found is None:
        with pytest.raises(LoginError) as caught:
            flow.find_redirect(client, requested)
        assert caught.value.code == 50011
        assert f"'{requested}'" in caught.value.text
        return
    assert flow.find_redirect(client, requested) == (requested if found[0] == "=" else found[0], found[1])


@pytest.mark.parametrize(
    ("max_age", "now", "old"), [(None, 1e9, False), (0, 100.0, True), (60, 159.9, False), (60, 160.0, True)]
)
def test_a_sign_in_that_is_too_old(max_age: int | None, now: float, *, old: bool) -> None:
    """From the second on; with 0 always."""
    assert default(World(), max_age=max_age).is_too_old(100, now) is old


def test_what_is_no_flow() -> None:
    """A page of another emulator is none."""
    world = World()
    for text in ("", "x", world.service.seal.close("code", {})):
        with pytest.raises(LoginError, match="was not made by this emulator") as caught:
            Flow.opened(world.service, text)
        assert caught.value.code == 90023
