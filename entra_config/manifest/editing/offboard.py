"""A manifest and a person in; its files, and its lock files, without that person out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from entra_config.errors import UsageError
from entra_config.manifest import loader
from entra_config.manifest.editing.editor import Edit, Editor
from entra_config.manifest.environments import lock, source
from entra_config.manifest.environments.pins import Lock
from entra_config.manifest.reading.problems import listing, near
from entra_config.manifest.references import Place, Reference, References, read_references


def offboard(path: Path, upn: str) -> Edit:
    """Take a person out of every list of names, in every environment, and out of the lock files: by name
    and by pinned id, whether the text, a variable, an override or an alias writes it.
    """
    root = source.locate(path)
    loader.checked(root)
    references = read_references(root)
    names = references.find_names("user", upn)
    named = [each for each in references.to_object("user", names) if each.place.kind == "manifest"]
    read = {file: lock.read_valid(file) for file in references.locks if file.exists()}
    before = {file: file.read_text(encoding="utf-8") for file in read}
    without = {file: _without(each, names[file]) for file, each in read.items()}
    changed = {
        file: lock.write(pins, *references.locks[file], before=before[file])
        for file, pins in without.items()
        if pins != read[file]
    }
    if not named and not changed:
        known = sorted({each.name for each in references.every if each.noun == "user" and "@" in each.name})
        raise UsageError(f"`{upn}` is in no file of {root}.{near(upn, known)}")
    _refuse_shared(upn, named, references, names)
    editor = Editor(path)
    editor.remove_places(each.place for each in named)
    notes = [
        *_additive(named, editor),
        *_variables(named),
        *_unknown(upn, references),
        *_tests(references, names),
    ]
    edit = editor.finish(notes=tuple(dict.fromkeys(notes)))
    edit = edit.joined({file: before[file] for file in changed}, changed)
    left = read_references(root, contents=edit.after).to_object("user", names)
    _refuse(upn, [each.place for each in left if each.place.kind != "tests"], "it would still be named there")
    return edit


def _refuse_shared(
    upn: str, named: Iterable[Reference], references: References, names: Mapping[Path, frozenset[str]]
) -> None:
    """Refuse to remove an entry that means other people elsewhere, or may do so."""
    for each in named:
        elsewhere = [
            str(file) for file in references.locks_of(each) if each.name.casefold() not in names[file]
        ]
        if elsewhere:
            _refuse(upn, [each.place], f"{listing(sorted(elsewhere))} does not pin it as `{upn}`")
        same = references.others_at(each)
        if same:
            others = listing(sorted({other.name or "somebody of a fleet's tenant" for other in same}))
            what = f"it means {others} in {listing(sorted({e for o in same for e in o.environments}))}"
            _refuse(upn, [each.place], what)


def _refuse(upn: str, places: Iterable[Place], reason: str) -> None:
    lines = [f"  {place.position}: {place.obstacle or f'`{place.text}`'}, and {reason}" for place in places]
    if lines:
        raise UsageError(
            "\n".join(
                [f"`{upn}` cannot be removed everywhere, so no file was changed. Edit by hand:", *lines]
            )
        )


def _additive(named: Iterable[Reference], editor: Editor) -> Iterator[str]:
    for each in named:
        item = each.place.list_item or ()
        role = tuple(str(key) for key in item[:-2])
        if editor.tree((*role, "additive")) is True:
            name = "/".join(role[-2:])
            yield f"{name} is additive: what was given there is held until somebody takes it away"


def _variables(named: Iterable[Reference]) -> Iterator[str]:
    for each in named:
        for variable in each.place.variables:
            yield f"{variable.position}: the variable `{variable.name}` still has this value"


def _unknown(upn: str, references: References) -> Iterator[str]:
    for each in references.unknown("user"):
        yield f"{each.place.position}: the fleet's file sets `{each.place.text}`; look for `{upn}` there"


def _tests(references: References, names: Mapping[Path, frozenset[str]]) -> Iterator[str]:
    """Yield the access tests about the person: they are not entries to remove, but claims to think about."""
    for each in references.to_object("user", names):
        if each.place.kind == "tests" and each.place.path[0] == "people":
            yield f"{each.place.position}: access tests are about `{each.name}`; they are yours to change"


def _without(pins: Lock, meant: frozenset[str]) -> Lock:
    users = {name: pin for name, pin in pins.users.items() if not {name.casefold(), pin.id} & meant}
    applications = {
        key: dataclasses.replace(each, owners=tuple(owner for owner in each.owners if owner not in meant))
        for key, each in pins.applications.items()
    }
    return dataclasses.replace(pins, users=users, applications=applications)
