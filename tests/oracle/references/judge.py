"""What files of a manifest mean for people, read as plain YAML: no loader, no editor, no engine."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from tests.oracle.references.drawn import LEAVER, person_id

VARIABLE = re.compile(r"\$\{(\w+)\}")
LEAVERS = {LEAVER, person_id(LEAVER)}
Found = Counter[tuple[str, str, str]]


def texts(folder: Path) -> dict[Path, bytes]:
    """Return all files of a folder."""
    return {path: path.read_bytes() for path in sorted(folder.rglob("*.yaml"))}


def documents(folder: Path) -> dict[Path, Any]:
    """Return all files of a folder as data."""
    return {path: yaml.safe_load(content) for path, content in texts(folder).items()}


def strings(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each key and each text of all files, with the key below which it is."""
    for document in documents(folder).values():
        yield from _strings(document, "")


def _strings(value: Any, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield key, str(name)
            yield from _strings(item, str(name))
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item, key)
    elif isinstance(value, str):
        yield key, value


def people(folder: Path, pinned: Mapping[str, Collection[str]] = MappingProxyType({})) -> Found:
    """Return who is named where: in which environment, below which keys, as whom, counted; ids and names of
    the leaver are one, and so are the `pinned` ones of an environment's lock file.
    """
    return Counter((environment, path, name) for environment, path, _, name in _named(folder, pinned))


def is_shared(folder: Path, pinned: Mapping[str, Collection[str]]) -> bool:
    """Return True if one entry of a file is the leaver in one environment and another person in another."""
    meant: dict[tuple[str, str], set[bool]] = defaultdict(set)
    for _, path, text, name in _named(folder, pinned):
        if not path.startswith("environment/"):
            meant[path, text].add(name == LEAVER)
    return any(len(each) > 1 for each in meant.values())


def _named(folder: Path, pinned: Mapping[str, Collection[str]]) -> Iterator[tuple[str, str, str, str]]:
    """Yield each entry that names a person: the environment, the keys above it, its text, and whom it means
    there.
    """
    every = [
        item
        for path, item in documents(folder).items()
        if item and path.parent.name != "tests" and not path.name.endswith(".lock.yaml")
    ]
    variables = {
        name: {key: str(item) for key, item in (fields.get("variables") or {}).items()}
        for document in every
        for name, fields in (document.get("environments") or {}).items()
    }
    for document in every:
        for environment, words in variables.items():
            own = {name: item for name, item in document.items() if name != "environments"}
            fields = (document.get("environments") or {}).get(environment, {})
            own["environment"] = {name: item for name, item in fields.items() if name != "variables"}
            for path, text in _people(own, ()):
                name = VARIABLE.sub(partial(_word, words), text).casefold()
                is_leaver = name in LEAVERS or name in pinned.get(environment, ())
                yield environment, "/".join(path), text, LEAVER if is_leaver else name


def _word(words: Mapping[str, str], match: re.Match[str]) -> str:
    return words.get(match[1], match[0])


def _people(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key in {"users", "owners", "deployers", "notificationEmailAddresses"}:
                yield from (((*path, key), _text(each)) for each in item)
            else:
                yield from _people(item, (*path, str(key)))


def _text(item: Any) -> str:
    return str((item.get("id") or item.get("name")) if isinstance(item, dict) else item)
