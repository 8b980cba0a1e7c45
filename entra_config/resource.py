"""The nouns that all layers share: Address, Ref, Text, Resource, State."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from entra_config.errors import Position

Value = Any  # JSON as Graph speaks it, with Ref and Text where an id is not known yet


@dataclass(frozen=True, order=True, slots=True)
class Address:
    """What names one resource in a plan: its kind and a key that is unique within the kind.

    Keys: `api` (application, enterpriseApplication), `api/Admin/group:6f1c…` (appRoleAssignment), `devClient/api`
    (authorizedClient, permissionGrant), `nightly/github` (federatedCredential), `api/user:…` (owner).
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
class Resource:
    """One thing of a State: Graph-shaped values, with Refs where an id is not known yet.

    `values` maps Graph paths (`displayName`, `web.redirectUris`, `appRoles`) to JSON values; `ids` holds what the tenant gave
    (`id`, `appId`, `servicePrincipalId`), empty when desired only; `title` is what a report prints after the kind (a phrase where
    a person is in it);
    `parent` is the application whose chain of steps carries this resource's changes.
    """

    address: Address
    values: Mapping[str, Value]
    ids: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    display_name: str = ""
    parent: Address | None = None
    position: Position | None = None
    positions: Mapping[str, Position] = field(default_factory=dict)


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
