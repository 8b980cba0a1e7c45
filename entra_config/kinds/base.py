"""What a kind is: what it asks, which resources it makes of manifest and answers, which writes carry a change out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Protocol

from entra_config.errors import Position
from entra_config.graph.request import Request
from entra_config.kinds.trace import Trace
from entra_config.manifest.model import Application, Manifest, Named
from entra_config.phrase import Person
from entra_config.plan.diff import Shape
from entra_config.plan.model import Change, Delete, Effect, Probe, Watch
from entra_config.resource import Address, Ref, Resource, State, Text, Value

OWNER_TAG = "entra-config:owner="
KEY_TAG = "entra-config:key="
# Drawn anew for each POST, so that a lost answer is found again and nothing else is. Once written it proves nothing.
CREATED_TAG = "entra-config:created="
# Drawn anew before a client is given something: an answer that has it is no older than the look at the client's owners.
LOOKED_TAG = "entra-config:looked="
NOT_COMPARED = (CREATED_TAG, LOOKED_TAG)

Json = Mapping[str, Any]


class Phase(IntEnum):
    """When a write of one application happens; the order is what Graph demands (references need their targets first)."""

    CREATE = 0
    EXTEND = 1
    LOOK = 2
    REFERENCE = 3
    UNREFERENCE = 4
    EDIT = 5
    DISABLE = 6
    REDUCE = 7
    AUTHORIZE = 8
    DELETE = 9


@dataclass(frozen=True, slots=True)
class Principal:
    """A user, group or service principal that holds or owns something; `organization`: whose application that is, if known."""

    id: str
    name: str
    type: str
    organization: str = ""


@dataclass(frozen=True, slots=True)
class Renamed:
    """A pinned object of which the tenant says something else than the entry that pins it: its name, whose it is, its marks.

    `name` is that of the entry, `difference` the sentence with both; `said`: the lock file says both.
    """

    id: str
    name: str
    difference: str
    said: bool
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Api:
    """A resource that clients are granted parts of; names of its roles and scopes lead to their ids.

    `shown` is what the tenant calls an application of others.
    """

    name: str
    id: str | Ref | None
    app_id: str | Ref
    roles: Mapping[str, str]
    scopes: Mapping[str, str]
    scope_values: Mapping[str, str]
    address: Address | None = None
    shown: str = ""

    @property
    def called(self) -> str:
        """Return its name, and its display name in the tenant where that is another: a name is the manifest's own word."""
        same = not self.shown or self.shown.casefold() == self.name.casefold()
        return self.name if same else f'{self.name} "{self.shown}"'


@dataclass(frozen=True, order=True, slots=True)
class Grant:
    """One thing that is given at an API: `delegated`, `application`, `authorization` to a client.

    `assignment` (a role) and `ownership` go to a user, group or service principal: `holder` is the id.
    """

    client: str
    resource: str
    sort: str
    permission: str
    holder: str = ""


class GrantsNothing:
    """What a kind inherits that gives nothing to any client."""

    def grants(self, resource: Resource) -> Iterable[Grant]:  # noqa: ARG002, the protocol's
        """Return nothing."""
        return ()

    def without(self, resource: Resource, refused: AbstractSet[Grant]) -> Resource | None:  # noqa: ARG002, the protocol's
        """Return the resource itself."""
        return resource


@dataclass(frozen=True, slots=True)
class Subject:
    """One application as the tenant has it; others' enterprise applications have `application` None."""

    key: str
    application: Json | None = None
    service_principal: Json | None = None
    deleted: bool = False
    others: bool = False


@dataclass(frozen=True, slots=True)
class Live:
    """What the tenant answered about one subject, by the name of the question."""

    subject: Subject
    answers: Mapping[str, tuple[Json, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Directory:
    """What names mean in this tenant: principals by the manifest's name, APIs, live subjects, ids to names.

    `graph` is the address of Graph in the tenant's cloud.
    `app_ids` leads from the service principal of each API, named by the manifest or used by a live application, to its appId;
    `by_id` to the API itself; `own_principals` from those of ours to their keys, `own_app_ids` from their appIds.
    `unique_names` are those that creations take, by key; `taken` tells whose an application was that is taken over; `vouched`
    are the keys whose object is proven to be ours. `renamed` are pinned objects of which the tenant says otherwise, by id;
    `unsaid` are those that get nothing new before the lock file says it too, and `vetted` the deployers without them.
    """

    graph: str
    principals: Mapping[tuple[str, str], Principal] = field(default_factory=dict)
    apis: Mapping[str, Api] = field(default_factory=dict)
    live: Mapping[str, Live] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    deployers: frozenset[str] = frozenset()
    app_ids: Mapping[str, str] = field(default_factory=dict)
    unique_names: Mapping[str, str | Text] = field(default_factory=dict)
    taken: Mapping[str, str] = field(default_factory=dict)
    vouched: frozenset[str] = frozenset()
    by_id: Mapping[str, Api] = field(default_factory=dict)
    own_principals: Mapping[str, str] = field(default_factory=dict)
    own_app_ids: Mapping[str, str] = field(default_factory=dict)
    renamed: Mapping[str, Renamed] = field(default_factory=dict)
    unsaid: frozenset[str] = frozenset()
    vetted: frozenset[str] = frozenset()

    def resource_name(self, id_: str, display_name: str = "") -> str:
        """Return what an API is called by; one that the manifest does not know never bears the name of one that it knows."""
        if id_ in self.by_id:
            return self.by_id[id_].name
        if id_ in self.own_principals:
            return self.own_principals[id_]
        name = self.names.get(id_) or display_name or id_
        return f"{name} ({id_})" if name in self.apis or name in self.live else name

    def called(self, key: str) -> str:
        """Return what titles call an API: of others' the tenant's name besides, where that is another."""
        return self.apis[key].called if key in self.apis else key

    def link(self, id_: str) -> str:
        """Return the link by which Graph takes a reference to a directory object."""
        return f"{self.graph}/directoryObjects/{id_}"

    def principal(self, type_: str, named: Named) -> Principal | None:
        """Return who a name or an id means, or None when the tenant has no such object."""
        return self.principals.get((type_, named.id or named.name))


@dataclass(frozen=True, slots=True)
class Write:
    """One request of its own.

    `awaits`: applications whose scopes and roles it needs; `gives`: roles that it gives, by application and id, so that it comes
    after what changes them; `releases`: applications of which it takes something away, so that it comes before any such change.

    `arms`: clients that can do more by it; `cleans`: it takes away what somebody could act as its application with.
    """

    id: str
    carries: tuple[Address, ...]
    phase: Phase
    request: Request
    application: Address
    chain: str = ""
    awaits: frozenset[Address] = frozenset()
    gives: frozenset[tuple[Address, str]] = frozenset()
    releases: frozenset[Address] = frozenset()
    needs: frozenset[str] = frozenset()
    produces: Mapping[object, str] = field(default_factory=dict)
    guard: Probe | None = None
    found_by: Probe | None = None
    visible: Probe | None = None
    premise: Probe | None = None
    done_if: tuple[str, ...] = ()
    fallback: tuple[Request, ...] = ()
    arms: frozenset[Address] = frozenset()
    cleans: bool = False


@dataclass(frozen=True, slots=True)
class Patch:
    """A part of a PATCH: those of one target and phase become one. `first` is sent before where Graph wants it disabled.

    `settles`: ids of scopes and roles that are as desired from then on; `after`: changes that must have been carried out before.
    """

    target: Address
    phase: Phase
    values: Mapping[str, Value]
    carries: tuple[Address, ...]
    application: Address
    awaits: frozenset[Address] = frozenset()
    releases: frozenset[Address] = frozenset()
    settles: frozenset[str] = frozenset()
    after: frozenset[Address] = frozenset()
    first: Mapping[str, Value] = field(default_factory=dict)
    done_if: tuple[str, ...] = ()
    arms: frozenset[Address] = frozenset()
    cleans: bool = False


@dataclass(frozen=True, slots=True)
class Looks:
    """What is read again of a client before it is given anything, and must hold.

    `marked`: first who owns it, then this run writes a mark of its own, and only an answer that bears it counts for the rest. So
    nothing rests on how far two answers are behind: whoever left before the mark did all that he did before it.
    """

    owners: tuple[Watch, ...]
    others: tuple[Watch, ...]
    marked: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """All that expanding changes into writes may look at."""

    manifest: Manifest
    directory: Directory
    desired: State
    actual: State
    changes: Mapping[Address, Change]
    bind: tuple[str, ...] = ()
    purges: Mapping[Address, tuple[str, ...]] = field(default_factory=dict)
    looks: Mapping[Address, Looks] = field(default_factory=dict)
    _below: Mapping[tuple[str, Address | None], list[Resource]] = field(init=False, repr=False, compare=False)
    _deleted: Mapping[Address | None, list[Address]] = field(init=False, repr=False, compare=False)
    _bearing: Mapping[str | None, list[Address]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        below, deleted, bearing = defaultdict(list), defaultdict(list), defaultdict(list)
        for resource in self.desired:
            below[resource.address.kind, resource.parent].append(resource)
        for address, change in self.changes.items():
            if isinstance(change, Delete):
                deleted[change.before.parent].append(address)
        for resource in self.actual:
            bearing[resource.ids.get("appId")].append(resource.address)
        for name, index in (("_below", below), ("_deleted", deleted), ("_bearing", bearing)):
            object.__setattr__(self, name, dict(index))

    def of(self, kind: str) -> list[Change]:
        """Return the changes of one kind, in the plan's order."""
        return [change for address, change in self.changes.items() if address.kind == kind]

    def below(self, kind: str, parent: Address) -> Sequence[Resource]:
        """Return what is desired of one kind below an application."""
        return self._below.get((kind, parent), ())

    def deleted_below(self, parent: Address) -> Sequence[Address]:
        """Return what is deleted below an application."""
        return self._deleted.get(parent, ())

    def bearing(self, app_id: str) -> Sequence[Address]:
        """Return what the tenant has under an appId."""
        return self._bearing.get(app_id, ())


class Kind(Protocol):
    """One kind of resource. Pure: it says what to ask and what to send, and never does either."""

    @property
    def name(self) -> str:
        """Return the kind's name, as addresses carry it."""

    @property
    def shape(self) -> Shape:
        """Return how its resources are compared."""

    @property
    def trace(self) -> Trace:
        """Return what people and the audit log call its resources."""

    def ask(self, subject: Subject, manifest: Manifest) -> Mapping[str, Request]:
        """Return the list requests about one live subject, by the name under which the answers come back."""

    def desired(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:
        """Return what the manifest wants."""

    def actual(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:
        """Return what the tenant has, as far as the manifest manages it."""

    def grants(self, resource: Resource) -> Iterable[Grant]:
        """Return what a resource gives to clients of ours, so that policy and distrust can hold it back."""

    def without(self, resource: Resource, refused: AbstractSet[Grant]) -> Resource | None:
        """Return the resource without some of its grants, None where nothing is left."""

    def effects(self, change: Change) -> Iterable[Effect]:
        """Return what a change gives somebody, and which guards it lowers: whole, for who reviews it."""

    def expand(self, view: View) -> Iterable[Write | Patch]:
        """Return the writes that carry this kind's changes out."""


def segment(name: str) -> str:
    """Return a name as one part of a key: a `/` in it parts nothing."""
    return name.replace("%", "%25").replace("/", "%2F")


def called(sort: str, name: str, id_: str) -> str | Person:
    """Return a user, group or service principal as titles name it; the name of a user is left out where others may read it."""
    told = f'{sort} "{name}" ({id_[:4]}…)'
    return Person(told, id_) if sort == "user" else told


def application_address(key: str) -> Address:
    """Return the address of an application."""
    return Address("application", key)


def enterprise_address(key: str) -> Address:
    """Return the address of an enterprise application."""
    return Address("enterpriseApplication", key)


def text(*parts: str | Ref) -> Text:
    """Return a path or string that holds references."""
    return Text(parts)


def tags_of(manifest: Manifest, key: str) -> tuple[str, str]:
    """Return the two marks of an application of ours."""
    return f"{OWNER_TAG}{manifest.owner}", f"{KEY_TAG}{key}"


def marks_of(manifest: Manifest, directory: Directory, key: str) -> list[str]:
    """Return the marks that an application gets: its own, or those that it bears while the lock file does not say so."""
    live = directory.live.get(key)
    body = (live.subject.application if live else None) or {}
    if body.get("id") not in directory.unsaid:
        return list(tags_of(manifest, key))
    return [tag for tag in body.get("tags") or () if tag.startswith((OWNER_TAG, KEY_TAG))]


def created_ref(key: str) -> Ref:
    """Return what stands for the mark of one creation, until the run that sends it draws it."""
    return Ref(application_address(key), "created")


def looked_ref(key: str) -> Ref:
    """Return what stands for the mark of one look, until the run that sends it draws it."""
    return Ref(application_address(key), "looked")


def unmarked(tags: Iterable[str], *prefixes: str) -> list[str]:
    """Return tags without those of this tool, or of some sorts of them."""
    return [tag for tag in tags if not tag.startswith(prefixes or (OWNER_TAG, KEY_TAG, *NOT_COMPARED))]


def unique_name(manifest: Manifest, key: str) -> str:
    """Return the alternate key that guards the creation of an application against doubles."""
    return f"{manifest.project}.{manifest.environment}.{key}"


def managed_applications(manifest: Manifest, directory: Directory) -> Iterable[tuple[Application, Live | None]]:
    """Yield each declared application with what the tenant has of it."""
    for key, application in manifest.applications.items():
        yield application, directory.live.get(key)


def is_removed(manifest: Manifest, key: str) -> bool:
    """Tell whether an application of ours stands under `removed:` with `destroy: true`."""
    return key not in manifest.applications and key in manifest.removed and manifest.removed[key].destroy


def ignored(application: Application, path: str) -> bool:
    """Tell whether `ignoreChanges` names this Graph path, its last part, or something above it."""
    parts = path.split(".")
    return any(rule in {path, parts[-1]} or path.startswith(f"{rule}.") for rule in application.ignore_changes)
