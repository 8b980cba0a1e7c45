"""A load balancer's signed word, with changes, and the servers of its keys and of Entra's."""

import base64
import json
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm
from starlette.testclient import TestClient

from api.tests.issuer import LOGIN, NOW, SPA, TENANT, KeyServer, sign, user_claims

ARN = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/myapp/50dc6c495c0c9188"
OTHER_ARN = ARN.replace("/myapp/", "/theirs/")
PAGE = "https://app.example.com"
ISSUER = f"{LOGIN}/{TENANT}/v2.0"
KID, ABSENT = "12345678-1234-1234-1234-123456789012", "00000000-0000-0000-0000-000000000000"
KEY = ec.generate_private_key(ec.SECP256R1())
OID = user_claims()["oid"]


def pem(key: Any = KEY) -> bytes:
    """Return a public key as the region serves it."""
    found: bytes = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return found


def part(value: Any, *, padded: bool = True) -> str:
    """Write one part of a JWT."""
    text = base64.urlsafe_b64encode(json.dumps(value).encode()).decode()
    return text if padded else text.rstrip("=")


def data(
    header: dict[str, Any] | None = None,
    claims: dict[str, Any] | None = None,
    *,
    sign_with: Any = None,
    padded: bool = True,
) -> str:
    """Return what a load balancer sends, with changes; `...` takes a member out."""
    first = {
        "typ": "JWT",
        "kid": KID,
        "alg": "ES256",
        "iss": ISSUER,
        "client": SPA,
        "signer": ARN,
        "exp": NOW + 120,
    }
    second = {"sub": "s", "oid": OID, "tid": TENANT, "name": "Alice", "exp": NOW + 120, "iss": ISSUER}
    parts = [
        part(
            {key: value for key, value in {**whole, **(changes or {})}.items() if value is not ...},
            padded=padded,
        )
        for whole, changes in ((first, header), (second, claims))
    ]
    signed = ".".join(parts)
    algorithm, key = sign_with or (ECAlgorithm(ECAlgorithm.SHA256), KEY)
    signature = algorithm.sign(signed.encode(), key)
    return f"{signed}.{base64.urlsafe_b64encode(signature).decode()}"


def headers(said: str | None = None, token: str | None = None, **more: str) -> dict[str, str]:
    """Return a request's headers as they come through the load balancer."""
    return {
        "Host": "app.example.com",
        "x-amzn-oidc-data": data() if said is None else said,
        "x-amzn-oidc-accesstoken": sign(user_claims()) if token is None else token,
        "x-amzn-oidc-identity": "s",
        **more,
    }


class Region(KeyServer):
    """Entra's keys, and those of load balancers."""

    def __init__(self) -> None:
        """Know one load balancer's key."""
        super().__init__()
        self.pems: dict[str, bytes] = {KID: pem()}
        self.requested: list[str] = []
        self.down = False

    def transport(self) -> httpx.MockTransport:
        """Return the way to both."""
        return httpx.MockTransport(self._route)

    def _route(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "login.microsoftonline.com":
            return self._response(request)
        assert request.url.host == "public-keys.auth.elb.eu-central-1.amazonaws.com"
        self.requested.append(request.url.path)
        if self.down:
            raise httpx.ConnectError("no route to host", request=request)
        found = self.pems.get(request.url.path.removeprefix("/"))
        return httpx.Response(200 if found else 403, content=found or b"<Error/>")


def opened(behind: TestClient) -> dict[str, str]:
    """Open the page; return what its writes carry."""
    reported = behind.get("/session", headers=headers()).json()
    return {"Origin": PAGE, "X-CSRF-Token": reported["csrf"], "Sec-Fetch-Site": "same-origin"}
