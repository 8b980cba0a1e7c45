"""`AlbKeys`: the region's place of keys in, the key of a load balancer by its `kid` out, fetched once."""

import logging
import re
from collections import deque
from collections.abc import Awaitable, Callable

import httpx
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from api.auth.failures import KeysUnavailableError, Reason, TokenRefusedError

log = logging.getLogger("api.keys")

MOST_KEYS = 16
MOST_MISSES = 30
MISSES_SECONDS = 60
# It becomes part of a URL, so it is of this shape and no other.
_KID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_ABSENT = frozenset({403, 404})


class AlbKeys:
    """Keys are served one by one, by an id that whoever sends a header chooses: made-up ones are limited."""

    def __init__(self, fetch: Callable[[str], Awaitable[bytes]], *, monotonic: Callable[[], float]) -> None:
        """Start empty; `fetch` returns the PEM of a `kid`."""
        self._fetch = fetch
        self._monotonic = monotonic
        self._keys: dict[str, EllipticCurvePublicKey] = {}
        self._misses: deque[float] = deque(maxlen=MOST_MISSES)

    async def find(self, kid: object) -> EllipticCurvePublicKey:
        """Return the key; refuse an id that no load balancer of the region has."""
        if not isinstance(kid, str) or not _KID.fullmatch(kid):
            raise TokenRefusedError(Reason.NO_KID)
        if (key := self._keys.get(kid)) is not None:
            return key
        now = self._monotonic()
        if len(self._misses) == MOST_MISSES and now - self._misses[0] < MISSES_SECONDS:
            raise KeysUnavailableError(kid)
        try:
            found = _read(await self._fetch(kid))
        except (httpx.HTTPError, TimeoutError) as error:
            self._misses.append(now)
            if isinstance(error, httpx.HTTPStatusError) and error.response.status_code in _ABSENT:
                raise TokenRefusedError(Reason.UNKNOWN_KID, kid=kid) from error
            log.warning("key not fetched", extra={"error": str(error) or type(error).__name__, "kid": kid})
            raise KeysUnavailableError(kid) from error
        if found is None:
            self._misses.append(now)
            raise KeysUnavailableError(kid)
        self._keys[kid] = found
        if len(self._keys) > MOST_KEYS:
            del self._keys[next(iter(self._keys))]
        return found


def _read(pem: bytes) -> EllipticCurvePublicKey | None:
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1) else None
