"""A small GitHub: secrets and variables of environments, as its REST API answers them (version
2022-11-28).
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from tests.sinks.standin import Requested, Said

VERSIONS = {"2022-11-28"}
NO_APP = "Resource not accessible by integration"


@dataclass
class GitHub:
    """One repository's environments. `tokens`: when each ends; those of `weak` may not write."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    tokens: dict[str, datetime] = field(default_factory=lambda: {"good": datetime(9999, 1, 1, tzinfo=UTC)})
    weak: set[str] = field(default_factory=set)
    key: PrivateKey = field(default_factory=PrivateKey.generate)
    # What is told of its key, where that is not the one that it opens boxes with.
    shown: PrivateKey | None = None
    secrets: dict[str, tuple[str, str]] = field(default_factory=dict)
    variables: dict[str, tuple[str, str]] = field(default_factory=dict)

    def value(self, name: str) -> str | None:
        """Return what a workflow of the environment reads."""
        found = self.secrets.get(name)
        return found[0] if found else None

    def __call__(self, requested: Requested) -> Said:
        """Answer one request."""
        refused = self._refused(requested)
        if refused is not None:
            return refused
        match requested.path.split("/")[1:]:
            case ["repos", "example", "myapp", "environments", "prod", *rest]:
                return self._environment(requested, rest)
            case _:
                return Said(404, {"message": "Not Found"})

    def _refused(self, requested: Requested) -> Said | None:
        if requested.headers.get("x-github-api-version") not in VERSIONS:
            return Said(400, {"message": "The API version is not supported."})
        token = requested.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.tokens or self.tokens[token] <= self.now():
            return Said(401, {"message": "Bad credentials"})
        if token in self.weak and (requested.method != "GET" or requested.path.endswith("public-key")):
            return Said(403, {"message": NO_APP})
        return None

    def _environment(self, requested: Requested, rest: list[str]) -> Said:
        match requested.method, rest:
            case "GET", ["secrets", "public-key"]:
                shown = (self.shown or self.key).public_key
                return Said(200, {"key_id": self._key_id, "key": base64.b64encode(bytes(shown)).decode()})
            case "PUT", ["secrets", name]:
                return self._sealed(name, requested.body)
            case "GET", ["secrets", name]:
                return self._found(name, self.secrets.get(name), value=False)
            case "DELETE", ["secrets", name]:
                return Said(204) if self.secrets.pop(name, None) else Said(404, {"message": "Not Found"})
            case "GET", ["variables", name]:
                return self._found(name, self.variables.get(name), value=True)
            case "PATCH", ["variables", name]:
                if name not in self.variables:
                    return Said(404, {"message": "Not Found"})
                self.variables[name] = (requested.body["value"], self._stamp)
                return Said(204)
            case "POST", ["variables"]:
                if requested.body["name"] in self.variables:
                    return Said(409, {"message": "Already exists - Variable already exists"})
                self.variables[requested.body["name"]] = (requested.body["value"], self._stamp)
                return Said(201, {})
            case _:
                return Said(404, {"message": "Not Found"})

    def _sealed(self, name: str, body: Any) -> Said:
        if body.get("key_id") != self._key_id:
            return Said(422, {"message": "The key_id is not of the public key."})
        try:
            value = (
                SealedBox(self.key).decrypt(base64.b64decode(body["encrypted_value"], validate=True)).decode()
            )
        except (CryptoError, ValueError):
            return Said(422, {"message": "encrypted_value: it was not sealed for the public key."})
        status = 204 if name in self.secrets else 201
        self.secrets[name] = (value, self._stamp)
        return Said(status, None if status == 204 else {})

    def _found(self, name: str, row: tuple[str, str] | None, *, value: bool) -> Said:
        if row is None:
            return Said(404, {"message": "Not Found"})
        reported = {"name": name, "created_at": row[1], "updated_at": row[1]}
        return Said(200, {**reported, "value": row[0]} if value else reported)

    @property
    def _key_id(self) -> str:
        return str(int.from_bytes(bytes(self.key.public_key)[:6], "big"))

    @property
    def _stamp(self) -> str:
        return self.now().strftime("%Y-%m-%dT%H:%M:%SZ")
