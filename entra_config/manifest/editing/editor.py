"""The files of a manifest as trees to change, which are then written into their texts."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from entra_config.errors import Position, UsageError
from entra_config.files import check_source, write_source
from entra_config.manifest import loader
from entra_config.manifest.editing import splice, trees
from entra_config.manifest.environments import source
from entra_config.manifest.environments.path_restriction import matches_segment
from entra_config.manifest.fields.root import ROOT_ONLY
from entra_config.manifest.reading.aliases import TextPath
from entra_config.manifest.reading.node import Map, node_at, to_data
from entra_config.manifest.reading.problems import near
from entra_config.manifest.references import Place, Reference, read_references

KeyPath = tuple[str, ...]
Scope = Literal["", "all", "here"]
_OPTIONS = {"all": "all", "here": "only-here"}


@dataclass(frozen=True, slots=True)
class Edit:
    """New texts of some files of a manifest, not written yet. `breaking` says that tokens will carry
    another value.
    """

    before: dict[Path, str]
    after: dict[Path, str]
    breaking: bool = False
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a file that is never written, before anything is shown or written."""
        for path in self.after:
            check_source(path)

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
            write_source(path, new)


@dataclass(slots=True)
class _File:
    path: Path
    text: str
    node: Map
    tree: Any


def _read(path: Path, node: Map) -> _File:
    return _File(path, path.read_bytes().decode("utf-8"), node, to_data(node))


class Editor:
    """All files of a manifest under change; `finish` writes the changed trees into their texts.

    With an `environment`, only that one changes: errors of others, as in their lock files, do not stop it.
    """

    def __init__(self, path: Path, environment: str | None = None) -> None:
        self._root = source.locate(path)
        self._environment = environment if environment not in loader.of_fleets(self._root) else None
        self._check()
        self.references = read_references(self._root, environment=environment)
        self._files = [_read(file, node) for file, node in source.documents(self._root).items()]
        self._tests = [_read(file, node) for file, (node, _) in source.access_tests(self._root).items()]

    def _check(self, contents: Mapping[Path, str] = MappingProxyType({})) -> None:
        if self._environment is None:
            loader.checked(self._root, contents=contents)
        else:
            loader.load(self._root, self._environment, contents=contents)

    @property
    def environments(self) -> list[str]:
        """Return the names of all environments."""
        return loader.environments(self._root)

    def readers(self, path: KeyPath) -> tuple[str, ...]:
        """Return the environments that read a list; all, if each overrides it."""
        every = self.environments
        reading = [each for each in every if not self.holders(("environments", each, "overrides", *path))]
        return tuple(reading or every)

    def application(self, key: str, scope: Scope = "", ways: Sequence[str] = ()) -> str:
        """Return the key of the entry to edit for an application, refusing one that is not there.

        An entry with `each` makes others too: it is edited with the scope `all`, an entry next to it with the
        scope `here`. Without a scope the error ends with `ways`, the commands that have one.
        """
        made = self._made_by(key)
        if made is not None:
            return self._choose(key, made, scope, ways)
        known = [name for file in self._files for name in file.tree.get("applications") or {}]
        if key not in known:
            raise UsageError(f"`{key}` is no application of {self._root}.{near(key, known)}")
        if scope:
            raise UsageError(f"`{key}` is an entry of its own: leave out --{_OPTIONS[scope]}")
        return key

    def _choose(self, key: str, made: Reference, scope: Scope, ways: Sequence[str]) -> str:
        if scope:
            return str(made.place.path[1]) if scope == "all" else key
        number = len(self.made_with(key))
        message = (
            f"`{key}` cannot be edited in place: the entry `{made.place.text}` at {made.place.position} "
            f"makes {number} applications."
        )
        if ways:
            raise UsageError("\n".join([f"{message} Use:", *(f"  {way}" for way in ways)]))
        raise UsageError(
            f"{message} Edit that entry by hand, or write an entry `{key}` with what is different in this one"
        )

    def _made_by(self, key: str) -> Reference | None:
        """Return the entry with `each` that makes an application."""
        declared = (each for each in self.references.to_application(key) if each.declares)
        return next((each for each in declared if each.place.variables), None)

    def made_with(self, key: str) -> set[str]:
        """Return the keys of all applications that the entry of an application makes."""
        made = self._made_by(key)
        if made is None:
            return {key}
        return {
            each.name
            for each in self.references.every
            if each.declares and each.noun == "application" and each.place.path == made.place.path
        }

    def role(self, application: str, role: str, scope: Scope = "", ways: Sequence[str] = ()) -> KeyPath:
        """Return where a role is declared, refusing one that is not."""
        roles = ("applications", self.application(application, scope, ways), "appRoles")
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

    def rename_mentions(self, mentions: Iterable[Reference], new: str) -> None:
        """Write another name at each place of a manifest and its access tests, and refuse with the list of
        places where that cannot be done.
        """
        mentions = list(mentions)
        places = _places(mentions)
        reasons = {
            place: place.obstacle
            for place in places
            if place.variables or (place.pattern and not matches_segment(_named(place), new))
        } | self._find_shared(mentions)
        _refuse(f"the new name `{new}` cannot be written everywhere", reasons)
        # The innermost first, and the last one in a text, so that no other place moves.
        for place in sorted(places, key=lambda place: (len(place.path), place.start), reverse=True):
            if not place.pattern:
                written = place.text[: place.start] + new + place.text[place.end :]
                trees.write_text(self._file(place).tree, place.path, written, is_key=place.is_key)

    def remove_mentions(self, mentions: Iterable[Reference], what: str) -> None:
        """Remove each key and each item of a list that names something from a manifest and its access tests,
        and refuse with the list of places where that cannot be done.
        """
        mentions = list(mentions)
        # What files may declare stays: a rule can be about what is not there.
        places = {place for place in _places(mentions) if "mayDeclare" not in place.path}
        removed = {(place.file, _removed(place)): place for place in places}
        lists = Counter((file, path[:-1]) for file, path in removed)
        reasons = self._find_shared(mentions)
        for (file, path), place in removed.items():
            needed = place.kind == "tests" or "operations" in place.path
            if place.obstacle or not path:
                reasons[place] = place.obstacle or "it is not in a list"
            elif needed and lists[file, path[:-1]] == len(trees.inside(self._file(place).tree, path[:-1])):
                reasons[place] = f"it is the only one in `{path[-2]}`"
        _refuse(f"{what} cannot be removed everywhere", reasons)
        self.remove_places(places)

    def _find_shared(self, mentions: Iterable[Reference]) -> dict[Place, str]:
        """Return the places at which the same text means something else for other items."""
        named: dict[tuple[object, ...], tuple[Place, set[str]]] = {}
        for each in mentions:
            named.setdefault(_where(each), (each.place, set()))[1].add(each.of)
        return {
            named[where][0]: f"it is about `{each.of}` too, for another item"
            for each in self.references.every
            if (where := _where(each)) in named and each.of not in named[where][1]
        }

    def remove_places(self, places: Iterable[Place]) -> None:
        """Remove the keys and the items of lists in which names are."""
        found = {(place.file, path): place for place in places if (path := _removed(place))}
        for (_, path), place in sorted(found.items(), key=lambda item: _order(item[0][1]), reverse=True):
            tree = self._file(place).tree
            trees.remove(tree, path)
            if place.kind == "tests" and path[-3:-1] == ("grid", "roles"):
                # The column of a grid goes with its head.
                for cells in trees.inside(tree, path[:-2]).values():
                    if isinstance(cells, list) and cells is not trees.inside(tree, path[:-1]):
                        trees.remove(cells, path[-1:])

    def refuse_mentions(self, mentions: Iterable[Reference], what: str) -> None:
        """Refuse with the list of places where something is named."""
        places = (place for place in _places(mentions) if "mayDeclare" not in place.path)
        _refuse(what, {place: f"`{place.text}`" for place in places})

    def _file(self, place: Place) -> _File:
        return next(file for file in (*self._files, *self._tests) if file.path == place.file)

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

    def remove_items(self, path: KeyPath, indexes: Collection[int]) -> None:
        """Remove entries of a list by their places in it."""
        self._each(path, lambda items: [item for index, item in enumerate(items) if index not in indexes])

    def replace_item(self, path: KeyPath, item: str, new: str) -> None:
        """Replace in a list."""
        self._each(path, lambda items: [trees.saying(i, item, new) for i in items])

    def finish(self, *, breaking: bool = False, notes: tuple[str, ...] = ()) -> Edit:
        """Write the trees into the texts, and check the manifest that they make."""
        files = (*self._files, *self._tests)
        texts = {file.path: splice.rewrite(file.text, file.tree, str(file.path)) for file in files}
        before = {file.path: file.text for file in files if texts[file.path] != file.text}
        after = {path: texts[path] for path in before}
        self._check(after)
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


def _places(mentions: Iterable[Reference]) -> set[Place]:
    """Return where something is named; lock files are written as a whole, and former names stay."""
    return {each.place for each in mentions if each.place.kind != "lock" and not each.former}


def _where(mention: Reference) -> tuple[object, ...]:
    place = mention.place
    return mention.noun, place.file, place.path, place.is_key, place.start, place.end


def _named(place: Place) -> str:
    return place.text[place.start : place.end]


def _removed(place: Place) -> TextPath:
    """Return the path of the key or of the list item that is removed with a name; empty if it is neither."""
    return place.path if place.is_key else place.list_item or ()


def _order(path: TextPath) -> tuple[tuple[int, str], ...]:
    """Return a key by which the items of a list are in order."""
    return tuple((key, "") if isinstance(key, int) else (-1, key) for key in path)


def _refuse(what: str, reasons: Mapping[Place, str]) -> None:
    if reasons:
        lines = sorted(f"{place.position}: {reason}" for place, reason in reasons.items())
        raise UsageError("\n".join([f"{what}; edit these places first:", *lines]))
