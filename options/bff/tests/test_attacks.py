"""What somebody else may try at the server that signs in."""

from urllib.parse import parse_qs, urlsplit

import pytest

from options.bff.tests.world import USERS, Bff, Browser

pytestmark = pytest.mark.options


@pytest.mark.parametrize(
    ("headers", "detail"),
    [
        ({"X-CSRF-Token": ""}, "X-CSRF-Token"),
        ({"X-CSRF-Token": "x" * 43}, "X-CSRF-Token"),
        ({"Origin": ""}, "Origin"),
        ({"Origin": "https://evil.example"}, "Origin"),
        ({"Origin": "null"}, "Origin"),
        ({"Origin": "https://localhost"}, "Origin"),
        ({"Sec-Fetch-Site": "cross-site"}, "another site"),
        ({"Sec-Fetch-Site": "same-site"}, "another site"),
    ],
)
@pytest.mark.parametrize("path", ["/api/records", "/auth/renew", "/auth/sign-out"])
def test_no_other_site_writes(writer: Browser, path: str, headers: dict[str, str], detail: str) -> None:
    """CSRF: each of the three alone stops it, and the session goes on."""
    answer = writer.post(path, {"title": "forged"}, **headers)
    assert (answer.status_code, detail in answer.json()["detail"]) == (403, True)
    assert writer.session()["account"] is not None


def test_another_session_s_csrf_token_is_worth_nothing(world: Bff, writer: Browser) -> None:
    """It belongs to one session."""
    mallory = world.browser()
    mallory.sign_in(USERS["reader"])
    assert writer.post("/api/records", {"title": "x"}, **{"X-CSRF-Token": mallory.csrf}).status_code == 403


def test_a_session_s_value_is_never_one_that_somebody_knew_before(world: Bff) -> None:
    """Fixation: what stood in the cookie before a sign-in is no session after it; a second one rotates it."""
    browser = world.browser()
    browser.client.cookies.set("__Host-session", "chosen-by-mallory", domain="localhost.local", path="/")
    browser.sign_in(USERS["writer"])
    first = browser.cookie
    assert first != "chosen-by-mallory"
    browser.sign_in(USERS["writer"])
    assert browser.cookie != first
    for stale in ("chosen-by-mallory", first):
        thief = world.browser()
        thief.client.cookies.set("__Host-session", stale)
        assert thief.session()["account"] is None


def test_a_code_of_somebody_else_signs_nobody_in(world: Bff) -> None:
    """Login CSRF: an answer of Entra's belongs to the browser that began, to its state, and to one use."""
    mallory, victim = world.browser(), world.browser()
    address = mallory.at_entra(mallory.to_entra(), USERS["reader"])
    for browser in (victim, world.browser()):
        browser.to_entra() if browser is victim else None
        answer = browser.client.get(address, follow_redirects=False)
        assert answer.status_code == 302
        told = browser.session()
        assert (told["account"], told["problem"]) == (None, {"error": "invalid_request"})
    sent = mallory.client.cookies.get("__Host-sign-in")
    assert mallory.client.get(address, follow_redirects=False).headers["location"] == "/"
    assert mallory.session()["account"]["username"] == USERS["reader"]
    again = world.browser()
    again.client.cookies.set("__Host-sign-in", str(sent))
    again.client.get(address, follow_redirects=False)
    assert again.session()["account"] is None


@pytest.mark.parametrize(
    "back",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "/\t/evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/%0d%0aSet-Cookie:x=1\r\nX: y",
        "/auth/sign-in",
        "evil.example",
        "",
    ],
)
def test_a_sign_in_comes_back_to_this_origin_alone(world: Bff, back: str) -> None:
    """Open redirects: whatever else was asked for, it is the first page."""
    browser = world.browser()
    answer = browser.client.get(
        browser.at_entra(browser.to_entra(back), USERS["writer"]), follow_redirects=False
    )
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer FORGED"},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "Forwarded": "host=evil.example"},
        {"x-amzn-oidc-data": "FORGED", "x-amzn-oidc-accesstoken": "FORGED", "x-amzn-oidc-identity": "admin"},
        {"X-Auth-Roles": "Admin", "OIDC_CLAIM_roles": "Admin", "X-MS-CLIENT-PRINCIPAL": "FORGED"},
    ],
)
def test_forged_headers_change_nothing(world: Bff, headers: dict[str, str]) -> None:
    """With a session they are not passed on; without one they make none, nor another way back."""
    browser = world.browser()
    assert browser.get("/api/me", **headers).status_code == 401
    browser.client.headers.update(headers)
    address = browser.to_entra()
    assert parse_qs(urlsplit(address).query)["redirect_uri"] == [f"{world.origin}/auth/callback"]
    browser.sign_in(USERS["reader"])
    assert browser.get("/api/me", **headers).json()["roles"] == ["Reader"]
    assert browser.get("/api/admin/data", **headers).status_code == 403


@pytest.mark.parametrize(
    "path", ["/api/../auth/renew", "/api/%2e%2e/x", "/api//evil.example/", "/api/..%5cx", "/api/%252e%252e/x"]
)
def test_no_path_leads_out_of_the_api(world: Bff, writer: Browser, path: str) -> None:
    """As bytes, past a client that would tidy them up."""
    request = writer.client.build_request(
        "GET", world.origin + "/api/x", headers={"Sec-Fetch-Site": "same-origin"}
    )
    request.url = request.url.copy_with(raw_path=path.encode())
    assert writer.client.send(request).status_code in {403, 404, 405}


def test_a_header_that_is_no_ascii_breaks_nothing(world: Bff, writer: Browser) -> None:
    """It goes on as it is, byte by byte."""
    headers = [(b"Accept-Language", "dé".encode("latin-1")), (b"Sec-Fetch-Site", b"same-origin")]
    request = writer.client.build_request("GET", world.origin + "/api/me", headers=headers)
    assert writer.client.send(request).status_code == 200
