"""What a YAML file holds, as a tree in which everything knows where it stands."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from entra_config.errors import Position
from entra_config.resource import Text


class Scalar(NamedTuple):
    """A text, number, boolean or null; a Text once its placeholders are filled. A large manifest has tens of
    thousands.
    """

    value: str | int | float | bool | Text | None
    position: Position


class Items(NamedTuple):
    """A list."""

    items: tuple[Node, ...]
    position: Position


class Entry(NamedTuple):
    """One key of a map, where the key stands, and its value."""

    key: str
    position: Position
    node: Node


@dataclass(frozen=True, slots=True)
class Map:
    """A map, in the order of the file."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    position: Position = field(default_factory=lambda: Position("", 1))

    def node(self, key: str) -> Node | None:
        """Return the value of a key, or None where the key is absent."""
        entry = self.entries.get(key)
        return entry.node if entry else None

    def where(self, key: str) -> Position:
        """Return where a key stands, or the map itself where it is absent."""
        entry = self.entries.get(key)
        return entry.position if entry else self.position

    @property
    def present(self) -> tuple[Entry, ...]:
        """Return the entries that are not null: in `overrides`, null takes an entry of a file away."""
        return tuple(entry for entry in self.entries.values() if not is_null(entry.node))

    def without(self, *keys: str) -> Map:
        """Return the map without some keys."""
        return Map({key: entry for key, entry in self.entries.items() if key not in keys}, self.position)

    def with_entry(self, entry: Entry) -> Map:
        """Return the map with one key set."""
        return Map({**self.entries, entry.key: entry}, self.position)


Node = Scalar | Items | Map


def node_at(tree: Node | None, *path: str) -> Node | None:
    """Return what stands at a path of keys; None where nothing does."""
    for key in path:
        tree = tree.node(key) if isinstance(tree, Map) else None
    return tree


def same_when_normalized(entries: Iterable[Entry]) -> Iterator[tuple[Entry, str]]:
    """Yield each entry whose key looks exactly like that of another one, with what to report of it."""
    by_form: dict[str, list[Entry]] = {}
    for entry in entries:
        if not entry.key.isascii():
            by_form.setdefault(unicodedata.normalize("NFC", entry.key), []).append(entry)
    for alike in by_form.values():
        for entry in alike if len({each.key for each in alike}) > 1 else ():
            other = next(each for each in alike if each.key != entry.key)
            message = (
                f"`{entry.key}` and the key at {other.position} differ only in their Unicode normal form"
            )
            yield entry, f"{message}: write both in one form, or give one of them another name"


def entries_at(tree: Node | None, *path: str) -> Mapping[str, Entry]:
    """Return the entries of the map at a path of keys; none where there is no map."""
    node = node_at(tree, *path)
    return node.entries if isinstance(node, Map) else {}


def strings(node: Node | None) -> Iterator[tuple[str, Position]]:
    """Yield each string of a list with its place; nothing where the node is no list."""
    for item in node.items if isinstance(node, Items) else ():
        if isinstance(item, Scalar) and isinstance(item.value, str):
            yield item.value, item.position


def is_null(node: Node | None) -> bool:
    """Tell whether a node is the value null (an absent node is not)."""
    return isinstance(node, Scalar) and node.value is None


def to_data(node: Node) -> Any:
    """Return the node as plain dicts, lists and scalars."""
    match node:
        case Scalar(value):
            return value
        case Items(items):
            return [to_data(item) for item in items]
        case Map(entries):
            return {key: to_data(entry.node) for key, entry in entries.items()}


def describe(node: Node) -> str:
    """Say in a few words what a node is, for an error message."""
    match node:
        case Map():
            return "a map"
        case Items():
            return "a list"
        case Scalar(None):
            return "null"
        case Scalar(bool() as value):
            return str(value).lower()
        case Scalar(int() | float() as value):
            return f"the number {value}"
        case Scalar(value):
            text = str(value)
            return f'"{text if len(text) <= 60 else text[:57] + "…"}"'
