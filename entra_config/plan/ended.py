"""What a manifest says, with and without what is over, and what the tenant has in; what is left to take away,
and both sides of a comparison about that alone, out.

A resource that is over carries in `ends` just what of it is: entries of its collections by key, or all of it.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any

from entra_config.plan.diff import STRINGS, Shape
from entra_config.resource import WHOLE, Address, Ends, Resource, State, Value

Shapes = Mapping[str, Shape]


def marked(actual: State, written: State, wanted: State, shapes: Shapes) -> State:
    """Return what the tenant has; in `ended` of each is what was written of it, and wanted no longer because
    it is over.
    """
    found = dict(actual.resources)
    for resource in written:
        live, after = actual.get(resource.address), wanted.get(resource.address)
        left = {
            place: day
            for place, day in resource.ends.items()
            if _has(live, place, shapes) and not _has(after, place, shapes)
        }
        if live is not None and left:
            found[live.address] = replace(live, ended=replace(resource, ends=left))
    return State(found)


def without(actual: State, shapes: Shapes) -> State:
    """Return what the tenant has, without what is over."""
    kept: dict[Address, Resource] = {}
    for live in actual:
        gone = live.ended
        if gone is None:
            kept[live.address] = live
        elif WHOLE not in gone.ends:
            values = {path: _less(path, value, gone, shapes) for path, value in live.values.items()}
            if any(values.values()):
                kept[live.address] = replace(
                    live, values=values, position=gone.position, positions=gone.positions
                )
    return State(kept)


def overlooked(wanted: State, actual: State, shapes: Shapes) -> State:
    """Return what is wanted, with what is over and there still: it is nobody's deed that it is there."""
    found = dict(wanted.resources)
    for gone in (live.ended for live in actual if live.ended is not None):
        after = wanted.get(gone.address) or replace(gone, values={})
        paths = {path for path, _ in gone.ends}
        values = {path: _more(path, after.values.get(path), gone, shapes) for path in paths}
        whole = WHOLE in gone.ends
        found[gone.address] = gone if whole else replace(after, values={**after.values, **values})
    return State(found)


def merged(one: Ends, other: Ends) -> Ends:
    """Return what ends of a resource that stands in the manifest twice: only what both say, and the later."""
    return {place: max(day, other[place]) for place, day in one.items() if place in other}


def key_of(path: str, item: Value, shape: Shape) -> Hashable:
    """Return what tells an entry of a collection from others."""
    return shape.collections.get(path, STRINGS).key(item)


def _has(resource: Resource | None, place: tuple[str, str], shapes: Shapes) -> bool:
    path, key = place
    if resource is None or place == WHOLE:
        return resource is not None
    shape = shapes[resource.address.kind]
    return any(key_of(path, item, shape) == key for item in resource.values.get(path) or ())


def _less(path: str, value: Value, gone: Resource, shapes: Shapes) -> Value:
    keys = {key for where, key in gone.ends if where == path}
    shape = shapes[gone.address.kind]
    return [item for item in value if key_of(path, item, shape) not in keys] if keys else value


def _more(path: str, value: Any, gone: Resource, shapes: Shapes) -> list[Value]:
    keys = {key for where, key in gone.ends if where == path}
    shape = shapes[gone.address.kind]
    extra = [item for item in gone.values.get(path) or () if key_of(path, item, shape) in keys]
    return [*(value or ()), *extra]
