"""Where secrets are kept, and which of an application have a life, typed; what names a place for good out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from entra_config.errors import Position
from entra_config.manifest import until as days

SinkKind = Literal["aws", "azure", "github", "command", "file"]
Words = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sink:
    """One place that keeps one secret; `fields` are those of its kind, as the root file has them."""

    name: str
    kind: SinkKind
    fields: Mapping[str, Words] = field(default_factory=dict)
    position: Position | None = None

    def text(self, key: str) -> str:
        """Return a field that is one text; "" where it is absent."""
        value = self.fields.get(key, "")
        return value if isinstance(value, str) else " ".join(value)

    def words(self, key: str) -> tuple[str, ...]:
        """Return a field that is a list of strings."""
        value = self.fields.get(key, ())
        return (value,) if isinstance(value, str) else value

    @property
    def reference(self) -> str:
        """Return what names the place to whoever reads the secret there: an ARN, an address, a path; never
        a value.
        """
        match self.kind:
            case "aws":
                return self.text("secret")
            case "azure":
                return f"{self.text('vault')}/secrets/{self.text('secret')}"
            case "github":
                where = f"{self.text('repository')} environment {self.text('environment')}"
                return f"{where} secret {self.text('secret')}"
            case "command":
                return self.words("write")[0]
            case "file":
                return self.text("path")

    @property
    def reported(self) -> str:
        """Return the place as a plan says it: what it is and whose."""
        match self.kind:
            case "aws":
                return f"AWS {self.text('account')}, {self.reference}"
            case "azure":
                return f"Key Vault {self.reference}"
            case "github":
                host = self.text("api")
                return f"GitHub {self.reference}" + (f" at {host}" if host else "")
            case "command":
                return f"command {self.text('write')}"
            case "file":
                return f"file {self.reference}"

    @property
    def place(self) -> tuple[str, ...]:
        """Return the place as whoever keeps it tells it from others: where a letter's case, a slash or a link
        makes none of its own, it is none here.
        """
        match self.kind:
            case "azure":
                return self.kind, self.text("vault").rstrip("/").lower(), self.text("secret").lower()
            case "github":
                api = (self.text("api") or "https://api.github.com").rstrip("/").lower()
                where = (self.text(each).lower() for each in ("repository", "environment", "secret"))
                return self.kind, api, *where
            case "command":
                return self.kind, *self.words("write")
            case "aws":
                return self.kind, self.text("secret")
            case "file":
                return self.kind, self.text("path")

    @property
    def digest(self) -> str:
        """Return what a secret's name says of the place that it was made for: another place has another
        one.
        """
        plain = json.dumps([self.kind, sorted(self.fields.items())])
        return hashlib.sha256(plain.encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class DeclaredSecret:
    """A secret, or a key pair, of an application that this tool makes anew again and again: where it is
    kept, how long one lives, and until when there is one at all.
    """

    label: str
    sink: str
    lifetime: timedelta
    overlap: timedelta
    position: Position | None = None
    type: Literal["secret", "certificate"] = "secret"
    until: date | None = None

    @property
    def collection(self) -> str:
        """Return the property of an application that lists those of its type."""
        return "passwordCredentials" if self.type == "secret" else "keyCredentials"

    def end(self, now: datetime) -> datetime:
        """Return when one that is made now ends."""
        end = now + self.lifetime
        return end if self.until is None else min(end, days.end(self.until))
