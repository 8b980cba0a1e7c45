"""Two nested values of one property in, the leaves that differ out: `servicePrincipalLockConfiguration` →
`isEnabled`.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile
from typing import Any

from entra_config.plan.model import FieldChange
from entra_config.resource import Value, references

# What tells the objects of a list apart in Graph, first come first served; a list without any stays whole.
IDENTITIES = ("name", "id", "value", "key", "url")


def leaves(before: Value, after: Value) -> tuple[FieldChange, ...]:
    """Return each leaf of `after` that `before` does not hold, by its path inside; nothing where only the
    whole can be shown.
    """
    if any(True for _ in references(after)):
        return ()
    old, new = _pair(before, after)
    if not isinstance(old, Mapping) or not isinstance(new, Mapping) or old == new:
        return ()
    # A fifth of a second to import, and most plans need none of it.
    from deepdiff import DeepDiff

    found: dict[str, FieldChange] = {}
    for levels in DeepDiff(old, new, ignore_order=True, view="tree").values():
        for level in levels:
            path = _keys(level.path(output_format="list"))
            found.setdefault(".".join(path), FieldChange(".".join(path), _at(old, path), _at(new, path)))
    return tuple(found[path] for path in sorted(found))


def _pair(before: Value, after: Value) -> tuple[Value, Value]:
    """Return both sides as far as `after` asks: objects by its keys, absent like null, lists of objects by
    their identity.
    """
    match before, after:
        case Mapping(), Mapping():
            pairs = {str(key): _pair(before.get(key), item) for key, item in after.items()}
            return {key: old for key, (old, _) in pairs.items()}, {
                key: new for key, (_, new) in pairs.items()
            }
        case ((list() | tuple()), (list() | tuple())) if (name := _identity([*before, *after])) is not None:
            old, new = ({str(item[name]): item for item in side} for side in (before, after))
            pairs = {key: _pair(old[key], new[key]) for key in old.keys() & new.keys()}
            return old | {key: pair[0] for key, pair in pairs.items()}, new | {
                key: pair[1] for key, pair in pairs.items()
            }
        case _:
            return before, after


def _identity(items: list[Any]) -> str | None:
    if not items or not all(isinstance(item, Mapping) for item in items):
        return None
    return next((name for name in IDENTITIES if all(isinstance(item.get(name), str) for item in items)), None)


def _keys(path: list[Any]) -> list[str]:
    """Return a path down to the innermost object: a list of plain values is shown whole."""
    return list(takewhile(lambda part: isinstance(part, str), path))


def _at(value: Value, path: list[str]) -> Value:
    for part in path:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
