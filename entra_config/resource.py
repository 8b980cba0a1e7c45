"""The nouns that all layers share: Address, Ref, Text, Facts, Resource, State."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from entra_config.errors import Position
from entra_config.phrase import Person

Value = Any  # JSON as Graph speaks it, with Ref and Text where an id is not known yet


@dataclass(frozen=True, order=True, slots=True)
class Address:
    """What names one resource in a plan: its kind and a key that is unique within the kind.

    Keys: `api` (application, enterpriseApplication), `api/Admin/group:6f1c…` (appRoleAssignment),
    `devClient/api` (authorizedClient, permissionGrant), `api/user:…` (owner).
    """

    kind: str
    key: str

    def __str__(self) -> str:
        return f"{self.kind}.{self.key}"


@dataclass(frozen=True, order=True, slots=True)
class Ref:
    """A property (`id` or `appId`) of a resource, known at the latest when that resource exists."""

    address: Address
    attribute: str = "id"

    def __str__(self) -> str:
        return f"${{{self.address}.{self.attribute}}}"


@dataclass(frozen=True, slots=True)
class Text:
    """A string that holds references: `api://${appId}` is Text(("api://", Ref(…, "appId")))."""

    parts: tuple[str | Ref, ...]

    def __str__(self) -> str:
        return "".join(str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one resource beside its values: each kind has a class of its own; these are asked of
    all.

    `id` is its object id in the tenant, None of what is desired only and of what has none.
    """

    id: str | None = None

    @classmethod
    def of(cls, resource: Resource) -> Self:
        """Return the facts of a resource of which these are the facts."""
        facts = resource.facts
        assert isinstance(facts, cls), f"{resource.address} has {type(facts).__name__}, no {cls.__name__}"
        return facts

    @property
    def deleted(self) -> str:
        """Return when the object was deleted, nothing where it was not."""
        return ""

    @property
    def properties(self) -> Mapping[str, str]:
        """Return the properties that a Ref can ask for, and the tenant has given."""
        return {"id": self.id} if self.id is not None else {}

    @property
    def objects(self) -> tuple[str, ...]:
        """Return the ids of the objects that the audit log would name; of a link the holder comes last."""
        return (self.id,) if self.id else ()

    @property
    def principal(self) -> str:
        """Return the id of who holds or owns it, nothing where that is nobody in the tenant."""
        return ""

    @property
    def keys(self) -> frozenset[str]:
        """Return the keys of the applications that a link joins."""
        return frozenset()

    @property
    def sides(self) -> tuple[str, str | Person]:
        """Return what a link joins, as titles name it."""
        return "", ""

    def edit(self, *, gone: bool) -> tuple[str, ...]:  # noqa: ARG002  # most have no command
        """Return the words of the command that makes the manifest say what somebody did; empty where there is
        none.
        """
        return ()

    def same(self, other: Facts) -> bool:
        """Tell whether what was announced under this address is about the same as what is there now."""
        return type(self) is type(other)

    @property
    def reported(self) -> dict[str, str]:
        """Return what is known, by the names that Graph has for it."""
        known = {each.name: getattr(self, each.name) for each in dataclasses.fields(self)}
        return {_camel(name): value for name, value in known.items() if isinstance(value, str)}


def _camel(name: str) -> str:
    first, *more = name.split("_")
    return first + "".join(word.capitalize() for word in more)


NOTHING = Facts()
WHOLE = ("", "")
Ends = Mapping[tuple[str, str], date]


@dataclass(frozen=True, slots=True)
class Resource:
    """One thing of a State: Graph-shaped values, with Refs where an id is not known yet.

    `values` maps Graph paths (`displayName`, `web.redirectUris`, `appRoles`) to JSON values; `facts` is what
    is known besides; `title` is what a report prints after the kind (a phrase where a person is in it);
    `parent` is the application whose chain of steps carries this resource's changes, `of` the one whose part
    it is to people, where that is another. `ends` has the last days of what of it the manifest wants for a
    time: by path and key of an entry, or under `WHOLE`. `ended` is only of what the tenant has: the resource
    as the manifest has it written, with `ends` of what is over and there still.
    """

    address: Address
    values: Mapping[str, Value]
    facts: Facts = NOTHING
    title: str = ""
    display_name: str = ""
    parent: Address | None = None
    position: Position | None = None
    positions: Mapping[str, Position] = field(default_factory=dict)
    of: Address | None = None
    ends: Ends = field(default_factory=dict)
    ended: Resource | None = None

    @property
    def application(self) -> Address:
        """Return the application that it is, or is a part of."""
        return self.of or self.parent or self.address

    @property
    def keys(self) -> frozenset[str]:
        """Return the keys of all applications that it is about."""
        return self.facts.keys or frozenset({self.application.key})


@dataclass(frozen=True, slots=True)
class State:
    """All resources of one owner, on one side (desired or actual), by address."""

    resources: Mapping[Address, Resource]

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.resources.values())

    def __contains__(self, address: object) -> bool:
        return address in self.resources

    def get(self, address: Address) -> Resource | None:
        """Return the resource at an address, or None."""
        return self.resources.get(address)

    @property
    def ids(self) -> dict[Ref, str]:
        """Return what the tenant calls what it has of this."""
        return {
            Ref(each.address, name): value for each in self for name, value in each.facts.properties.items()
        }

    def only(self, addresses: State) -> State:
        """Return the resources whose addresses another state has too."""
        return State({address: each for address, each in self.resources.items() if address in addresses})


def resolve(value: Value, known: Mapping[Ref, str]) -> Value:
    """Return `value` with every Ref and Text replaced that `known` can answer; the others stay."""
    match value:
        case Ref():
            return known.get(value, value)
        case Text(parts):
            found = tuple(known.get(part, part) if isinstance(part, Ref) else part for part in parts)
            return "".join(map(str, found)) if all(isinstance(part, str) for part in found) else Text(found)
        case Mapping():
            return {key: resolve(item, known) for key, item in value.items()}
        case list() | tuple():
            return [resolve(item, known) for item in value]
        case _:
            return value


def references(value: Value) -> Iterator[Ref]:
    """Yield every Ref inside `value`."""
    match value:
        case Ref():
            yield value
        case Text(parts):
            yield from (part for part in parts if isinstance(part, Ref))
        case Mapping():
            for item in value.values():
                yield from references(item)
        case list() | tuple():
            for item in value:
                yield from references(item)
