"""A manifest and a person in; its files, and its lock files, without that person out."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from entra_config.errors import UsageError
from entra_config.manifest import loader
from entra_config.manifest.editing.editor import Edit, Editor
from entra_config.manifest.environments import lock, source
from entra_config.manifest.environments.pins import Lock
from entra_config.manifest.reading.node import Map
from entra_config.manifest.reading.problems import Problems, near

LISTS = frozenset({"users", "owners", "deployers"})


def offboard(path: Path, upn: str) -> Edit:
    """Take a person out of every list of names, in every environment, and out of the lock files: by name
    and by pinned id.
    """
    root = source.locate(path)
    environments = [each.manifest.environment for each in loader.checked(root)]
    locks = {lock.path_of(root, environment): (environment, "") for environment in environments}
    for fleet in loader.of_fleets(root):
        locks |= lock.of_fleet(root, fleet)
    read = {file: lock.read(file, Problems()) for file in locks if file.exists()}
    meant = frozenset({upn.casefold()}).union(*(each.called(upn) for each in read.values()))
    editor = Editor(path)
    left = editor.drop(LISTS, lambda item: _is(item, meant))
    before = {file: file.read_text(encoding="utf-8") for file in read}
    texts = {file: lock.write(_without(each, meant), *locks[file]) for file, each in read.items()}
    changed = {file: text for file, text in texts.items() if _without(read[file], meant) != read[file]}
    if not left and not changed:
        known = {name for each in read.values() for name in each.users}
        raise UsageError(f"`{upn}` stands in no file of {root}.{near(upn, sorted(known))}")
    additive = [where for where in left if editor.tree((*where[:-1], "additive")) is True]
    notes = [
        f"{'/'.join(where[-3:-1])} is additive: what was given there is held until somebody takes it away"
        for where in additive
    ]
    notes += _tests(root, meant)
    edit = editor.finish(notes=tuple(dict.fromkeys(notes)))
    return edit.joined({file: before[file] for file in changed}, changed)


def _tests(root: Path, meant: frozenset[str]) -> list[str]:
    """Say which access tests are about the person: what they claim is no line to take out, but one to
    think about.
    """
    found = []
    for document, _ in source.access_tests(root).values():
        people = document.node("people")
        for name, entry in people.entries.items() if isinstance(people, Map) else ():
            if name.casefold() in meant:
                found.append(f"{entry.position}: access tests are about `{name}`; they are yours to change")
    return found


def _is(item: Any, meant: frozenset[str]) -> bool:
    if isinstance(item, dict):
        return _is(item.get("name"), meant) or _is(item.get("id"), meant)
    return isinstance(item, str) and item.casefold() in meant


def _without(pins: Lock, meant: frozenset[str]) -> Lock:
    users = {name: pin for name, pin in pins.users.items() if not {name.casefold(), pin.id} & meant}
    applications = {
        key: dataclasses.replace(each, owners=tuple(owner for owner in each.owners if owner not in meant))
        for key, each in pins.applications.items()
    }
    return dataclasses.replace(pins, users=users, applications=applications)
