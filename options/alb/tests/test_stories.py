"""Option B whole, by HTTP: emulator, API and page are real, the load balancer is a stand-in."""

import re
import ssl
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from options.alb.tests.world import COOKIE, USERS, Alb, Browser

pytestmark = pytest.mark.options


def test_whoever_opens_the_page_signs_in_and_is_back_where_they_wanted(world: Alb) -> None:
    """By the client, the scopes and the endpoints that `settings` wrote; userinfo is the API's own."""
    browser = world.browser()
    address = browser.leave("/records/new?copy=1")
    requested = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
    api = f"api://{world.base.app_ids['api']}"
    assert requested["scope"] == f"openid profile offline_access {api}/user.read {api}/user.write"
    assert (requested["client_id"], requested["redirect_uri"]) == (
        world.base.app_ids["alb"],
        f"{world.origin}/oauth2/idpresponse",
    )
    response = browser.client.get(browser.at_entra(address, USERS["writer"]))
    assert (response.status_code, response.headers["location"]) == (302, f"{world.origin}/records/new?copy=1")
    assert world.action["UserInfoEndpoint"] == f"{world.api_origin}/userinfo"
    reported = browser.session()["account"]
    assert reported["username"] == USERS["writer"]
    page = browser.client.get(f"{world.origin}/records/new")
    assert (page.status_code, "<div id=" in page.text) == (200, True)


def test_graph_s_userinfo_would_end_every_sign_in(world: Alb) -> None:
    """It takes tokens for Graph alone: 561, which is why the API answers userinfo (decision 33)."""
    world.stop("balancer")
    world.start_balancer(UserInfoEndpoint=f"{world.base.emulator}/oidc/userinfo")
    try:
        assert world.browser().sign_in(USERS["writer"]).status_code == 561
        assert "AuthUserinfoEpRequestFailed: 401" in world.log("balancer")
    finally:
        world.stop("balancer")
        world.start_balancer()


def test_the_page_sees_no_token(world: Alb, writer: Browser) -> None:
    """What the browser gets holds no JWT, its cookie is the load balancer's to read; logs hold none."""
    responses = [writer.get("/session"), writer.get("/api/me"), writer.get("/config.json")]
    assert [each.status_code for each in responses] == [200, 200, 200]
    assert responses[1].json()["roles"] == ["Writer"]
    everything = "".join(each.text + str(each.headers) for each in responses) + str(writer.client.cookies)
    # The cookie is random text, in which three letters in a row mean nothing: a token has parts, too.
    assert not re.search(r"eyJ[\w-]+\.[\w-]+\.", everything)
    assert "eyJ" not in world.log("api-alb") + world.log("balancer") + world.log("page")


def test_a_call_without_a_session_is_401_and_no_redirect(world: Alb) -> None:
    """A script could not follow it to Entra; a navigation is redirected."""
    browser = world.browser()
    assert browser.get("/api/records").status_code == 401
    assert browser.post("/auth/sign-out").status_code == 401
    assert browser.session() == {"account": None, "csrf": None, "problem": None}
    assert browser.client.get(f"{world.origin}/any/page").status_code == 302
    assert browser.client.get(f"{world.origin}/signed-out").status_code == 200


def test_roles_are_those_of_the_last_sign_in(world: Alb) -> None:
    """A renewal ends the session; a new sign-in, which Entra does without asking, brings the role."""
    browser = world.browser()
    browser.sign_in(USERS["reader"])
    assert browser.post("/api/records", {"title": "x"}).status_code == 403
    world.base.deployment.assign(USERS["reader"], "Writer")
    try:
        assert browser.post("/api/records", {"title": "x"}).status_code == 403
        assert browser.post("/auth/renew").status_code == 401
        assert browser.get("/api/me").status_code == 401
        back = browser.sign_in("", "/auth/sign-in?return=/records")
        assert urlsplit(back.headers["location"]).path == "/auth/sign-in"
        led = browser.client.get(back.headers["location"])
        assert (led.status_code, led.headers["location"]) == (302, "/records")
        made = browser.post("/api/records", {"title": "x"})
        assert made.status_code == 201
    finally:
        world.base.deployment.unassign(USERS["reader"])
        world.base.deployment.assign(USERS["reader"], "Reader")


def test_the_sign_out_ends_the_session_here_and_at_entra(world: Alb, writer: Browser) -> None:
    """Entra's page leads back to one that signs nobody in; the next visit is asked who it is."""
    location = writer.post("/auth/sign-out").json()["location"]
    requested = parse_qs(urlsplit(location).query)
    assert requested["post_logout_redirect_uri"] == [f"{world.origin}/signed-out"]
    assert COOKIE not in {each.name for each in writer.client.cookies.jar}
    out = writer.client.get(location)
    assert f"{world.origin}/signed-out" in out.text + out.headers.get("location", "")
    assert writer.get("/api/me").status_code == 401
    assert writer.client.get(writer.leave()).status_code == 200


def test_a_copy_of_the_cookie_outlives_the_sign_out(world: Alb, writer: Browser) -> None:
    """No server keeps the session, so nothing ends it: what option B cannot do. It ends with its time."""
    thief = world.browser()
    for each in writer.client.cookies.jar:
        if each.name.startswith("AWSELB"):
            thief.client.cookies.jar.set_cookie(each)
    writer.post("/auth/sign-out")
    assert thief.get("/api/me").status_code == 200
    assert world.action["SessionTimeout"] == 28_800


def test_who_has_no_role_is_stopped_at_entra(world: Alb) -> None:
    """AADSTS50105, on Entra's own page."""
    browser = world.browser()
    page = browser.client.get(browser.leave())
    assert page.status_code == 200
    with pytest.raises(AssertionError, match="AADSTS50105"):
        browser.at_entra(str(page.url), USERS["stranger"])


def test_programs_call_the_other_host_with_a_token(world: Alb) -> None:
    """A good one passes twice; others stop at the load balancer; OPTIONS pass it without."""
    trusted = ssl.create_default_context(cafile=str(world.base.tls.ca))
    call = httpx.Client(base_url=world.api_origin, verify=trusted)
    good = world.base.token(USERS["reader"], "spa", "user.read")
    assert call.get("/me", headers={"Authorization": f"Bearer {good}"}).json()["roles"] == ["Reader"]
    assert call.get("/me").status_code == 401
    assert call.get("/me", headers={"Authorization": f"Bearer {good[:-4]}AAAA"}).status_code == 401
    assert call.get("/session", headers={"Authorization": f"Bearer {good}"}).status_code == 404
    preflight = {"Origin": world.origin, "Access-Control-Request-Method": "GET"}
    assert call.options("/me", headers=preflight).status_code in {200, 400}
    assert call.options("/me", headers=preflight).headers["content-type"] != "text/html; charset=utf-8"


def test_settings_write_what_runs_here(world: Alb) -> None:
    """The page's configuration is option C's; the secret stands in no file of settings."""
    files = {each.name: each.read_text(encoding="utf-8") for each in Path(world.base.settings).iterdir()}
    assert '"session": "cookie"' in files["config-cookie.json"]
    assert f"ALB_PAGE_URL={world.origin}" in files["api.env"]
    assert world.action["ClientSecret"] not in "".join(files.values())
