"""Every mention of an application, role, scope, person, group or environment in the files of a manifest.

The files are read by the rows of the field table, as text: root file, files that it names, access tests and
lock files. Overrides, variables, lists and aliases are followed, so that a mention is found however it is
written, and each has the place where it is written.
"""

from __future__ import annotations

import copy
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from entra_config.errors import Position
from entra_config.manifest.environments import environment, expansion, fleet_environment, lock, source
from entra_config.manifest.environments.expansion import Listed, ListItem
from entra_config.manifest.environments.path_restriction import matches_segment
from entra_config.manifest.environments.placeholders import Mention, Placeholders, Variable, mentions
from entra_config.manifest.fields.access_test_records import TESTS
from entra_config.manifest.fields.definitions import shapes
from entra_config.manifest.fields.environment import CREDENTIAL
from entra_config.manifest.fields.field import Definition, Mapped, Named, Record, Several, Shape
from entra_config.manifest.fields.lock_records import LOCK
from entra_config.manifest.fields.records import BY_KIND
from entra_config.manifest.fields.root import ROOT
from entra_config.manifest.reading import aliases
from entra_config.manifest.reading.aliases import Alias, Aliases, TextPath
from entra_config.manifest.reading.node import Entry, Items, Map, Node, Scalar, entries_at, node_at, strings
from entra_config.manifest.reading.problems import Problems
from entra_config.manifest.reading.reader import GUID, Reader

Noun = Literal[
    "application",
    "role",
    "roleValue",
    "scope",
    "scopeValue",
    "user",
    "group",
    "servicePrincipal",
    "environment",
]
TenantNoun = Literal["user", "group", "servicePrincipal"]
FileKind = Literal["manifest", "tests", "lock"]
_NOUNS: Mapping[Named, Noun] = {
    "application": "application",
    "client": "application",
    "formerApplication": "application",
    "role": "role",
    "formerRole": "role",
    "roleValue": "roleValue",
    "scope": "scope",
    "formerScope": "scope",
    "scopeValue": "scopeValue",
    "user": "user",
    "group": "group",
    "servicePrincipal": "servicePrincipal",
    "environment": "environment",
}
_FORMER = frozenset({"formerApplication", "formerRole", "formerScope"})
_TENANT_NAMES = frozenset({"user", "group", "servicePrincipal"})
_DECLARING = ("applications", "enterpriseApplications", "environments")
_LABELS = ("appRoles", "scopes")
_PINNED = ("users", "groups", "servicePrincipals")


@dataclass(frozen=True, slots=True)
class VariableText:
    """A variable by which a name is written, and where the environment sets it."""

    name: str
    position: Position


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name is written: the file, the path of keys and indexes in it, line and column.

    `text` is the complete key or text, `start` and `end` are the characters of it that are the name; `is_key`
    tells whether it is the key at the end of the path or the text there. `environment` is set where the path
    is below one environment, be it in `overrides` or in the lock file. `alias` is the YAML alias by which the
    place is reached. `variables` are those that write the name; then the part has their placeholders.
    `pattern`: the name is a pattern of `mayDeclare` with `*`.
    """

    file: Path
    kind: FileKind
    path: TextPath
    position: Position
    text: str
    start: int = 0
    end: int = 0
    is_key: bool = False
    environment: str = ""
    override: bool = False
    alias: str = ""
    variables: tuple[VariableText, ...] = ()
    pattern: bool = False

    @property
    def list_item(self) -> TextPath | None:
        """Return the path of the list item that the place is in, None outside of a list."""
        indexes = [number for number, key in enumerate(self.path) if isinstance(key, int)]
        return self.path[: indexes[-1] + 1] if indexes else None

    @property
    def obstacle(self) -> str:
        """Return the reason why the name cannot be edited where it is, empty if it can."""
        if self.variables:
            each = self.variables[0]
            return f"it is written by the placeholder `${{{each.name}}}`, set at {each.position}"
        name = self.text[self.start : self.end]
        return f"the pattern `{name}` of `mayDeclare` does not match the new name" if self.pattern else ""


@dataclass(frozen=True, slots=True)
class Reference:
    """One mention: what is named, by which name, and where.

    `of` is the application to which a role or scope belongs, or that somebody owns or has a role of.
    `declares`: the thing is defined here. `former`: it is the name that something else had before
    (`previously`). `environments` are those for which the text means this name, all of them but for variables
    and overrides. An empty `name` is unknown: a variable of a fleet's tenant writes it.
    """

    noun: Noun
    name: str
    place: Place
    of: str = ""
    declares: bool = False
    former: bool = False
    environments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class References:
    """All mentions in a manifest, in the order of its files.

    `locks` are the environment and the tenant of each lock file that was asked for, be it there or not: one
    for an environment, one for each tenant of a fleet's. What one of them pins is known there alone.
    """

    every: tuple[Reference, ...]
    locks: Mapping[Path, tuple[str, str]]

    def to_application(self, key: str) -> tuple[Reference, ...]:
        """Return the mentions of an application by its key, former mentions included."""
        return tuple(each for each in self.every if each.noun == "application" and _is(each, key))

    def to_role(self, application: str, label: str) -> tuple[Reference, ...]:
        """Return the mentions of a role by its label, and by its value where tokens are meant."""
        values = self._role_values(application, label)
        return tuple(
            each
            for each in self.every
            if each.of == application
            and (
                (each.noun == "role" and _is(each, label))
                or (each.noun == "roleValue" and each.name in values and not each.declares)
            )
        )

    def to_environment(self, name: str) -> tuple[Reference, ...]:
        """Return the mentions of an environment."""
        return tuple(each for each in self.every if each.noun == "environment" and _is(each, name))

    def to_object(self, noun: TenantNoun, names: Mapping[Path, Collection[str]]) -> tuple[Reference, ...]:
        """Return the mentions of a user, group or service principal, whatever their case, by its `names` next
        to each lock file.
        """
        return tuple(
            each
            for each in self.every
            if each.noun == noun and any(each.name.casefold() in names[file] for file in self.locks_of(each))
        )

    def locks_of(self, mention: Reference) -> list[Path]:
        """Return the lock files that pin what a mention names: its own, or those of its environments."""
        if mention.place.kind == "lock":
            return [mention.place.file]
        return [file for file, (name, _) in self.locks.items() if name in mention.environments]

    def find_names(self, noun: TenantNoun, name: str) -> dict[Path, frozenset[str]]:
        """Return every name and id of an object next to each lock file, in lower case, from one of them.

        Entries of that lock file, and of the manifest in its environment, connect a name and an id. An id is
        that of one object everywhere, so it counts too where no other id of the name is known.
        """
        entries = self._entries(noun)
        names = {file: _connect({name.casefold()}, entries[file]) for file in self.locks}
        ids = {word for words in names.values() for word in words if GUID.fullmatch(word)}
        return {
            file: words
            if any(GUID.fullmatch(word) for word in words)
            else _connect(words | ids, entries[file])
            for file, words in names.items()
        }

    def _entries(self, noun: TenantNoun) -> dict[Path, list[set[str]]]:
        """Return the names and ids of each entry that has both, next to each lock file."""
        found: dict[tuple[Path, Path, TextPath], set[str]] = defaultdict(set)
        for each in self.every:
            if each.noun == noun and each.name and (entry := _entry(each.place)):
                for file in self.locks_of(each):
                    found[file, each.place.file, entry].add(each.name.casefold())
        entries: dict[Path, list[set[str]]] = defaultdict(list)
        for (file, _, _), words in found.items():
            entries[file].append(words)
        return entries

    def others_at(self, mention: Reference) -> tuple[Reference, ...]:
        """Return what the text of a mention means in other environments, if that is something else."""
        return tuple(
            each
            for each in self.every
            if (each.place.file, each.place.path, each.noun)
            == (mention.place.file, mention.place.path, mention.noun)
            and each.name.casefold() != mention.name.casefold()
        )

    def unknown(self, noun: Noun) -> tuple[Reference, ...]:
        """Return the mentions whose names only a fleet's tenants know."""
        return tuple(each for each in self.every if each.noun == noun and not each.name)

    def _role_values(self, application: str, label: str) -> frozenset[str]:
        """Return the values that tokens carry for a role; without `value` that is its label."""
        declared = [
            each
            for each in self.every
            if each.noun == "roleValue"
            and each.declares
            and each.of == application
            and each.place.path[-3:-1] == ("appRoles", label)
        ]
        everywhere = any(not each.place.override for each in declared)
        return frozenset({*(each.name for each in declared), *(() if everywhere else (label,))})


def read_references(
    path: Path, *, contents: Mapping[Path, str] = MappingProxyType({}), environment: str | None = None
) -> References:
    """Return all references in a manifest, given its root file or folder; `contents` stand in for the disk.
    With an `environment`, the lock files of others are not read.

    Raises ManifestError where a file cannot be read.
    """
    root = source.locate(path)
    documents = source.documents(root, contents=contents)
    environments = entries_at(documents[root], "environments")
    merged = reduce(lambda base, other: source.merge(base, other, Problems()), documents.values(), Map())
    scopes = {name: _scope(name, entry, merged) for name, entry in environments.items()}
    found: list[Reference] = []
    for file, document in documents.items():
        found += _FileReading(file, "manifest", _text(file, contents), scopes).references(document, ROOT)
    for file, (document, _) in source.access_tests(root, contents=contents).items():
        found += _FileReading(file, "tests", _text(file, contents), scopes).references(document, TESTS)
    locks = {file: of for file, of in _lock_files(root, environments).items() if environment in {None, of[0]}}
    for file, (name, _) in locks.items():
        if not file.exists():
            continue
        problems = Problems()
        pins = source.document(file, problems, contents, holds="pins")
        problems.finish()
        scope = {name: scopes[name]}
        found += _FileReading(file, "lock", _text(file, contents), scope, name).references(pins, LOCK)
    return References(tuple(found), locks)


@dataclass(frozen=True, slots=True)
class _Scope:
    """The words of one environment, with the places of its variables."""

    words: Mapping[str, Variable]
    places: Mapping[str, Position]
    applications: tuple[str, ...]
    of_fleet: bool
    tree: Map
    lists: Mapping[str, Listed]
    items: Mapping[str, Position] = field(default_factory=dict)

    def with_item(self, name: str, item: ListItem) -> _Scope:
        """Return the scope of an entry with `each` for one item."""
        return replace(self, words={**self.words, **item.words(name)}, items=item.positions(name))

    def expand(self, entry: Node) -> Iterator[tuple[ListItem, _Scope]]:
        """Yield each item of an entry with `each`, with the scope of what it makes."""
        name, items = expansion.read_each(entry, self.lists, Reader(Problems()))
        for item in items.values():
            yield item, self.with_item(name, item)

    def list_applications(self) -> Iterator[str]:
        """Yield the keys of the environment's applications."""
        for key, entry in entries_at(self.tree, "applications").items():
            if expansion.has_each(entry.node):
                for _, scope in self.expand(entry.node):
                    yield scope.fill(Scalar(key, entry.position)) or ""
            else:
                yield key

    def where(self, name: str) -> Position | None:
        """Return where a word is set, None for words that are built in."""
        return self.items.get(name) or self.places.get(name)

    def fill(self, text: Scalar) -> str | None:
        """Return what a text means in the environment, None where a fleet's tenants decide it."""
        used = [each for each in mentions(str(text.value)) if not each.application]
        if any(each.name not in self.words for each in used):
            return None
        if self.of_fleet and any(each.name in self.places or each.name == "tenantId" for each in used):
            return None
        filler = Placeholders(self.words, applications=self.applications, excluded=(), problems=Problems())
        filled = filler.fill(text)
        return str(filled.value) if isinstance(filled, Scalar) else None


def _scope(name: str, entry: Entry, merged: Map) -> _Scope:
    node = entry.node if isinstance(entry.node, Map) else Map()
    tenant = node.node("tenantId")
    built_in: dict[str, Variable] = {
        "environment": name,
        "tenantId": str(tenant.value) if isinstance(tenant, Scalar) else "",
    }
    quiet = Reader(Problems())
    words = environment.variables(node, built_in, quiet)
    places = {variable: each.node.position for variable, each in entries_at(node, "variables").items()}
    lists = expansion.read_lists(merged, quiet.map(node.node("overrides"), "overrides"), quiet)
    scope = _Scope(words, places, (), fleet_environment.is_of_fleet(node), merged, lists)
    return replace(scope, applications=tuple(scope.list_applications()))


def _text(file: Path, contents: Mapping[Path, str]) -> str:
    return contents[file] if file in contents else file.read_bytes().decode("utf-8-sig")


def _lock_files(root: Path, environments: Mapping[str, Entry]) -> dict[Path, tuple[str, str]]:
    found: dict[Path, tuple[str, str]] = {}
    for name, entry in environments.items():
        tenants = lock.of_fleet(root, name) if fleet_environment.is_of_fleet(entry.node) else {}
        found |= tenants or {lock.path_of(root, name): (name, "")}
    return found


def _connect(names: Collection[str], entries: Iterable[set[str]]) -> frozenset[str]:
    """Return names with those of every entry that has one of them."""
    found = set(names)
    while more := set[str]().union(*(words for words in entries if words & found)) - found:
        found |= more
    return frozenset(found)


def _entry(place: Place) -> TextPath:
    """Return the path of the entry whose name and id are one object, empty if the place is in none."""
    if place.kind == "lock":
        return place.path[:2] if place.path[0] in _PINNED else ()
    return place.path[:-1] if place.path[-1] in {"name", "id"} else ()


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where the reading of a file is: path, test, and the application to which roles and scopes belong."""

    path: TextPath = ()
    of: str = ""
    request: Map = field(default_factory=Map)

    def below(self, key: str | int, of: str | None = None) -> _Spot:
        return replace(self, path=(*self.path, key), of=self.of if of is None else of)


@dataclass(slots=True)
class _FileReading:
    """Goes through one file by its rows. `fills`: texts have placeholders, as those of access tests with
    `each` do.
    """

    file: Path
    kind: FileKind
    text: str
    scopes: Mapping[str, _Scope]
    environment: str = ""
    _aliases: Aliases = field(init=False)
    fills: bool = field(init=False)

    def __post_init__(self) -> None:
        self._aliases = aliases.read(self.text, str(self.file))
        self.fills = self.kind == "manifest"

    def references(self, document: Map, record: Record) -> Iterator[Reference]:
        yield from self._record(document, record, _Spot())

    def _read(self, node: Node, shape: Shape, names: tuple[Named, ...], spot: _Spot) -> Iterator[Reference]:
        match shape:
            case Definition(name) if name in shapes():
                yield from self._read(node, shapes()[name], names, spot)
            case Record(name=name) if isinstance(node, Scalar):
                yield from self._leaf(node, shape.field(name).names if name else names, spot)
            case Record() if isinstance(node, Map):
                yield from self._record(node, shape, spot)
            case Mapped(of, expands=expands) if isinstance(node, Map):
                for reading, entries in self._expand(node, spot) if expands else [(self, node)]:
                    yield from reading.read_entries(entries, of, names, shape.names, spot)
            case Several(of) if isinstance(node, Items):
                for index, item in enumerate(node.items):
                    yield from self.read_item(item, of, names, spot.below(index))
            case "consent" if isinstance(node, Map):
                yield from self._record(node, BY_KIND, spot)
            case "claim":
                yield from self._claim(node, names, spot)
            case _:
                yield from self._words(node, names, spot)

    def _expand(self, node: Map, spot: _Spot) -> Iterator[tuple[_FileReading, Map]]:
        """Yield the entries of a map without `each`, and each other one for each item, with what then reads
        its placeholders.
        """
        section = spot.path[-1]
        expanding = {}
        for key, entry in node.entries.items():
            # Another file may have the `each` of an entry that this one adds to.
            for scope in self.scopes.values():
                full = node_at(scope.tree, str(section), key)
                if full is not None and expansion.has_each(full):
                    expanding[key] = entry, full
        yield self, node.without(*expanding)
        for key, (entry, full) in expanding.items():
            plain = entry.node.without(source.EACH) if isinstance(entry.node, Map) else entry.node
            for reading in self._for_items(full):
                yield reading, Map({key: Entry(key, entry.position, plain)}, node.position)

    def read_item(self, node: Node, of: Shape, names: tuple[Named, ...], spot: _Spot) -> Iterator[Reference]:
        """Yield what an item of a list names; an access test with `each` is read for each of its items."""
        if self.kind == "tests" and not self.fills and expansion.has_each(node):
            for reading in self._for_items(node):
                yield from reading.read_item(node.without(source.EACH), of, names, spot)
        else:
            yield from self._read(node, of, names, spot)

    def _for_items(self, entry: Node) -> Iterator[_FileReading]:
        """Yield what reads the placeholders of an entry with `each`, for each item and what overrides make
        of it.
        """
        by_item: dict[frozenset[tuple[str, expansion.Word]], dict[str, _Scope]] = {}
        for name, scope in self.scopes.items():
            for item, of_item in scope.expand(entry):
                by_item.setdefault(frozenset(item.words("").items()), {})[name] = of_item
        for scopes in by_item.values():
            reading = copy.copy(self)
            reading.scopes, reading.fills = scopes, True
            yield reading

    def _claim(self, node: Node, names: tuple[Named, ...], spot: _Spot) -> Iterator[Reference]:
        """Yield what an expected claim names: a token has its scopes as words of one text."""
        if not isinstance(node, Scalar):
            yield from self._words(node, names, spot)
        elif isinstance(node.value, str) and node.value != "absent":
            place = self._place(spot.path, node.position, node.value)
            for word in re.finditer(r"\S+", node.value):
                at = self._part(place, *word.span())
                yield from (self._reference(named, self._fill(word[0]), at, spot) for named in names)

    def _record(self, node: Map, record: Record, spot: _Spot) -> Iterator[Reference]:
        if "asks" in record.keys:
            spot = replace(spot, request=node)
        if record.of:
            spot = replace(spot, of=self._fill(_application_of(spot.request, record.of)))
        for key, entry in node.entries.items():
            if key in record.keys:
                row = record.field(key)
                yield from self._read(entry.node, row.shape, row.names, spot.below(key))
            elif record.others is not None:
                others = Map({key: entry}, node.position)
                yield from self._read(others, record.others, (), spot)
            else:
                yield from self._words(entry.node, (), spot.below(key))

    def read_entries(
        self, node: Map, of: Shape, texts: tuple[Named, ...], keys: tuple[Named, ...], spot: _Spot
    ) -> Iterator[Reference]:
        for key, entry in node.entries.items():
            below = spot.below(key, self._fill(entry.key) if "application" in keys else None)
            yield from self._key(entry, keys, spot)
            yield from self._read(entry.node, of, texts, below)

    def _fill(self, key: str) -> str:
        """Return a key as its item makes it, in all environments that are read together."""
        scope = next(iter(self.scopes.values()), None)
        if "${" not in key or scope is None or not self.fills:
            return key
        return scope.fill(Scalar(key, Position(str(self.file), 1))) or ""

    def _words(self, node: Node, names: tuple[Named, ...], spot: _Spot) -> Iterator[Reference]:
        """Yield what texts name, be they in a list or in maps with `name` or `id`."""
        match node:
            case Scalar():
                yield from self._leaf(node, names, spot)
            case Items(items):
                for index, item in enumerate(items):
                    yield from self._words(item, names, spot.below(index))
            case Map(entries):
                for key, entry in entries.items():
                    inner = names if key in {"name", "id", "contains"} else ()
                    yield from self._words(entry.node, inner, spot.below(key))

    def _key(self, entry: Entry, names: tuple[Named, ...], spot: _Spot) -> Iterator[Reference]:
        below = spot.below(entry.key)
        place = self._place(below.path, entry.position, entry.key, is_key=True)
        key = self._fill(entry.key)
        place = self._part(place, 0, len(entry.key))
        for named in _possible(names, key):
            if named == "role" and key == "default":
                continue
            declares = self.kind == "manifest" and _declares(below.path, named)
            yield self._reference(named, key, place, spot, declares=declares)

    def _leaf(self, node: Scalar, names: tuple[Named, ...], spot: _Spot) -> Iterator[Reference]:
        if not isinstance(node.value, str):
            return
        text = node.value
        place = self._place(spot.path, node.position, text)
        inside = list(mentions(text)) if self.fills else []
        for each in inside:
            if each.application:
                part = self._part(place, each.start, each.end)
                yield self._reference("client", self._fill(each.name), part, spot)
        if not names:
            return
        whole = replace(place, end=len(text))
        if "${" not in text or not self.fills:
            yield from self._named(names, text, whole, spot, self._environments(place))
            return
        by_name: dict[str, list[str]] = {}
        for name in self._environments(place):
            by_name.setdefault(self.scopes[name].fill(node) or "", []).append(name)
        for name, environments in by_name.items():
            written = replace(whole, variables=self._variables(inside, environments))
            yield from self._named(names, name, written, spot, tuple(environments))

    def _named(
        self, names: tuple[Named, ...], text: str, place: Place, spot: _Spot, environments: tuple[str, ...]
    ) -> Iterator[Reference]:
        for named in _possible(names, text) if text else names:
            if named == "permission":
                yield from self._permission(text, place, spot)
            elif named == "path":
                yield from self._pattern(text, place)
            elif named == "servicePrincipal" and "client" in names and self._is_key(text):
                continue
            elif text != CREDENTIAL or "group" not in names:
                declares = named in {"roleValue", "scopeValue"} and spot.path[-1] == "value"
                reference = self._reference(named, text, place, spot, declares=declares)
                yield replace(reference, environments=environments)

    def _permission(self, text: str, place: Place, spot: _Spot) -> Iterator[Reference]:
        """Yield what `API/SCOPE` names."""
        key, slash, label = text.partition("/")
        if not slash or "://" in text:
            return
        length = place.text.find("/")
        part = replace(place, end=length) if length >= 0 else place
        yield self._reference("client", key, part, spot)
        if label != ".default":
            part = replace(place, start=length + 1)
            yield self._reference("scope", label, part, replace(spot, of=key))

    def _pattern(self, text: str, place: Place) -> Iterator[Reference]:
        """Yield what the segments of a pattern of `mayDeclare` name."""
        shape: Shape | None = TESTS if place.path[0] == "tests" else ROOT
        of, start = "", 0
        for segment in text.split("/"):
            names, shape, opens = _step(shape, segment)
            spot = _Spot(place.path, of)
            at = replace(place, start=start, end=start + len(segment), pattern="*" in segment)
            for named in _possible(names, segment):
                yield self._reference(named, segment, at, spot)
            of = segment if opens else of
            start += len(segment) + 1

    def _is_key(self, text: str) -> bool:
        return any(text in scope.applications for scope in self.scopes.values())

    def _reference(
        self, named: Named, name: str, place: Place, spot: _Spot, *, declares: bool = False
    ) -> Reference:
        noun = _NOUNS[named]
        of = spot.of if noun not in {"application", "environment"} else ""
        return Reference(noun, name, place, of, declares, named in _FORMER, self._environments(place))

    def _environments(self, place: Place) -> tuple[str, ...]:
        return (place.environment,) if place.environment in self.scopes else tuple(self.scopes)

    def _part(self, place: Place, start: int, end: int) -> Place:
        """Return the place of a part of a text, with the placeholders that are in it."""
        inside = list(mentions(place.text[start:end])) if self.fills else []
        variables = self._variables(inside, list(self.scopes))
        return replace(place, start=start, end=end, variables=variables)

    def _variables(self, inside: list[Mention], environments: list[str]) -> tuple[VariableText, ...]:
        nowhere = Position(str(self.file), 1)
        found = (
            VariableText(each.name, self.scopes[environment].where(each.name) or nowhere)
            for each in inside
            for environment in environments
            if not each.application
        )
        return tuple(dict.fromkeys(found))

    def _place(self, path: TextPath, position: Position, text: str, *, is_key: bool = False) -> Place:
        of_environment = self.kind == "manifest" and path[:1] == ("environments",) and len(path) > 2
        marked: TextPath = (*path, path[-1]) if is_key else path
        alias = _nearest(self._aliases.used, marked, is_key=is_key)
        return Place(
            self.file,
            self.kind,
            path,
            alias.position if alias else position,
            text,
            is_key=is_key,
            environment=str(path[1]) if of_environment else self.environment,
            override=of_environment and path[2] == "overrides",
            alias=alias.name if alias else "",
        )


def _nearest(aliases: Mapping[TextPath, Alias], path: TextPath, *, is_key: bool) -> Alias | None:
    """Return the alias at a path or above it; the alias of a value is not that of its key."""
    value = len(path) - 1 if is_key else -1
    above = (path[:length] for length in range(len(path) + 1) if length != value)
    return next((aliases[each] for each in above if each in aliases), None) if aliases else None


def _is(reference: Reference, name: str) -> bool:
    if reference.place.pattern:
        return matches_segment(reference.name, name)
    return reference.name == name


def _declares(path: TextPath, named: Named) -> bool:
    """Return True if the key at the end of a path of a file defines what it names."""
    if named in {"application", "environment"}:
        return len(path) == 2 and path[0] in _DECLARING
    return named in {"role", "scope"} and path[0] == "applications" and path[-2] in _LABELS


def _possible(names: tuple[Named, ...], text: str) -> tuple[Named, ...]:
    """Return which of several things a text can name: only a user has an `@` in the name."""
    several = [name for name in names if name in _TENANT_NAMES]
    if len(several) < 2 or GUID.fullmatch(text):
        return names
    users = "@" in text
    return tuple(name for name in names if name not in _TENANT_NAMES or (name == "user") == users)


def _application_of(request: Map, what: Literal["asks", "client"]) -> str:
    """Return the application of a test's first permission, or its client; empty without one."""
    node = request.node(what)
    if what == "client":
        return str(node.value) if isinstance(node, Scalar) else ""
    for permission, _ in strings(node):
        key, slash, _ = permission.partition("/")
        if slash and "://" not in permission:
            return key
    return ""


def _step(shape: Shape | None, segment: str) -> tuple[tuple[Named, ...], Shape | None, bool]:
    """Return what a key of a shape names, what is below it, and whether roles below belong to it."""
    while isinstance(shape, Definition):
        shape = shapes().get(shape.name)
    if isinstance(shape, Several):
        # Tests are named by a pattern through their lists.
        return (), None, False
    if isinstance(shape, Mapped):
        return shape.names, shape.of, "application" in shape.names
    if isinstance(shape, Record) and segment in shape.keys:
        row = shape.field(segment)
        return (), row.shape, False
    return (), None, False
