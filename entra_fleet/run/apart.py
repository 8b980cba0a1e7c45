"""A task in; its shard done in a process of its own, and the result, or why there is none, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from entra_fleet.run import apply, tenant_result

if TYPE_CHECKING:
    from entra_config.cli.options import Common
    from entra_config.manifest.tenants.shards import LoadedShard
    from entra_fleet.report.document import FleetResultDocument
    from entra_fleet.run.tenant_process import ShardProcesses
    from entra_fleet.run.tenant_result import Task

_SECONDS = 1.0  # between asking a process to end and ending it
_APPLYING = 30.0  # of one that writes: what is in flight is finished
_SAID = 400  # characters of what a process said last


def run(
    processes: ShardProcesses, common: Common, task: Task, seconds: float
) -> tuple[FleetResultDocument | None, str]:
    """Run one shard in a process; return its result, or none and why."""
    if (ended := _ended(task)) is not None:
        return ended, ""
    # What an earlier process left of this shard is not what this one leaves.
    task.file.unlink(missing_ok=True)
    request = {
        "fleet": str(common.fleet),
        "cloud": common.cloud,
        "credential": common.credential,
        "results": str(task.results),
        "task": task.json(),
    }
    grace = _APPLYING if task.document is not None else _SECONDS
    end = processes.run(request, seconds=seconds, grace=grace)
    found, _ = tenant_result.read(task.file)
    if found is not None and (found.run, found.shard, found.do) == (task.run, task.shard, task.do):
        return found, ""
    if (ended := _ended(task)) is not None:
        return ended, ""
    if end.late:
        return None, f"ended after {seconds:g} seconds (--shard-timeout)"
    return None, f"its process {end.how} and left no result: {end.said.strip()[-_SAID:]}"


def _ended(task: Task) -> FleetResultDocument | None:
    """Return the result of an apply that has ended under this approval, whoever carried it out."""
    found, _ = tenant_result.read(task.file)
    document = task.document
    return found if document is not None and apply.ended(found, document) else None


def lost(task: Task, shard: LoadedShard, why: str) -> FleetResultDocument:
    """Write why a shard has no result of its own: of an apply nobody knows what came, unless another worker
    has ended it.
    """
    if (ended := _ended(task)) is not None:
        return ended
    outcome = (
        apply.unknown(task, why) if task.document is not None else tenant_result.TenantOutcome(1, error=why)
    )
    return tenant_result.write(task, shard, outcome)
