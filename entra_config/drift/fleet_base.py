"""Read the file of a fleet as it was at a git revision, or in another folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from entra_config.drift.base import manifest_at
from entra_config.errors import ManifestError
from entra_config.manifest.tenants import reading, shards
from entra_config.manifest.tenants.model import Fleet, PlacedShard
from entra_config.manifest.tenants.shards import LoadedShard
from entra_config.manifest.widened import widened


@dataclass(frozen=True, slots=True)
class FleetBase:
    """A fleet as it was: what names it, where its file stands, and why there is none where there was none
    that holds.
    """

    name: str
    path: Path
    fleet: Fleet | None
    reason: str = ""

    def shards(self) -> dict[str, LoadedShard]:
        """Return the shards of then that hold, by name."""
        if self.fleet is None:
            return {}
        return {each.placed.shard.name: each for each in shards.holding(self.fleet)}

    def lowered(self, now: Fleet) -> tuple[str, ...]:
        """Return which guards are lowered since then, in words, of those that decide no plan: the
        fleet's own, and what files of its projects may declare.
        """
        from entra_config.manifest.tenants import guards

        if self.fleet is None:
            return (f"{self.reason}: all of it counts as new",)
        found = list(guards.of_fleet(self.fleet, now))
        for key in now.projects:
            found += [f"{key}: {text}" for text in _widened(self.fleet, now, key)]
        return tuple(found)


def _widened(then: Fleet, now: Fleet, project: str) -> Iterator[str]:
    """Yield which files of a project may declare more: they are alike in all of its tenants."""
    before, after = _any(then, project), _any(now, project)
    if before is None or after is None:
        return
    try:
        was = shards.one(then, before).manifest
    except ManifestError as error:
        yield f"what was there does not hold, so all of it counts as new: {error.problems[0].message}"
        return
    yield from widened(was, shards.one(now, after).manifest)


def _any(fleet: Fleet, project: str) -> PlacedShard | None:
    return next((each for each in fleet.placed() if each.project.key == project), None)


@contextmanager
def at(path: Path, base: str) -> Iterator[FleetBase]:
    """Yield the fleet of a file as it was: that of a folder, or of a git revision."""
    there = Path(base) / path.name if Path(base).is_dir() else Path(base)
    # A branch may have the name of a folder: only where a fleet's file stands, a folder is meant.
    if there.is_file():
        yield _read(base, there)
        return
    with manifest_at(path.absolute(), base) as (found, _):
        yield _read(base, found)


def _read(base: str, path: Path) -> FleetBase:
    if not path.is_file():
        return FleetBase(base, path, None, "there was no fleet")
    try:
        return FleetBase(base, path, reading.read(path))
    except ManifestError as error:
        return FleetBase(base, path, None, f"the fleet did not hold: {error.problems[0].message}")
