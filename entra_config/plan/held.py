"""Roles, assignments and consents of one side of a plan in; who holds which value of tokens out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Literal

from entra_config.plan.model import AccessKind
from entra_config.resource import Address

SIGN_IN = "default"  # what stands in a value's place where only sign-in is at stake


@dataclass(frozen=True, slots=True)
class Members:
    """The direct members of one group: those that were read, and how many there are (None: not known)."""

    people: tuple[tuple[str, str], ...]
    count: int | None

    @property
    def complete(self) -> bool:
        """Tell whether every member was read."""
        return self.count == len(self.people)


@dataclass(frozen=True, slots=True)
class Holder:
    """A user, a group or an application; one that does not exist yet has its key as id."""

    type: Literal["user", "group", "application"]
    id: str
    name: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Role:
    """What tokens carry of a role, and the manifest's label for it."""

    value: str | None
    label: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who is assigned to a role, by its id; `address` is that of the resource which a plan would change."""

    application: str
    role: str
    holder: Holder
    address: Address | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Consent:
    """A client that has a scope of an API without asking anybody; `key` is what the manifest calls it, of
    others the appId.
    """

    application: str
    scope: str
    key: str
    client: Holder
    address: Address | None = field(default=None, compare=False)

    @property
    def value(self) -> Value:
        """Return what is held."""
        return Value(self.application, "scope", self.scope, self.key)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a plan: the roles of each application that is there, by id; who holds what; where
    assignment is required.

    `restored` are the applications that come back with whatever they held, `absent` those without a service
    principal. `addresses` are those of them all.
    """

    roles: Mapping[str, Mapping[str, Role]] = field(default_factory=dict)
    assignments: frozenset[Assignment] = frozenset()
    consents: frozenset[Consent] = frozenset()
    closed: frozenset[str] = frozenset()
    restored: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    addresses: Mapping[str, Address] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Stakes:
    """Who holds what before a plan and after it, and who is in the groups."""

    before: Side = field(default_factory=Side)
    after: Side = field(default_factory=Side)
    members: Mapping[str, Members] = field(default_factory=dict)


@dataclass(frozen=True, order=True, slots=True)
class Value:
    """What somebody may hold: the value of a role, sign-in to an application, or a scope that a client
    has.
    """

    application: str
    kind: AccessKind
    value: str
    client: str = ""

    @property
    def name(self) -> str:
        """Return it as a saved plan calls it: `role api/Reader`, `scope api/read of spa`."""
        return value_name(self.kind, self.application, self.value, self.client)


def value_name(kind: str, application: str, value: str, client: str) -> str:
    """Return what a saved plan calls a value."""
    return f"{kind} {application}/{value}{f' of {client}' if client else ''}"


def members(items: Sequence[Mapping[str, Any]], count: int | None = None) -> Members:
    """Make Members of Graph's response to `/groups/{id}/members`; groups inside are no people (Entra does
    not follow them).
    """
    people = tuple(
        (str(item["id"]), str(item.get("userPrincipalName") or item.get("displayName") or item["id"]))
        for item in items
        if item.get("@odata.type", "#microsoft.graph.user") == "#microsoft.graph.user"
    )
    return Members(people, len(people) if count is None else count)


def holders(side: Side, applications: AbstractSet[str] | None = None) -> Mapping[Value, frozenset[Holder]]:
    """Return who holds each value on one side, as assigned: groups are not followed. `applications` are
    those that matter.
    """
    found: dict[Value, set[Holder]] = defaultdict(set)
    for each in side.assignments:
        if applications is not None and each.application not in applications:
            continue
        role = side.roles.get(each.application, {}).get(each.role)
        if role is not None and role.value:
            found[Value(each.application, "role", role.value)].add(each.holder)
        if each.application in side.closed:
            found[Value(each.application, "signIn", SIGN_IN)].add(each.holder)
    for consent in side.consents:
        if applications is None or consent.application in applications:
            found[consent.value].add(consent.client)
    return {value: frozenset(having) for value, having in found.items()}


def reached(having: Iterable[Holder], known: Mapping[str, Members]) -> int | None:
    """Return how many people these are, each once; None where a group was not read whole."""
    having = tuple(having)
    if not all(each.id in known and known[each.id].complete for each in having if each.type == "group"):
        return None
    return len({person for each in having for person, _ in behind(each, known)})


def behind(each: Holder, known: Mapping[str, Members]) -> tuple[tuple[str, str], ...]:
    """Return the people behind a holder, as far as they were read: id and name."""
    if each.type == "user":
        return ((each.id, each.name),)
    return known[each.id].people if each.type == "group" and each.id in known else ()
