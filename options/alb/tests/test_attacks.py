"""What somebody tries against option B as it runs here: through the load balancer's stand-in, and past it."""

import base64
import json
import time
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from options.alb.tests.world import ARN, USERS, Alb, Browser

pytestmark = pytest.mark.options

STRANGER = ec.generate_private_key(ec.SECP256R1())
KID = "12345678-1234-1234-1234-123456789012"


def forged(world: Alb, **header: Any) -> dict[str, str]:
    """Return the load balancer's headers for an administrator, with everything right but the signature."""
    ends, issuer = int(time.time()) + 120, world.action["Issuer"]
    first = {
        "typ": "JWT",
        "kid": KID,
        "alg": "ES256",
        "iss": issuer,
        "client": world.action["ClientId"],
        "signer": ARN,
        "exp": ends,
        **header,
    }
    claims = jwt.decode(token(world), options={"verify_signature": False})
    second = {"sub": claims["sub"], "oid": claims["oid"], "tid": claims["tid"], "exp": ends, "iss": issuer}
    signed = ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in (first, second)
    )
    signature = ECAlgorithm(ECAlgorithm.SHA256).sign(signed.encode(), STRANGER)
    return {
        "x-amzn-oidc-data": f"{signed}.{base64.urlsafe_b64encode(signature).decode()}",
        "x-amzn-oidc-accesstoken": token(world),
        "x-amzn-oidc-identity": claims["sub"],
        "X-Auth-Roles": '["Admin"]',
        "OIDC_CLAIM_roles": "Admin",
    }


def token(world: Alb) -> str:
    """Return a Writer's good token, of another client than the load balancer."""
    return world.base.token(USERS["writer"], "spa", "user.read", "user.write")


def to_the_task(world: Alb, path: str, **headers: str) -> httpx.Response:
    """Ask the task itself, as if the page's host were asked, past the load balancer."""
    host = world.origin.removeprefix("https://")
    return httpx.get(f"http://127.0.0.1:{world.api_port}{path}", headers={"Host": host, **headers})


def test_forged_headers_make_no_session_and_change_none(world: Alb) -> None:
    """Through the load balancer: on closed and open paths, without a session and with one."""
    browser = world.browser()
    lies = forged(world)
    assert browser.get("/api/me", **lies).status_code == 401
    assert browser.get("/session", **lies).json()["account"] is None
    assert browser.client.get(f"{world.origin}/", headers=lies).status_code == 302
    browser.sign_in(USERS["reader"])
    told = browser.get("/api/me", **lies).json()
    assert (told["username"], told["roles"]) == (USERS["reader"], ["Reader"])
    assert browser.get("/api/admin/data", **lies).status_code == 403


@pytest.mark.parametrize("path", ["/me", "/records", "/admin/data", "/auth/sign-in"])
@pytest.mark.parametrize(
    "header",
    [
        {},
        {"signer": ARN.replace("/myapp/", "/theirs/")},
        {"client": "00000000-0000-0000-0000-000000000000"},
        {"kid": f"../{KID}"},
        {"alg": "none"},
        {"alg": "HS256"},
        {"exp": 1},
    ],
)
def test_past_the_load_balancer_a_forged_word_is_refused_too(
    world: Alb, path: str, header: dict[str, Any]
) -> None:
    """Whoever reaches the task and has a good token of somebody's lacks the signature."""
    answer = to_the_task(world, path, **forged(world, **header))
    if path == "/auth/sign-in" and answer.status_code == 302:
        answer = to_the_task(world, answer.headers["location"], **forged(world, **header))
    assert answer.status_code == 401


def test_past_the_load_balancer_neither_half_is_enough(world: Alb) -> None:
    """Nor is a bearer token on the page's host, nor the headers on another."""
    lies = forged(world)
    for name in ("x-amzn-oidc-data", "x-amzn-oidc-accesstoken"):
        assert to_the_task(world, "/me", **{name: lies[name]}).status_code == 401
    assert to_the_task(world, "/me", Authorization=f"Bearer {token(world)}").status_code == 401
    assert to_the_task(world, "/me", **{**lies, "Host": "127.0.0.1"}).status_code == 401
    assert to_the_task(world, "/session", **lies).json()["account"] is None


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
    """CSRF: the load balancer's cookie goes with any site's request, and proves no write."""
    answer = writer.post(path, {"title": "forged"}, **headers)
    assert (answer.status_code, detail in answer.json()["detail"]) == (403, True)
    assert writer.session()["account"] is not None


def test_another_browser_s_proof_is_worth_nothing(world: Alb, writer: Browser) -> None:
    """It is of one browser and of one person."""
    mallory = world.browser()
    mallory.sign_in(USERS["reader"])
    answer = writer.post("/api/records", {"title": "x"}, **{"X-CSRF-Token": mallory.csrf})
    assert answer.status_code == 403


def test_a_code_of_somebody_else_signs_nobody_in(world: Alb) -> None:
    """Login CSRF: an answer of Entra's belongs to the browser that left."""
    mallory, victim = world.browser(), world.browser()
    address = mallory.at_entra(mallory.leave(), USERS["reader"])
    victim.leave()
    for browser in (victim, world.browser()):
        assert browser.client.get(address).status_code == 401
        assert browser.session()["account"] is None


@pytest.mark.parametrize(
    "back", ["//evil.example", "/\\evil.example", "https://evil.example/", "/oauth2/x", ""]
)
def test_a_sign_in_comes_back_to_this_origin_alone(world: Alb, writer: Browser, back: str) -> None:
    """Open redirects: whatever else was asked for, it is the first page."""
    answer = writer.client.get(f"{world.origin}/auth/sign-in", params={"return": back})
    assert (answer.status_code, answer.headers["location"]) == (302, "/")


@pytest.mark.parametrize(
    "path", ["/api/../session", "/api/%2e%2e/session", "/api//evil.example/", "//evil.example/"]
)
def test_no_path_leads_elsewhere(world: Alb, writer: Browser, path: str) -> None:
    """As bytes, past a client that would tidy them up."""
    request = writer.client.build_request(
        "GET", f"{world.origin}/x", headers={"Sec-Fetch-Site": "same-origin"}
    )
    request.url = request.url.copy_with(raw_path=path.encode())
    answer = writer.client.send(request)
    assert "evil.example" not in answer.headers.get("location", "")
    assert answer.status_code in {200, 404}


def test_a_cookie_that_somebody_made_is_none(world: Alb, writer: Browser) -> None:
    """Changed, cut, or of another purpose of the same key."""
    kept = {
        each.name: each.value or "" for each in writer.client.cookies.jar if each.name.startswith("AWSELB")
    }
    (name, value) = next(iter(kept.items()))
    state = httpx.URL(world.browser().leave()).params["state"]
    for made in (value[:-5] + "AAAA=", value[:200], state, "x"):
        browser = world.browser()
        browser.client.cookies.set(name, made, domain="localhost.local", path="/")
        assert browser.get("/api/me").status_code == 401
