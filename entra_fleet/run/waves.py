"""What is to be done in all shards in; wave by wave by a cluster, and a result of each, out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from entra_config.errors import UsageError

if TYPE_CHECKING:
    from entra_config.cli.options import Common
    from entra_config.manifest.tenants.shards import LoadedShard
    from entra_fleet.run.tenant_result import Task


@dataclass(frozen=True, slots=True)
class How:
    """Where a cluster is (None: one is made here), how many shards at once, from which wave, and how long a
    shard may take.
    """

    scheduler: str | None
    parallel: int
    from_wave: int
    seconds: float


def run(common: Common, template: Task, how: How) -> int:
    """Do all shards, or all that are approved; each wave of an approval is checked before it starts."""
    from entra_fleet.run import dask_cluster, wave_check
    from entra_fleet.run.driver import ClusterDriver

    if common.session is not None:
        raise UsageError("--all signs in by each worker")
    waves = _waves(common, template, how.from_wave)
    common.output.say(f"run {template.run}: {sum(map(len, waves.values()))} shards, {len(waves)} waves")
    template.results.mkdir(parents=True, exist_ok=True)
    cluster = (
        dask_cluster.remote(how.scheduler)
        if how.scheduler is not None
        else dask_cluster.local(common, template.results, how.parallel)
    )
    with cluster as client:
        driver = ClusterDriver(client, common.output, how.parallel, how.seconds)
        for number, every in sorted(waves.items()):
            if template.document is not None:
                wave_check.allow_wave(template.document, template.results, number)
            driver.wave(number, every)
    return 0


def _waves(common: Common, template: Task, first: int) -> dict[int, list[tuple[Task, LoadedShard]]]:
    from entra_config.manifest.tenants import reading, shards

    assert common.fleet is not None  # the command has a default
    fleet = reading.read(common.fleet)
    document = template.document
    approved = {each.shard for each in document.shards} if document is not None else None
    wanted = [each for each in fleet.placed() if approved is None or each.shard.name in approved]
    found: dict[int, list[tuple[Task, LoadedShard]]] = {}
    for each in shards.chosen(fleet, [each for each in wanted if each.wave >= first]):
        task = replace(template, shard=each.placed.shard.name)
        found.setdefault(each.placed.wave, []).append((task, each))
    return found
