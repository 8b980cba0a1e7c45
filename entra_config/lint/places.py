"""A tree of nodes in; where a value in it stands out."""

from __future__ import annotations

from entra_config.errors import Position
from entra_config.manifest.reading.node import Items, Map, Node, Scalar, node_at


def key(tree: Node | None, *path: str) -> Position | None:
    """Return where the last key of a path stands; None where it does not."""
    owner = node_at(tree, *path[:-1])
    entry = owner.entries.get(path[-1]) if isinstance(owner, Map) else None
    return entry.position if entry else None


def value(tree: Node | None, *path: str) -> Position | None:
    """Return where the value at a path begins; None where there is none."""
    found = node_at(tree, *path)
    return found.position if found else None


def item(tree: Node | None, text: str, *path: str) -> Position | None:
    """Return where an item of the list at a path stands, or the list's key where it does not."""
    found = node_at(tree, *path)
    for each in found.items if isinstance(found, Items) else ():
        named = each.node("name") or each.node("id") if isinstance(each, Map) else each
        if isinstance(named, Scalar) and str(named.value) == text:
            return each.position
    return key(tree, *path)
