"""One shard in, its lock file as it should be out; and lock files that somebody read in, written out.

No run writes in a checkout: pins are results, and `fleet lock` writes those of the kinds that are said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from entra_config.cli import wiring
from entra_config.cli.fleet_chosen import Folder, Kinds, RunId, Whole
from entra_config.cli.options import Common
from entra_config.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from entra_config.cli.fleet_result import TenantOutcome
    from entra_config.cli.fleet_results import ReadResult
    from entra_config.manifest.environments.pins import Lock
    from entra_config.manifest.fleet.shards import LoadedShard


def outcome(common: Common, shard: LoadedShard) -> TenantOutcome:
    """Return what one tenant's lock file should hold, and what kind of pins that is."""
    return wiring.run(_outcome(common, shard))


async def _outcome(common: Common, shard: LoadedShard) -> TenantOutcome:
    from entra_config.cli.fleet_result import TenantOutcome
    from entra_config.cli.lock import changes
    from entra_config.fleet import pinned
    from entra_config.manifest import loader
    from entra_config.manifest.environments import lock
    from entra_config.pinning import live
    from entra_config.report import escape, fleet_kinds

    manifest = shard.manifest
    old = lock.read_valid(loader.pins_path(manifest))
    async with wiring.graph(common, manifest.tenant_id) as graph:
        new, left, unpinned = await live.pins(manifest, graph, old)
        known = await live.bearers(graph, pinned.named(old, new))
    found = pinned.of_lock(shard, (old, new), known, left, wiring.now())
    lines = [*changes(old, new), *(f"still to be decided: {each}" for each in (*left, *unpinned))]
    return TenantOutcome(
        3 if left else 2 if found.pins else 0,
        fleet_kinds.of_lock(found, left=bool(left)),
        text="\n".join(map(escape.text, lines)),
        unnamed="\n".join(map(escape.text, found.kind.headline)),
        lock=lock.write(new, manifest.environment, manifest.fleet_tenant) if found.pins else "",
    )


def command(
    context: typer.Context,
    folder: Folder,
    *,
    kinds: Kinds = None,
    report: Whole = None,
    run: RunId = None,
) -> int:
    """Write the lock files of pins that were read, by their ids in the report."""
    from entra_config.cli import fleet_chosen
    from entra_config.manifest.environments import lock

    common = Common.of(context)
    _, found = fleet_chosen.read(common, folder, "lock", run, ids=kinds, whole=report)
    # All of them hold before the first is written.
    files = [(each.shard, *_held(each)) for each in found]
    for shard, path, pins in files:
        try:
            lock.save(path, pins, shard.manifest.environment, shard.manifest.fleet_tenant)
        except OSError as error:
            raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
        common.output.data(f"{path}\n")
    common.output.say(f"wrote {_counted(files)}: review them like code")
    return 0


def _counted(files: list[tuple[LoadedShard, Path, Lock]]) -> str:
    from entra_config.report.lines import counted

    return counted(len(files), "lock file")


def _held(each: ReadResult) -> tuple[Path, Lock]:
    """Return where a lock file goes and what it holds: it is read anew, and is of that tenant alone."""
    from entra_config.manifest import loader
    from entra_config.manifest.environments import lock
    from entra_config.manifest.reading.problems import Problems

    manifest, problems = each.shard.manifest, Problems()
    path, name = loader.pins_path(manifest), each.shard.placed.shard.name
    assert each.result is not None  # it has a kind
    pins = lock.parse(each.result.lock.encode(), f"the lock file of {name}", problems)
    problems.finish()
    if pins.tenant_id != manifest.tenant_id:
        raise UsageError(f"{name}: its pins are of tenant {pins.tenant_id or 'none'}; nothing was written")
    return path, pins
