"""The site before the page, whole: who gets a session, what it is worth, and when it ends."""

import re
import secrets
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from options.bff.tests.world import USERS
from options.httpd.tests import backend
from options.httpd.tests.world import Browser, Httpd, counted, set_by
from tests.e2e import loopback

pytestmark = pytest.mark.options

PROBLEM = "application/problem+json"


def copied(world: Httpd, browser: Browser) -> Browser:
    """Return another browser with the same session's cookies."""
    thief = world.browser()
    for cookie in browser.client.cookies.jar:
        if cookie.name.startswith("__Host-session"):
            thief.client.cookies.set(cookie.name, cookie.value or "")
    return thief


def test_the_sign_in_is_by_code_with_pkce_state_nonce_and_a_certificate(world: Httpd) -> None:
    """The client proves itself by the key pair that `credentials rotate` made: it has no secret."""
    browser = world.browser()
    begun = browser.client.get(
        f"{world.origin}/auth/sign-in?return=/records/new%3Fcopy=1", follow_redirects=False
    )
    requested = {
        name: value for name, (value,) in parse_qs(urlsplit(begun.headers["location"]).query).items()
    }
    assert (requested["response_type"], requested["code_challenge_method"]) == ("code", "S256")
    assert {"state", "nonce", "code_challenge"} <= set(requested)
    assert requested["redirect_uri"] == f"{world.origin}/auth/callback"
    assert {"openid", "profile", "offline_access"} < set(requested["scope"].split(" "))
    (kept,) = set_by(begun, "__Host-state-").values()
    assert {"path=/", "secure", "httponly", "samesite=lax"} <= kept

    address = browser.at_entra(begun.headers["location"], USERS["writer"])
    response = browser.client.get(address, follow_redirects=False)
    attributes = set_by(response, "__Host-session")
    assert attributes
    assert all(each == {"path=/", "secure", "httponly", "samesite=lax"} for each in attributes.values())
    back = browser.client.get(response.headers["location"], follow_redirects=False)
    assert (back.status_code, back.headers["location"]) == (302, "/records/new?copy=1")
    assert list(world.credential) == ["CLIENT_CERTIFICATE"]


def test_a_secret_signs_in_where_there_is_no_certificate(world: Httpd) -> None:
    """The same configuration, with what Entra calls a client secret."""
    before = world.credential
    try:
        world.stop("web")
        world.credential = {"CLIENT_SECRET": world.base.secret("web")}
        world.start_web()
        browser = world.browser()
        assert browser.sign_in(USERS["writer"]).status_code == 302
        assert browser.get("/api/me").json()["roles"] == ["Writer"]
    finally:
        world.stop("web")
        world.credential = before
        world.start_web()


def test_the_page_is_told_who_it_is_and_sees_no_token(world: Httpd, writer: Browser) -> None:
    """`/session` has name, roles and what proves a write; no answer holds a JWT, and no log does."""
    reported = writer.session()
    assert reported == {
        "account": {"name": "Alice Archer", "username": USERS["writer"]},
        "roles": ["Writer"],
        "csrf": writer.csrf,
        "problem": None,
    }
    responses = [writer.get("/session"), writer.get("/api/me"), writer.post("/auth/renew")]
    assert [each.status_code for each in responses] == [200, 200, 204]
    everything = "".join(each.text + str(each.headers) for each in responses)
    assert not re.search(r"eyJ[\w-]+\.eyJ", everything + world.log("web") + world.log("api"))
    assert "code=" not in world.log("web")


def test_the_page_may_ask_for_another_account(world: Httpd, writer: Browser) -> None:
    """With a session and without one Entra is asked once, and the way back is the page's."""
    requested: dict[str, Any] = {
        "params": {"return": "/x?a=1", "prompt": "select_account"},
        "follow_redirects": False,
    }
    here = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    again = writer.client.get(f"{world.origin}/auth/sign-in", headers=here, **requested)
    left = writer.client.get(world.origin + again.headers["location"], headers=here, follow_redirects=False)
    assert parse_qs(urlsplit(left.headers["location"]).query)["prompt"] == ["select_account"]
    new = world.browser()
    left = new.client.get(f"{world.origin}/auth/sign-in", headers=here, **requested)
    assert parse_qs(urlsplit(left.headers["location"]).query)["prompt"] == ["select_account"]
    for site in ("cross-site", "same-site"):
        back = writer.client.get(
            f"{world.origin}/auth/sign-in", headers={**here, "Sec-Fetch-Site": site}, **requested
        )
        assert back.headers["location"] == "/x?a=1"


def test_a_renewal_brings_the_roles_of_now(world: Httpd) -> None:
    """By the refresh token in the cookie, without a sign-in; the page's proof of writes stays what it was."""
    browser = world.browser()
    browser.sign_in(USERS["reader"])
    assert browser.post("/api/records", {"title": "x"}).status_code == 403
    world.base.deployment.assign(USERS["reader"], "Writer")
    try:
        assert browser.post("/api/records", {"title": "x"}).status_code == 403
        assert browser.post("/auth/renew").status_code == 204
        made = browser.post("/api/records", {"title": "x"})
        assert made.status_code == 201
        assert made.headers["location"].startswith("/api/records/")
        assert browser.get(made.headers["location"]).json()["title"] == "x"
        assert browser.session()["csrf"] == browser.csrf
    finally:
        world.base.deployment.unassign(USERS["reader"])
        world.base.deployment.assign(USERS["reader"], "Reader")


def test_a_renewal_that_entra_refuses_ends_the_session(world: Httpd) -> None:
    """Who lost their roles altogether has no next token."""
    browser = world.browser()
    browser.sign_in(USERS["reader"])
    world.base.deployment.unassign(USERS["reader"])
    try:
        assert browser.post("/auth/renew").status_code in {401, 403}
        assert browser.session()["account"] is None
    finally:
        world.base.deployment.assign(USERS["reader"], "Reader")


def test_the_sign_out_ends_both_sessions_of_this_browser(world: Httpd, writer: Browser) -> None:
    """Cookies are gone here and at Entra, which asks again; a copy of the cookie lives until its own end."""
    thief = copied(world, writer)
    response = writer.post("/auth/sign-out").json()
    left = writer.client.get(
        response["location"], headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False
    )
    assert urlsplit(left.headers["location"]).path.endswith("/oauth2/v2.0/logout")
    home = writer.client.get(left.headers["location"], follow_redirects=False)
    assert home.headers["location"] == f"{world.origin}/"
    assert not [each for each in writer.client.cookies.jar if each.name.startswith("__Host-session")]
    assert writer.session()["account"] is None
    assert writer.client.get(writer.to_entra(), follow_redirects=False).status_code == 200
    # The price of a session that no server keeps (README): another key ends all of them.
    assert thief.session()["account"] is not None


def test_a_change_of_the_key_keeps_sessions_and_its_loss_ends_them(world: Httpd, writer: Browser) -> None:
    """Two are valid for a while, of cookies and of what a page proves its writes with; another ends all."""
    before, following = list(world.keys), secrets.token_urlsafe(32)
    steps = (([following, *before], True), ([following], True), ([secrets.token_urlsafe(32)], False))
    try:
        for keys, alive in steps:
            world.stop("web")
            world.keys = keys
            world.start_web()
            assert (writer.session()["account"] is not None) is alive
            assert writer.post("/api/records", {"title": "x"}).status_code == (201 if alive else 401)
            # What the page was told before the change proves a write while the key before it is known.
            writer.csrf = writer.session()["csrf"] or ""
            assert not alive or writer.post("/auth/renew").status_code == 204
    finally:
        world.stop("web")
        world.keys = before
        world.start_web()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Accept": "text/html", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 302),
        ({"Accept": "text/html"}, 302),
        ({"Accept": "application/json"}, 401),
        ({"Accept": "*/*", "X-Requested-With": "XMLHttpRequest"}, 401),
        ({"Accept": "*/*", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}, 401),
    ],
    ids=str,
)
def test_a_person_is_sent_to_sign_in_and_a_script_is_told(
    world: Httpd, headers: dict[str, str], status: int
) -> None:
    """A browser that opens an address of the API goes to Entra; a fetch gets 401 and what to do."""
    response = world.browser().client.get(f"{world.origin}/api/me", headers=headers, follow_redirects=False)
    assert response.status_code == status
    if status == 401:
        assert response.headers["content-type"] == PROBLEM
        assert response.json()["signIn"] == {"error": "login_required"}
    else:
        assert response.headers["location"].startswith(f"{world.base.emulator}/")


def test_the_alarm_counts_sign_ins_that_fail_and_no_others(world: Httpd) -> None:
    """What the stacks' filter looks for is what httpd writes."""
    before = counted("FailedSignIns", world.log("web"))
    browser = world.browser()
    browser.sign_in(USERS["writer"])
    assert counted("FailedSignIns", world.log("web")) == before
    world.browser().get("/auth/callback?code=x&state=y")
    assert counted("FailedSignIns", world.log("web")) > before


def test_the_page_itself_is_open_and_other_paths_of_sign_in_are_not_its_own(world: Httpd) -> None:
    """No file of the page is secret; what is not here is not asked of the page's server."""
    browser = world.browser()
    assert "<title>MyApp</title>" in browser.get("/records/new").text
    assert browser.get("/config.json").json()["session"] == "cookie"
    for path in ("/auth/front-channel-logout", "/auth/", "/auth/x", "/problems/../web.conf"):
        assert browser.get(path).status_code in {403, 404}
    for path, method in (("/session", "POST"), ("/auth/sign-out", "GET"), ("/auth/renew", "GET")):
        response = browser.client.request(method, world.origin + path, headers={"Origin": world.origin})
        assert response.status_code == 405


def test_the_server_of_the_page_gets_no_session(world: Httpd, writer: Browser) -> None:
    """Nor a token, nor a word of who asks."""
    cookies = "; ".join(f"{each.name}={each.value}" for each in writer.client.cookies.jar)
    written = (world.base.settings / "httpd-web.conf").read_text(encoding="utf-8")
    (port,) = loopback.free_ports(1)
    with backend.echo() as behind:
        session = {"SESSION_KEYS": world.keys[0], "BACKEND": f"http://127.0.0.1:{behind}"}
        world.start("web", {**session, **world.credential}, port, written)
        try:
            headers = {"Host": urlsplit(world.origin).netloc, "Cookie": cookies, "Authorization": "Bearer x"}
            for path in ("/", "/records/new", "/sessions", "/apix"):
                said = httpx.get(f"http://127.0.0.1:{port}{path}", headers=headers).json()
                assert said["path"] == path
                assert not {"cookie", "authorization"} & set(said["names"])
                assert not [name for name in said["names"] if "oidc" in name or "x-auth" in name]
        finally:
            world.stop(f"web-{port}")
