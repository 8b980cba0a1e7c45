"""Manifest and directory in, desired and actual States out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from entra_config.kinds import restoring
from entra_config.kinds.base import Kind
from entra_config.kinds.directory import Directory
from entra_config.kinds.table import OBJECTS, SHAPES
from entra_config.manifest import ending
from entra_config.manifest.model import Manifest
from entra_config.plan import ended
from entra_config.plan.options import NO_OPTIONS, Options
from entra_config.resource import Address, Ref, Resource, State, resolve

NOTHING = State({})
# By property: the value with which `disable` stops an application.
STOPPED = {"accountEnabled": False, "isDisabled": True}


@dataclass(frozen=True, slots=True)
class States:
    """What is desired and can be compared now, what waits until a deleted service principal is restored, and
    what the tenant has.

    `returning` is what may come back with such a service principal, as far as the requests show, and `kept`
    what shall be left of it.
    """

    desired: State
    waiting: State
    actual: State
    returning: State
    kept: State

    @property
    def names(self) -> dict[str, str]:
        """Return what the applications are called, by key: as the manifest wants it, where it says so."""
        applications = (each for each in (*self.actual, *self.desired) if each.address.kind in OBJECTS)
        return {each.address.key: each.display_name for each in applications if each.display_name}


def held(manifest: Manifest, now: datetime, options: Options = NO_OPTIONS) -> Manifest:
    """Return a manifest as it holds at an instant, without what is over; without all where all goes."""
    return manifest.destroyed() if options.destroy else ending.at(manifest, now)


def both(
    manifest: Manifest,
    directory: Directory,
    kinds: Iterable[Kind],
    staying: AbstractSet[str] = frozenset(),
) -> States:
    """Return the two sides, with every reference filled in that the tenant can already answer.

    `staying` are keys whose service principal stays deleted.
    """
    actual = live(manifest, directory, kinds)
    wanted = resolved(build(manifest, directory, kinds), actual.ids)
    if manifest.written is not None:
        written = resolved(build(manifest.written, directory, kinds), actual.ids)
        actual = ended.marked(actual, written, wanted, SHAPES)
    return States(
        *until_restored(directory, wanted, actual, kinds, staying),
        actual,
        *_returning(manifest, directory, kinds, actual, staying),
    )


def chosen(both: States, options: Options) -> States:
    """Return the two sides as the options want them compared; what is over is nobody's deed where it is
    overlooked.
    """
    if options.expired:
        return endings_alone(both)
    if not options.overlooking and options.revert is None:
        return both
    desired = ended.overlooked(both.desired, both.actual, SHAPES)
    if options.revert is not None:
        desired = _left_stopped(desired, both.actual)
    return dataclasses.replace(both, desired=desired)


def _left_stopped(desired: State, actual: State) -> State:
    """Return what is desired, with each application that is disabled left so: `enable` enables it again."""
    found = dict(desired.resources)
    for live in actual:
        stopped = {path: value for path, value in STOPPED.items() if live.values.get(path) is value}
        after = found.get(live.address)
        if after is not None and (kept := {path: stopped[path] for path in stopped if path in after.values}):
            found[live.address] = dataclasses.replace(after, values={**after.values, **kept})
    return State(found)


def endings_alone(both: States) -> States:
    """Return the two sides as if nothing but what is over were to change: what is deleted stays deleted."""
    gone = {each.address for each in both.actual if each.facts.deleted}
    live = State(
        {
            each.address: each
            for each in both.actual
            if each.address not in gone and (each.parent is None or each.parent not in gone)
        }
    )
    return States(ended.without(live, SHAPES), NOTHING, live, NOTHING, NOTHING)


def _returning(
    manifest: Manifest,
    directory: Directory,
    kinds: Iterable[Kind],
    actual: State,
    staying: AbstractSet[str],
) -> tuple[State, State]:
    coming = restoring.back(directory) - staying
    if not coming:
        return NOTHING, NOTHING
    then = restoring.returned(directory, coming)
    found = {
        resource.address: resource
        for resource in live(manifest, then, kinds)
        if resource.address not in actual
    }
    wanted = resolved(build(manifest, then, kinds), actual.ids)
    return State(found), State(
        {address: each for address in found if (each := wanted.get(address)) is not None}
    )


def build(manifest: Manifest, directory: Directory, kinds: Iterable[Kind]) -> State:
    """Return what the manifest wants."""
    return _state((kind, resource) for kind in kinds for resource in kind.desired(manifest, directory))


def live(manifest: Manifest, directory: Directory, kinds: Iterable[Kind]) -> State:
    """Return what the tenant has, as far as the manifest manages it."""
    return _state((kind, resource) for kind in kinds for resource in kind.actual(manifest, directory))


def _state(resources: Iterable[tuple[Kind, Resource]]) -> State:
    """Return the resources of one side, each normalised by its kind: the one place where that is done."""
    found: dict[Address, Resource] = {}
    for kind, resource in resources:
        # The same user may be named twice, by name and by id; that is one assignment.
        if (twin := found.get(resource.address)) is not None:
            if twin.ends:
                ends = ended.merged(twin.ends, resource.ends)
                found[resource.address] = dataclasses.replace(twin, ends=ends)
        else:
            values = kind.normal(resource.values)
            same = values is resource.values
            found[resource.address] = resource if same else dataclasses.replace(resource, values=values)
    return State(found)


def resolved(state: State, known: Mapping[Ref, str]) -> State:
    """Return the state with every reference filled in that the tenant can already answer."""
    return State({each.address: _filled(each, known) for each in state})


def _filled(resource: Resource, known: Mapping[Ref, str]) -> Resource:
    # Most of a large estate are links, which have no values.
    return (
        dataclasses.replace(resource, values=resolve(resource.values, known)) if resource.values else resource
    )


def _without_new(kind: Kind, resource: Resource, actual: State, back: AbstractSet[str]) -> Resource:
    """Return a resource without what it newly gives to, or at, an application that is deleted and comes
    back.
    """
    before = actual.get(resource.address)
    given = {grant for grant in kind.grants(resource) if {grant.client, grant.resource} & back}
    new = given - set(kind.grants(before)) if before is not None else set()
    if before is None or not new:
        return resource
    return kind.without(resource, new) or before


def until_restored(
    directory: Directory,
    desired: State,
    actual: State,
    kinds: Iterable[Kind],
    staying: AbstractSet[str] = frozenset(),
) -> tuple[State, State]:
    """Return what can be compared now, and what cannot before a deleted object is restored: the service
    principal of a deleted application, and owners, assignments and consents.

    What concerns one of the `staying` keys is in neither, unless the tenant has it already. Requests that
    shall go are in both: they stay as long as nobody has read whether there is consent to them.
    """
    back = restoring.back(directory)
    by_name = {kind.name: kind for kind in kinds}
    now: dict[Address, Resource] = {}
    then: dict[Address, Resource] = {}
    for resource in desired:
        kind = by_name[resource.address.kind]
        if not back:
            now[resource.address] = resource
            continue
        touched = _touched(kind, resource) & back
        if touched and _waits(directory, resource, actual, staying):
            if touched.isdisjoint(staying):
                then[resource.address] = resource
            continue
        less = _without_new(kind, resource, actual, back)
        now[resource.address] = restoring.remembering(directory, less, actual)
        if now[resource.address] is not resource and touched.isdisjoint(staying):
            then[resource.address] = resource
    return State(now), State(then)


def _touched(kind: Kind, resource: Resource) -> frozenset[str]:
    """Return the keys of the applications that a resource is part of, is held by or is held at."""
    grants = ({grant.client, grant.resource} for grant in kind.grants(resource))
    return frozenset({resource.application.key}).union(*grants)


def _waits(directory: Directory, resource: Resource, actual: State, staying: AbstractSet[str]) -> bool:
    """Return True if a resource that touches a deleted object cannot be compared yet."""
    if resource.parent is not None and resource.address.kind in OBJECTS:
        # Without its service principal nobody gets a token as an application: so that one is restored after
        # what could act as the application was read. Graph restores each by itself.
        key = resource.parent.key
        return directory.live[key].subject.deleted or key in staying
    return resource.address not in actual
