"""What a place that keeps a secret is, whatever its kind, and which secrets an application has there.

The kinds are in `fields/sinks/`, a file each.
"""

from __future__ import annotations

import hashlib
import importlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, ClassVar, Literal, Protocol, TypeVar

from entra_config import extras
from entra_config.errors import Position, UsageError
from entra_config.hidden import Hidden
from entra_config.manifest import until as days

Words = str | tuple[str, ...]
# Written where nothing is kept yet, to see that something can be: no key, and nobody signs in with it.
PLACEHOLDER = "entra-config: nothing is kept here yet"


class Key(Protocol):
    """What a sink needs to know of a credential to recognize it."""

    @property
    def key_id(self) -> str:
        """Return its id, in lower case."""

    @property
    def hint(self) -> str | None:
        """Return the first characters of its value, if they are known."""


K = TypeVar("K", bound=Key)


@dataclass(frozen=True, slots=True)
class InSink:
    """What a sink says of what it keeps: the key id where it knows one, else the first characters, else
    what it is not.
    """

    key_id: str = ""
    hint: str = ""
    without: frozenset[str] = frozenset()
    empty: bool = False

    def among(self, keys: Iterable[K]) -> list[K]:
        """Return the secrets that the sink may keep: the one that it names, else all that nothing
        excludes.
        """
        keys = list(keys)
        if self.empty:
            return []
        if named := [key for key in keys if key.key_id == self.key_id]:
            return named
        if self.hint:
            return [key for key in keys if key.hint in (None, self.hint)]
        return [] if self.key_id else [key for key in keys if key.key_id not in self.without]

    def knows(self, key: Key) -> bool:
        """Tell whether the sink itself says that it keeps this one."""
        return self.key_id == key.key_id or (self.hint != "" and self.hint == key.hint)


@dataclass(frozen=True, slots=True)
class Content:
    """What a sink keeps; `copy` is None where it gives nothing back, or keeps nothing."""

    kept: InSink
    copy: Hidden | None = field(default=None, repr=False)

    @classmethod
    def of(cls, copy: str, key_id: str = "") -> Content:
        """Return what a sink is that gave a copy back."""
        value = Hidden(copy)
        return cls(InSink(key_id, value.hint), value)


EMPTY = Content(InSink(empty=True))


class Keeper(Protocol):
    """A sink as it is used. Every method raises SinkError, whose words never hold what is kept."""

    async def prove(self) -> None:
        """Write something that harms nobody, so that a refusal comes before there is a secret."""

    async def content(self) -> Content:
        """Return what is kept."""

    async def keep(self, value: Hidden, key_id: str) -> None:
        """Keep a secret in the place of what is there; doing it twice is doing it once."""


@dataclass(frozen=True, slots=True)
class Session:
    """What a keeper may need to sign in: environment variables, the name of the cloud, the tenant."""

    environ: Mapping[str, str]
    cloud: str = "global"
    tenant_id: str | None = None


@dataclass(frozen=True)
class Sink(ABC):
    """One place that keeps one secret; `fields` are those of its kind, as the root file has them.

    A kind is a subclass. `kind` is its key in the manifest, `record` are its fields (a Record of `fields/`,
    which is made above this module), and `library` is the module of an extra that its keeper imports.
    """

    record: ClassVar[Any]
    library: ClassVar[str] = ""

    name: str
    fields: Mapping[str, Words] = field(default_factory=dict)
    position: Position | None = None
    # A field, and so part of what tells manifests apart; no caller gives it.
    kind: str = field(default="", init=False)

    def text(self, key: str) -> str:
        """Return a field that is one text; "" where it is absent."""
        value = self.fields.get(key, "")
        return value if isinstance(value, str) else " ".join(value)

    def words(self, key: str) -> tuple[str, ...]:
        """Return a field that is a list of strings."""
        value = self.fields.get(key, ())
        return (value,) if isinstance(value, str) else value

    def find_problem(self, root: Path) -> tuple[str, str] | None:  # noqa: ARG002  # of the kinds that need it
        """Return the first field that is wrong, and what is wrong with it; `root` is the manifest's file."""
        return None

    @property
    @abstractmethod
    def reference(self) -> str:
        """Return what names the place to whoever reads the secret there: an ARN, an address, a path; never
        a value.
        """

    @property
    @abstractmethod
    def reported(self) -> str:
        """Return the place as a plan says it: what it is and whose."""

    @property
    def place(self) -> tuple[str, ...]:
        """Return the place as whoever keeps it tells it from others: where a letter's case, a slash or a link
        makes none of its own, it is none here.
        """
        return self.kind, self.reference

    @abstractmethod
    def open_keeper(self, session: Session) -> Keeper:
        """Return what keeps the secret; libraries are imported here or later, never when this file is."""

    @property
    def digest(self) -> str:
        """Return what a secret's name says of the place that it was made for: another place has another
        one.
        """
        plain = json.dumps([self.kind, sorted(self.fields.items())])
        return hashlib.sha256(plain.encode()).hexdigest()[:20]

    def check_installed(self) -> None:
        """Raise an error with the line that installs the extra, before there is a secret."""
        if not self.library:
            return
        try:
            importlib.import_module(self.library)
        except ModuleNotFoundError as error:
            advice = extras.advice(error.name or self.library)
            raise UsageError(f"sink {self.name}: {advice}" if advice else str(error)) from None


def is_absolute(path: str) -> bool:
    """Return True for an absolute path of POSIX or of Windows, whatever this machine runs."""
    return PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()


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
