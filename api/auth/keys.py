"""`KeyStore`: a way to fetch the JWKS in, the key for a `kid` out, through rotation and outage."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from api.auth import jwks
from api.auth.failures import KeysUnavailableError, Reason, TokenRefusedError

log = logging.getLogger("api.keys")

FIRST_RETRY_SECONDS = 5
MAX_RETRY_SECONDS = 300


@dataclass(frozen=True)
class Timing:
    """When keys are fetched again, in seconds.

    Entra rotates without notice and advises to refresh about hourly; a fetch
    for an unknown `kid` is limited so that made-up ones cannot flood it.
    """

    refresh_after: float = 3600
    refetch_interval: float = 60
    max_age: float = 86_400


class KeyStore:
    """The tenant's signing keys.

    ===================  =======================  ==================================
    kid in the last set  last fetch               answer
    ===================  =======================  ==================================
    yes                  younger than `max_age`   the key, without waiting
    yes                  older                    fetch, then as below
    no                   any                      fetch once per `refetch_interval`;
                                                  found: the key; not: unknown kid;
                                                  the fetch failed: unavailable
    ===================  =======================  ==================================
    """

    def __init__(
        self,
        fetch: Callable[[], Awaitable[bytes]],
        *,
        tenant_id: str,
        monotonic: Callable[[], float],
        timing: Timing = Timing(),
    ) -> None:
        """Start empty; `refresh` fills."""
        self._fetch = fetch
        self._tenant_id = tenant_id
        self._monotonic = monotonic
        self._timing = timing
        self._keys: dict[str, RSAPublicKey] = {}
        self._fetched_at = float("-inf")
        self._missed_at = float("-inf")
        self._failures = 0
        self._running: asyncio.Task[None] | None = None

    @property
    def ready(self) -> bool:
        """Tell whether tokens can be verified now."""
        return self._monotonic() - self._fetched_at <= self._timing.max_age

    def get(self, kid: str) -> RSAPublicKey | None:
        """Return the key if it is at hand and not too old to be trusted."""
        return self._keys.get(kid) if self.ready else None

    async def find(self, kid: str) -> RSAPublicKey:
        """Return the key, fetching the key set if it is not at hand."""
        key = self.get(kid)
        if key is None and self._running is not None:
            await self._refresh_once()
            if self._failures:
                raise KeysUnavailableError(kid)
            key = self.get(kid)
        if key is None and self._may_refetch():
            self._missed_at = self._monotonic()
            await self._refresh_once()
            key = self.get(kid)
            if key is not None:
                # A true rotation costs nothing of the interval: the next one must
                # be accepted at once too.
                self._missed_at = float("-inf")
        if key is not None:
            return key
        if self._failures or not self.ready:
            raise KeysUnavailableError(kid)
        raise TokenRefusedError(Reason.UNKNOWN_KID, kid=kid)

    async def refresh(self) -> None:
        """Fetch the key set and replace the old one; on failure keep the old one."""
        try:
            keys = jwks.parse(await self._fetch(), self._tenant_id)
        except (httpx.HTTPError, TimeoutError, jwks.JwksError) as error:
            self._failures += 1
            log.warning(
                "signing keys not refreshed",
                extra={"error": str(error) or type(error).__name__, "failures": self._failures},
            )
            return
        self._failures = 0
        self._fetched_at = self._monotonic()
        added, removed = keys.keys() - self._keys.keys(), self._keys.keys() - keys.keys()
        # An unchanged key stays the same object, so verified tokens stay cached.
        self._keys = {
            kid: old if (old := self._keys.get(kid)) is not None and _same(old, key) else key
            for kid, key in keys.items()
        }
        if added or removed:
            log.info("signing keys", extra={"added": sorted(added), "removed": sorted(removed)})

    async def keep_fresh(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Refresh for ever: hourly, and sooner while the key server fails."""
        while True:
            await sleep(self._delay())
            await self._refresh_once()

    async def _refresh_once(self) -> None:
        """Join the fetch under way, or start one that outlives its first caller."""
        if self._running is None:
            self._running = asyncio.create_task(self.refresh())
            self._running.add_done_callback(self._forget)
        await asyncio.shield(self._running)

    def _forget(self, _done: asyncio.Task[None]) -> None:
        self._running = None

    def _may_refetch(self) -> bool:
        return self._monotonic() - self._missed_at >= self._timing.refetch_interval

    def _delay(self) -> float:
        if not self._failures:
            return self._timing.refresh_after
        return min(FIRST_RETRY_SECONDS * 2.0 ** (self._failures - 1), MAX_RETRY_SECONDS)


def _same(one: RSAPublicKey, other: RSAPublicKey) -> bool:
    return one.public_numbers() == other.public_numbers()
