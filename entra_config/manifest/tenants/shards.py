"""A fleet in; every shard loaded as an environment of its manifest, or one error with what is wrong with any,
out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from entra_config.errors import ManifestError
from entra_config.manifest import loader
from entra_config.manifest.environments import source
from entra_config.manifest.loader import Loaded
from entra_config.manifest.model import Manifest
from entra_config.manifest.reading.problems import Problems
from entra_config.manifest.tenants import reading
from entra_config.manifest.tenants.model import Fleet, PlacedShard


@dataclass(frozen=True, slots=True)
class LoadedShard:
    """A shard with what it is: an environment of a manifest; `hashed` keeps the hash of that, once somebody
    has made it.
    """

    placed: PlacedShard
    loaded: Loaded
    hashed: list[str] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def manifest(self) -> Manifest:
        """Return the environment."""
        return self.loaded.manifest

    @property
    def pins_path(self) -> Path:
        """Return the path of its lock file."""
        return loader.pins_path(self.manifest)


def every(fleet: Fleet) -> list[LoadedShard]:
    """Load every shard, in order."""
    return chosen(fleet, list(fleet.placed()))


def chosen(fleet: Fleet, wanted: list[PlacedShard]) -> list[LoadedShard]:
    """Load some shards; what is wrong in several of them is told once for each place and text."""
    problems = Problems()
    found = []
    for each in _loaded(fleet, wanted):
        if isinstance(each, ManifestError):
            problems.extend(each)
        else:
            found.append(each)
    problems.finish()
    return found


def holding(fleet: Fleet) -> list[LoadedShard]:
    """Load every shard that holds; what does not is none."""
    return [each for each in _loaded(fleet, list(fleet.placed())) if isinstance(each, LoadedShard)]


def one(fleet: Fleet, placed: PlacedShard) -> LoadedShard:
    """Load one shard."""
    return chosen(fleet, [placed])[0]


def before(shard: LoadedShard) -> list[LoadedShard]:
    """Load the shards of the same tenant whose projects come right before this one's."""
    placed = shard.placed
    fleet = reading.read(placed.shard.fleet)
    tenant = fleet.tenants[placed.shard.tenant]
    wanted = [
        fleet.place(tenant, each)
        for each in fleet.ordered()
        if each.key in tenant.projects and placed.project.key in each.before
    ]
    return chosen(fleet, wanted)


def _loaded(fleet: Fleet, wanted: list[PlacedShard]) -> Iterator[LoadedShard | ManifestError]:
    # The files of a project are read once, whatever the number of its tenants.
    sources = {root: source.read(root) for root in _roots(fleet, wanted)}
    for each in wanted:
        read = replace(sources[each.project.root], shard=each.shard)
        try:
            yield LoadedShard(each, loader.load_one(read))
        except ManifestError as error:
            yield error


def _roots(fleet: Fleet, wanted: list[PlacedShard]) -> list[Path]:
    keys = {each.project.key for each in wanted}
    return [project.root for key, project in fleet.projects.items() if key in keys]
