"""Imported entries in; the groups that can be one entry with `each` out: they differ in their texts alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from entra_config.importing.application import Entry
from entra_config.importing.yaml_writer import Placeholder, Word, escape_placeholders
from entra_config.manifest.environments.expansion import MOST_ENTRIES, MOST_ITEMS
from entra_config.manifest.environments.source import EACH
from entra_config.manifest.reading.reader import KEY, MAX_KEY

ALIKE = 3  # applications of a group, at least
MOST_FIELDS = 5  # in which they differ, at most: with more, each is easier to read by itself
NAME = "service"
_PLACEHOLDER = re.compile(r"(\$\{[^}]*\})")
_RESERVED = {"only", "previously"}

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One entry with `each`: its key, the keys that it makes, and the name of its file."""

    key: str
    keys: tuple[str, ...]
    entry: Entry
    file: str


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A key around the name of an item."""

    before: str
    after: str

    @property
    def constant(self) -> int:
        return len(self.before) + len(self.after)


def find(entries: Mapping[str, Entry], comments: Mapping[str, str]) -> list[Group]:
    """Return the groups, of which no two have an application in common.

    `comments` has by key the comment of an entry's file, which is the same for all of a group.
    """
    alike: dict[tuple[_Pattern, Any], dict[str, str]] = defaultdict(dict)
    for key, entry in entries.items():
        for pattern, item in _patterns(key):
            alike[pattern, (comments[key], _shape(entry, item, entries))][item] = key
    found: list[Group] = []
    left, free = MOST_ENTRIES, set(entries)
    names = set(entries)
    for (pattern, _), members in sorted(alike.items(), key=lambda row: _order(row[0][0], row[1])):
        chosen = dict(sorted((item, key) for item, key in members.items() if key in free))
        chosen = dict(islice(chosen.items(), min(MOST_ITEMS, left)))
        if len(chosen) < ALIKE:
            continue
        joined = _join({item: entries[key] for item, key in chosen.items()}, entries)
        if joined is None:
            continue
        file = f"{pattern.before}{NAME}{pattern.after}"
        while file in names:
            file += "-group"
        names.add(file)
        key = f"{pattern.before}${{{NAME}}}{pattern.after}"
        found.append(Group(key, tuple(chosen.values()), joined, file))
        free -= set(chosen.values())
        left -= len(chosen)
    return found


def _order(pattern: _Pattern, members: Mapping[str, str]) -> tuple[bool, int, int, str, str]:
    """Sort first what has words in common, then the largest, then the most words."""
    return not pattern.constant, -len(members), -pattern.constant, pattern.before, pattern.after


def _patterns(key: str) -> Iterator[tuple[_Pattern, str]]:
    """Yield each way to take a part of a key for the name of an item."""
    words = key.split("-")
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            item = "-".join(words[start:end])
            if KEY.fullmatch(item):
                before = "".join(f"{word}-" for word in words[:start])
                yield _Pattern(before, "".join(f"-{word}" for word in words[end:])), item


def _shape(value: Any, item: str, keys: Mapping[str, Any]) -> Any:
    """Return what entries of a group have in common: all but the texts of the tenant."""
    match value:
        case Word():
            return value
        case str():
            return str
        case Mapping():
            return tuple(
                (_mark_key(key, item, keys), _shape(each, item, keys)) for key, each in value.items()
            )
        case list() | tuple():
            return (list, *(_shape(each, item, keys) for each in value))
        case _:
            return type(value), value


def _join(members: Mapping[str, Entry], keys: Mapping[str, Any]) -> Entry | None:
    """Return the entry with `each` of entries of one shape, by item; None where it would have too many fields
    or a text that no item can have.
    """
    texts = {item: dict(_texts(entry)) for item, entry in members.items()}
    columns = zip(*(row.items() for row in texts.values()), strict=True)
    fields: dict[tuple[str, ...], str] = {}
    written: dict[Path, str] = {}
    for column in columns:
        values = tuple(text for _, text in column)
        path = column[0][0]
        marked = {_mark(text, item) for text, item in zip(values, members, strict=True)}
        if len(set(values)) == 1:
            written[path] = values[0]
        elif len(marked) == 1:
            written[path] = Placeholder(marked.pop())
        elif all(text and "$" not in text for text in values):
            name = fields.setdefault(values, _choose_name(path, fields.values()))
            written[path] = Placeholder(f"${{{NAME}.{name}}}")
        else:
            return None
    if len(fields) > MOST_FIELDS:
        return None
    first, entry = next(iter(members.items()))
    items: Any = [Word(item) for item in members]
    if fields:
        items = {
            item: {name: values[number] for values, name in fields.items()}
            for number, item in enumerate(members)
        }
    return {EACH: {NAME: items}, **_fill(entry, (), written, first, keys)}


def _texts(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield each text of the tenant with its place, in the order of the entry."""
    match value:
        case Word():
            return
        case str():
            yield path, value
        case Mapping():
            for number, (key, each) in enumerate(value.items()):
                # The number tells keys apart that differ between entries of a group.
                yield from _texts(each, (*path, number, key))
        case list() | tuple():
            for number, each in enumerate(value):
                yield from _texts(each, (*path, number))


def _fill(value: Any, path: Path, written: Mapping[Path, str], item: str, keys: Mapping[str, Any]) -> Any:
    """Return a value with the texts of the group."""
    match value:
        case str():
            return written.get(path, value)
        case Mapping():
            return {
                _mark_key(key, item, keys): _fill(each, (*path, number, key), written, item, keys)
                for number, (key, each) in enumerate(value.items())
            }
        case list() | tuple():
            return [_fill(each, (*path, number), written, item, keys) for number, each in enumerate(value)]
        case _:
            return value


def _mark_key(key: str, item: str, keys: Mapping[str, Any]) -> str:
    """Return a key with the item's placeholder in it, if it is the key of an application."""
    if key not in keys:
        return key
    pattern = next((pattern for pattern, part in _patterns(key) if part == item), None)
    return key if pattern is None else f"{pattern.before}${{{NAME}}}{pattern.after}"


def _mark(text: str, item: str) -> str:
    """Return a text with the item's placeholder in it; other placeholders stay as they are."""
    if not isinstance(text, Placeholder):
        text = escape_placeholders(text)
    parts = _PLACEHOLDER.split(text)
    # A part of another word is no name of an item. After a `$` the placeholder would be an escaped one.
    found = re.compile(rf"(?<![A-Za-z0-9$]){re.escape(item)}(?![A-Za-z0-9])")
    parts[::2] = [found.sub(f"${{{NAME}}}", part) for part in parts[::2]]
    return "".join(parts)


def _choose_name(path: Path, taken: Collection[str]) -> str:
    """Return the name of the field that has the text of a place."""
    words = [re.sub(r"[^A-Za-z0-9]+", "-", each).strip("-") for each in path if isinstance(each, str)]
    words = [word for word in words if word]
    wishes = ["-".join(words[-number:]) for number in range(1, len(words) + 1)]
    # A label of the tenant may be longer than a key, or begin with a digit.
    for name in (wishes[-1], "text"):
        wishes += [f"{name}-{number}" for number in range(2, MOST_FIELDS + 100)]
    unused = (wish for wish in wishes if wish not in taken and wish not in _RESERVED)
    return next(wish for wish in unused if KEY.fullmatch(wish) and len(wish) <= MAX_KEY)
