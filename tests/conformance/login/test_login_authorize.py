"""The authorize endpoint: redirect URIs, response modes, and where its refusals go."""

import pytest

from tests.conformance.login.login_outcomes import hidden
from tests.conformance.login.login_world import REDIRECTS, SPA_ORIGIN, World
from tests.conformance.login.signing_in import SCOPE

fact = pytest.mark.fact


@fact("redirect URIs", source="ED:reply-url", grade="R")
@pytest.mark.parametrize(
    ("client", "uri", "accepted"),
    [
        ("spa", f"{SPA_ORIGIN}/", True),
        ("spa", SPA_ORIGIN, True),
        ("spa", f"{SPA_ORIGIN}/other", False),
        ("spa", "https://LOCALHOST:5173/x", False),
        ("spa", "http://localhost:5173/", False),
        ("public", "http://localhost:12345", True),
        ("public", "http://localhost:12345/", True),
        ("public", "http://127.0.0.1:12345", False),
        ("public", "http://localhost:12345/path", False),
        ("web", "https://web.localhost/callback", True),
        ("web", "https://web.localhost/Callback", False),
        ("web", "https://web.localhost:444/callback", False),
        ("web", "https://evil.example/callback", False),
    ],
)
def test_redirect_uris(world: World, client: str, uri: str, accepted: bool) -> None:
    """A redirect URI matches exactly; only a loopback one may differ, and only in its port."""
    outcome = world.read(world.authorize(client, SCOPE, redirect_uri=uri))
    assert (outcome.kind, outcome.code) == (("sign-in", 0) if accepted else ("page", 50011))


@fact(
    "errors that stay on the page",
    source="msgraph-sdk-python-core#50",
    grade="R",
)
@pytest.mark.parametrize(
    ("client", "change", "tenant", "code"),
    [
        ("daemon", {}, "", 500113),
        ("spa", {"client_id": "99999999-9999-9999-9999-999999999999"}, "", 700016),
        ("spa", {"client_id": "00000000-0000-0000-0000-000000000000"}, "", 700038),
        ("spa", {}, "common", 50194),
        ("spa", {}, "organizations", 50194),
        ("spa", {}, "99999999-9999-9999-9999-999999999999", 90002),
        ("spa", {}, "nonsense", 900023),
    ],
)
def test_errors_on_the_page(
    world: World, client: str, change: dict[str, str], tenant: str, code: int
) -> None:
    """What is wrong with tenant, client or redirect URI is never sent to a redirect URI."""
    response = world.authorize(client, SCOPE, **change)
    if tenant:
        response = world.browser.get(
            f"/{tenant}/oauth2/v2.0/authorize",
            params={
                "client_id": world.app_ids[client],
                "redirect_uri": REDIRECTS[client],
                "scope": SCOPE,
                "response_type": "code",
            },
        )
    outcome = world.read(response)
    assert (outcome.kind, outcome.code) == ("page", code)
    assert all(word in outcome.text for word in ("Request Id", "Correlation Id", "Timestamp"))


@fact("errors that go back to the client", source="msal-js#766, azure-docs#37280", grade="R")
@pytest.mark.parametrize(
    ("change", "error", "code", "part"),
    [
        ({"response_type": "id_token"}, "unsupported_response_type", 700054, "fragment"),
        ({"response_type": "code id_token"}, "unsupported_response_type", 700054, "fragment"),
        ({"response_type": "token"}, "unsupported_response_type", 700051, "fragment"),
        ({"response_type": "nonsense"}, "unsupported_response_type", 70005, "query"),
        ({"scope": "api://api/nothing"}, "invalid_client", 650053, "query"),
        ({"scope": "api://nowhere/user.read"}, "invalid_resource", 500011, "query"),
        ({"prompt": "select_account", "login_hint": "bob@contoso.com"}, "invalid_request", 90023, "query"),
        ({"scope": ""}, "invalid_request", 900144, "query"),
    ],
)
def test_errors_in_the_redirect(
    world: World, change: dict[str, str], error: str, code: int, part: str
) -> None:
    """What is wrong with the rest goes back, with the state and in the mode of the response."""
    response = world.authorize("spa", change.pop("scope", SCOPE), **change)
    outcome = world.read(response)
    assert (outcome.kind, outcome.error, outcome.code) == ("redirect", error, code)
    assert outcome.body["state"] == "the state"
    assert ("#" in response.headers["location"]) is (part == "fragment")


@fact("response modes", source="ED:v2-oauth2-auth-code-flow", grade="D")
@pytest.mark.parametrize("mode", ["query", "fragment", "form_post"])
def test_response_modes(world: World, mode: str) -> None:
    """Code, state and session_state come by query, by fragment, or by a form that posts itself."""
    world.grant("web", "api", "user.read")
    response = world.choose(world.authorize("web", SCOPE, response_mode=mode), "bob")
    if mode == "form_post":
        assert response.status_code == 200
        assert f'action="{REDIRECTS["web"]}"' in response.text
        found = {name: hidden(response, name) for name in ("code", "state", "session_state")}
    else:
        separator = {"query": "?", "fragment": "#"}[mode]
        assert response.headers["location"].startswith(REDIRECTS["web"] + separator)
        found = world.read(response).body
    assert found["state"] == "the state"
    assert world.redeem_code("web", found["code"]).kind == "token"


@fact("a URI without path comes back with a slash", source="ED:reply-url", grade="D")
def test_a_uri_without_path_comes_back_with_a_slash(world: World) -> None:
    """`http://localhost:1234` is answered at `http://localhost:1234/`."""
    world.grant("public", "api", "user.read")
    response = world.choose(world.authorize("public", SCOPE, redirect_uri="http://localhost:1234"), "bob")
    assert response.headers["location"].startswith("http://localhost:1234/?code=")
