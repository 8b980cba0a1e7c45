"""Azure Key Vault: a tag of each version is the key id."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from entra_config.credentials.sinks.base import EMPTY, PLACEHOLDER, Content
from entra_config.errors import SinkError
from entra_config.hidden import Hidden

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from azure.keyvault.secrets import SecretClient

KEY_ID = "entra-config-key-id"


class AzureKeeper:
    """Keeps the secret as the newest version of one secret of a vault."""

    def __init__(
        self, vault: str, secret: str, credential: Callable[[], TokenCredential], **options: Any
    ) -> None:
        self._vault, self._secret, self._credential, self._options = vault, secret, credential, options
        self._made: SecretClient | None = None

    async def prove(self) -> None:
        """Write the tags of the newest version again; where there is none yet, make one that is no key."""
        await asyncio.to_thread(self._reported, self._prove)

    async def content(self) -> Content:
        """Return the newest version."""
        found: Content = await asyncio.to_thread(self._reported, self._content)
        return found

    async def keep(self, value: Hidden, key_id: str) -> None:
        """Make a version with the key id beside it."""
        await asyncio.to_thread(self._reported, lambda client: self._keep(client, value, key_id))

    def _prove(self, client: SecretClient) -> None:
        newest = self._newest(client)
        if newest is None:
            client.set_secret(self._secret, PLACEHOLDER)
        else:
            client.update_secret_properties(
                self._secret, newest.properties.version, tags=newest.properties.tags or {}
            )

    def _content(self, client: SecretClient) -> Content:
        newest = self._newest(client)
        if newest is None or not newest.value or newest.value == PLACEHOLDER:
            return EMPTY
        return Content.of(newest.value, str((newest.properties.tags or {}).get(KEY_ID, "")).lower())

    def _keep(self, client: SecretClient, value: Hidden, key_id: str) -> None:
        newest = self._newest(client)
        if newest is None or (newest.properties.tags or {}).get(KEY_ID) != key_id:
            client.set_secret(self._secret, value.reveal(), tags={KEY_ID: key_id})

    def _newest(self, client: SecretClient) -> Any:
        from azure.core.exceptions import ResourceNotFoundError

        try:
            return client.get_secret(self._secret)
        except ResourceNotFoundError:
            return None

    def _reported(self, work: Callable[[SecretClient], Any]) -> Any:
        from azure.core.exceptions import AzureError, HttpResponseError

        where = f"{self._vault}/secrets/{self._secret}"
        try:
            return work(self._client())
        except HttpResponseError as error:
            message = (error.message or str(error.reason)).splitlines()[0]
            raise SinkError(f"{where}: {error.status_code} {message}") from None
        except AzureError as error:
            raise SinkError(f"{where}: {type(error).__name__}: {error.message}") from None

    def _client(self) -> SecretClient:
        from azure.keyvault.secrets import SecretClient

        if self._made is None:
            self._made = SecretClient(self._vault, self._credential(), **self._options)
        return self._made
