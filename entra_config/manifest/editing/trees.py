"""Trees of maps, lists and scalars, as YAML is read: looked into, changed and written by key path."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from entra_config.manifest.reading import yaml

_PLAIN = re.compile(r"[\w@](?:[\w @./()'-]*[\w.)])?")


class Key(str):
    """A key that has another name in the text of its file."""

    __slots__ = ("before",)

    before: str

    def __new__(cls, name: str, before: str) -> Self:
        """Return a key that is written as `before`."""
        key = super().__new__(cls, name)
        key.before = before
        return key


@dataclass(frozen=True, slots=True)
class Block:
    """A value that is new in its file, with the lines in which another file has it, its key or dash
    included.
    """

    value: Any
    lines: Sequence[str]


def at(tree: Any, path: Sequence[str]) -> Any:
    """Return the value at a key path; None where there is none."""
    for key in path:
        if not isinstance(tree, dict) or key not in tree:
            return None
        tree = tree[key]
    return tree


def has(tree: Any, path: tuple[str, ...]) -> bool:
    """Tell whether a key path stands there, whatever its value."""
    if not path:
        return True
    parent = at(tree, path[:-1])
    return isinstance(parent, dict) and path[-1] in parent


def inside(tree: Any, path: Sequence[str | int]) -> Any:
    """Return the value at a path of keys and indexes that is there."""
    for key in path:
        tree = tree[key]
    return tree


def write_text(tree: Any, path: Sequence[str | int], text: str, *, is_key: bool) -> None:
    """Write another text in the place of the key or the value at the end of a path."""
    parent = inside(tree, path[:-1])
    if is_key:
        rename(parent, (str(path[-1]),), text)
    else:
        parent[path[-1]] = text


def remove(tree: Any, path: Sequence[str | int]) -> None:
    """Remove the key or the item at the end of a path."""
    del inside(tree, path[:-1])[path[-1]]


def put(tree: Any, path: tuple[str, ...], value: Any) -> None:
    """Set the value at a key path, with maps above it where there are none."""
    for key in path[:-1]:
        if not isinstance(tree.get(key), dict):
            tree[key] = {}
        tree = tree[key]
    tree[path[-1]] = value if isinstance(value, Block) else copy.deepcopy(value)


def rename(tree: Any, path: tuple[str, ...], new: str) -> None:
    """Give the last key of a path another name, at its place."""
    parent = at(tree, path[:-1])
    items = [
        (Key(new, name_in_text(key)) if key == path[-1] else key, value) for key, value in parent.items()
    ]
    parent.clear()
    parent.update(items)


def name_in_text(key: str) -> str:
    """Return what a key is called in the text of its file."""
    return key.before if isinstance(key, Key) else key


def has_block(value: Any) -> bool:
    """Return True for a value that is to be written in the lines of another file, in full or in part."""
    return isinstance(value, Block) or (isinstance(value, dict) and any(map(has_block, value.values())))


def says(entry: Any, item: str) -> bool:
    """Return True if an entry of a list is this text, or has it as its name or id."""
    if isinstance(entry, dict):
        return item in (entry.get("name"), entry.get("id"))
    return bool(entry == item)


def saying(entry: Any, item: str, new: str) -> Any:
    """Return an entry of a list with another name, where it had this one."""
    if isinstance(entry, dict):
        return {
            key: new if value == item and key in {"name", "id"} else value for key, value in entry.items()
        }
    return new if entry == item else entry


def flow(value: Any) -> str:
    """Return a value as YAML on one line."""
    match value:
        case Block():
            return flow(value.value)
        case dict():
            return (
                "{ " + ", ".join(f"{format_scalar(key)}: {flow(item)}" for key, item in value.items()) + " }"
                if value
                else "{}"
            )
        case list():
            return "[" + ", ".join(map(flow, value)) + "]"
        case bool():
            return str(value).lower()
        case None:
            return "null"
        case int() | float():
            return str(value)
        case _:
            return format_scalar(str(value))


def format_scalar(text: str) -> str:
    """Return a text as a YAML scalar that is safe in flow style."""
    if _PLAIN.fullmatch(text) and isinstance(yaml.scalar(text), str):
        return text
    return json.dumps(text, ensure_ascii=False)
