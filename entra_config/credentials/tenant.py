"""Graph in; the secrets of one application as they are, one more, one less."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from entra_config.credentials.holding import HeldCredentials, LostError, Made
from entra_config.credentials.life import SecretKey
from entra_config.graph.request import Request
from entra_config.graph.retry import Tries
from entra_config.hidden import Hidden


class ApplicationSecrets(HeldCredentials):
    """One application whose secrets are changed: one at a time, ten seconds apart."""

    collection = "passwordCredentials"

    async def add(self, name: str, end: datetime, known: list[SecretKey]) -> Made:
        """Make a secret; LostError where no response came."""
        await self._apart(known)
        stamp = end.strftime("%Y-%m-%dT%H:%M:%SZ")
        body: Any = {"passwordCredential": {"displayName": name, "endDateTime": stamp}}
        request = Request("POST", f"{self._path}/addPassword", body, hidden=("secretText",))
        response = await self._write(request, lost=True)
        made = response.body if isinstance(response.body, dict) else {}
        value, key_id = made.get("secretText"), made.get("keyId")
        if not isinstance(value, Hidden) or not key_id:
            raise LostError
        return Made(str(key_id).lower(), value)

    async def remove(self, key_id: str, known: list[SecretKey] | None = None) -> None:
        """Take a secret away; one that is gone already is as good."""
        await self._apart(known or [])
        request = Request("POST", f"{self._path}/removePassword", {"keyId": key_id})
        tries = Tries()
        while True:
            (response,) = await self._graph.send([request])
            self._changed = self._time.now()
            if response.ok or "no password credential found" in response.message.casefold():
                return
            # Doing it twice is doing it once, so an answer that did not come is asked for again.
            await self._wait(request, response, tries)
