"""Entries with `each` and the lists in; one plain entry for each item of a list out.

Only this module knows `each`: what reads the tree after it finds entries that have the item in their places.
Texts of items are data. They fill texts, and keys of maps whose keys are names, and never become a
placeholder, a list or a map.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

from entra_config.errors import Item, Position
from entra_config.manifest.environments.only import is_in
from entra_config.manifest.environments.placeholders import BUILT_IN, TOKEN
from entra_config.manifest.environments.source import EACH, LISTS, Source, merge, overlay
from entra_config.manifest.fields.access_test_records import TESTS
from entra_config.manifest.fields.definitions import shapes
from entra_config.manifest.fields.field import Definition, Mapped, Record, Several, Shape
from entra_config.manifest.fields.records import BY_KIND
from entra_config.manifest.fields.root import EXPANDING, ROOT
from entra_config.manifest.fields.root_records import ITEM
from entra_config.manifest.parts import EmptyEntry
from entra_config.manifest.reading.node import Entry, Items, Map, Node, Scalar, is_null, node_at
from entra_config.manifest.reading.problems import Problems, near
from entra_config.manifest.reading.reader import Reader

MOST_ITEMS = 1_000
MOST_ENTRIES = 10_000
FROM_ITEM, FROM_KEY = "\0", "\1"  # no YAML text has them
TEST_SECTION, TEST_NAME = "tests", "it"
_PREFIX = "applications"  # of `${applications.KEY.appId}`

Word = str | int | float


@dataclass(frozen=True, slots=True)
class ListItem:
    """An item of a list: its place, its map, and its fields by name, each with where it is."""

    key: str
    place: Item
    position: Position
    node: Map
    fields: Mapping[str, tuple[Word, Position]]

    def words(self, name: str) -> dict[str, Word]:
        """Return what the placeholders of an entry with `each: { name: … }` stand for."""
        return {name: self.key, **{f"{name}.{key}": word for key, (word, _) in self.fields.items()}}

    def positions(self, name: str) -> dict[str, Position]:
        """Return where each of the words is set."""
        return {name: self.position, **{f"{name}.{key}": where for key, (_, where) in self.fields.items()}}

    @property
    def former(self) -> Scalar | None:
        """Return the item's former key."""
        node = self.node.node("previously")
        return node if isinstance(node, Scalar) and isinstance(node.value, str) else None


Listed = Mapping[str, ListItem]


@dataclass(frozen=True, slots=True)
class Expanded:
    """The tree with plain entries; those that items make for other environments, by section and key; what
    is to be reported of empty lists; and the texts and keys that have words of items, by their positions,
    with `FROM_KEY` in place of the key of the item, and `FROM_ITEM` in place of each field.
    """

    tree: Map
    absent: Collection[tuple[str, str]] = ()
    empty: tuple[EmptyEntry, ...] = ()
    item_texts: Mapping[Position, str] = field(default_factory=dict)


def read_lists(tree: Map, overrides: Map, reader: Reader) -> dict[str, Listed]:
    """Return the items of each list, with the `overrides` of an environment on top."""
    own = reader.map(tree.node(LISTS), LISTS)
    for entry in own.entries.values():
        _read_items(entry.node, entry.key, reader)
    merged = overlay(own, reader.map(overrides.node(LISTS), LISTS))
    assert isinstance(merged, Map)
    found: dict[str, Listed] = {}
    quiet = Reader(Problems())
    for entry in merged.present:
        reader.name(entry, "a list")
        unchanged = entry.node is own.node(entry.key)
        found[entry.key] = _read_items(entry.node, entry.key, quiet if unchanged else reader, over=True)
    return found


def read_each(entry: Node, lists: Mapping[str, Listed], reader: Reader) -> tuple[str, Listed]:
    """Return the name that stands for an item in an entry with `each`, and the items."""
    each = reader.map(node_at(entry, EACH), EACH)
    if len(each.entries) != 1:
        reader.problems.add(each.position, "`each` has one name and its list: `each: { service: services }`")
        return "", {}
    ((name, listed),) = each.entries.items()
    reader.name(listed, "the name of an item")
    if not isinstance(listed.node, Scalar):
        return name, _read_items(listed.node, name, reader)
    chosen = str(listed.node.value)
    if chosen not in lists:
        message = f"`{chosen}` is not a list of `lists`.{near(chosen, lists)}"
        reader.problems.add(listed.node.position, message)
    return name, lists.get(chosen, {})


def has_each(node: Node | None) -> TypeGuard[Map]:
    """Return True for an entry that is one entry for each item of a list."""
    return isinstance(node, Map) and EACH in node.entries


def expand(source: Source, node: Map, environment: str, reader: Reader) -> Expanded:
    """Return the merged files of a source as one environment reads them: an entry for each item, and no
    `lists`. `node` is what the source has for the environment.
    """
    tree = source.tree
    expanding = _start(source, node, environment, reader)
    _check_overrides(reader.map(node.node("overrides"), "overrides"), reader)
    for section in EXPANDING:
        entries = tree.node(section)
        if isinstance(entries, Map) and any(has_each(each.node) for each in entries.entries.values()):
            expanded = Map(expanding.expand_section(section, entries), entries.position)
            tree = tree.with_entry(Entry(section, tree.where(section), expanded))
    return Expanded(
        tree.without(LISTS), frozenset(expanding.absent), tuple(expanding.empty), expanding.item_texts
    )


def expand_tests(
    source: Source, tests: Sequence[Map], environment: str, reader: Reader
) -> tuple[list[Map], list[EmptyEntry]]:
    """Return an access test for each item that is in an environment, and the tests with empty lists."""
    node = reader.map(source.environments.node(environment), environment)
    expanding = _start(source, node, environment, reader)
    shape = TESTS.field(TEST_SECTION).shape
    assert isinstance(shape, Several)
    found = [made for test in tests for made in expanding.expand_test(test, Mapped(shape.of))]
    return found, expanding.empty


def _start(source: Source, node: Map, environment: str, reader: Reader) -> _Expanding:
    lists = read_lists(source.tree, reader.map(node.node("overrides"), "overrides"), reader)
    variables = reader.map(node.node("variables"), "variables").entries
    taken = {*variables, *lists, *BUILT_IN, _PREFIX}
    return _Expanding(source, lists, taken, environment, reader)


def _check_overrides(overrides: Map, reader: Reader) -> None:
    for section in EXPANDING:
        entries = overrides.node(section)
        for entry in entries.entries.values() if isinstance(entries, Map) else ():
            if has_each(entry.node):
                reader.problems.add(
                    entry.node.where(EACH),
                    f"`{EACH}` cannot be in `overrides`: override the list, or one of the entries by its key",
                )


@dataclass(slots=True)
class _Expanding:
    source: Source
    lists: Mapping[str, Listed]
    taken: Collection[str]
    environment: str
    reader: Reader
    absent: set[tuple[str, str]] = field(default_factory=set)
    empty: list[EmptyEntry] = field(default_factory=list)
    item_texts: dict[Position, str] = field(default_factory=dict)
    count: int = 0

    def expand_section(self, section: str, entries: Map) -> dict[str, Entry]:
        """Return the entries of a section, those with `each` expanded."""
        found = {key: entry for key, entry in entries.entries.items() if not has_each(entry.node)}
        shape = ROOT.field(section).shape
        assert isinstance(shape, Mapped)
        for entry in entries.entries.values():
            if not has_each(entry.node):
                continue
            made: dict[str, Entry] = {}
            for expanded in self._expand_entry(section, entry, shape):
                self._add(made, expanded)
            for key, expanded in made.items():
                both = Map({key: expanded})
                if key in found:
                    both = merge(Map({key: found[key]}), both, self.reader.problems, section)
                found |= both.entries
        return found

    def expand_test(self, test: Map, shape: Mapped) -> Iterator[Map]:
        """Yield an access test for each item that is in the environment; its name is its key."""
        name = str(getattr(test.node(TEST_NAME), "value", ""))
        made: dict[str, Entry] = {}
        for expanded in self._expand_entry(TEST_SECTION, Entry(name, test.where(TEST_NAME), test), shape):
            self._add(made, expanded)
        for key, entry in made.items():
            if (TEST_SECTION, key) not in self.absent and isinstance(entry.node, Map):
                yield entry.node

    def _add(self, made: dict[str, Entry], expanded: Entry) -> None:
        first = made.setdefault(expanded.key, expanded)
        if first is not expanded:
            self.reader.problems.add(
                expanded.position,
                f"`{expanded.key}` is made by the items `{first.position.item.name}` and "
                f"`{expanded.position.item.name}`: the key must be different for each item",
            )

    def _expand_entry(self, section: str, entry: Entry, shape: Mapped) -> Iterator[Entry]:
        problems = self.reader.problems
        name, items = read_each(entry.node, self.lists, self.reader)
        assert isinstance(entry.node, Map)
        plain = Entry(entry.key, entry.position, entry.node.without(EACH))
        if not name:
            # What else is wrong with the entry is reported too.
            yield plain
            return
        if name in self.taken:
            problems.add(
                entry.node.position,
                f"`{name}` cannot be the name of an item, because `${{{name}}}` is something else already: "
                "a variable, a list or a word of the manifest",
            )
            return
        self.count += len(items)
        if self.count > MOST_ENTRIES:
            problems.add(entry.position, f"entries with `each` make more than {MOST_ENTRIES:,} entries")
            return
        if not items:
            self.empty.append(EmptyEntry(entry.key, entry.position))
        for _, item in sorted(items.items()):
            filling = _Filling(name, item, item.words(name), self.reader, self.item_texts)
            expanded = filling.fill_entry(plain, shape)
            if not is_in(item.node, self.environment, self.source.names, self.reader):
                self.absent.add((section, expanded.key))
            if section == "applications" and item.former is not None:
                expanded = self._rename(plain, expanded, filling, item.former)
            self._check_restrictions(section, expanded)
            yield expanded

    def _rename(self, plain: Entry, expanded: Entry, filling: _Filling, former: Scalar) -> Entry:
        """Return an application with the key that the item's former key made as `previously`."""
        before = copy.copy(filling)
        before.words = {**filling.words, filling.name: str(former.value)}
        key = before.fill_key(plain)
        assert isinstance(expanded.node, Map)
        if key == expanded.key:
            return expanded
        position = former.position._replace(item=filling.item.place)
        if "previously" in expanded.node.entries:
            where = expanded.node.where("previously")
            self.reader.problems.add(position, f"`previously` of `{expanded.key}` is set here and at {where}")
        renamed = Entry("previously", position, Scalar(key, position))
        return Entry(expanded.key, expanded.position, expanded.node.with_entry(renamed))

    def _check_restrictions(self, section: str, expanded: Entry) -> None:
        """Note what a restricted file, be it that of the entry or of the item, may not declare."""
        document = Map({section: Entry(section, expanded.position, Map({expanded.key: expanded}))})
        for file, patterns in self.source.path_restrictions.items():
            for restriction in patterns:
                restriction.check(document, self.reader.problems, file)


@dataclass(slots=True)
class _Filling:
    """Fills an entry with the words of one item."""

    name: str
    item: ListItem
    words: Mapping[str, Word]
    reader: Reader
    item_texts: dict[Position, str]

    def fill_entry(self, entry: Entry, shape: Mapped) -> Entry:
        return Entry(self.fill_key(entry), self._at(entry.position), self._fill(entry.node, shape.of))

    def fill_key(self, entry: Entry) -> str:
        return str(self._text(entry.key, self._at(entry.position)))

    def _at(self, position: Position) -> Position:
        return position._replace(item=self.item.place)

    def _fill(self, node: Node, shape: Shape | None) -> Node:
        while isinstance(shape, Definition):
            shape = shapes().get(shape.name)
        at = self._at(node.position)
        match node:
            case Map():
                return Map(self._entries(node, shape), at)
            case Items(items):
                of = shape.of if isinstance(shape, Several) else None
                return Items(tuple(self._fill(each, of) for each in items), at)
            case Scalar(str() as text) if "${" in text:
                return Scalar(self._text(text, at), at)
            case Scalar(value):
                return Scalar(value, at)

    def _entries(self, node: Map, shape: Shape | None) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        for entry in node.entries.values():
            # Where keys are no names they are the manifest's structure, which no item is a part of.
            names = _mapped(shape, entry.key)
            key = self.fill_key(entry) if names else entry.key
            below = names.of if names else _below(shape, entry.key)
            if key in found:
                self.reader.problems.add(self._at(entry.position), f"duplicate `{key}`")
            found[key] = Entry(key, self._at(entry.position), self._fill(entry.node, below))
        return found

    def _text(self, text: str, position: Position) -> Word:
        """Return a text with the item's words in it; other placeholders stay."""
        parts: list[str] = []
        marked: list[str] = []
        rest, inside = 0, False
        for token in TOKEN.finditer(text):
            word = token[1]
            if word is None:
                inside = token[0] == "${"
                continue
            if word.partition(".")[0] != self.name:
                continue
            if word not in self.words:
                self.reader.problems.add(position, f"`${{{word}}}`: item `{self.item.key}` has no such field")
            elif inside and word != self.name:
                self.reader.problems.add(
                    position, f"`${{{word}}}`: only `${{{self.name}}}` can be in another placeholder"
                )
            value = self.words.get(word, "unknown")
            mark = FROM_KEY if word == self.name else FROM_ITEM
            if token[0] == text:
                self.item_texts[position] = mark
                return value
            parts += [text[rest : token.start()], str(value)]
            marked += [text[rest : token.start()], mark]
            rest, inside = token.end(), False
        if marked:
            self.item_texts[position] = "".join([*marked, text[rest:]])
        return "".join([*parts, text[rest:]])


def _mapped(shape: Shape | None, key: str) -> Mapped | None:
    """Return the map of names that a key is in; a record may have one next to its own keys."""
    if isinstance(shape, Record) and key not in shape.keys:
        shape = shape.others
    return shape if isinstance(shape, Mapped) else None


def _below(shape: Shape | None, key: str) -> Shape | None:
    """Return the shape of a key of a record, None where the rows do not know it."""
    record: Shape | None = BY_KIND if shape == "consent" else shape
    return record.field(key).shape if isinstance(record, Record) and key in record.keys else None


def _read_items(node: Node, what: str, reader: Reader, *, over: bool = False) -> dict[str, ListItem]:
    """Return the items of a list by their keys; `over`: null takes one away, as in `overrides`."""
    problems = reader.problems
    if isinstance(node, Items):
        entries = [_named(each, what, reader) for each in node.items]
    else:
        entries = list(reader.map(node, what).entries.values())
    if len(entries) > MOST_ITEMS:
        problems.add(node.position, f"`{what}` has more than {MOST_ITEMS:,} items")
        return {}
    found: dict[str, ListItem] = {}
    for entry in entries:
        if over and is_null(entry.node):
            continue
        reader.name(entry, "an item")
        if entry.key in found:
            problems.add(entry.position, f"duplicate `{entry.key}`")
        found[entry.key] = _read_item(entry, reader, over=over)
    reader.distinct(entries, "an item")
    return found


def _named(node: Node, what: str, reader: Reader) -> Entry:
    if not (isinstance(node, Scalar) and isinstance(node.value, str)):
        reader.expected(node, what, "a list of texts, or a map")
        return Entry("", node.position, Map(position=node.position))
    return Entry(node.value, node.position, Map(position=node.position))


def _read_item(entry: Entry, reader: Reader, *, over: bool) -> ListItem:
    if not isinstance(entry.node, Map):
        reader.expected(entry.node, entry.key, "a map of texts and numbers, `{}` for none")
    node = entry.node if isinstance(entry.node, Map) else Map(position=entry.position)
    fields = {}
    for key, each in node.entries.items():
        value = each.node.value if isinstance(each.node, Scalar) else None
        word = value if isinstance(value, str | int | float) and not isinstance(value, bool) else None
        if (over and is_null(each.node)) or (key in ITEM.keys and key != "previously"):
            continue
        if word is None:
            reader.expected(each.node, key, "a text or a number")
        elif isinstance(word, str) and ("${" in word or word.endswith("$")):
            reader.problems.add(
                each.node.position, f"`{key}`: an item is data, and has no placeholder and no `$` at its end"
            )
        elif key == "previously":
            reader.key(each.node, key)
        else:
            reader.name(each, "a field of an item")
            fields[key] = word, each.node.position
    files = dict.fromkeys((entry.position.file, *(each.position.file for each in node.entries.values())))
    place = Item(entry.key, entry.position.file, entry.position.line, entry.position.column, tuple(files))
    return ListItem(entry.key, place, entry.position, node, fields)
