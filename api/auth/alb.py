"""What a load balancer that signed somebody in says in, who calls out: its own word, and the access token.

The first says who, signed by the one load balancer that is configured (ES256); roles and scopes are those of
the access token, which is verified as any other (`api.auth.tokens`). Both must be of one person.
"""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jwt
from fastapi import Request

from api.auth import page
from api.auth.alb_keys import AlbKeys
from api.auth.failures import NobodySignedInError, Reason, TokenRefusedError
from api.auth.readers import Reader
from api.auth.signature import MAX_TOKEN_CHARACTERS
from api.auth.tokens import TokenVerifier
from api.auth.user import CurrentUser

DATA = "x-amzn-oidc-data"
ACCESS_TOKEN = "x-amzn-oidc-accesstoken"  # noqa: S105  # the name of a header
ALGORITHM = "ES256"
# ELB writes these; any other would bring a key, or a rule, of the sender's own.
_HEADER = frozenset({"typ", "alg", "kid", "signer", "iss", "client", "exp"})
_JWS = jwt.PyJWS(algorithms=[ALGORITHM])


@dataclass(frozen=True)
class Vouching:
    """Which load balancer is believed, and for which page."""

    signer: str  # its ARN
    client_id: str  # by which it signs people in
    issuer: str
    page_url: str


@dataclass(frozen=True)
class AlbReader:
    """Two headers of the load balancer say who calls; what another page made a browser send is refused."""

    vouching: Vouching
    keys: AlbKeys
    verifier: TokenVerifier
    now: Callable[[], float]

    async def user(self, request: Request) -> CurrentUser:
        """Return who is signed in, where the page itself sent the request."""
        user = await self.known(request)
        page.admit(request, user, self.vouching.page_url)
        return user

    async def prove(self, request: Request, user: CurrentUser) -> None:
        """Do nothing: the access token was verified."""

    async def known(self, request: Request) -> CurrentUser:
        """Return who is signed in, whatever page sent the request."""
        data, token = _one(request, DATA), _one(request, ACCESS_TOKEN)
        if data is None and token is None:
            raise NobodySignedInError
        if data is None or token is None:
            raise TokenRefusedError(Reason.MALFORMED)
        said = await self._said(data)
        user = await self.verifier.verify(token)
        mine = (said.get("oid"), said.get("tid")) == (user.object_id, user.tenant_id)
        if user.kind != "user" or user.client_id != self.vouching.client_id or not mine:
            raise TokenRefusedError(Reason.OTHER, client=user.client_id)
        return user

    async def _said(self, data: str) -> dict[str, Any]:
        """Return the claims that our load balancer signed, and that have not ended."""
        if len(data) > MAX_TOKEN_CHARACTERS:
            raise TokenRefusedError(Reason.TOO_LARGE)
        header = _header(data)
        self._check(header)
        kid = header.get("kid")
        key = await self.keys.find(kid)
        try:
            payload = _JWS.decode_complete(data, key, algorithms=[ALGORITHM])["payload"]
            said = json.loads(payload)
        except jwt.InvalidTokenError as error:
            raise TokenRefusedError(Reason.SIGNATURE, kid=str(kid)) from error
        except (ValueError, RecursionError) as error:
            raise TokenRefusedError(Reason.CLAIMS, kid=str(kid)) from error
        if not isinstance(said, dict):
            raise TokenRefusedError(Reason.CLAIMS, kid=str(kid))
        if said.get("iss") != self.vouching.issuer:
            raise TokenRefusedError(Reason.ISSUER, kid=str(kid))
        # Both ends, as the header alone, or the claims alone, might have one.
        if not all(_lives(part.get("exp"), self.now()) for part in (header, said)):
            raise TokenRefusedError(Reason.EXPIRED, kid=str(kid))
        return said

    def _check(self, header: dict[str, Any]) -> None:
        """Refuse what another load balancer signed, or ours for another client: anybody can have one."""
        expected = (
            ("alg", ALGORITHM, Reason.ALGORITHM),
            ("signer", self.vouching.signer, Reason.SIGNER),
            ("client", self.vouching.client_id, Reason.CLIENT),
            ("iss", self.vouching.issuer, Reason.ISSUER),
        )
        for name, value, reason in expected:
            if header.get(name) != value:
                raise TokenRefusedError(reason)
        if not _HEADER.issuperset(header) or header.get("typ", "JWT") != "JWT":
            raise TokenRefusedError(Reason.HEADER)


@dataclass(frozen=True)
class ByHost:
    """The page's host has the load balancer's way of knowing who calls, and no other host does."""

    host: str
    there: AlbReader
    elsewhere: Reader

    async def user(self, request: Request) -> CurrentUser:
        """Return who calls, by the way of the host that was asked."""
        return await self._of(request).user(request)

    async def prove(self, request: Request, user: CurrentUser) -> None:
        """Verify what the host's own way leaves unverified."""
        await self._of(request).prove(request, user)

    def _of(self, request: Request) -> Reader:
        return self.there if request.headers.getlist("host") == [self.host] else self.elsewhere


def _one(request: Request, name: str) -> str | None:
    values = request.headers.getlist(name)
    if len(values) > 1:
        raise TokenRefusedError(Reason.MALFORMED)
    return values[0] if values else None


def _header(data: str) -> dict[str, Any]:
    first = data.partition(".")[0]
    try:
        # ELB pads each part; the signature is of the padded text.
        header = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise TokenRefusedError(Reason.MALFORMED) from error
    if not isinstance(header, dict):
        raise TokenRefusedError(Reason.MALFORMED)
    return header


def _lives(ends: object, now: float) -> bool:
    return isinstance(ends, int) and ends > now
