"""The plan as plain data: changes for people, steps for apply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from entra_config.errors import Position
from entra_config.graph.request import Request, Usage
from entra_config.resource import Address, Resource, Value

Sign = Literal["add", "change", "remove"]


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One entry of a collection that comes, changes or goes: a scope, a role, a URI, a permission.

    `key` tells it from its siblings as Graph does (an id, a URI, the pair of API and permission); people read the label.
    """

    sign: Sign
    label: str
    summary: str = ""
    fields: tuple[FieldChange, ...] = ()
    notes: tuple[str, ...] = ()
    key: Value = None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One property that differs: its Graph path, both values; of a collection the items, of an object the leaves that differ."""

    path: str
    before: Value = None
    after: Value = None
    items: tuple[ItemChange, ...] = ()
    position: Position | None = None
    leaves: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Create:
    """The manifest has it, the tenant has not."""

    after: Resource
    fields: tuple[FieldChange, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """Both have it and they differ. `adopts` when the marks are set for the first time."""

    before: Resource
    after: Resource
    fields: tuple[FieldChange, ...] = ()
    notes: tuple[str, ...] = ()
    adopts: bool = False


@dataclass(frozen=True, slots=True)
class Delete:
    """The tenant has it and the manifest says that it goes."""

    before: Resource
    fields: tuple[FieldChange, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Restore:
    """Ours, deleted less than 30 days ago: brought back instead of created, then made to match."""

    before: Resource
    after: Resource
    fields: tuple[FieldChange, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """Let go: the marks come off, nothing else is touched."""

    before: Resource
    fields: tuple[FieldChange, ...] = ()
    notes: tuple[str, ...] = ()


Change = Create | Update | Delete | Restore | Release


def subject_of(change: Change) -> Resource:
    """Return the resource that a change is about: what will be, or what goes."""
    return change.before if isinstance(change, Delete | Release) else change.after


def address_of(change: Change) -> Address:
    """Return the address that a change is about."""
    return subject_of(change).address


@dataclass(frozen=True, slots=True)
class Watched:
    """An undeclared owner or credential of an application of ours: only warned of in a plan, a finding in drift.

    `noun` is what people call it (`owner`, `secret`, `certificate`), `key` its object id or key id, `path` its Graph path,
    `subjects` the ids of the objects that an audit record of it names; `going`: this plan removes it.
    """

    noun: str
    label: str
    key: str
    path: str = ""
    subjects: tuple[str, ...] = ()
    going: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to know: a warning with what it is about and where it comes from."""

    message: str
    address: Address | None = None
    position: Position | None = None
    watched: tuple[Watched, ...] = ()


# What no manifest lifts for good: it is decided each time.
BY_HAND = frozenset({"takeover", "unseen"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that a policy or limit does not let happen.

    `word` is what `--allow` takes to lift it ("" where nothing lifts it). `blocks` is True when the whole plan is refused before
    the first write, False when only this part is left out, the rest applied, and the exit code is 3 all the same.
    """

    word: str
    message: str
    address: Address | None = None
    position: Position | None = None
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A grant that is not given now, and what a person can do about it. Everything beside it is carried out."""

    message: str
    remedy: str
    address: Address | None = None
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """One power that a plan gives somebody, or one guard that it lowers: both its ends and its values, whole.

    `sort` is one of `effects.SORTS`; `text` is a phrase where a person is in it. No `address` where the manifest's own
    words change.
    """

    sort: str
    text: str
    address: Address | None = None
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A user or application that gains or loses something, and through what."""

    id: str
    name: str
    through: str


AccessKind = Literal["role", "scope", "signIn", "restored"]


@dataclass(frozen=True, slots=True)
class AccessChange:
    """Who gains or loses one value that tokens carry: of a role, of a scope that `client` has, or sign-in itself.

    `restored`: the application comes back with what it held, and with who held its roles, which nobody can read before.

    `people` may be capped; `count` is the whole number, None when a group was not read whole. Applications are counted apart.
    `label` is the manifest's name for the value.
    """

    application: str
    role: str
    sign: Literal["gain", "lose"]
    count: int | None
    people: tuple[Person, ...] = ()
    address: Address | None = None
    kind: AccessKind = "role"
    applications: tuple[Person, ...] = ()
    label: str = ""
    client: str = ""


@dataclass(frozen=True, slots=True)
class Present:
    """Expect 200."""


@dataclass(frozen=True, slots=True)
class Absent:
    """Expect 404, or for a list no item that matches."""

    match: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Holds:
    """Expect 200 and, at each Graph path, this value (collections compared as sets, objects by the keys given).

    Texts of collections that begin as one of `ignoring` are not compared.
    """

    values: Mapping[str, Value]
    ignoring: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """Expect a list (all pages) with an item whose properties equal these."""

    match: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Bears:
    """Expect 200 and this tag among the object's."""

    tag: Value


@dataclass(frozen=True, slots=True)
class Among:
    """Expect 200 and, at this path (of a list: among its items), nothing besides what one of these describes."""

    matches: tuple[Mapping[str, Value], ...]
    path: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """Expect 200, this tag among the object's, and in that very answer nothing besides, at each path.

    The tag is this run's own: an answer without it is older than what the run wrote, and tells nothing.
    """

    tag: Value
    among: tuple[Among, ...]


@dataclass(frozen=True, slots=True)
class Contains:
    """Expect 200 and, in the collection at a Graph path, an entry whose properties equal these."""

    path: str
    match: Mapping[str, Value]


Expectation = Present | Absent | Holds | Listed | Bears | Among | Looked | Contains


@dataclass(frozen=True, slots=True)
class Probe:
    """A read by key, and what its answer must say."""

    request: Request
    expect: Expectation


@dataclass(frozen=True, slots=True)
class Watch:
    """What must hold right before a client is given anything, and before it is marked as looked at: nobody undeclared acts as it.

    It is read where `always`, and where an object of that key was found again or made by somebody else in this very run.
    """

    key: str
    probe: Probe
    always: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One write of an apply, with all that is needed to do it safely. Made by kinds, carried out by apply.

    id        unique and stable in a plan: `application.api/extend`.
    carries   the addresses of the changes that this step carries out, wholly or in part.
    chain     the steps of one chain run one after another (one application each); "" when there is none.
    needs     ids of steps that must have succeeded before.
    watches   what must hold before the write besides, of the clients that it gives something to.
    produces  which properties of the answer become known as Ref(address, attribute): {Ref: "json property"}.
    guard     must hold right before the write (with this run's own steps counted in), else the tenant moved.
    found_by  finds the effect of a write whose answer was lost: if it holds, the write is not repeated;
              its answer (the object, or the listed item) feeds `produces`.
    visible   what must be readable before dependents of this step go on, checked only when a dependent is refused as transient,
              and at the end of apply ("ends when what it wrote can be read back").
    premise   what this step builds on and this run does not write: read when a refusal looks like lag. Where it does not hold,
              somebody else changed it, and the refusal will not pass.
    done_if   error codes or message fragments that mean: it is so already.
    fallback  tried instead when Graph refuses the request with CannotDeleteOrUpdateEnabledEntitlement: disable, then change;
              of a creation, when an object of that name is there: changed to what is declared.
    """

    id: str
    carries: tuple[Address, ...]
    phase: str
    request: Request
    chain: str = ""
    needs: frozenset[str] = frozenset()
    produces: Mapping[object, str] = field(default_factory=dict)
    guard: Probe | None = None
    found_by: Probe | None = None
    visible: Probe | None = None
    premise: Probe | None = None
    done_if: tuple[str, ...] = ()
    fallback: tuple[Request, ...] = ()
    watches: tuple[Watch, ...] = ()


@dataclass(frozen=True, slots=True)
class TenantInfo:
    """The tenant that a plan is about."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What would change, for whom, and how it would be carried out.

    `following` is what else the manifest wants of applications that are restored, and what it takes of that which may come back
    with them: what they hold is read once they are back, and of these changes apply then carries out those that are still needed,
    and no others. `effects` are by risk. `left_out` counts the changes that targets left out; `unowned` are ids
    of objects that the identity that applies does not own.
    """

    project: str
    environment: str
    tenant: TenantInfo
    changes: tuple[Change, ...]
    steps: tuple[Step, ...]
    unchanged: int = 0
    warnings: tuple[Notice, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    access: tuple[AccessChange, ...] = ()
    read: Usage = field(default_factory=Usage)
    depth: int = 0
    following: tuple[Change, ...] = ()
    held_back: tuple[HeldBack, ...] = ()
    protected: bool = False
    effects: tuple[Effect, ...] = ()
    left_out: int = 0
    unowned: frozenset[str] = frozenset()

    @property
    def blocked(self) -> bool:
        """Tell whether a policy or limit refuses the plan as a whole."""
        return any(refusal.blocks for refusal in self.refusals)

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing to do, and nothing that waits for somebody."""
        return not self.changes and not self.held_back
