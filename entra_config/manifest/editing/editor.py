"""The files of a manifest as trees to change, which are then written into their texts."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, product, starmap
from operator import add
from pathlib import Path
from typing import Any

from entra_config.errors import Position, UsageError
from entra_config.manifest import loader
from entra_config.manifest.editing import splice, trees
from entra_config.manifest.environments import source
from entra_config.manifest.fields.root import ROOT_ONLY
from entra_config.manifest.reading.node import Map, node_at, plain
from entra_config.manifest.reading.problems import near
from entra_config.manifest.references import Place

KeyPath = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """New texts of some files of a manifest, not written yet. `breaking` says that tokens will carry
    another value.
    """

    before: dict[Path, str]
    after: dict[Path, str]
    breaking: bool = False
    notes: tuple[str, ...] = ()

    def joined(self, before: Mapping[Path, str], after: Mapping[Path, str]) -> Edit:
        """Return the edit with other files beside it."""
        return replace(self, before={**self.before, **before}, after={**self.after, **after})

    @property
    def diff(self) -> str:
        """Return the change as a unified diff."""
        lines: list[str] = []
        for path, new in sorted(self.after.items()):
            old = self.before[path].splitlines(keepends=True)
            lines += difflib.unified_diff(old, new.splitlines(keepends=True), str(path), str(path))
        return "".join(lines)

    def write(self) -> None:
        """Write the files."""
        for path, new in self.after.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(new, encoding="utf-8", newline="")


@dataclass(slots=True)
class _File:
    path: Path
    text: str
    node: Map
    tree: Any


class Editor:
    """All files of a manifest under change; `finish` writes the changed trees into their texts."""

    def __init__(self, path: Path) -> None:
        self._root = source.locate(path)
        loader.checked(self._root)
        self._files = [
            _File(file, file.read_bytes().decode("utf-8"), node, plain(node))
            for file, node in source.documents(self._root).items()
        ]

    def application(self, key: str) -> None:
        """Refuse an application that is not there."""
        known = [name for file in self._files for name in file.tree.get("applications") or {}]
        if key not in known:
            raise UsageError(f"`{key}` is no application of {self._root}.{near(key, known)}")

    def role(self, application: str, role: str) -> KeyPath:
        """Return where a role is declared, refusing one that is not."""
        self.application(application)
        roles = ("applications", application, "appRoles")
        known = [name for file in self._files for name in trees.at(file.tree, roles) or {}]
        if role not in known:
            raise UsageError(f"`{role}` is no role of `{application}`.{near(role, known)}")
        return (*roles, role)

    def assignees(self, application: str, role: str, environment: str | None) -> KeyPath:
        """Return where the holders of a role stand, or would."""
        if role != "default":
            self.role(application, role)
        below = ("appRoleAssignments", application, role)
        if environment is None:
            return below
        known = [name for file in self._files for name in file.tree.get("environments") or {}]
        if environment not in known:
            raise UsageError(f"`{environment}` is no environment.{near(environment, known)}")
        return ("environments", environment, "overrides", *below)

    def prepare(self, where: KeyPath, environment: str | None) -> KeyPath:
        """Make sure that a list stands there; in `overrides` it begins as the list that it replaces."""
        if not self.holders(where):
            base = self.tree(where[3:]) if environment is not None else None
            self.put(where, list(base or []))
        return where

    def overridden(self, application: str, role: str, environment: str | None) -> tuple[str, ...]:
        """Say in which environments the files' lists do not count."""
        if environment is not None:
            return ()
        below = ("overrides", "appRoleAssignments", application, role)
        environments = chain.from_iterable(
            (file.tree.get("environments") or {}).items() for file in self._files
        )
        return tuple(
            (
                f"environment `{name}` overrides who holds {application}/{role}: say --environment "
                f"{name} to change it there"
            )
            for name, value in environments
            if trees.at(value, below) is not None
        )

    def holders(self, path: KeyPath) -> list[_File]:
        """Return the files in which a key path stands."""
        return [file for file in self._files if trees.has(file.tree, path)]

    def place(self, path: KeyPath) -> Position:
        """Return where a key path is in the files as they were."""
        file = self.holders(path)[0]
        parent = node_at(file.node, *path[:-1])
        return parent.where(path[-1]) if isinstance(parent, Map) else file.node.position

    def tree(self, path: KeyPath) -> Any:
        """Return the value at a key path, merged from all files; None where there is none."""
        found: list[Any] = [trees.at(file.tree, path) for file in self.holders(path)]
        if found and all(isinstance(item, dict) for item in found):
            return {key: value for item in found for key, value in item.items()}
        return found[0] if found else None

    def put(self, path: KeyPath, value: Any) -> None:
        """Set a key where it stands, or add it in the file that holds most of what is above it."""
        if self.holders(path):
            self.set(path, value)
            return
        trees.put(self._home(path).tree, path, value)

    def set(self, path: KeyPath, value: Any) -> None:
        """Replace a value."""
        for file in self.holders(path):
            trees.put(file.tree, path, value)

    def rename(self, path: KeyPath, new: str) -> None:
        """Rename a key, keeping its place."""
        for file in self.holders(path):
            trees.rename(file.tree, path, new)

    def remove(self, path: KeyPath) -> None:
        """Remove a key."""
        for file in self.holders(path):
            del trees.at(file.tree, path[:-1])[path[-1]]

    def replace_text(self, old: str, new: str) -> None:
        """Replace a placeholder in all values."""
        for file in self._files:
            file.tree = trees.replaced(file.tree, old, new)

    def take(self, path: KeyPath, other: Editor) -> None:
        """Move a key with all below it out of another manifest into this one, as it is written there,
        comments included.
        """
        files = other.holders(path)
        if len(files) > 1:
            raise UsageError(
                f"`{'.'.join(path)}` stands in {len(files)} files: bring it together in one first"
            )
        block = trees.Block(other.tree(path), splice.read_block(files[0].text, path))
        trees.put(self._home(path).tree, path, block)
        other.remove(path)

    def add_item(self, path: KeyPath, item: str | Mapping[str, str]) -> None:
        """Add to a list."""
        self._each(path, lambda items: [*(items or []), item])

    def remove_item(self, path: KeyPath, item: str) -> None:
        """Remove from a list."""
        self._each(path, lambda items: [i for i in items if not trees.says(i, item)])

    def replace_item(self, path: KeyPath, item: str, new: str) -> None:
        """Replace in a list."""
        self._each(path, lambda items: [trees.saying(i, item, new) for i in items])

    def remove_items(self, places: Iterable[Place]) -> None:
        """Remove the list items in which names are."""
        items = {(place.file, item) for place in places if (item := place.list_item) is not None}
        for file in self._files:
            mine = (item for named, item in items if named == file.path)
            for *keys, index in sorted(mine, key=lambda item: (str(item[:-1]), item[-1]), reverse=True):
                del trees.at(file.tree, [str(key) for key in keys])[index]

    def mentions(self, application: str, role: str) -> list[KeyPath]:
        """Return every key path that ends in the role's label."""
        inside = (("applications", application, "appRoles", role), ("appRoleAssignments", application, role))
        prefixes: list[KeyPath] = [(), *self.overrides()]
        return [path for path in starmap(add, product(prefixes, inside)) if self.holders(path)]

    def listed(self, application: str, role: str) -> list[KeyPath]:
        """Return every list of a client's permissions, and of an operation or request in `settings`,
        that holds the role's label.
        """
        found: list[KeyPath] = []
        for prefix in ((), *self.overrides()):
            for client in self.tree((*prefix, "applications")) or {}:
                base = (*prefix, "applications", client, "apiPermissions", application)
                for below in (("application",), ("adminConsent",), ("adminConsent", "application")):
                    items = self.tree((*base, *below))
                    if isinstance(items, list) and any(trees.says(item, role) for item in items):
                        found.append((*base, *below))
            for section in ("operations", "requests"):
                needing = (*prefix, "settings", "apis", application, section)
                named = product(self.tree(needing) or {}, ("roles", "applicationRoles"))
                paths = [(*needing, name, key) for name, key in named]
                found += [path for path in paths if role in (self.tree(path) or [])]
        return found

    def finish(self, *, breaking: bool = False, notes: tuple[str, ...] = ()) -> Edit:
        """Write the trees into the texts, and check the manifest that they make."""
        texts = {file.path: splice.rewrite(file.text, file.tree, str(file.path)) for file in self._files}
        before = {file.path: file.text for file in self._files if texts[file.path] != file.text}
        after = {path: texts[path] for path in before}
        loader.checked(self._root, contents=after)
        return Edit(before, after, breaking, notes)

    def _home(self, path: KeyPath) -> _File:
        if path[0] in ROOT_ONLY:
            return self._files[0]
        for length in range(len(path) - 1, -1, -1):
            files = self.holders(path[:length]) if length else self._files
            if files:
                return next((file for file in files if path[0] in file.tree), files[-1 if not length else 0])
        raise AssertionError("a manifest has a root file")

    def overrides(self) -> Iterator[KeyPath]:
        """Yield where each environment's `overrides` stand."""
        for file in self._files:
            for name in file.tree.get("environments") or {}:
                yield ("environments", name, "overrides")

    def _each(self, path: KeyPath, change: Callable[[Any], Any]) -> None:
        for file in self.holders(path):
            trees.put(file.tree, path, change(trees.at(file.tree, path)))
