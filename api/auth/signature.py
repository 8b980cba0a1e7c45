"""A compact JWS in, its header and proven payload out: RS256 only, by PyJWT's algorithm."""

import base64
import json
import re
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm

from api.auth.failures import Reason, TokenRefusedError

ALGORITHM = "RS256"
# A load balancer passes 16 KiB in one header line, and 200 groups, the most
# that Entra puts into a token, make about 11 KiB.
MAX_TOKEN_CHARACTERS = 16_384
# Entra's own kids are 27 characters. A kid is looked up in a dict, never put
# into a URL or a path, and only one of this shape reaches the log.
_KID = re.compile(r"[A-Za-z0-9_-]{1,128}")
# Entra's headers hold typ, alg, kid and at times x5t, nonce, rh. These would
# bring a key, or a rule, of the sender's own.
_FOREIGN = frozenset({"jwk", "jku", "x5u", "x5c", "crit", "b64", "zip", "enc", "cty"})


_RS256 = RSAAlgorithm(RSAAlgorithm.SHA256)


def decode(segment: bytes) -> bytes:
    """Read one base64url segment without padding, in its one canonical spelling; else a ValueError."""
    decoded = base64.urlsafe_b64decode(segment + b"==="[: -len(segment) % 4])
    # What Python skips (other alphabets, white space) and the bits left over in
    # the last character would give one token many spellings.
    if base64.urlsafe_b64encode(decoded).rstrip(b"=") != segment:
        raise ValueError("not the canonical spelling")
    return decoded


def kid_of(token: str) -> str:
    """Return the `kid` of an unproven token whose header is one that Entra writes."""
    if token.count(".") != 2 or not token.isascii():
        raise TokenRefusedError(Reason.MALFORMED)
    return _kid_of_header(token[: token.index(".")])


def verify(token: str, key: RSAPublicKey, kid: str) -> dict[str, Any]:
    """Return the claims of a token that the key has signed."""
    signed, _, signature = token.encode().rpartition(b".")
    try:
        payload, signature_bytes = decode(signed.partition(b".")[2]), decode(signature)
    except ValueError as error:
        raise TokenRefusedError(Reason.MALFORMED, kid=kid) from error
    if not _RS256.verify(signed, key, signature_bytes):
        raise TokenRefusedError(Reason.SIGNATURE, kid=kid)
    try:
        claims = json.loads(payload.decode())
    except (ValueError, RecursionError) as error:
        raise TokenRefusedError(Reason.CLAIMS, kid=kid) from error
    if not isinstance(claims, dict):
        raise TokenRefusedError(Reason.CLAIMS, kid=kid)
    return claims


# All tokens of one key have the same header, so its reading is remembered;
# refusals raise and are not.
@lru_cache(maxsize=64)
def _kid_of_header(segment: str) -> str:
    try:
        header = json.loads(decode(segment.encode()))
    except (ValueError, RecursionError) as error:
        raise TokenRefusedError(Reason.MALFORMED) from error
    if not isinstance(header, dict):
        raise TokenRefusedError(Reason.MALFORMED)
    kid = header.get("kid")
    shown = kid if isinstance(kid, str) and _KID.fullmatch(kid) else None
    if header.get("alg") != ALGORITHM:
        raise TokenRefusedError(Reason.ALGORITHM, kid=shown)
    if header.get("typ", "JWT") != "JWT" or not _FOREIGN.isdisjoint(header):
        raise TokenRefusedError(Reason.HEADER, kid=shown)
    if shown is None:
        raise TokenRefusedError(Reason.NO_KID)
    return shown
