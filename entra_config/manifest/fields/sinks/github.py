"""A secret of a GitHub environment: sealed for its key; a variable beside it says which key id it is, and
GitHub's clock whether.

GitHub gives no secret back, only when it was written. So the variable NAME_KEY_ID is written first and the
secret after it: a secret that is as new as the variable is the one that the variable names; an older one is
another.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from entra_config.errors import SinkError, UsageError
from entra_config.hidden import Hidden
from entra_config.manifest.fields.field import Record, row
from entra_config.manifest.sinks import EMPTY, PLACEHOLDER, Content, InSink, Session, Sink

if TYPE_CHECKING:
    import httpx

API, VERSION = "https://api.github.com", "2022-11-28"
PROBE = "ENTRA_CONFIG_PROBE"
TOKEN = "ENTRA_CONFIG_SINK_TOKEN"  # noqa: S105  # the name of a variable
TIMEOUT = 30.0


@dataclass(frozen=True)
class GitHubSink(Sink):
    """One secret of an environment of a repository."""

    kind: str = field(default="github", init=False)
    library = "nacl.public"
    record = Record(
        "a sink of kind github",
        "A secret of a GitHub environment (extra `github`).",
        (
            row(
                "repository",
                "string",
                "OWNER/NAME.",
                "example/myapp",
                pattern="[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}",
                required=True,
            ),
            row("environment", "string", "The environment of the repository.", "prod", required=True),
            row(
                "secret",
                "string",
                "The name of the secret.",
                "WEB_CLIENT_SECRET",
                # A second variable stands beside it, with an ending of its own.
                pattern="(?!GITHUB_)[A-Za-z_][A-Za-z0-9_]{0,99}",
                required=True,
            ),
            row("api", "string", "The API of your own GitHub server; absent: https://api.github.com."),
        ),
    )

    def find_problem(self, root: Path) -> tuple[str, str] | None:
        """Check the repository, the secret's name and the server's address."""
        repository, secret = self.text("repository"), self.text("secret")
        if not self.record.field("repository").match(repository):
            return "repository", f"`{repository}` is not a repository: OWNER/NAME"
        if not self.record.field("secret").match(secret):
            return (
                "secret",
                f"`{secret}` is not a name of a secret: letters, digits and `_`, not `GITHUB_…`",
            )
        if not _is_https(self.text("api") or API):
            return "api", f"`{self.text('api')}` is not an https address of an API"
        return None

    @property
    def reference(self) -> str:
        """Return repository, environment and secret."""
        where = f"{self.text('repository')} environment {self.text('environment')}"
        return f"{where} secret {self.text('secret')}"

    @property
    def reported(self) -> str:
        """Return the reference, and the server if it is not github.com."""
        host = self.text("api")
        return f"GitHub {self.reference}" + (f" at {host}" if host else "")

    @property
    def place(self) -> tuple[str, ...]:
        """Return server, repository, environment and secret; GitHub compares them without regard to case."""
        api = (self.text("api") or API).rstrip("/").lower()
        return (self.kind, api, *(self.text(key).lower() for key in ("repository", "environment", "secret")))

    def open_keeper(self, session: Session) -> GitHubKeeper:
        """Return a keeper that signs in with the token of an environment variable."""
        if not session.environ.get(TOKEN):
            raise UsageError(
                f"sink {self.name}: {TOKEN} is not set: a GitHub App's token with Environments: write; "
                "the workflow's own token cannot write secrets"
            )
        where = self.text("repository"), self.text("environment"), self.text("secret")
        return GitHubKeeper(*where, Hidden(session.environ[TOKEN]), self.text("api").rstrip("/") or API)


def _is_https(text: str) -> bool:
    try:
        parts = urlsplit(text)
        _ = parts.port  # reading it is what checks it
    except ValueError:
        return False
    rest = parts.query or parts.fragment or "@" in parts.netloc
    return parts.scheme == "https" and bool(parts.hostname) and not rest


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
