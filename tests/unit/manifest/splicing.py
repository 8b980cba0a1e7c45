"""A YAML text after one change of its tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from entra_config.manifest.editing import trees
from entra_config.manifest.editing.splice import meaning, rewrite

Change = Callable[[dict[str, Any]], object]
FILE = "f.yaml"


def changed(text: str, change: Change) -> str:
    """Return a text after a change of its tree."""
    tree = meaning(text, FILE)
    change(tree)
    return rewrite(text, tree, FILE)


def put(text: str, path: tuple[str, ...], value: Any) -> str:
    """Return a text in which a key path has a value."""
    return changed(text, lambda tree: trees.put(tree, path, value))


def remove(text: str, *path: str) -> str:
    """Return a text without a key."""
    return changed(text, lambda tree: trees.at(tree, path[:-1]).pop(path[-1]))


def alter(text: str, key: str, change: Callable[[list[Any]], list[Any]]) -> str:
    """Return a text in which the list of a key is another one."""
    return changed(text, lambda tree: trees.put(tree, (key,), change(trees.at(tree, (key,)) or [])))
