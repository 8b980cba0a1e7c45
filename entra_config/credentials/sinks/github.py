"""A secret of a GitHub environment: sealed for its key; a variable beside it says which key id it is, and
GitHub's clock whether.

GitHub gives no secret back, only when it was written. So the variable NAME_KEY_ID is written first and the
secret after it: a secret that is as new as the variable is the one that the variable names; an older one is
another.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from entra_config.credentials.life import InSink
from entra_config.credentials.sinks.base import EMPTY, PLACEHOLDER, Content
from entra_config.errors import SinkError
from entra_config.hidden import Hidden

if TYPE_CHECKING:
    import httpx

API, VERSION = "https://api.github.com", "2022-11-28"
PROBE = "ENTRA_CONFIG_PROBE"
TOKEN = "ENTRA_CONFIG_SINK_TOKEN"  # noqa: S105  # the name of a variable
TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class GitHubKeeper:
    """Keeps the secret in an environment of a repository, by a GitHub App's token with Environments:
    write.
    """

    repository: str
    environment: str
    secret: str
    token: Hidden
    api: str = API
    client: Callable[[], httpx.AsyncClient] | None = None

    async def prove(self) -> None:
        """Write a secret of a name of its own, and take it away."""
        async with self._open() as client:
            await self._seal(client, PROBE, PLACEHOLDER)
            await self._call(client, "DELETE", f"secrets/{PROBE}", gone=True)

    async def content(self) -> Content:
        """Return which key id is kept, as far as times tell; never a copy."""
        async with self._open() as client:
            secret = await self._call(client, "GET", f"secrets/{self.secret}", gone=True)
            if secret is None:
                return EMPTY
            variable = await self._call(client, "GET", f"variables/{self._variable}", gone=True)
        if variable is None:
            return Content(InSink())
        named = str(variable.get("value", "")).lower()
        if str(secret.get("updated_at")) >= str(variable.get("updated_at")):
            return Content(InSink(named))
        return Content(InSink(without=frozenset({named})))

    async def keep(self, value: Hidden, key_id: str) -> None:
        """Write the variable, and after it the secret."""
        async with self._open() as client:
            body = {"name": self._variable, "value": key_id}
            there = await self._call(client, "PATCH", f"variables/{self._variable}", body, gone=True)
            if there is None:
                await self._call(client, "POST", "variables", body)
            await self._seal(client, self.secret, value.reveal())

    @property
    def _variable(self) -> str:
        return f"{self.secret}_KEY_ID"

    async def _seal(self, client: httpx.AsyncClient, name: str, value: str) -> None:
        from nacl.public import PublicKey, SealedBox

        key = await self._call(client, "GET", "secrets/public-key") or {}
        try:
            box = SealedBox(PublicKey(base64.b64decode(str(key.get("key", "")), validate=True)))
        except (ValueError, TypeError):
            raise SinkError(f"{self._where}: GitHub's public key is none") from None
        sealed = base64.b64encode(box.encrypt(value.encode())).decode()
        await self._call(
            client, "PUT", f"secrets/{name}", {"encrypted_value": sealed, "key_id": str(key.get("key_id"))}
        )

    async def _call(
        self, client: httpx.AsyncClient, method: str, path: str, body: Any = None, *, gone: bool = False
    ) -> Mapping[str, Any] | None:
        """Return the answer; None where there is no such thing and that is no error (`gone`)."""
        import httpx

        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self.token.reveal()}",
            "X-GitHub-Api-Version": VERSION,
        }
        url = f"{self.api}/repos/{self.repository}/environments/{quote(self.environment, safe='')}/{path}"
        try:
            response = await client.request(method, url, json=body, headers=headers)
            found = response.json() if response.content else {}
        except httpx.HTTPError as error:
            raise SinkError(f"{self._where}: no response came ({type(error).__name__})") from None
        except ValueError:
            raise SinkError(
                f"{self._where}: {method} {path}: HTTP {response.status_code}, and no JSON"
            ) from None
        # An environment that is not there is an error; a secret or variable in it need not be.
        if response.status_code == 404 and gone:
            return None
        if not response.is_success:
            message = str(found.get("message", "")) if isinstance(found, dict) else ""
            status = response.status_code
            raise SinkError(f"{self._where}: {method} {path}: {status} {message}{_advice(status)}")
        return found if isinstance(found, dict) else {}

    @property
    def _where(self) -> str:
        return f"{self.repository}, environment {self.environment}"

    def _open(self) -> httpx.AsyncClient:
        import httpx

        return self.client() if self.client else httpx.AsyncClient(timeout=TIMEOUT)


def _advice(status: int) -> str:
    if status == 401:
        return f": the token in {TOKEN} has ended, or is none"
    if status in {403, 404}:
        own = "the workflow's own token cannot write secrets"
        return f": {TOKEN} takes a GitHub App's token with Environments: write; {own}"
    return ""
