"""Compare the tenants of a fleet with the fleet as it was."""

from __future__ import annotations

from collections.abc import Iterable

from entra_config.cli.output import Output
from entra_config.drift.fleet_base import FleetBase
from entra_config.manifest.tenants.shards import LoadedShard
from entra_fleet.run import deciding
from entra_fleet.run.deciding import Flags


def find_unchanged(base: FleetBase, now: Iterable[LoadedShard]) -> frozenset[str]:
    """Return the names of those shards that the same decides as then; of what is new or did not hold nothing
    is the same.
    """
    before = {name: _hash(each) for name, each in base.shards().items()}
    names = ((each.placed.shard.name, each) for each in now)
    return frozenset(name for name, each in names if before.get(name) == _hash(each))


def report_missing(base: FleetBase, output: Output) -> None:
    """Say where nothing can be compared."""
    if base.reason:
        output.say(f"--base {base.name}: {base.reason}; every shard counts as changed", "yellow")


def _hash(shard: LoadedShard) -> str:
    return deciding.digest(shard, Flags(), deciding.tool())
