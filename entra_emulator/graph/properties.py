"""What is known about an entity type: one row for each property, and what follows from the rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from entra_emulator.graph.errors import invalid_value
from entra_emulator.graph.permissions import RequiredPermissions
from entra_emulator.table import Row

# Whose value a property has, where it is not the caller's.
GRAPH, APPLICATION, ADMINISTRATOR = "graph", "application", "administrator"
# When a query may filter or order by a property.
ADVANCED, ALWAYS = "advanced", "always"
_OF_TYPE: Any = object()
_COLLECTION = "Collection("


@dataclass(frozen=True)
class Property:
    """One property of a type. `declared` is its type as Microsoft's schema writes it."""

    name: str
    declared: str = "Edm.String"
    nullable: bool = True
    # What a new object has, if it is not empty.
    default: Any = _OF_TYPE
    # Who sets it: the caller, or GRAPH, its APPLICATION, an ADMINISTRATOR.
    set_by: str = ""
    # The operators of a filter, or ADVANCED; `inside` has those of paths that begin here.
    filter: str = ""
    inside: Mapping[str, str] = field(default_factory=dict)
    # Whether a list can be ordered by it: ALWAYS, or with ADVANCED queries.
    order: str = ""
    # Whether an answer has it only on $select, and whether only the beta endpoint has it.
    selected: bool = False
    beta: bool = False
    # Whether the published schema has it.
    published: bool = True
    # Whether a PATCH merges a complex value by its properties; else it is replaced.
    merges: bool = False
    # Whether later reads reverse the list, and which lists inside.
    reversed: bool = False
    reverses: tuple[str, ...] = ()
    # The property before it in an answer where it is set, or where it is null, if that is another place.
    after_if_set: str = ""
    after_if_null: str = ""
    # The first and the last month in which recorded default answers have it.
    since: str = ""
    until: str = ""
    # The first month in which default answers have a part of its complex value.
    parts_since: Mapping[str, str] = field(default_factory=dict)
    # The first month in which the answer of a create has null, though the object has a value.
    null_in_creates_since: str = ""
    # Until before a month: what a new object had, and the property after which an answer had it.
    former_default: tuple[str, Any] = ("", None)
    former_place: tuple[str, str] = ("", "")
    # Whether a path may name an object by it, and whether a PATCH of that path may create the object.
    key: bool = False
    upserts: bool = False
    # The values that it can have, and the most characters.
    choices: frozenset[str] = frozenset()
    longest: int = 0

    @cached_property
    def collection(self) -> bool:
        """Return True for a list."""
        return self.declared.startswith(_COLLECTION)

    @cached_property
    def type(self) -> str:
        """Return the type of the value, or of one element of a list."""
        return self.declared.removeprefix(_COLLECTION).removesuffix(")")

    @property
    def empty(self) -> Any:
        """Return what its type has without a value: an empty list, null, or False where null is refused."""
        if self.collection:
            return []
        return None if self.nullable or self.type != "Edm.Boolean" else False

    @property
    def initial(self) -> Any:
        """Return what a new object has."""
        return self.empty if self.default is _OF_TYPE else self.default


@dataclass(frozen=True)
class GraphType:
    """A complex type with its properties in canonical order, or an enumeration."""

    name: str
    properties: Mapping[str, Property]
    navigation: frozenset[str] = frozenset()
    open: bool = False
    enum: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rules:
    """A collection's type and what may be filtered by default, or by advanced queries only."""

    type: str
    resource: str
    # Property (or path, or `name/any`) to the operators that work by default.
    default: Mapping[str, frozenset[str]]
    advanced: frozenset[str] = frozenset()
    # Property to whether ordering by it works without advanced queries.
    sortable: Mapping[str, bool] = field(default_factory=dict)
    # Whether $search works at all.
    searchable: bool = False


Reader = Callable[[Row], Any]


@dataclass(frozen=True)
class Form:
    """What the answers of a month have of a type."""

    # The names that an answer has only on $select.
    hidden: frozenset[str]
    # The names that answers had, as null, for these months only.
    passing: tuple[str, ...]
    # The properties whose place depends on their value: what they come after if they are set, and if not.
    places: Mapping[str, tuple[str, str]]
    # The parts that complex values did not have yet.
    absent: Mapping[str, frozenset[str]]
    # What the answer of a create has as null.
    null_in_creates: frozenset[str]
    # What a new object has, if it is not what a new one has today.
    defaults: Row


@dataclass(frozen=True)
class Entity:
    """One entity type. Properties are in the order of answers."""

    # Graph's name of it, and the one in messages and in the audit log.
    name: str
    resource: str
    # The name of the collection in paths.
    table: str
    # What a new object has.
    rows: tuple[Property, ...]
    # What a caller needs to read objects, and to create, update and delete them. Without one, that is not
    # served.
    read: RequiredPermissions | None = None
    create: RequiredPermissions | None = None
    update: RequiredPermissions | None = None
    delete: RequiredPermissions | None = None
    # The paths that a caller may read, below that of the collection.
    reads: tuple[str, ...] = ("", "/$count", "/*", "/delta")
    # The path before its name: of a folder, or of the collection whose objects each have this one.
    folder: str = ""
    parent: str = ""
    # The name in the path, where it is not that of the table; the index of the table by parent.
    segment: str = ""
    index: str = ""
    # What an object has once it was set, and can have elsewhere.
    others: tuple[Property, ...] = ()
    navigation: frozenset[str] = frozenset()
    open: bool = False
    # Relationships whose number an advanced query can filter by.
    counted: tuple[str, ...] = ()
    searchable: bool = False
    # What a request that creates one must have, in the order in which it is missed.
    required: tuple[str, ...] = ()
    # Whether an object keeps what was set of `others`.
    keeps_others: bool = False
    # Whether `id` is the last property in reads (azure-cli recordings).
    id_last: bool = False
    # Whether it can be restored for a while after it was deleted.
    restorable: bool = False
    # Whether directory extensions can add properties to it.
    extensible: bool = False
    # How the audit log names it, if it has records of it; its category, and two words for its end.
    phrase: str = ""
    category: str = "ApplicationManagement"
    removal: str = "Delete"
    purge: str = "Hard Delete"
    # How the audit log names its attributes: a path into the object, or what reads it.
    audited: Mapping[str, str | Reader] = field(default_factory=dict)
    # Adds what answers have and objects do not keep.
    complete: Reader | None = None
    enum: frozenset[str] = frozenset()

    @cached_property
    def path(self) -> str:
        """Return the template of the collection's path."""
        name = self.segment or self.table
        return f"{self.parent}/*/{name}" if self.parent else f"{self.folder}{name}"

    @cached_property
    def properties(self) -> Mapping[str, Property]:
        """Return what the schema knows, by name."""
        return {row.name: row for row in (*self.rows, *self.others) if row.published}

    @cached_property
    def chosen(self) -> tuple[Property, ...]:
        """Return the properties that have a choice of values."""
        return tuple(row for row in self.properties.values() if row.choices)

    @cached_property
    def limited(self) -> tuple[Property, ...]:
        """Return the properties that have a most number of characters."""
        return tuple(row for row in self.properties.values() if row.longest)

    @cached_property
    def writable(self) -> frozenset[str]:
        """Return the properties that a request may set."""
        return frozenset(name for name, row in self.properties.items() if row.set_by != GRAPH)

    @cached_property
    def beta(self) -> frozenset[str]:
        """Return the names that only the beta endpoint has."""
        return frozenset(row.name for row in (*self.rows, *self.others) if row.beta)

    @cached_property
    def shown_by_beta(self) -> tuple[str, ...]:
        """Return the names that an answer of the beta endpoint has besides."""
        return tuple(row.name for row in self.rows if row.beta and not row.selected)

    @cached_property
    def reversals(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return the properties that reads show reversed, each with the lists inside it."""
        return tuple((row.name, row.reverses) for row in self.rows if row.reversed or row.reverses)

    def form(self, month: str) -> Form:
        """Return what the answers of a month have of it."""
        found = self._forms.get(month)
        if found is None:
            found = self._forms[month] = _form(self, month)
        return found

    @cached_property
    def keys(self) -> frozenset[str]:
        """Return the properties by which a path may name an object."""
        return frozenset(row.name for row in self.rows if row.key)

    @cached_property
    def rules(self) -> Rules:
        """Return what a query may do."""
        found = [pair for row in (*self.rows, *self.others) for pair in _filters(row)]
        found += [(f"{name}/$count", ADVANCED) for name in self.counted]
        return Rules(
            self.name,
            self.resource,
            {path: frozenset(allowed.split()) for path, allowed in found if allowed != ADVANCED},
            frozenset(path for path, allowed in found if allowed == ADVANCED),
            {row.name: row.order == ALWAYS for row in (*self.rows, *self.others) if row.order},
            self.searchable,
        )

    @cached_property
    def readers(self) -> Mapping[str, Reader]:
        """Return what reads each attribute of the audit log."""
        return {
            name: _reader(source) if isinstance(source, str) else source
            for name, source in self.audited.items()
        }

    @cached_property
    def _forms(self) -> dict[str, Form]:
        return {}

    @cached_property
    def _blank(self) -> Row:
        return {row.name: row.initial for row in self.rows}

    @cached_property
    def _copied(self) -> tuple[str, ...]:
        return tuple(name for name, value in self._blank.items() if isinstance(value, list | dict))

    def make(self, **values: Any) -> Row:
        """Make a new object: these values, and the default of every other property."""
        row = {**self._blank, **values}
        for name in self._copied:
            if row[name] is self._blank[name]:
                row[name] = _copy(row[name])
        return row


def _form(entity: Entity, month: str) -> Form:
    rows = entity.rows
    absent = {row.name: frozenset(n for n, since in row.parts_since.items() if month < since) for row in rows}
    passing = tuple(row.name for row in entity.others if row.until and row.since <= month <= row.until)
    places = {row.name: (row.after_if_set, row.after_if_null) for row in (*rows, *entity.others)}
    places |= {row.name: (row.former_place[1],) * 2 for row in rows if month < row.former_place[0]}
    return Form(
        frozenset(row.name for row in rows if row.selected or row.beta or month < row.since)
        | {row.name for row in entity.others if row.name not in passing},
        passing,
        {name: place for name, place in places.items() if any(place)},
        {name: parts for name, parts in absent.items() if parts},
        frozenset(row.name for row in rows if "" < row.null_in_creates_since <= month),
        {row.name: row.former_default[1] for row in rows if month < row.former_default[0]},
    )


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copy(item) if isinstance(item, dict | list) else item for name, item in value.items()}
    return [*value]


def check_choices(entity: Entity, values: Row) -> None:
    """Refuse a value that is not one of those which its property can have; null is always one."""
    for row in entity.chosen:
        value = values.get(row.name)
        if value is not None and value not in row.choices:
            raise invalid_value(row.name, entity.resource)


def keep_false(name: str) -> Reader:
    """Return what reads a property of which the audit log writes False too."""
    return lambda row: [row[name]]


def _filters(row: Property) -> list[tuple[str, str]]:
    name = f"{row.name}/any" if row.collection else row.name
    found = [(f"{row.name}/{path}", allowed) for path, allowed in row.inside.items()]
    return [(name, row.filter), *found] if row.filter else found


def _reader(path: str) -> Reader:
    outer, _, inner = path.partition("/")
    if inner:
        return lambda row: (row.get(outer) or {}).get(inner)
    return lambda row: row.get(outer)
