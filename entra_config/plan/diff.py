"""Compare two States: desired and actual go in, the changes between them come out. Knows shapes, no kinds."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from entra_config.plan.leaves import leaves
from entra_config.plan.model import (
    Change,
    Create,
    Delete,
    FieldChange,
    ItemChange,
    Release,
    Restore,
    Update,
    address_of,
    subject_of,
)
from entra_config.resource import Address, Ref, Resource, State, Text, Value

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Collection:
    """How the entries of one collection are told apart and named; a change of a field in `loss` is a loss
    and a gain.
    """

    key: Callable[[Any], Hashable]
    label: Callable[[Any, Names], str]
    summary: Callable[[Any, Names], str] = lambda _item, _names: ""
    removal: str = ""
    loss: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Shape:
    """How resources of one kind are compared: its collections by path, and what is sent at creation only."""

    collections: Mapping[str, Collection] = field(default_factory=dict)
    unchecked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison found."""

    changes: tuple[Change, ...]
    unchanged: int


def diff(
    desired: State,
    actual: State,
    shapes: Mapping[str, Shape],
    *,
    names: Names,
    released: frozenset[Address] = frozenset(),
) -> Comparison:
    """Return the changes that bring `actual` to `desired`, in a stable order, and how many resources need
    none.

    Both sides have their references resolved where the tenant can answer them. Resources whose actual side is
    deleted are restored where they are desired, and stay deleted where they are not; those in `released` lose
    their marks instead of their life.
    """
    changes: list[Change] = []
    unchanged = 0
    for after in desired:
        before = actual.get(after.address)
        shape = shapes[after.address.kind]
        if before is None:
            changes.append(Create(after, _appearing(after, shape, names)))
            continue
        fields = compare(before, after, shape, names)
        if before.facts.deleted:
            changes.append(Restore(before, after, fields))
        elif fields:
            changes.append(Update(before, after, fields))
        else:
            unchanged += 1
    changes += [
        Release(before) if before.address in released else Delete(before)
        for before in actual
        if before.address not in desired and not before.facts.deleted
    ]
    return Comparison(ordered(changes, desired, tuple(shapes)), unchanged)


def ordered(changes: Iterable[Change], desired: State, kinds: Sequence[str]) -> tuple[Change, ...]:
    """Return the changes application by application, as the manifest lists them, then by kind and key."""
    places: dict[Address | None, int] = {}
    for resource in desired:
        places.setdefault(resource.parent or resource.address, len(places))

    def rank(change: Change) -> tuple[int, str, int, str]:
        side = subject_of(change)
        parent = side.parent or side.address
        return (
            places.get(parent, len(places)),
            parent.key,
            kinds.index(side.address.kind),
            address_of(change).key,
        )

    return tuple(sorted(changes, key=rank))


def compare(before: Resource, after: Resource, shape: Shape, names: Names) -> tuple[FieldChange, ...]:
    """Return each field of `after` that `before` does not hold; what `after` does not mention is not
    compared.
    """
    return tuple(
        _field(path, (before.values.get(path), value), after, shape, names)
        for path, value in after.values.items()
        if path not in shape.unchecked and not holds(before.values.get(path), value)
    )


def holds(actual: Value, desired: Value) -> bool:
    """Tell whether `actual` is what `desired` asks for: objects by the keys given, lists as sets, null
    like absent and like an empty text.
    """
    match desired:
        case Mapping():
            return isinstance(actual, Mapping) and all(
                holds(actual.get(key), item) for key, item in desired.items()
            )
        case list() | tuple():
            return isinstance(actual, list | tuple) and _same_entries(list(actual), list(desired))
        case None:
            return actual is None or actual == ""  # the portal writes "" where nobody wrote a text
        case bool():
            return actual is desired
        case _:
            return bool(actual == desired) and not isinstance(actual, bool)


def _same_entries(actual: list[Value], desired: list[Value]) -> bool:
    if all(isinstance(item, str | Ref | Text) for item in desired):
        return set(map(_hashable, actual)) == set(desired)
    rest = list(actual)
    for item in desired:
        match = next((other for other in rest if holds(other, item)), None)
        if match is None:
            return False
        rest.remove(match)
    return not rest


def _hashable(value: Value) -> Hashable:
    return value if isinstance(value, Hashable) else repr(value)


def _appearing(after: Resource, shape: Shape, names: Names) -> tuple[FieldChange, ...]:
    return tuple(
        _field(path, (None, value), after, shape, names)
        for path, value in after.values.items()
        if value not in (None, [], (), {}) and path not in shape.unchecked
    )


def _field(
    path: str, sides: tuple[Value, Value], resource: Resource, shape: Shape, names: Names
) -> FieldChange:
    before, after = sides
    position = resource.positions.get(path) or resource.position
    items: tuple[ItemChange, ...] = ()
    if path in shape.collections:
        items = _items(before or [], after or [], shape.collections[path], names)
    elif _is_list_of_texts(before) and _is_list_of_texts(after):
        items = _items(before or [], after or [], STRINGS, names)
    return FieldChange(path, before, after, items, position, () if items else leaves(before, after))


def _is_list_of_texts(value: Value) -> bool:
    return value is None or (
        isinstance(value, list | tuple) and all(isinstance(item, str | Ref | Text) for item in value)
    )


def _items(
    before: Iterable[Value], after: Iterable[Value], kind: Collection, names: Names
) -> tuple[ItemChange, ...]:
    old = {kind.key(item): item for item in before}
    new = {kind.key(item): item for item in after}
    found: list[ItemChange] = []
    for key, item in new.items():
        if key not in old:
            found.append(ItemChange("add", kind.label(item, names), kind.summary(item, names), key=key))
        elif not holds(old[key], item):
            found.extend(replace(each, key=key) for each in _changed_item(old[key], item, kind, names))
    found.extend(
        ItemChange("remove", kind.label(item, names), kind.removal, key=key)
        for key, item in old.items()
        if key not in new
    )
    return tuple(sorted(found, key=lambda change: (change.label, change.sign)))


def _changed_item(old: Value, new: Value, kind: Collection, names: Names) -> list[ItemChange]:
    fields = tuple(
        FieldChange(key, old.get(key), value) for key, value in new.items() if not holds(old.get(key), value)
    )
    if any(field.path in kind.loss for field in fields):
        # A token carries the value: who relied on the old one loses it, whatever the id.
        return [
            ItemChange("remove", kind.label(old, names), "its value changes: tokens no longer carry it"),
            ItemChange("add", kind.label(new, names), kind.summary(new, names), fields),
        ]
    return [ItemChange("change", kind.label(new, names), "", fields)]


STRINGS = Collection(key=_hashable, label=lambda item, names: names.get(str(item), str(item)))
