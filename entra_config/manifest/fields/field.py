"""What one first-class field of the manifest is: its key, Graph path, class, limits and what each type
makes of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

from entra_config.manifest.model import ApplicationType
from entra_config.manifest.reading.node import Map
from entra_config.properties import PROPERTIES, row_of

if TYPE_CHECKING:
    from entra_config.graph.request import Request, Response
    from entra_config.manifest.reading.files import Files
    from entra_config.manifest.reading.node import Node
    from entra_config.manifest.reading.reader import Reader

FieldClass = Literal["kept", "watched", "free", "own"]
Simple = Literal["text", "flag", "whole", "texts", "choice"]
# What stands in records, or names objects of the tenant.
Word = Literal[
    "string",
    "boolean",
    "mark",
    "number",
    "percent",
    "guid",
    "id",
    "guids",
    "json",
    "path",
    "strings",
    "word",
    "day",
    "moment",
    "until",
    "choices",
    "names",
    "held",
    "lasting",
    "consent",
    "claim",
    "arguments",
    "key",
    "variable",
    "variables",
    "properties",
]

# What a key or a text of a manifest may name. A `client` is an application to which the roles and scopes
# below its key do not belong; a `permission` is `API/SCOPE`; a `path` goes through the keys of a manifest.
Named = Literal[
    "application",
    "client",
    "formerApplication",
    "role",
    "formerRole",
    "roleValue",
    "scope",
    "formerScope",
    "scopeValue",
    "permission",
    "user",
    "group",
    "servicePrincipal",
    "environment",
    "path",
]

SIMPLE = get_args(Simple)
TYPES: Mapping[ApplicationType, str] = {
    "api": "offers scopes and roles; signs nobody in",
    "spa": "runs in the browser; signs people in with PKCE and keeps no secret",
    "publicClient": "runs on a device: desktop, mobile, command line; keeps no secret",
    "web": "runs on a server that keeps a secret: back end for front end, httpd, load balancer",
    "daemon": "runs without a person, as itself",
    "application": "whatever fits no other: every field as Graph has it, nothing refused",
}
PLATFORMS: Mapping[str, str] = {row.platform: row.path for row in PROPERTIES if row.platform}
OWN_PLATFORM: Mapping[str, str] = {"spa": "spa", "publicClient": "mobileAndDesktop", "web": "web"}
AUDIENCES = (
    "AzureADMyOrg",
    "AzureADMultipleOrgs",
    "AzureADandPersonalMicrosoftAccount",
    "PersonalMicrosoftAccount",
)
LABEL = r"[^\s/\x00-\x1f\x7f]+"  # of a scope or role
RESTRICTIONS = "signInAudienceRestrictions"  # which tenants may use an application of several
IMPLICIT_GRANT = tuple(row.path for row in PROPERTIES if row.path.startswith("web.implicitGrantSettings."))


@dataclass(frozen=True, slots=True)
class Refused:
    """A type does not take the field, and why."""

    why: str


@dataclass(frozen=True)
class Record:
    """A map of these fields and no others, or of exactly one of them where each stands `alone`.

    `short` says what a text in its place is, None where none may be, and `name` is the field that such a text
    stands for. `others` are the entries under all other keys. `of` is the field of a test that names the
    application to which the roles and scopes in this record belong. `ways` are groups of keys: the
    record needs all keys of one group.
    """

    noun: str
    description: str
    fields: tuple[Field, ...]
    short: str | None = None
    alone: bool = False
    name: str = ""
    others: Mapped | None = None
    of: Literal["", "asks", "client"] = ""
    ways: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Return the keys, in order."""
        return tuple(each.key for each in self.fields)

    def field(self, key: str) -> Field:
        """Return one field."""
        return self._by_key[key]

    @cached_property
    def absent(self) -> Mapping[str, Any]:
        """Return the value of each field where it is absent, by key."""
        return {each.key: each.absent for each in self.fields}

    @cached_property
    def _by_key(self) -> dict[str, Field]:
        return {each.key: each for each in self.fields}


@dataclass(frozen=True, slots=True)
class Definition:
    """What the schema has under `$defs` by this name; `or_null`: null says something of its own."""

    name: str
    or_null: bool = False


@dataclass(frozen=True, slots=True)
class Mapped:
    """A map of labels, of `keys` as applications have them, or of any other words, each to one of these;
    at least and at most so many (0: any number), and none where null. `names`: what the labels or keys name.
    `expands`: an entry with `each` is one entry for each item of a list.
    """

    of: Shape
    labels: bool = False
    keys: bool = False
    least: int = 0
    names: tuple[Named, ...] = ()
    most: int = 0
    expands: bool = False


@dataclass(frozen=True, slots=True)
class Several:
    """A list of these, at least so many; null is an empty one where it may be that."""

    of: Shape
    least: int = 0


Shape = Simple | Word | Record | Definition | Mapped | Several


@dataclass(frozen=True, slots=True)
class Field:
    """One key of an application or enterprise application, or of a record; several examples stand in a
    tuple, and `pattern` is of the whole text. `names`: what its texts name in this manifest or in the tenant.
    `largest` is the largest number that is read where `most` is 0.
    """

    key: str
    graph: str
    cls: FieldClass
    shape: Shape
    description: str
    example: Any
    limits: str = ""
    longest: int = 0
    choices: tuple[str, ...] = ()
    pattern: str = ""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    refused: Mapping[str, Refused] = field(default_factory=dict)
    references: bool = False
    names: tuple[Named, ...] = ()
    required: bool = False
    least: int = 0
    most: int = 0
    largest: int = 10_000

    @property
    def simple(self) -> bool:
        """Tell whether it is one value, or a list of strings."""
        return self.shape in SIMPLE

    @property
    def absent(self) -> Any:
        """Return what an absent field is: an empty list or map, or None."""
        if isinstance(self.shape, Several) or self.shape in ("texts", "choices", "strings", "guids"):
            return ()
        return Map() if isinstance(self.shape, Mapped) or self.shape == "variables" else None

    @property
    def plain(self) -> bool:
        """Return True if Graph has the value as it is written: it names nothing else of the manifest."""
        return bool(self.graph) and self.simple and not self.names

    def match(self, value: object) -> re.Match[str] | None:
        """Return how a whole text fits the pattern, None where it does not."""
        return re.fullmatch(self.pattern, str(value))

    def default(self, kind: str) -> Any:
        """Return what an absent field means for a type: a Graph value, or None where Graph has null."""
        return self.defaults.get(kind, self.defaults.get("*"))


@dataclass(frozen=True, slots=True)
class Brought:
    """A field that a kind adds to the manifest's applications.

    `field` is the row that schema and reference are made from; `after` is the key that both list before it,
    and `prose` a paragraph of the reference. `read` returns the value of what is written, None if it is
    wrong. `ask` is what import asks about a registration, None if that has nothing of it; `write` makes what
    import writes of the response for the application at a key: the text in the manifest, and a file by path.
    """

    field: Field
    read: Callable[[Node, Files, Reader], Any]
    ask: Callable[[Mapping[str, Any]], Request | None]
    write: Callable[[str, Response], tuple[str, Mapping[str, bytes]] | None]
    after: str
    prose: str


def graph_row(key: str, path: str, *given: Any, of: str = "application", **more: Any) -> Field:
    """Return a field that stands for a property of Graph's, with the class and the defaults of the property's
    row; the others are those of a field from its shape on.
    """
    found = row_of(of, path)
    return replace(Field(key, path, found.cls or "own", *given, **more), defaults=found.defaults)


def row(key: str, shape: Shape, description: str, example: Any = None, **more: Any) -> Field:
    """Return a field that is no path of Graph's by itself; `more` are fields of the row that are seldom
    given.
    """
    return Field(key, "", "own", shape, description, example, **more)
