"""The issuer of a federated assertion in; its public keys, configured or fetched, out."""

import ssl
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from entra_emulator.login.errors import LoginError

# Entra reads no more keys of an issuer than these.
MOST_KEYS = 100
KEEP_SECONDS = 3600.0
PAUSE_SECONDS = 30.0


class Issuers:
    """Other identity providers. Only those that a federated credential names are ever asked."""

    def __init__(
        self,
        configured: Mapping[str, Mapping[str, Any]] | None = None,
        trusted_ca: Path | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Use the key sets of `configured` by issuer, and fetch those of all others over TLS, whose
        CA may be `trusted_ca` too.
        """
        self.configured = dict(configured or {})
        self._trusted_ca, self._monotonic = trusted_ca, monotonic
        self._fetched: dict[str, tuple[float, Mapping[str, Any]]] = {}

    async def key(self, issuer: str, kid: str) -> Any | None:
        """Return the public key that an issuer publishes under `kid`, or None."""
        if issuer in self.configured:
            return _pick(self.configured[issuer], kid)
        at, keys = self._fetched.get(issuer, (float("-inf"), {}))
        found, age = _pick(keys, kid), self._monotonic() - at
        if age > KEEP_SECONDS or (found is None and age > PAUSE_SECONDS):
            keys = await self._fetch(issuer)
            self._fetched[issuer] = (self._monotonic(), keys)
            found = _pick(keys, kid)
        return found

    async def _fetch(self, issuer: str) -> Mapping[str, Any]:
        if not issuer.startswith("https://"):
            raise LoginError(90061)
        # It loads in a third of the time that a whole start may take, and most emulators never fetch.
        import httpx

        verify: ssl.SSLContext | bool = True
        if self._trusted_ca is not None:
            verify = ssl.create_default_context()
            verify.load_verify_locations(self._trusted_ca)
        try:
            async with httpx.AsyncClient(verify=verify, timeout=10) as client:
                document = await client.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
                keys = await client.get(document.raise_for_status().json()["jwks_uri"])
                return dict(keys.raise_for_status().json())
        except (httpx.HTTPError, ValueError, KeyError) as error:
            raise LoginError(90061) from error


def _pick(keys: Mapping[str, Any], kid: str) -> Any | None:
    import jwt

    for entry in list(keys.get("keys", ()))[:MOST_KEYS]:
        if entry.get("kid") == kid and entry.get("kty") == "RSA":
            return jwt.PyJWK({"alg": "RS256", **entry}).key
    return None
