"""The server that signs in, whole: the emulator, API and Redis are real, STS and the ALB are stand-ins."""

import base64
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from options.bff.tests.world import USERS, Bff, Browser
from tests.clients import sts as stand_in

TENANT = "11111111-1111-1111-1111-111111111111"

pytestmark = pytest.mark.options


def test_the_sign_in_is_by_code_with_pkce_state_and_nonce_and_without_a_secret(world: Bff) -> None:
    """Entra takes the role's assertion: RS256, five minutes, one audience; the cookie is the host's own."""
    world.sts.requested.clear()
    browser = world.browser()
    address = browser.to_entra("/records/new?copy=1")
    requested = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
    assert requested["response_type"] == "code"
    assert requested["code_challenge_method"] == "S256"
    assert {"state", "nonce", "code_challenge"} <= set(requested)
    assert f"{requested['redirect_uri']}" == f"{world.origin}/auth/callback"

    response = browser.client.get(browser.at_entra(address, USERS["writer"]), follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (302, "/records/new?copy=1")
    (cookie,) = (
        each for each in response.headers.get_list("set-cookie") if each.startswith("__Host-session")
    )
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert attributes == {"path=/", "secure", "httponly", "samesite=lax"}
    (said,) = world.sts.requested
    assert (said["Audience.member.1"], said["SigningAlgorithm"], said["DurationSeconds"]) == (
        [stand_in.AUDIENCE],
        ["RS256"],
        ["300"],
    )
    assert browser.session()["account"]["username"] == USERS["writer"]


def test_the_page_sees_no_token_and_the_api_sees_no_cookie(world: Bff, writer: Browser) -> None:
    """What the browser gets holds no JWT; what the API gets of a request's headers is a list by name."""
    responses = [writer.get("/session"), writer.get("/api/me"), writer.post("/auth/renew")]
    assert [each.status_code for each in responses] == [200, 200, 204]
    everything = "".join(each.text + str(each.headers) for each in responses) + str(writer.client.cookies)
    # The cookie is random text, in which three letters in a row mean nothing: a token has parts, too.
    assert not re.search(r"eyJ[\w-]+\.[\w-]+\.", everything)
    assert responses[1].json()["roles"] == ["Writer"]
    assert "eyJ" not in world.log


def test_tokens_are_cached_and_renewed_by_the_refresh_token(world: Bff, writer: Browser) -> None:
    """STS is asked for a renewal, and not for a call."""
    world.sts.requested.clear()
    assert [writer.get("/api/me").status_code for _ in range(3)] == [200] * 3
    assert world.sts.requested == []
    assert writer.post("/auth/renew").status_code == 204
    assert len(world.sts.requested) == 1


def test_a_renewal_brings_the_roles_of_now(world: Bff) -> None:
    """Without a sign-in, as it does for option D."""
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
    finally:
        world.base.deployment.unassign(USERS["reader"])
        world.base.deployment.assign(USERS["reader"], "Reader")


def test_the_sign_out_ends_both_sessions(world: Bff, writer: Browser) -> None:
    """The cookie is worth nothing afterwards, and Entra asks again."""
    cookie = writer.cookie
    response = writer.post("/auth/sign-out").json()
    assert urlsplit(response["location"]).path.endswith("/oauth2/v2.0/logout")
    writer.client.get(response["location"])
    thief = world.browser()
    thief.client.cookies.set("__Host-session", cookie)
    assert thief.session()["account"] is None
    assert thief.get("/api/me").status_code == 401
    assert writer.client.get(writer.to_entra(), follow_redirects=False).status_code == 200


def test_a_sign_out_elsewhere_ends_the_session_by_the_front_channel(world: Bff, writer: Browser) -> None:
    """Entra's page frames the address with the session's `sid`, and without our cookie."""
    page = writer.client.get(f"{world.base.emulator}/{TENANT}/oauth2/v2.0/logout")
    (framed,) = re.findall(r'<iframe[^>]* src="([^"]+)"', page.text)
    address = framed.replace("&amp;", "&")
    assert address.startswith(f"{world.origin}/auth/front-channel-logout?")
    assert writer.session()["account"] is not None
    reported = httpx.get(address, verify=False)
    assert reported.status_code == 200
    assert f"frame-ancestors {world.base.emulator}" in reported.headers["content-security-policy"]
    assert writer.session()["account"] is None


def test_a_sign_in_under_way_is_none_that_failed(world: Bff) -> None:
    """Another tab asks who is signed in meanwhile; the sign-in goes on."""
    browser = world.browser()
    address = browser.to_entra()
    assert browser.session()["problem"] is None
    browser.client.get(browser.at_entra(address, USERS["writer"]), follow_redirects=False)
    assert browser.session()["account"] is not None


def test_what_entra_refuses_is_told_to_the_page_once(world: Bff) -> None:
    """The page says what helps, by Entra's own number."""
    browser = world.browser()
    address = parse_qs(urlsplit(browser.to_entra("/admin")).query)
    state = address["state"][0]
    declined = {
        "error": "access_denied",
        "error_description": "AADSTS65004: User declined to consent to access the app. Trace ID: x",
        "state": state,
    }
    response = browser.client.get(f"{world.origin}/auth/callback", params=declined, follow_redirects=False)
    assert response.headers["location"] == "/admin"
    assert browser.session()["problem"] == {"error": "access_denied", "number": "65004"}
    assert browser.session()["problem"] is None


def test_a_role_that_may_not_sign_is_told_as_a_mistake_of_the_set_up(world: Bff) -> None:
    """Another role, and none: nobody is signed in, and the log has the cause without a token."""
    for knob, value, number in (
        ("role", f"{stand_in.ROLE}-other", "700213"),
        ("refuses", "AccessDenied", None),
    ):
        kept = getattr(world.sts, knob)
        setattr(world.sts, knob, value)
        try:
            browser = world.browser()
            browser.client.get(browser.at_entra(browser.to_entra(), USERS["writer"]), follow_redirects=False)
            problem = browser.session()["problem"]
            assert (problem["error"], problem.get("number")) == ("invalid_client", number)
        finally:
            setattr(world.sts, knob, kept)
    assert "STS signed no token" in world.log
    assert "eyJ" not in world.log


def test_the_api_that_does_not_answer_is_told(world: Bff, writer: Browser) -> None:
    """502, and the session goes on."""
    world.edge.stop("api")
    try:
        assert writer.get("/api/me").status_code == 502
    finally:
        world.edge.start_api()
    assert writer.get("/api/me").status_code == 200


def test_the_settings_are_what_the_manifest_says(world: Bff) -> None:
    """Nothing of it is written by hand: the page's file names no client, the server's no secret."""
    config: dict[str, Any] = json.loads((world.base.settings / "config-cookie.json").read_text("utf-8"))
    assert config == {"environment": "dev", "session": "cookie", "apiBaseUrl": f"{world.origin}/api"}
    assert "SECRET" not in (world.base.settings / "bff.env").read_text("utf-8")
    assert base64.b64decode(world.keys[0], validate=True)


def test_a_header_that_is_no_ascii_breaks_nothing(world: Bff, writer: Browser) -> None:
    """It goes on as it is, byte by byte."""
    headers = [(b"Accept-Language", "dé".encode("latin-1")), (b"Sec-Fetch-Site", b"same-origin")]
    request = writer.client.build_request("GET", world.origin + "/api/me", headers=headers)
    assert writer.client.send(request).status_code == 200


def test_the_page_is_told_that_an_answer_was_nobody_s(world: Bff) -> None:
    """An answer of Entra's belongs to the browser that began."""
    mallory, victim = world.browser(), world.browser()
    response = victim.client.get(
        mallory.at_entra(mallory.to_entra(), USERS["reader"]), follow_redirects=False
    )
    reported = victim.session()
    assert (response.status_code, reported["account"], reported["problem"]) == (
        302,
        None,
        {"error": "invalid_request"},
    )


def test_a_response_with_another_state_signs_nobody_in(world: Bff) -> None:
    """The code and the browser are right, and the state is not the one of the sign-in."""
    browser = world.browser()
    response = httpx.URL(browser.at_entra(browser.to_entra(), USERS["writer"]))
    browser.client.get(response.copy_set_param("state", "another"), follow_redirects=False)
    assert browser.session()["account"] is None


def test_a_write_without_the_header_of_the_session_is_refused(world: Bff, writer: Browser) -> None:
    """Neither without the header nor with a made-up one; with its own header the page writes."""
    for header in ("", "made-up"):
        assert writer.post("/api/records", {"title": "x"}, **{"X-CSRF-Token": header}).status_code == 403
    assert writer.post("/api/records", {"title": "x"}).status_code == 201
