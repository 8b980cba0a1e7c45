"""The shards of a fleet and what is wanted of them in; those that are meant, each with its chunk, out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from entra_config.errors import UsageError
from entra_config.manifest.reading.problems import near
from entra_config.manifest.tenants.model import Fleet, PlacedShard


@dataclass(frozen=True, slots=True)
class ShardChoice:
    """Which shards are meant: of one of these tags, of one of these projects, of a wave."""

    tags: frozenset[str] = frozenset()
    projects: frozenset[str] = frozenset()
    wave: int | None = None

    def of(self, fleet: Fleet) -> list[PlacedShard]:
        """Return the shards in order; a tag, project or wave that there is not is an error."""
        _check("tag", self.tags, {tag for each in fleet.tenants.values() for tag in each.tags})
        _check("project", self.projects, fleet.projects)
        if self.wave is not None and not 1 <= self.wave <= len(fleet.waves):
            raise UsageError(f"--wave {self.wave}: {fleet.path} has {len(fleet.waves)}")
        return [each for each in fleet.placed() if self._has(each)]

    def _has(self, each: PlacedShard) -> bool:
        return (
            (not self.tags or bool(self.tags & each.tags))
            and (not self.projects or each.project.key in self.projects)
            and self.wave in {None, each.wave}
        )


def _check(noun: str, wanted: Iterable[str], known: Iterable[str]) -> None:
    every = list(known)
    for word in sorted(wanted):
        if word not in every:
            raise UsageError(f"--{noun} {word}: the fleet has none of that name.{near(word, every)}")


def chunks(shards: Sequence[PlacedShard], number: int) -> Mapping[str, int]:
    """Return the chunk of each shard, from 1: about equally many tenants each, and all shards of a tenant in
    one, as nothing is written in one tenant from two places.
    """
    tenants = list(dict.fromkeys(each.shard.tenant for each in shards))
    by_tenant = {tenant: place * number // len(tenants) + 1 for place, tenant in enumerate(tenants)}
    # With fewer tenants than chunks there is one for each.
    known = {chunk: place for place, chunk in enumerate(sorted(set(by_tenant.values())), 1)}
    return {each.shard.name: known[by_tenant[each.shard.tenant]] for each in shards}
