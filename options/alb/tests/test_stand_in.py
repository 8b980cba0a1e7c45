"""The stand-in held to what is documented of the real one, a fact a test; in process, by ASGI.

Pages of docs.aws.amazon.com/elasticloadbalancing/latest/application: ELB-auth is listener-authenticate-users,
ELB-jwt listener-verify-jwt, ELB-errors load-balancer-troubleshooting, ELB-limits load-balancer-limits,
ELB-rules listener-rules with its conditions, actions and transforms, ELB-attributes
application-load-balancers.
"""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from options.alb.stand_in.app import LoadBalancer
from options.alb.stand_in.deployed import Deployed, DeployedError

ARN = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/myapp/50dc6c495c0c9188"
ISSUER = "https://login.example/tenant/v2.0"
CLIENT = "the-client"
KEY = rsa.generate_private_key(65537, 2048)
SIGN_IN = {
    "Issuer": ISSUER,
    "AuthorizationEndpoint": "https://login.example/authorize",
    "TokenEndpoint": "https://login.example/token",
    "UserInfoEndpoint": "https://login.example/userinfo",
    "ClientId": CLIENT,
    "ClientSecret": "the-secret",
    "Scope": "openid offline_access api://x/user.read",
    "SessionTimeout": 28800,
}
VALIDATION: dict[str, Any] = {
    "JwksEndpoint": "https://login.example/keys",
    "Issuer": ISSUER,
    "AdditionalClaims": [{"Name": "aud", "Format": "single-string", "Values": ["the-api"]}],
}
FORWARD = {"Type": "forward", "Order": 2, "TargetGroupArn": "tg"}


def rule(
    priority: int, actions: list[dict[str, Any]], *conditions: dict[str, Any], **more: Any
) -> dict[str, Any]:
    """Return a row of DescribeRules."""
    return {
        "RuleArn": f"rule-{priority}",
        "Priority": str(priority),
        "IsDefault": False,
        "Conditions": list(conditions),
        "Actions": actions,
        **more,
    }


def path(*values: str) -> dict[str, Any]:
    """Return a condition."""
    return {"Field": "path-pattern", "PathPatternConfig": {"Values": list(values)}}


def signing_in(todo: str, **changes: Any) -> list[dict[str, Any]]:
    """Return the actions of a rule that signs in."""
    config = {**SIGN_IN, "OnUnauthenticatedRequest": todo, **changes}
    return [{"Type": "authenticate-oidc", "Order": 1, "AuthenticateOidcConfig": config}, FORWARD]


def checking(**changes: Any) -> list[dict[str, Any]]:
    """Return the actions of a rule that checks tokens."""
    return [{"Type": "jwt-validation", "Order": 1, "JwtValidationConfig": {**VALIDATION, **changes}}, FORWARD]


def made(*rules: dict[str, Any], drop: str = "true", protocol: str = "HTTPS") -> Deployed:
    """Return a listener whose default rule forwards."""
    default = {"RuleArn": "default", "Priority": "default", "IsDefault": True, "Actions": [FORWARD]}
    return Deployed.read(
        {
            "LoadBalancer": {"LoadBalancerArn": ARN},
            "Attributes": [{"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": drop}],
            "Listener": {"Protocol": protocol},
            "Rules": [default, *rules],
            "TargetGroups": [{"TargetGroupArn": "tg", "Protocol": "HTTP", "Port": 8000}],
            "TargetHealthDescriptions": {"tg": [{"Target": {"Id": "10.0.0.1", "Port": 8000}}]},
        }
    )


async def streamed(body: bytes) -> AsyncIterator[bytes]:
    """Yield a body as a connection does."""
    yield body


class Entra:
    """The identity provider and the target: what they were asked, and what they answer."""

    def __init__(self) -> None:
        """Answer well."""
        self.claims: dict[str, Any] = {"sub": "s1", "name": "Alice", "oid": "o1"}
        self.id_token: dict[str, Any] = {
            "iss": ISSUER,
            "aud": CLIENT,
            "roles": ["Admin"],
            "exp": time.time() + 600,
        }
        self.tokens: dict[str, Any] = {"access_token": "at-1", "refresh_token": "rt-1", "expires_in": 3600}
        self.keys: list[dict[str, Any]] = [jwk("k1")]
        self.userinfo_status = 200
        self.token_status = 200
        self.forms: list[dict[str, str]] = []
        self.bearers: list[str] = []
        self.reached: list[httpx.Request] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer as the host that is asked."""
        if request.url.host == "10.0.0.1":
            self.reached.append(request)
            return httpx.Response(200, content=streamed(b"target"), headers={"Set-Cookie": "mine=1"})
        if request.url.path == "/token":
            self.forms.append({key: value for key, (value,) in parse_qs(request.content.decode()).items()})
            id_token = jwt.encode(self.id_token, KEY, "RS256")
            return httpx.Response(self.token_status, json={**self.tokens, "id_token": id_token})
        if request.url.path == "/userinfo":
            self.bearers.append(request.headers["authorization"])
            return httpx.Response(self.userinfo_status, json=self.claims)
        return httpx.Response(200, json={"keys": self.keys})


def jwk(kid: str) -> dict[str, Any]:
    """Return a key as Entra publishes it."""
    return {**RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True), "kid": kid, "use": "sig"}


class World:
    """A load balancer, what it talks to, its clock, and one browser."""

    def __init__(self, deployed: Deployed) -> None:
        """Build it."""
        self.entra = Entra()
        self.time = time.time()
        self.http = httpx.AsyncClient(transport=httpx.MockTransport(self.entra.answer))
        self.balancer = LoadBalancer(deployed, self.http, now=lambda: self.time)
        self.browser = self.another()

    def another(self) -> httpx.AsyncClient:
        """Return a browser without a cookie."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.balancer), base_url="https://app.example.com"
        )

    async def sign_in(self, at: str = "/page?x=1") -> httpx.Response:
        """Leave, and come back with a code."""
        left = await self.browser.get(at)
        assert left.status_code == 302, left.text
        (state,) = parse_qs(urlsplit(left.headers["location"]).query)["state"]
        return await self.browser.get("/oauth2/idpresponse", params={"code": "c", "state": state})

    @property
    def seen(self) -> httpx.Headers:
        """Return the headers that the target got last."""
        return self.entra.reached[-1].headers


def run(story: Callable[[World], Any], *rules: dict[str, Any], **how: Any) -> None:
    """Tell one story."""
    asyncio.run(story(World(made(*rules, **how))))


PAGE = rule(9, signing_in("authenticate"))


def test_a_sign_in_is_by_code_at_the_configured_endpoints() -> None:
    """ELB-auth: authorization endpoint, code, token endpoint, user info endpoint, back."""

    async def story(world: World) -> None:
        left = await world.browser.get("/page?x=1")
        asked = {key: value for key, (value,) in parse_qs(urlsplit(left.headers["location"]).query).items()}
        assert left.headers["location"].startswith("https://login.example/authorize?")
        assert {key: asked[key] for key in ("client_id", "response_type", "redirect_uri", "scope")} == {
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
        assert len(header["kid"]) == 36
        assert header["exp"] > world.time
        pem = world.balancer.signer.pem()
        assert pem.startswith("-----BEGIN PUBLIC KEY-----")
        claims = jwt.decode(data, pem, algorithms=["ES256"])
        assert claims == {"sub": "s1", "name": "Alice", "oid": "o1", "exp": header["exp"], "iss": ISSUER}
        with pytest.raises(jwt.InvalidSignatureError):
            jwt.decode(data.replace("=", ""), pem, algorithms=["ES256"])

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
        asked = len(world.entra.forms)
        await world.browser.get("/")
        assert len(world.entra.forms) == asked
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


TOKEN = {
    "iss": ISSUER,
    "aud": "the-api",
    "tid": "t",
    "exp": int(time.time()) + 86_400,
    "roles": ["Reader", "Writer"],
    "scp": "a b",
}


def token(key: Any = KEY, kid: str = "k1", alg: str = "RS256", **changes: Any) -> str:
    """Return a token; `...` takes a claim out."""
    claims = {name: value for name, value in {**TOKEN, **changes}.items() if value is not ...}
    return jwt.encode(claims, key, alg, headers={"kid": kid})


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 200),
        ({"exp": ...}, 401),
        ({"exp": 1}, 401),
        ({"iss": ...}, 401),
        ({"iss": "https://sts.windows.net/t/"}, 401),
        ({"nbf": int(time.time()) + 86_400}, 401),
        ({"nbf": 1, "iat": 1}, 200),
        ({"iat": int(time.time()) + 86_400}, 401),
        ({"aud": "another"}, 401),
        ({"aud": ...}, 401),
        ({"aud": ["the-api"]}, 401),
        ({"kid": "k2"}, 401),
        ({"key": rsa.generate_private_key(65537, 2048)}, 401),
        ({"key": "secret-of-thirty-two-characters-x", "alg": "HS256"}, 401),
        ({"key": None, "alg": "none"}, 401),
    ],
)
def test_a_token_is_validated(given: dict[str, Any], status: int) -> None:
    """ELB-jwt: signature, iss and exp; nbf and iat where they are; the claims that the rule names.
    A token of version 1 has another issuer.
    """

    async def story(world: World) -> None:
        sent = {"Authorization": f"Bearer {token(**given)}"}
        assert (await world.browser.get("/", headers=sent)).status_code == status
        if status == 200:
            assert world.seen["authorization"] == sent["Authorization"]

    run(story, rule(9, checking()))


@pytest.mark.parametrize(
    ("form", "name", "value", "status"),
    [
        ("single-string", "tid", "t", 200),
        ("single-string", "scp", "a", 401),
        ("single-string", "roles", "Reader", 401),
        ("string-array", "roles", "Writer", 200),
        ("string-array", "roles", "Admin", 401),
        ("string-array", "scp", "a", 401),
        ("space-separated-values", "scp", "b", 200),
        ("space-separated-values", "scp", "c", 401),
        ("space-separated-values", "roles", "Reader", 401),
    ],
)
def test_claims_have_three_formats(form: str, name: str, value: str, status: int) -> None:
    """ELB-jwt: single-string, string-array, space-separated-values."""

    async def story(world: World) -> None:
        sent = {"Authorization": f"Bearer {token()}"}
        assert (await world.browser.get("/", headers=sent)).status_code == status

    run(story, rule(9, checking(AdditionalClaims=[{"Name": name, "Format": form, "Values": [value]}])))


def test_without_an_audience_any_token_of_the_tenant_passes() -> None:
    """ELB-jwt: only the issuer and the times are checked unasked."""

    async def story(world: World) -> None:
        sent = {"Authorization": f"Bearer {token(aud='graph')}"}
        assert (await world.browser.get("/", headers=sent)).status_code == 200

    run(story, rule(9, checking(AdditionalClaims=[])))


@pytest.mark.parametrize(("count", "status"), [(10, 200), (11, 401)])
def test_a_load_balancer_reads_ten_keys(count: int, status: int) -> None:
    """ELB-limits: keys of a JWKS endpoint, 10; its size, 150 KB."""

    async def story(world: World) -> None:
        world.entra.keys = [jwk(f"k{n}") for n in range(1, count + 1)]
        sent = {"Authorization": f"Bearer {token()}"}
        assert (await world.browser.get("/", headers=sent)).status_code == status
        world.entra.keys = [{**jwk("k1"), "x5c": ["M" * 150_000]}]
        assert (await world.browser.get("/", headers=sent)).status_code == 401

    run(story, rule(9, checking()))


def test_a_preflight_passes_by_a_rule_before_it_alone() -> None:
    """A browser asks without a token (CORS); a rule for OPTIONS with a smaller number lets it by."""

    async def story(world: World) -> None:
        assert (await world.browser.options("/x")).status_code == 200
        assert (await world.browser.get("/x")).status_code == 401

    options = {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["OPTIONS"]}}
    run(story, rule(10, checking()), rule(9, [FORWARD], options))


@pytest.mark.parametrize(("drop", "arrives"), [("true", False), ("false", True)])
def test_invalid_header_fields_are_dropped_where_it_is_on(drop: str, arrives: bool) -> None:
    """ELB-attributes: names that are not [-A-Za-z0-9]+, such as OIDC_CLAIM_roles."""

    async def story(world: World) -> None:
        await world.browser.get("/", headers={"OIDC_CLAIM_roles": "Admin", "X-Fine": "1"})
        assert ("oidc_claim_roles" in world.seen, world.seen["x-fine"]) == (arrives, "1")

    run(story, drop=drop)


def test_rules_are_tried_by_their_number_and_by_all_conditions() -> None:
    """ELB-rules: lowest number first, the default last; hosts without case, paths with it, * and ?."""
    host = {"Field": "host-header", "HostHeaderConfig": {"Values": ["API.example.*"]}}
    answers = [
        rule(30, [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "203"}}], path("/a*")),
        rule(
            20,
            [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "202"}}],
            path("/a?c", "/q"),
            host,
        ),
        rule(40, [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "204"}}], path("/[x]")),
    ]

    async def story(world: World) -> None:
        api, app = "https://api.example.com:8443", "https://app.example.com"
        for address, status in (
            (f"{api}/abc", 202),
            (f"{app}/abc", 203),
            (f"{api}/aXXc", 203),
            (f"{api}/q", 202),
            (f"{api}/Abc", 200),
            (f"{app}/x", 200),
            (f"{app}/", 200),
        ):
            assert (await world.browser.get(address)).status_code == status, address

    run(story, *answers)


def test_redirects_fill_in_parts_of_the_address_and_fixed_answers_are_fixed() -> None:
    """ELB-rules: #{host}, #{path}, #{query}, …; HTTP to HTTPS keeps the rest."""

    async def story(world: World) -> None:
        answer = await world.browser.get("http://app.example.com/a/b?c=d")
        assert (answer.status_code, answer.headers["location"]) == (301, "https://app.example.com/a/b?c=d")
        text = await world.browser.get("/bye")
        assert (text.status_code, text.text, text.headers["content-type"]) == (
            200,
            "Bye.",
            "text/html; charset=utf-8",
        )

    to_https = {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}
    bye = {"StatusCode": "200", "ContentType": "text/html", "MessageBody": "Bye."}
    run(
        story,
        rule(2, [{"Type": "redirect", "RedirectConfig": to_https}]),
        rule(1, [{"Type": "fixed-response", "FixedResponseConfig": bye}], path("/bye")),
        protocol="HTTP",
    )


def test_a_path_may_be_rewritten_and_the_host_stays() -> None:
    """ELB-rules: url-rewrite by a regular expression."""
    rewrite = {
        "Type": "url-rewrite",
        "UrlRewriteConfig": {"Rewrites": [{"Regex": "^/api/(.*)$", "Replace": "/$1"}]},
    }

    async def story(world: World) -> None:
        await world.browser.post("/api/records?q=%2F", json={"a": 1})
        (reached,) = world.entra.reached
        assert reached.url.raw_path == b"/records?q=%2F"
        assert (reached.method, reached.content, world.seen["host"]) == (
            "POST",
            b'{"a":1}',
            "app.example.com",
        )
        assert (world.seen["x-forwarded-proto"], world.seen["x-forwarded-for"]) == ("https", "127.0.0.1")

    run(story, rule(1, [FORWARD], path("/api/*"), Transforms=[rewrite]))


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([rule(1, [FORWARD, {**FORWARD, "Type": "redirect"}])], "one action ends"),
        ([rule(1, checking()[:1])], "one action ends"),
        ([rule(1, [{"Type": "authenticate-cognito"}, FORWARD])], "is no action"),
        ([rule(1, [FORWARD], {"Field": "source-ip"})], "is no condition"),
        ([rule(1, signing_in("allow", ClientSecret=""))], "without ClientSecret"),
        ([rule(1, signing_in("perhaps"))], "authenticate, deny or allow"),
        ([rule(1, signing_in("deny", UserInfoEndpoint="http://x"))], "no https URL"),
        ([rule(1, checking(Issuer=""))], "needs Issuer"),
        ([rule(1, checking(JwksEndpoint="http://x"))], "as an https URL"),
        ([rule(1, checking(JwksEndpoint="https://" + "x" * 249))], "256 characters"),
        ([rule(1, checking(AdditionalClaims=VALIDATION["AdditionalClaims"] * 11))], "at most 10 claims"),
        (
            [rule(1, checking(AdditionalClaims=[{"Name": "a", "Format": "single", "Values": ["b"]}]))],
            "format",
        ),
        (
            [
                rule(
                    1,
                    checking(
                        AdditionalClaims=[{"Name": "a", "Format": "single-string", "Values": ["b", "c"]}]
                    ),
                )
            ],
            "needs one value",
        ),
        (
            [
                rule(
                    1,
                    checking(
                        AdditionalClaims=[{"Name": "a", "Format": "single-string", "Values": ["b" * 257]}]
                    ),
                )
            ],
            "needs one value",
        ),
    ],
)
def test_what_no_load_balancer_takes_is_refused(rules: list[dict[str, Any]], said: str) -> None:
    """And what AWS does not say: whether of several values any is enough."""
    with pytest.raises(DeployedError, match=said):
        made(*rules)


def test_only_https_listeners_check_who_calls() -> None:
    """ELB-auth and ELB-jwt."""
    for actions in (checking(), signing_in("deny")):
        with pytest.raises(DeployedError, match="only an HTTPS listener"):
            made(rule(1, actions), protocol="HTTP")
