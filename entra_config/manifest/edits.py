"""A manifest as it was and as it is in, for one environment, with their lock files; which guards
(`guards.py`) and pins a change edits, out.

pin                           told where
a name                        it has another id, is new, or is said to be called otherwise; those that go are
                              counted
an application of ours        it has another appId, or owners and credentials of it are accepted
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from entra_config.manifest.environments.pins import Lock, Pin, PinnedApplication
from entra_config.manifest.guards import Guard, lowered
from entra_config.manifest.model import Manifest
from entra_config.manifest.policy import Policy

TYPES = {"user": "users", "group": "groups", "servicePrincipal": "service_principals"}
UNPINNED = PinnedApplication()


@dataclass(frozen=True, slots=True)
class NameEdit:
    """One name whose pin changes; no `before` where it is new."""

    type: str
    name: str
    before: Pin | None
    after: Pin


@dataclass(frozen=True, slots=True)
class ApplicationEdit:
    """One key of ours whose pin changes."""

    key: str
    before: PinnedApplication
    after: PinnedApplication


@dataclass(frozen=True, slots=True)
class Edits:
    """What a change does to guards and pins; `gone` counts the pins that it takes away, `lock` is where
    pins stand.
    """

    guards: tuple[Guard, ...] = ()
    names: tuple[NameEdit, ...] = ()
    applications: tuple[ApplicationEdit, ...] = ()
    candidates: tuple[str, ...] = ()
    gone: int = 0


NOTHING = Edits()


def between(before: tuple[Manifest, Lock] | None, after: tuple[Manifest, Lock]) -> Edits:
    """Return what changes between two sides of one environment; without a side before it is new, and all
    of it is told.
    """
    manifest, lock = after
    old, pins = before or (_unprotected(manifest), Lock())
    return Edits(
        guards=tuple(lowered(old, manifest)),
        names=tuple(_names(pins, lock)),
        applications=tuple(_applications(pins, lock)),
        candidates=tuple(sorted({*pins.rejected} - {*lock.rejected})),
        gone=sum(len({*getattr(pins, each)} - {*getattr(lock, each)}) for each in TYPES.values())
        + len({*pins.applications} - {*lock.applications}),
    )


def _unprotected(manifest: Manifest) -> Manifest:
    """Return an environment of which nothing was said before: each thing that it lets happen is new."""
    return replace(manifest, policy=Policy(), acknowledged={}, deployers=(), ignores=(), sinks={})


def _names(old: Lock, new: Lock) -> Iterator[NameEdit]:
    for type_, section in TYPES.items():
        before, after = getattr(old, section), getattr(new, section)
        yield from (
            NameEdit(type_, name, before.get(name), pin)
            for name, pin in sorted(after.items())
            if before.get(name) != pin
        )


def _applications(old: Lock, new: Lock) -> Iterator[ApplicationEdit]:
    for key, pinned in sorted(new.applications.items()):
        was = old.applications.get(key, UNPINNED)
        trusted = pinned.trusted - was.trusted
        if pinned.app_id != was.app_id or trusted or pinned.was != was.was:
            yield ApplicationEdit(key, was, pinned)
