"""What a proxy says of a token that it verified in, who calls out: `X-Auth-…` of a peer on this very host.

Apache httpd verifies the signature and passes on each claim in a header of its own (`options/httpd`). Whoever
can send these headers can be anybody, so they are believed of nobody but a process of the same task, which
alone reaches a loopback address; and what they say is checked as the claims of a token are.
"""

import base64
import binascii
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Literal

from fastapi import Request

from api.auth import claims
from api.auth.failures import NoTokenError, Reason, TokenRefusedError
from api.auth.readers import bearer
from api.auth.tokens import TokenVerifier
from api.auth.user import CurrentUser

log = logging.getLogger("api.auth")

Form = Literal["text", "words", "json"]
# By header: the claim, and how it is written there. `words` are base64 of UTF-8: a name may hold any sign.
CLAIMS: dict[str, tuple[str, Form]] = {
    "X-Auth-Aud": ("aud", "text"),
    "X-Auth-Iss": ("iss", "text"),
    "X-Auth-Tid": ("tid", "text"),
    "X-Auth-Ver": ("ver", "text"),
    "X-Auth-Oid": ("oid", "text"),
    "X-Auth-Sub": ("sub", "text"),
    "X-Auth-Azp": ("azp", "text"),
    "X-Auth-Idtyp": ("idtyp", "text"),
    "X-Auth-Scp": ("scp", "text"),
    "X-Auth-Name": ("name", "words"),
    "X-Auth-Username": ("preferred_username", "words"),
    "X-Auth-Nonce": ("nonce", "text"),
    "X-Auth-Roles": ("roles", "json"),
    "X-Auth-Groups": ("groups", "json"),
    "X-Auth-Claim-Names": ("_claim_names", "json"),
    "X-Auth-Hasgroups": ("hasgroups", "json"),
    "X-Auth-Exp": ("exp", "json"),
    "X-Auth-Nbf": ("nbf", "json"),
    "X-Auth-Iat": ("iat", "json"),
}


@dataclass(frozen=True)
class ProxyReader:
    """`X-Auth-…` of the proxy beside us say who calls; a route may ask for the token itself."""

    verifier: TokenVerifier
    now: Callable[[], float]

    async def user(self, request: Request) -> CurrentUser:
        """Return the user whom the proxy vouches for."""
        if not _is_beside_us(request):
            log.warning("token refused", extra={"reason": "peer"})
            raise NoTokenError
        said = {name: value for header in CLAIMS for name, value in _claim(request, header)}
        if not said:
            raise NoTokenError
        return claims.check(said, self.verifier.rules, self.now())

    async def prove(self, request: Request, user: CurrentUser) -> None:
        """Verify the token itself; it must say all that the proxy said of it."""
        if await self.verifier.verify(bearer(request)) != user:
            raise TokenRefusedError(Reason.OTHER, client=user.client_id)


def _is_beside_us(request: Request) -> bool:
    """Tell whether the connection comes from this host; what headers say of it counts for nothing."""
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _claim(request: Request, header: str) -> list[tuple[str, Any]]:
    values = request.headers.getlist(header)
    if not values:
        return []
    name, form = CLAIMS[header]
    if len(values) > 1:
        raise TokenRefusedError(Reason.CLAIMS)
    try:
        return [(name, _read(values[0], form))]
    except (ValueError, binascii.Error) as error:
        raise TokenRefusedError(Reason.CLAIMS) from error


def _read(text: str, form: Form) -> Any:
    if form == "words":
        return base64.b64decode(text, validate=True).decode("utf-8")
    if form == "text" and text[:1] in {"[", "{"}:
        raise ValueError("a list or an object where the claim is a text")
    return json.loads(text) if form == "json" else text
