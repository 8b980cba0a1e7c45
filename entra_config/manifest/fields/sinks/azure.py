"""Azure Key Vault: a tag of each version is the key id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entra_config.errors import SinkError
from entra_config.hidden import Hidden
from entra_config.manifest.fields.field import Record, row
from entra_config.manifest.sinks import EMPTY, PLACEHOLDER, Content, Session, Sink

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from azure.keyvault.secrets import SecretClient

KEY_ID = "entra-config-key-id"


@dataclass(frozen=True)
class AzureSink(Sink):
    """One secret of a Key Vault."""

    kind: str = field(default="azure", init=False)
    library = "azure.keyvault.secrets"
    record = Record(
        "a sink of kind azure",
        "Azure Key Vault (extra `azure`).",
        (
            row(
                "vault",
                "string",
                "The vault's address.",
                "https://example.vault.azure.net",
                # Key Vault's own domains: a token for it goes nowhere else.
                pattern=r"https://[A-Za-z0-9-]{3,24}\.vault\.(azure\.net|azure\.cn|usgovcloudapi\.net)",
                required=True,
            ),
            row(
                "secret",
                "string",
                "The name of the secret in it.",
                "web",
                pattern="[A-Za-z0-9-]{1,127}",
                required=True,
            ),
        ),
    )

    def find_problem(self, root: Path) -> tuple[str, str] | None:
        """Check the vault's address and the secret's name."""
        vault, secret = self.text("vault"), self.text("secret")
        if not self.record.field("vault").match(vault):
            return "vault", f"`{vault}` is not a vault: https://NAME.vault.azure.net"
        if not self.record.field("secret").match(secret):
            return "secret", f"`{secret}` is not a name of a secret: letters, digits and hyphens, 127 at most"
        return None

    @property
    def reference(self) -> str:
        """Return the secret's address."""
        return f"{self.text('vault')}/secrets/{self.text('secret')}"

    @property
    def reported(self) -> str:
        """Return the secret's address."""
        return f"Key Vault {self.reference}"

    @property
    def place(self) -> tuple[str, ...]:
        """Return the vault and the secret; Key Vault compares both without regard to case."""
        return self.kind, self.text("vault").rstrip("/").lower(), self.text("secret").lower()

    def open_keeper(self, session: Session) -> AzureKeeper:
        """Return a keeper that signs in with the credentials of the environment variables."""

        def find_credential() -> TokenCredential:
            from entra_config.graph import clouds, credentials

            known = session.cloud != clouds.EMULATOR
            cloud = clouds.named(session.cloud) if known else clouds.GLOBAL
            return credentials.azure(credentials.offered(session.environ), cloud, session.tenant_id)

        return AzureKeeper(self.text("vault"), self.text("secret"), find_credential)


class AzureKeeper:
    """Keeps the secret as the newest version of one secret of a vault."""

    def __init__(
        self, vault: str, secret: str, credential: Callable[[], TokenCredential], **options: Any
    ) -> None:
        self._vault, self._secret, self._credential, self._options = vault, secret, credential, options
        self._made: SecretClient | None = None

    async def prove(self) -> None:
        """Write the tags of the newest version again; where there is none yet, make one that is no key."""
        await self._call(self._prove)

    async def content(self) -> Content:
        """Return the newest version."""
        found: Content = await self._call(self._content)
        return found

    async def keep(self, value: Hidden, key_id: str) -> None:
        """Make a version with the key id beside it."""
        await self._call(lambda client: self._keep(client, value, key_id))

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

    async def _call(self, work: Callable[[SecretClient], Any]) -> Any:
        import asyncio  # here: a command that keeps no secret reads this module, too

        return await asyncio.to_thread(self._reported, work)

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
