"""A small Key Vault: versions of secrets, as its REST API answers the official client, the challenge
included.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from azure.core.credentials import AccessToken

from tests.sinks.standin import Requested, Said

VERSIONS = {"7.4", "7.5", "7.6", "2025-07-01", "2026-04-01"}
HOST = "https://example.vault.azure.net"
TENANT = "11111111-1111-1111-1111-111111111111"


@dataclass(frozen=True)
class Credential:
    """A source of tokens with one token."""

    token: str = "good"

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        """Return the token; it is asked for of the vault alone."""
        assert scopes == ("https://vault.azure.net/.default",)
        return AccessToken(self.token, 9_999_999_999)


@dataclass
class Vault:
    """One vault. `tokens`: when each ends."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    tokens: dict[str, datetime] = field(default_factory=lambda: {"good": datetime(9999, 1, 1, tzinfo=UTC)})
    secrets: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    versions: set[str] = field(default_factory=lambda: set(VERSIONS))
    _ids: Iterator[int] = field(default_factory=itertools.count)

    def value(self, name: str) -> str | None:
        """Return what somebody reads who asks for no version."""
        rows = self.secrets.get(name)
        return str(rows[-1]["value"]) if rows else None

    def __call__(self, requested: Requested) -> Said:
        """Answer one request."""
        token = requested.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.tokens or self.tokens[token] <= self.now():
            where = f'Bearer authorization="https://login.microsoftonline.com/{TENANT}", resource="https://vault.azure.net"'
            return _error(
                401,
                "Unauthorized",
                "AKV10000: Request is missing a Bearer or PoP token.",
                {"WWW-Authenticate": where},
            )
        if requested.query.get("api-version") not in self.versions:
            return _error(
                400,
                "BadParameter",
                f"The specified version ({requested.query.get('api-version')}) is not recognized.",
            )
        match requested.method, [part for part in requested.path.split("/") if part]:
            case "GET", ["secrets", name, *_]:
                return self._shown(name) if self.secrets.get(name) else _missing(name)
            case "PUT", ["secrets", name]:
                row = {
                    "value": requested.body["value"],
                    "tags": requested.body.get("tags") or {},
                    "version": f"{next(self._ids):032x}",
                }
                self.secrets.setdefault(name, []).append(row)
                return self._shown(name)
            case "PATCH", ["secrets", name, version]:
                row = next((each for each in self.secrets.get(name, ()) if each["version"] == version), None)
                if row is None:
                    return _missing(name)
                row["tags"] = requested.body.get("tags") or {}
                return self._shown(name, value=False)
            case _:
                return _error(404, "NotFound", "Not found.")

    def _shown(self, name: str, *, value: bool = True) -> Said:
        row = self.secrets[name][-1]
        seconds = int(self.now().timestamp())
        reported = {
            "id": f"{HOST}/secrets/{name}/{row['version']}",
            "attributes": {
                "enabled": True,
                "created": seconds,
                "updated": seconds,
                "recoveryLevel": "Recoverable+Purgeable",
            },
            "tags": row["tags"],
        }
        return Said(200, {**reported, "value": row["value"]} if value else reported)


def _missing(name: str) -> Said:
    return _error(404, "SecretNotFound", f"A secret with (name/id) {name} was not found in this key vault.")


def _error(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Said:
    return Said(status, {"error": {"code": code, "message": message}}, headers or {})
