"""A listener of the stand-in for a test, by ASGI: its rules, whom it talks to, a clock and a browser.

Pages of docs.aws.amazon.com/elasticloadbalancing/latest/application: ELB-auth is listener-authenticate-users,
ELB-jwt listener-verify-jwt, ELB-errors load-balancer-troubleshooting, ELB-limits load-balancer-limits,
ELB-rules listener-rules with its conditions, actions and transforms, ELB-attributes
application-load-balancers.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from options.alb.stand_in.app import LoadBalancer
from options.alb.stand_in.deployed import Deployed

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


def header(name: str, *values: str) -> dict[str, Any]:
    """Return a condition."""
    return {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": name, "Values": list(values)}}


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
        self.keys_requested: list[str] = []

    def response(self, request: httpx.Request) -> httpx.Response:
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
        self.keys_requested.append(str(request.url))
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
        self.http = httpx.AsyncClient(transport=httpx.MockTransport(self.entra.response))
        self.balancer = LoadBalancer(deployed, self.http, targets=self.http, now=lambda: self.time)
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
