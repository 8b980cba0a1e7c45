"""A project, environment or key under another name, or an application in another project's manifest; the new
texts out.

What is ours in the tenant bears owner and key. So whatever is renamed here is found by its appId, which the
lock file pins, and a plan writes the new marks: by `previously` those of a key, under `--allow takeover`
those of an owner.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from entra_config import quoting
from entra_config.errors import UsageError
from entra_config.files import check_source
from entra_config.manifest import loader
from entra_config.manifest.editing.editor import Edit, Editor, EntryKey
from entra_config.manifest.environments import lock
from entra_config.manifest.environments.pins import Lock, PinnedApplication
from entra_config.manifest.reading.reader import KEY

Locks = dict[tuple[Path, str], Lock | None]  # by path and environment; None: the file goes


@dataclass(frozen=True, slots=True)
class MoveEdits:
    """The edits of manifests, the lock files that are written (None: goes) by path and environment, and
    what comes next.
    """

    edits: tuple[Edit, ...]
    locks: Locks = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def write(self) -> None:
        """Write all files."""
        for edit in self.edits:
            edit.write()
        for (path, environment), held in self.locks.items():
            if held is None:
                path.unlink(missing_ok=True)
            else:
                lock.save(path, held, environment)


def project(path: Path, new: str, *, unpinned: bool = False) -> MoveEdits:
    """Give the project another name: all that it owns changes its owner."""
    _name(new, "a project")
    _no_fleet(path)
    _all_pinned(path, loader.environments(path), unpinned=unpinned)
    editor = Editor(path)
    if editor.tree(("project",)) == new:
        raise UsageError(f"the project is called `{new}` already")
    editor.set(("project",), new)
    return MoveEdits((editor.finish(),), notes=(_takeover(new),))


def environment(path: Path, old: str, new: str, *, unpinned: bool = False) -> MoveEdits:
    """Give an environment another name: all that it owns changes its owner, and its lock file its name."""
    _name(new, "an environment")
    _no_fleet(path)
    known = loader.environments(path)
    if old not in known:
        raise UsageError(f"`{old}` is not an environment; there are {', '.join(known)}")
    _all_pinned(path, [old], unpinned=unpinned)
    editor = Editor(path)
    editor.rename_mentions(editor.references.to_environment(old), new)
    was, now = loader.lock_path(path, old), loader.lock_path(path, new)
    check_source(now)
    locks: Locks = {(now, new): lock.read_valid(was), (was, old): None} if was.exists() else {}
    note = (
        "`${environment}` means another word now, in subjects of federated credentials too: whoever "
        "signs in by them must say it"
    )
    return MoveEdits((editor.finish(),), locks, (_takeover(f"…/{new}"), note))


def key(path: Path, old: str, new: str, *, every: bool = False) -> MoveEdits:
    """Give an application another key, wherever it stands; its object stays, and so does all that is
    granted to it. `every`: all applications that its entry makes, and `new` is the key of that entry.
    """
    _no_fleet(path)
    editor = Editor(path)
    items = editor.find_items(old)
    if every and items is not None:
        return _rename_items(path, editor, items, new)
    _name(new, "an application")
    words = ("entra-config", "move", "key", old)
    ways = [] if items is None else [quoting.command(*words, items.suggest(old, new), "--all")]
    editor.application(old, "all" if every else "", ways)
    former = ("applications", old, "previously")
    if editor.holders(former):
        raise UsageError(
            f"{editor.place(former)}: `{old}` was renamed before: apply that first, and remove `previously`"
        )
    editor.rename_mentions(editor.references.to_application(old), new)
    editor.put(("applications", new, "previously"), old)
    locks = _rekeyed(path, {old: new})
    note = f"`previously: {old}` stays until this is applied in every environment; then take it out"
    return MoveEdits((editor.finish(),), locks, (note,))


def _rename_items(path: Path, editor: Editor, items: EntryKey, new: str) -> MoveEdits:
    former = ("applications", items.text, "previously")
    if editor.holders(former):
        raise UsageError(f"{editor.place(former)}: remove `previously` first, once it is applied")
    renamed = editor.rename_items(items, new)
    for name in renamed.values():
        _name(name, "an application")
    note = f"`previously: {items.text}` stays until this is applied in every environment; then take it out"
    return MoveEdits((editor.finish(),), _rekeyed(path, renamed), (note,))


def _rekeyed(path: Path, renamed: Mapping[str, str]) -> Locks:
    """Return the lock files that pin applications by their old keys, with the new ones."""
    locks: Locks = {}
    for name in loader.environments(path):
        file = loader.lock_path(path, name)
        held = lock.read_valid(file)
        if pinned := renamed.keys() & held.applications.keys():
            for old in sorted(pinned):
                held = held.renamed(old, renamed[old])
            locks[file, name] = held
    return locks


def application(path: Path, name: str, to: Path) -> MoveEdits:
    """Hand an application over to another project's manifest, with those who hold its roles, and with its
    pins.
    """
    source, target = Editor(path), Editor(to)
    source.application(name)
    if target.holders(("applications", name)):
        raise UsageError(f"`{name}` is an application of {to} already")
    moved = (("applications", name), ("appRoleAssignments", name))
    source.refuse_mentions(
        (
            each
            for each in source.references.to_application(name)
            if each.place.path[:2] not in moved and each.place.path[:2] != ("removed", "applications")
        ),
        f"`{name}` cannot be moved while something else names it",
    )
    locks = _handed_over(path, name, to)
    if not locks:
        raise UsageError(
            f"no lock file pins `{name}`: the other project finds it by its appId; `entra-config lock` first"
        )
    for section in moved:
        if source.holders(section):
            target.take(section, source)
    source.put(("removed", "applications", name), {"destroy": False})
    notes = (
        f"apply {to} first, with `--allow takeover`: it becomes theirs with all that their plan shows",
        f"`removed: {name}` does nothing any more once it has their tags; take it out then",
    )
    return MoveEdits((source.finish(), target.finish()), locks, notes)


def _handed_over(path: Path, name: str, to: Path) -> Locks:
    """Return the lock files of both projects after an application went from one to the other."""
    environments = loader.environments(to)
    locks: Locks = {}
    for each in loader.environments(path):
        mine = lock.read_valid(loader.lock_path(path, each))
        pinned = mine.applications.get(name, PinnedApplication())
        if pinned.app_id is None:
            continue
        if each not in environments:
            raise UsageError(f"{to} has no environment `{each}`, and `{name}` is pinned there")
        theirs = lock.read_valid(loader.lock_path(to, each))
        if theirs.tenant_id not in {"", mine.tenant_id}:
            raise UsageError(f"environment `{each}` is another tenant there: an application stays in its own")
        pins = {**theirs.applications, name: pinned}
        locks[loader.lock_path(to, each), each] = replace(theirs, tenant_id=mine.tenant_id, applications=pins)
        rest = {other: pin for other, pin in mine.applications.items() if other != name}
        locks[loader.lock_path(path, each), each] = replace(mine, applications=rest)
    return locks


def _no_fleet(path: Path) -> None:
    """Refuse a manifest of a fleet: its lock files are one for each tenant, and its file has names."""
    if fleets := loader.of_fleets(path):
        raise UsageError(f"environment `{fleets[0]}` is of a fleet, and `move` does not know its files")


def _name(new: str, what: str) -> None:
    if not KEY.fullmatch(new):
        raise UsageError(f"`{new}` ({what}) is no name: a letter, then letters, digits and hyphens")


def _takeover(owner: str) -> str:
    return (
        "what is pinned has the old owner's tags: plan and apply with `--allow takeover` once, and it "
        f"is {owner}'s"
    )


def _all_pinned(path: Path, environments: list[str], *, unpinned: bool) -> None:
    """Refuse to rename an owner of what no lock file pins: under its new name it would be made a second
    time.
    """
    for name in environments:
        left = [
            each for each, declared in loader.load(path, name).applications.items() if declared.app_id is None
        ]
        if left and not unpinned:
            raise UsageError(
                f"{', '.join(left)} of `{name}` are pinned nowhere: by another owner's name they would be "
                "made anew. "
                f"`entra-config lock -e {name}` first; --unpinned where they do not exist yet"
            )
