"""Manifest and directory in, desired and live States out; grants that may not be given are held back and said."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from entra_config.kinds.base import Directory, Grant, Kind, application_address
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Notice, Refusal
from entra_config.resource import Address, Ref, Resource, State, resolve

Judge = Callable[[Grant], Refusal | Notice | None]


@dataclass(frozen=True, slots=True)
class Restrained:
    """A desired State without what may not be granted, and why."""

    state: State
    refusals: tuple[Refusal, ...] = ()
    notices: tuple[Notice, ...] = ()


def build(manifest: Manifest, directory: Directory, kinds: Iterable[Kind]) -> State:
    """Return what the manifest wants."""
    return _state(resource for kind in kinds for resource in kind.desired(manifest, directory))


def live(manifest: Manifest, directory: Directory, kinds: Iterable[Kind]) -> State:
    """Return what the tenant has, as far as the manifest manages it."""
    return _state(resource for kind in kinds for resource in kind.actual(manifest, directory))


def _state(resources: Iterable[Resource]) -> State:
    found: dict[Address, Resource] = {}
    for resource in resources:
        # The same user may be named twice, by name and by id; that is one assignment.
        found.setdefault(resource.address, resource)
    return State(found)


def resolved(state: State, known: Mapping[Ref, str]) -> State:
    """Return the state with every reference filled in that the tenant can already answer."""
    return State({resource.address: dataclasses.replace(resource, values=resolve(resource.values, known)) for resource in state})


def restrain(desired: State, actual: State, kinds: Iterable[Kind], judge: Judge) -> Restrained:
    """Hold back each grant that is new and that `judge` objects to; what is granted already stays as it is."""
    by_name = {kind.name: kind for kind in kinds}
    kept: dict[Address, Resource] = {}
    said: dict[Refusal | Notice, None] = {}
    for resource in desired:
        kind = by_name[resource.address.kind]
        before = actual.get(resource.address)
        held = set(kind.grants(before)) if before is not None else set()
        objections = {grant: why for grant in kind.grants(resource) if grant not in held and (why := judge(grant)) is not None}
        said |= dict.fromkeys(objections.values())
        left = kind.without(resource, objections.keys()) if objections else resource
        if left is not None:
            kept[resource.address] = left
    refusals = tuple(each for each in said if isinstance(each, Refusal))
    return Restrained(State(kept), refusals, tuple(each for each in said if isinstance(each, Notice)))


def distrust(manifest: Manifest, grant: Grant, doubts: Mapping[str, str]) -> Refusal | Notice | None:
    """Object to anything new for a client that somebody undeclared could act as: a refusal where the environment is protected."""
    if grant.client not in doubts:
        return None
    address = application_address(grant.client)
    declared = manifest.applications.get(grant.client)
    position = declared.position if declared else None
    message = f"{grant.client} is granted nothing new at {grant.resource}: {doubts[grant.client]}"
    return Refusal("", message, address, position) if manifest.protected else Notice(message, address, position)


def until_restored(
    manifest: Manifest, directory: Directory, desired: State, actual: State, kinds: Iterable[Kind]
) -> tuple[State, State]:
    """Return what can be compared now, and what cannot before a deleted application is back: owners, assignments, consents."""
    back = {key: live.subject for key, live in directory.live.items() if live.subject.deleted}
    asking = {
        kind.name
        for kind in kinds
        for subject in back.values()
        if kind.ask(dataclasses.replace(subject, deleted=False), manifest)
    }
    now: dict[Address, Resource] = {}
    then: dict[Address, Resource] = {}
    for resource in desired:
        inside = resource.parent is not None and resource.parent.key in back
        waits = inside and resource.address.kind in asking and resource.address not in actual
        (then if waits else now)[resource.address] = resource
    return State(now), State(then)
