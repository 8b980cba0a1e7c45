"""What may be granted and what is there in; the changes, with what a person should know before saying yes, out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from entra_config.actual.found import Found
from entra_config.checks import certificates, foreseen, handovers, notes, watches
from entra_config.checks.judging import Judged
from entra_config.kinds.base import View
from entra_config.kinds.table import SHAPES
from entra_config.manifest.model import Manifest
from entra_config.plan.diff import diff
from entra_config.plan.model import Change, Create, Notice, Refusal, address_of
from entra_config.resource import State


@dataclass(frozen=True, slots=True)
class Changes:
    """What changes now and what follows once a deleted application is back, how much stays, and what Graph would refuse."""

    now: tuple[Change, ...]
    following: tuple[Create, ...]
    unchanged: int
    warnings: tuple[Notice, ...]
    refusals: tuple[Refusal, ...]


def changes(manifest: Manifest, found: Found, judged: Judged, actual: State, now: datetime) -> Changes:
    """Return the difference between what may be granted and what is there."""
    directory = found.directory
    names = {**directory.names, **certificates.names(manifest)}
    following = diff(judged.waiting, State({}), SHAPES, names=directory.names).changes
    difference = diff(judged.desired, actual, SHAPES, names=names, released=notes.released(manifest, actual))
    noted = handovers.noted((notes.annotated(change, found, now) for change in difference.changes), directory)
    said = [
        *foreseen.check((*noted, *following), found, judged.desired),
        *certificates.ended(manifest, directory, now),
    ]
    return Changes(
        noted,
        tuple(change for change in following if isinstance(change, Create)),
        difference.unchanged,
        tuple(each for each in said if isinstance(each, Notice)),
        tuple(each for each in said if isinstance(each, Refusal)),
    )


def view(manifest: Manifest, found: Found, desired: State, actual: State, made: Changes) -> View:
    """Return all that making steps of the changes may look at, with what must hold before anything is granted."""
    by_address = {address_of(change): change for change in made.now}
    return View(
        manifest,
        found.directory,
        desired,
        actual,
        by_address,
        bind=found.bind,
        purges=found.purges,
        watches=watches.watches(manifest, found.directory, by_address, found.bind),
    )
