"""A small Entra of our own: claims in, signed tokens and the JWKS that proves them out."""

import asyncio
import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha1
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

TENANT = "11111111-1111-1111-1111-111111111111"
OTHER_TENANT = "22222222-2222-2222-2222-222222222222"
API = "aaaaaaaa-0000-4000-8000-000000000001"
SPA = "bbbbbbbb-0000-4000-8000-000000000002"
NIGHTLY = "cccccccc-0000-4000-8000-000000000003"
ALICE = "dddddddd-0000-4000-8000-000000000004"
ROBOT = "eeeeeeee-0000-4000-8000-000000000005"
URI = f"api://{API}"
LOGIN = "https://login.microsoftonline.com"
NOW = 1_790_000_000


@cache
def rsa_key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """Make the key of that name once per process: making RSA keys is slow."""
    del name
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def kid_of(name: str) -> str:
    """Name a key as Entra does: 27 characters of base64url."""
    return base64.urlsafe_b64encode(sha1(name.encode()).digest()).rstrip(b"=").decode()


def jwk(name: str, **changes: Any) -> dict[str, Any]:
    """Publish a key as Entra does: no `alg`, and the issuer as a template."""
    entry = RSAAlgorithm.to_jwk(rsa_key(name).public_key(), as_dict=True)
    entry.pop("key_ops")
    kid = kid_of(name)
    return {**entry, "use": "sig", "kid": kid, "x5t": kid, "issuer": f"{LOGIN}/{{tenantid}}/v2.0", **changes}


def user_claims(now: float = NOW, **changes: Any) -> dict[str, Any]:
    """Write what Entra puts into a person's v2 access token; `...` takes a claim out."""
    issued = int(now) - 300
    claims = {
        "aud": API,
        "iss": f"{LOGIN}/{TENANT}/v2.0",
        "iat": issued,
        "nbf": issued,
        "exp": issued + 4414,
        "aio": "AXQAi/8TAAAA",
        "azp": SPA,
        "azpacr": "0",
        "name": "Alice",
        "oid": ALICE,
        "preferred_username": "alice@contoso.com",
        "rh": "1.AAAA.",
        "roles": ["Reader", "Writer"],
        "scp": "user.read user.write",
        "sid": "00000000-0000-4000-8000-00000000000f",
        "sub": "q1w2e3r4t5y6u7i8o9p0q1w2e3r4t5y6u7i8o9p0abc",
        "tid": TENANT,
        "uti": "AAAAAAAAAAAAAAAAAAAAAA",
        "ver": "2.0",
        "xms_ftd": "opaque",
    }
    return _changed(claims, changes)


def app_claims(now: float = NOW, **changes: Any) -> dict[str, Any]:
    """Write what Entra puts into an app-only v2 token; `...` takes a claim out."""
    claims = user_claims(now, azp=NIGHTLY, azpacr="2", oid=ROBOT, sub=ROBOT, roles=["Writer"])
    for absent in ("name", "preferred_username", "scp", "sid"):
        del claims[absent]
    return _changed(claims, changes)


def v1_claims(now: float = NOW, **changes: Any) -> dict[str, Any]:
    """Write what Entra puts into a person's v1 access token; `...` takes a claim out."""
    claims = user_claims(now, aud=URI, iss=f"https://sts.windows.net/{TENANT}/", ver="1.0")
    for absent in ("azp", "azpacr", "preferred_username"):
        del claims[absent]
    claims |= {"appid": SPA, "appidacr": "0", "upn": "alice@contoso.com", "unique_name": "alice@contoso.com"}
    return _changed(claims, changes)


def id_claims(now: float = NOW, **changes: Any) -> dict[str, Any]:
    """Write what Entra puts into an ID token of the SPA; `...` takes a claim out."""
    claims = user_claims(now, aud=SPA, nonce="n-0S6_WzA2Mj")
    for absent in ("azp", "azpacr", "scp", "xms_ftd"):
        del claims[absent]
    return _changed(claims, changes)


def sign(claims: Mapping[str, Any], key: str = "one", **header: Any) -> str:
    """Sign the claims with the key of that name, as Entra would."""
    headers = {"typ": "JWT", "alg": "RS256", "kid": kid_of(key), **header}
    payload = json.dumps(dict(claims), separators=(",", ":")).encode()
    return jwt.PyJWS().encode(payload, rsa_key(key), algorithm="RS256", headers=headers, sort_headers=False)


def _changed(claims: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**claims, **changes}.items() if value is not ...}


@dataclass
class KeyServer:
    """Serves the JWKS through an httpx transport, and can fail."""

    keys: list[dict[str, Any]] = field(default_factory=lambda: [jwk("one"), jwk("two")])
    failing: bool = False
    body: bytes | None = None
    status: int = 200
    requests: int = 0
    issuer: str = f"{LOGIN}/{TENANT}/v2.0"

    def transport(self) -> httpx.MockTransport:
        """Return the way to this server."""
        return httpx.MockTransport(self._response)

    async def fetch(self) -> bytes:
        """Fetch the document as the key store does."""
        async with httpx.AsyncClient(transport=self.transport()) as client:
            response = await client.get(f"{LOGIN}/{TENANT}/discovery/v2.0/keys")
            response.raise_for_status()
            return response.content

    def _response(self, request: httpx.Request) -> httpx.Response:
        # No token makes the API ask another host, whatever its header names.
        assert request.url.host == "login.microsoftonline.com"
        if request.url.path.endswith("/openid-configuration"):
            return httpx.Response(200, json={"issuer": self.issuer})
        self.requests += 1
        if self.failing:
            raise httpx.ConnectError("no route to host", request=request)
        content = json.dumps({"keys": self.keys}).encode() if self.body is None else self.body
        return httpx.Response(self.status, content=content, headers={"Content-Type": "application/json"})


class Clock:
    """Time that passes when told to, and wakes who sleeps through it."""

    def __init__(self, time: float = NOW) -> None:
        """Start at a time."""
        self.time = time
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    def __call__(self) -> float:
        """Tell the time."""
        return self.time

    async def sleep(self, seconds: float) -> None:
        """Wait until that much time has passed."""
        woken = asyncio.Event()
        self._sleepers.append((self.time + seconds, woken))
        await woken.wait()

    async def advance(self, seconds: float) -> None:
        """Let time pass from sleeper to sleeper, so that each wakes at its own time."""
        end = self.time + seconds
        while True:
            await _settle()
            due = sorted(
                (sleeper for sleeper in self._sleepers if sleeper[0] <= end), key=lambda sleeper: sleeper[0]
            )
            if not due:
                break
            self._sleepers.remove(due[0])
            self.time = due[0][0]
            due[0][1].set()
        self.time = end


async def _settle() -> None:
    # A fetch through the transport takes a few turns of the loop.
    for _ in range(50):
        await asyncio.sleep(0)
