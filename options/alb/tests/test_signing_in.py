"""The stand-in signs people in as is documented of the real one, a fact a test.

Pages of AWS are named as in `listener`.
"""

import base64
import json
import uuid
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from options.alb.tests.listener import (
    ARN,
    CLIENT,
    ISSUER,
    PAGE,
    SIGN_IN,
    World,
    made,
    path,
    rule,
    run,
    signing_in,
)


def test_a_sign_in_is_by_code_at_the_configured_endpoints() -> None:
    """ELB-auth: authorization endpoint, code, token endpoint, user info endpoint, back."""

    async def story(world: World) -> None:
        left = await world.browser.get("/page?x=1")
        requested = {
            key: value for key, (value,) in parse_qs(urlsplit(left.headers["location"]).query).items()
        }
        assert left.headers["location"].startswith("https://login.example/authorize?")
        assert {key: requested[key] for key in ("client_id", "response_type", "redirect_uri", "scope")} == {
            "client_id": CLIENT,
            "response_type": "code",
            "redirect_uri": "https://app.example.com/oauth2/idpresponse",
            "scope": SIGN_IN["Scope"],
        }
        back = await world.sign_in()
        assert (back.status_code, back.headers["location"]) == (302, "https://app.example.com/page?x=1")
        (form,) = world.entra.forms
        assert (form["grant_type"], form["code"], form["client_secret"]) == (
            "authorization_code",
            "c",
            "the-secret",
        )
        assert world.entra.bearers == ["Bearer at-1"]
        assert (await world.browser.get("/page")).text == "target"

    run(story, PAGE)


def test_the_target_gets_three_headers_and_the_data_is_es256_with_padding() -> None:
    """ELB-auth: access token and `sub` in plain text; a JWT with alg, kid, signer, iss,
    client and exp in its header, the claims of userinfo in its payload; its key as PEM by the kid.
    """

    async def story(world: World) -> None:
        await world.sign_in()
        await world.browser.get("/page")
        assert world.seen["x-amzn-oidc-accesstoken"] == "at-1"
        assert world.seen["x-amzn-oidc-identity"] == "s1"
        data = world.seen["x-amzn-oidc-data"]
        assert all(len(part) % 4 == 0 for part in data.split("."))
        assert "=" in data
        header = json.loads(base64.urlsafe_b64decode(data.split(".")[0]))
        assert header.items() >= {"alg": "ES256", "signer": ARN, "iss": ISSUER, "client": CLIENT}.items()
        assert str(uuid.UUID(header["kid"])) == header["kid"]
        assert header["exp"] > world.time
        pem = world.balancer.signer.pem()
        assert pem.startswith("-----BEGIN PUBLIC KEY-----")
        claims = jwt.decode(data, pem, algorithms=["ES256"])
        assert claims == {"sub": "s1", "name": "Alice", "oid": "o1", "exp": header["exp"], "iss": ISSUER}
        with pytest.raises(jwt.InvalidSignatureError):
            jwt.decode(data.replace("=", ""), pem, algorithms=["ES256"])

    run(story, PAGE)


def test_the_key_is_at_its_id_and_at_no_other() -> None:
    """ELB-auth: the public key as PEM, at the regional endpoint by the kid of the header."""

    async def story(world: World) -> None:
        signer = world.balancer.signer
        keys = Starlette(routes=[Route("/{kid}", signer.serve)])
        transport = httpx.ASGITransport(keys)
        async with httpx.AsyncClient(transport=transport, base_url="https://keys.example") as region:
            found = await region.get(f"/{signer.kid}")
            assert (found.status_code, found.text) == (200, signer.pem())
            assert (await region.get(f"/{uuid.uuid4()}")).status_code == 404

    run(story, PAGE)


def test_what_only_the_id_token_says_does_not_arrive() -> None:
    """ELB-auth: the payload has the claims of the user info endpoint."""

    async def story(world: World) -> None:
        await world.sign_in()
        await world.browser.get("/page")
        payload = world.seen["x-amzn-oidc-data"].split(".")[1]
        assert b"roles" not in base64.urlsafe_b64decode(payload)

    run(story, PAGE)


@pytest.mark.parametrize(("todo", "status"), [("authenticate", 302), ("deny", 401), ("allow", 200)])
def test_what_a_stranger_meets_is_the_rules_choice(todo: str, status: int) -> None:
    """ELB-auth: redirected, 401, or forwarded without claims; forged ones go nowhere."""

    async def story(world: World) -> None:
        forged = {
            "x-amzn-oidc-data": "forged",
            "X-Amzn-Oidc-Accesstoken": "forged",
            "x-amzn-oidc-identity": "x",
        }
        assert (await world.browser.get("/", headers=forged)).status_code == status
        assert len(world.entra.reached) == (1 if todo == "allow" else 0)
        if todo == "allow":
            assert not [name for name in world.seen if name.startswith("x-amzn-oidc")]

    run(story, rule(9, signing_in(todo)))


def test_who_is_signed_in_cannot_say_to_be_another() -> None:
    """The load balancer's headers take the place of what a browser sends."""

    async def story(world: World) -> None:
        await world.sign_in()
        await world.browser.get("/", headers={"x-amzn-oidc-identity": "admin", "X-AMZN-OIDC-Data": "forged"})
        assert world.seen.get_list("x-amzn-oidc-identity") == ["s1"]
        assert len(world.seen.get_list("x-amzn-oidc-data")) == 1

    run(story, PAGE)


def test_a_rule_that_signs_nobody_in_takes_no_header_away() -> None:
    """That one does is nowhere documented: the application must not read them there."""

    async def story(world: World) -> None:
        await world.browser.get("/", headers={"x-amzn-oidc-data": "forged"})
        assert world.seen["x-amzn-oidc-data"] == "forged"

    run(story)


def test_a_session_larger_than_a_cookie_is_sharded_and_nobody_reads_it() -> None:
    """ELB-auth: more than 4K go into several cookies, AWSELBAuthSessionCookie-0, -1 and so on."""

    async def story(world: World) -> None:
        world.entra.tokens["access_token"] = "a" * 3000
        world.entra.tokens["refresh_token"] = "r" * 1200
        back = await world.sign_in()
        kept = [each for each in back.headers.get_list("set-cookie") if "Max-Age=0" not in each]
        assert [each.partition("=")[0] for each in kept] == [
            "AWSELBAuthSessionCookie-0",
            "AWSELBAuthSessionCookie-1",
        ]
        assert all(len(each) <= 4096 and "HttpOnly" in each and "Secure" in each for each in kept)
        assert "Alice" not in str(kept)
        await world.browser.get("/")
        assert world.seen["x-amzn-oidc-accesstoken"] == world.entra.tokens["access_token"]

    run(story, PAGE)


def test_more_than_11k_of_claims_and_token_is_an_error() -> None:
    """ELB-auth: HTTP 500."""

    async def story(world: World) -> None:
        world.entra.claims["x"] = "y" * 11 * 1024
        assert (await world.sign_in()).status_code == 500

    run(story, PAGE)


@pytest.mark.parametrize("what", ["userinfo_status", "token_status"])
def test_an_error_of_the_identity_provider_is_561(what: str) -> None:
    """ELB-errors: HTTP 561, the IdP returned an error code. Graph's userinfo does for a
    token of another API.
    """

    async def story(world: World) -> None:
        setattr(world.entra, what, 401)
        assert (await world.sign_in()).status_code == 561

    run(story, PAGE)


@pytest.mark.parametrize("change", [{"iss": "https://other"}, {"aud": "other"}, {"exp": 1}])
def test_an_id_token_for_somebody_else_is_refused(change: dict[str, Any]) -> None:
    """ELB-auth: after it validates the ID token, it goes on."""

    async def story(world: World) -> None:
        world.entra.id_token |= change
        assert (await world.sign_in()).status_code == 401

    run(story, PAGE)


def test_an_answer_belongs_to_the_browser_that_left() -> None:
    """ELB-errors: invalid state, missing nonce: 401."""

    async def story(world: World) -> None:
        left = await world.browser.get("/")
        (state,) = parse_qs(urlsplit(left.headers["location"]).query)["state"]
        other = world.another()
        given = {"code": "c", "state": state}
        assert (await other.get("/oauth2/idpresponse", params=given)).status_code == 401
        assert (await world.browser.get("/oauth2/idpresponse", params={"code": "c"})).status_code == 401
        assert (await world.browser.get("/oauth2/idpresponse", params={"state": state})).status_code == 401
        forged = {**given, "state": state[:-6] + "AAAAA="}
        assert (await world.browser.get("/oauth2/idpresponse", params=forged)).status_code == 401
        assert (await world.browser.get("/oauth2/idpresponse", params=given)).status_code == 302
        world.time += 3600
        assert (await world.browser.get("/oauth2/idpresponse", params=given)).status_code == 401

    run(story, PAGE)


def test_tokens_are_renewed_when_they_end_until_the_session_does() -> None:
    """ELB-auth, logout and session timeout: refreshed each time; a refresh that fails, or
    the timeout, signs out.
    """

    async def story(world: World) -> None:
        await world.sign_in()
        world.time += 3601
        world.entra.tokens = {"access_token": "at-2", "expires_in": 3600}
        world.entra.claims["name"] = "Alice B"
        renewed = await world.browser.get("/")
        assert world.entra.forms[-1]["refresh_token"] == "rt-1"
        assert world.seen["x-amzn-oidc-accesstoken"] == "at-2"
        assert "mine=1" in renewed.headers.get_list("set-cookie")
        requested = len(world.entra.forms)
        await world.browser.get("/")
        assert len(world.entra.forms) == requested
        world.time += 3601
        world.entra.token_status = 400
        assert (await world.browser.get("/")).status_code == 302
        world.entra.token_status = 200
        world.time += 28800
        assert (await world.browser.get("/")).status_code == 302

    run(story, PAGE)


def test_without_a_refresh_token_a_session_outlives_its_access_token() -> None:
    """ELB-auth: it is kept until it times out. So the application meets an old token."""

    async def story(world: World) -> None:
        del world.entra.tokens["refresh_token"]
        await world.sign_in()
        world.time += 7200
        assert (await world.browser.get("/")).status_code == 200
        assert world.seen["x-amzn-oidc-accesstoken"] == "at-1"

    run(story, PAGE)


def test_a_deleted_cookie_that_somebody_kept_works_until_its_end() -> None:
    """ELB-auth: a session is in its cookie alone, so a short life is what limits its reuse."""

    async def story(world: World) -> None:
        await world.sign_in()
        thief = world.another()
        thief.cookies.update(world.browser.cookies)
        world.browser.cookies.clear()
        assert (await world.browser.get("/")).status_code == 302
        assert (await thief.get("/")).status_code == 200
        world.time += 28801
        assert (await thief.get("/")).status_code == 302

    run(story, PAGE)


def test_a_session_is_of_one_client_and_of_one_load_balancer() -> None:
    """Another client's rule, or another load balancer's key, does not open it."""

    async def story(world: World) -> None:
        await world.sign_in()
        assert (await world.browser.get("/other")).status_code == 302
        other = World(made(PAGE))
        other.browser.cookies.update(world.browser.cookies)
        assert (await other.browser.get("/")).status_code == 302

    run(story, rule(1, signing_in("authenticate", ClientId="another"), path("/other")), PAGE)
