"""The steps of an apply as plain data: what is sent, what must hold before, what must be readable after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from entra_config.graph.request import Request
from entra_config.resource import Address, Ref, Value


class Phase(IntEnum):
    """When a write of one application happens: in Graph's order, for references need their targets first."""

    CREATE = 0
    NAME = 1
    EXTEND = 2
    LOOK = 3
    REFERENCE = 4
    UNREFERENCE = 5
    EDIT = 6
    DISABLE = 7
    REDUCE = 8
    AUTHORIZE = 9
    DELETE = 10

    @property
    def word(self) -> str:
        """Return its name, as ids of steps bear it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Order:
    """What a write waits for and what waits for it, in its kind's terms; the expansion makes `needs` of it.

    awaits    applications whose scopes and roles it needs.
    gives     roles that it gives, by application and id: it comes after what changes them.
    releases  applications of which it takes something away: it comes before any such change of theirs.
    arms      clients that can do more by it.
    cleans    it takes away what somebody could act as its application with.
    settles   ids of scopes and roles that are as desired from then on.
    after     changes that must have been carried out before.
    loose     in its chain it comes after the one before, and does not need it.
    """

    awaits: frozenset[Address] = frozenset()
    gives: frozenset[tuple[Address, str]] = frozenset()
    releases: frozenset[Address] = frozenset()
    arms: frozenset[Address] = frozenset()
    cleans: bool = False
    settles: frozenset[str] = frozenset()
    after: frozenset[Address] = frozenset()
    loose: bool = False

    def __or__(self, other: Order) -> Order:
        """Return what holds of two writes that go as one."""
        return Order(
            self.awaits | other.awaits,
            self.gives | other.gives,
            self.releases | other.releases,
            self.arms | other.arms,
            self.cleans or other.cleans,
            self.settles | other.settles,
            self.after | other.after,
            self.loose and other.loose,
        )


FREE = Order()


@dataclass(frozen=True, slots=True)
class Present:
    """Expect 200."""


@dataclass(frozen=True, slots=True)
class Absent:
    """Expect 404, or for a list no item that matches."""

    match: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Holds:
    """Expect 200 and, at each Graph path, this value (collections compared as sets, objects by the keys
    given).

    Texts of collections that begin as one of `ignoring` are not compared, nor those in `mirrored`, which
    Graph itself adds or removes while this run writes another object.
    """

    values: Mapping[str, Value]
    ignoring: tuple[str, ...] = ()
    mirrored: frozenset[str] = frozenset()


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
    """Expect 200 and, at this path (of a list: among its items), nothing besides what one of these
    describes.
    """

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
    """What must hold right before a client is given anything, and before it is marked as looked at: nobody
    undeclared acts as it.

    It is read where `always`, and where an object of that key was found again or made by somebody else in
    this very run.
    """

    key: str
    probe: Probe
    always: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One write of an apply, with all that is needed to do it safely. Made by kinds, carried out by apply.

    id      unique and stable in a plan: `application.api/extend`.
    carries the addresses of the changes that this step carries out, wholly or in part.
    of    the application that it is a write of.
    chain the steps of one chain run one after another (one application each); "" when there is none.
    needs ids of steps that must have succeeded before; `order` says why,
    and is done with once they are known.
    watches what must hold before the write besides, of the clients that it gives something to.
    produces which properties of the answer become known as Ref(address, attribute): {Ref: "json property"}.
    guard    must hold right before the write (with this run's own steps counted in), else the tenant moved.
    found_by finds the effect of a write whose answer was lost: if it holds, the write is not repeated;
              its answer (the object, or the listed item) feeds `produces`.
    visible what must be readable before dependents of this step go on, checked only when a dependent is
    refused as transient,
              and at the end of apply ("ends when what it wrote can be read back").
    premise what this step builds on and this run does not write: read when a refusal looks like lag. Where it
    does not hold,
              somebody else changed it, and the refusal will not pass.
    done_if  error codes or message fragments that mean: it is so already.
    fallback tried instead when Graph refuses the request with CannotDeleteOrUpdateEnabledEntitlement:
    disable, then change;
              of a creation, when an object of that name is there: changed to what is declared.
    """

    id: str
    carries: tuple[Address, ...]
    phase: Phase
    request: Request
    of: Address | None = None
    chain: str = ""
    order: Order = FREE
    needs: frozenset[str] = frozenset()
    produces: Mapping[Ref, str] = field(default_factory=dict)
    guard: Probe | None = None
    found_by: Probe | None = None
    visible: Probe | None = None
    premise: Probe | None = None
    done_if: tuple[str, ...] = ()
    fallback: tuple[Request, ...] = ()
    watches: tuple[Watch, ...] = ()

    @property
    def creates(self) -> bool:
        """Tell whether it makes or restores an object, which replicas then come to know."""
        return self.phase is Phase.CREATE
