"""Manifest and directory in, desired and actual States out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from entra_config.kinds.base import Directory, Kind
from entra_config.manifest.model import Manifest
from entra_config.resource import Address, Ref, Resource, State, resolve


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
