"""What a kind makes of changes besides steps: parts of a PATCH; and all that it may look at for that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from entra_config.graph.request import Request
from entra_config.kinds.directory import Directory
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Change, Delete
from entra_config.plan.steps import FREE, Order, Phase, Step, Watch
from entra_config.resource import Address, Resource, State, Value


@dataclass(frozen=True, slots=True)
class Patch:
    """A part of a PATCH: those of one target and phase become one step.

    `first` is sent before where Graph wants it disabled.
    """

    target: Address
    phase: Phase
    values: Mapping[str, Value]
    carries: tuple[Address, ...]
    of: Address
    order: Order = FREE
    first: Mapping[str, Value] = field(default_factory=dict)
    done_if: tuple[str, ...] = ()


def purge(address: Address, id_: str, application: Address) -> Step:
    """Return the step that deletes an object for good before the one at `address` is created: a deleted
    application keeps its uniqueName and identifier URIs (msgraph-bicep-types#137).
    """
    return Step(
        id=f"{address}/purge/{id_}",
        carries=(address,),
        phase=Phase.CREATE,
        request=Request("DELETE", f"/directory/deletedItems/{id_}"),
        of=application,
        done_if=("Request_ResourceNotFound",),
    )


@dataclass(frozen=True, slots=True)
class Rechecks:
    """What is read again of a client before it is given anything, and must hold.

    `marked`: first who owns it, then this run writes a mark of its own, and only an answer that bears it
    counts for the rest. So nothing rests on how far two answers are behind: whoever left before the mark did
    all that he did before it.
    """

    owners: tuple[Watch, ...]
    others: tuple[Watch, ...]
    marked: bool = False


@dataclass(frozen=True, slots=True)
class WriteView:
    """All that expanding changes into writes may look at."""

    manifest: Manifest
    directory: Directory
    desired: State
    actual: State
    changes: Mapping[Address, Change]
    bind: tuple[str, ...] = ()
    purges: Mapping[Address, tuple[str, ...]] = field(default_factory=dict)
    looks: Mapping[Address, Rechecks] = field(default_factory=dict)
    _below: Mapping[tuple[str, Address | None], list[Resource]] = field(init=False, repr=False, compare=False)
    _deleted: Mapping[Address | None, list[Address]] = field(init=False, repr=False, compare=False)
    _bearing: Mapping[str, list[Address]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        below, deleted, bearing = defaultdict(list), defaultdict(list), defaultdict(list)
        for resource in self.desired:
            below[resource.address.kind, resource.parent].append(resource)
        for address, change in self.changes.items():
            if isinstance(change, Delete):
                deleted[change.before.parent].append(address)
        for resource in self.actual:
            if app_id := resource.facts.properties.get("appId"):
                bearing[app_id].append(resource.address)
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
