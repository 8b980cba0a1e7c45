"""Changes and the members of groups in, who gains or loses which role out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from entra_config.plan.model import (
    AccessChange,
    Change,
    Create,
    Delete,
    Person,
    Update,
    address_of,
)
from entra_config.resource import Address, Resource, State

Sign = Literal["gain", "lose"]

ASSIGNMENT = "appRoleAssignment"
APPLICATION = "application"
LISTED = 50  # people named per role in a plan; the count is the whole number

_TITLE = re.compile(r'^.*? ← (?:(?P<kind>[a-z][a-z ]*) )?"?(?P<name>.*?)"?(?: \([^()]*\))?$')


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
    """One assignment: who holds a role."""

    address: Address
    application: str
    role: str
    type: str
    id: str
    name: str


def members(items: Sequence[Mapping[str, Any]], count: int | None = None) -> Members:
    """Make Members of Graph's answer to `/groups/{id}/members`; groups inside are no people (Entra does not follow them)."""
    people = tuple(
        (str(item["id"]), _person_name(item))
        for item in items
        if item.get("@odata.type", "#microsoft.graph.user") == "#microsoft.graph.user"
    )
    return Members(people, len(people) if count is None else count)


def needed(changes: Iterable[Change], actual: State) -> list[str]:
    """Return the ids of the groups whose members tell who gains or loses what; empty when no role changes hands."""
    before, after = held(changes, actual)
    return sorted({each.id for _, having in _touched(before, after) for side in having for each in side if each.type == "group"})


def compute(changes: Iterable[Change], actual: State, known: Mapping[str, Members]) -> tuple[AccessChange, ...]:
    """Return who gains or loses each role, net: whoever keeps it through another assignment does neither."""
    changes = tuple(changes)
    leaving = {(address_of(each).key, label): address_of(each) for each in changes for label in removed_roles(each)}
    found: list[AccessChange] = []
    for (application, role), (old, new) in _touched(*held(changes, actual)):
        differing = {each.address for each in old} ^ {each.address for each in new}
        alone = next(iter(differing)) if len(differing) == 1 else None
        cause = leaving.get((application, role), alone)
        for sign, having, other in (("lose", old, new), ("gain", new, old)):
            people, count = _moved(having, other, known)
            if count != 0:
                found.append(AccessChange(application, role, cast("Sign", sign), count, people[:LISTED], cause))
    return tuple(found)


def held(changes: Iterable[Change], actual: State) -> tuple[list[Holder], list[Holder]]:
    """Return every assignment before and after the changes, with those that go along with a role or an application."""
    changes = tuple(changes)
    before = list(assignments(actual))
    gone = {each.before.address for each in changes if isinstance(each, Delete)}
    dead = {address.key for address in gone if address.kind == APPLICATION}
    roles = {(address_of(each).key, label) for each in changes for label in removed_roles(each)}
    after = [
        each
        for each in before
        if each.address not in gone and each.application not in dead and (each.application, each.role) not in roles
    ]
    here = {each.address for each in after}
    created = [each.after for each in changes if isinstance(each, Create)]
    new = [each for each in created if each.address.kind == ASSIGNMENT and each.address not in here]
    return before, after + [holder(each) for each in new]


def holder(resource: Resource) -> Holder:
    """Read an assignment's address: `api/Admin/group:6f1c…`, or `api/Writer/nightly` for an application of the manifest."""
    application, rest = resource.address.key.split("/", 1)
    role, principal = rest.rsplit("/", 1)
    kind, _, identifier = principal.partition(":")
    if not identifier:
        kind, identifier = "servicePrincipal", principal
    titled = _TITLE.match(resource.title)
    name = resource.display_name or (titled["name"] if titled else identifier)
    return Holder(resource.address, application, resource.ids.get("role", role), kind, identifier, name)


def assignments(state: State) -> Iterator[Holder]:
    """Yield who holds which role in a state."""
    for resource in state:
        if resource.address.kind == ASSIGNMENT:
            yield holder(resource)


def removed_roles(change: Change) -> Iterator[str]:
    """Yield the labels of the roles that an update of an application takes away."""
    if isinstance(change, Update) and change.after.address.kind == APPLICATION:
        for field in change.fields:
            if field.path == "appRoles":
                yield from (item.label for item in field.items if item.sign == "remove")


def by_role(holders: Iterable[Holder]) -> dict[tuple[str, str], list[Holder]]:
    """Group assignments by application and role."""
    found: dict[tuple[str, str], list[Holder]] = {}
    for each in holders:
        found.setdefault((each.application, each.role), []).append(each)
    return found


def _touched(
    before: Sequence[Holder], after: Sequence[Holder]
) -> Iterator[tuple[tuple[str, str], tuple[list[Holder], list[Holder]]]]:
    """Yield each role that somebody holds on one side only, with its holders on both."""
    old, new = by_role(before), by_role(after)
    for role in sorted(old.keys() | new.keys()):
        was, becomes = old.get(role, []), new.get(role, [])
        if {each.address for each in was} != {each.address for each in becomes}:
            yield role, (was, becomes)


def _moved(
    having: Sequence[Holder], other: Sequence[Holder], known: Mapping[str, Members]
) -> tuple[tuple[Person, ...], int | None]:
    """Return who holds a role on one side only, and how many they are (None: a group was not read whole)."""
    kept = {each.address for each in other}
    moved = [each for each in having if each.address not in kept]
    still = {person for each in other for person, _ in _people(each, known)}
    people = {
        person: Person(person, name, _through(each))
        for each in sorted(moved, key=lambda each: (each.type != "user", each.name))
        for person, name in _people(each, known)
        if person not in still
    }
    listed = tuple(sorted(people.values(), key=lambda each: (each.through, each.name, each.id)))
    groups = [each.id for each in (*moved, *other) if each.type == "group"]
    if not moved or all(group in known and known[group].complete for group in groups):
        return listed, len(listed)
    if len(moved) == 1 and not other and moved[0].id in known:
        return listed, known[moved[0].id].count
    return listed, None


def _people(each: Holder, known: Mapping[str, Members]) -> tuple[tuple[str, str], ...]:
    if each.type != "group":
        return ((each.id, each.name),)
    return known[each.id].people if each.id in known else ()


def _through(each: Holder) -> str:
    if each.type == "servicePrincipal":
        return APPLICATION
    return f"group {each.name}" if each.type == "group" else "direct"


def _person_name(item: Mapping[str, Any]) -> str:
    return str(item.get("userPrincipalName") or item.get("displayName") or item["id"])
