"""`entra-config fleet lock`: write the lock files of the groups of pins that were reviewed.

No run writes in a checkout: pins are results.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from entra_config.cli.options import Common
from entra_config.errors import UsageError
from entra_fleet.cli.selection import Folder, Kinds, RunId, Whole

if TYPE_CHECKING:
    from pathlib import Path

    from entra_config.manifest.environments.pins import Lock
    from entra_config.manifest.tenants.shards import LoadedShard
    from entra_fleet.run.run_results import ReadResult


def command(
    context: typer.Context,
    folder: Folder,
    *,
    kinds: Kinds = None,
    report: Whole = None,
    run: RunId = None,
) -> int:
    """Write the lock files of pins that were read, by their ids in the report."""
    from entra_config.manifest.environments import lock
    from entra_fleet.cli import selection

    common = Common.of(context)
    _, found = selection.read(common, folder, "lock", run, ids=kinds, whole=report)
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
    from entra_config.manifest.environments import lock

    manifest = each.shard.manifest
    path, name = each.shard.pins_path, each.shard.placed.shard.name
    assert each.result is not None  # it has a kind
    pins = lock.parse(each.result.lock.encode(), f"the lock file of {name}")
    if pins.tenant_id != manifest.tenant_id:
        raise UsageError(f"{name}: its pins are of tenant {pins.tenant_id or 'none'}; nothing was written")
    return path, pins
