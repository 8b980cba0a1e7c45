"""One shard and what is to be done in it in; its result, and the file of it, out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from entra_config.cli import wiring
from entra_config.cli.options import Common
from entra_config.errors import EntraConfigError, ManifestError, UsageError
from entra_config.manifest.tenants import choosing, reading, shards
from entra_fleet.run import apply, deciding
from entra_fleet.run.tenant_result import Task, TenantOutcome, of_plan, read, write

if TYPE_CHECKING:
    from entra_config.manifest.tenants.shards import LoadedShard
    from entra_fleet.report.document import FleetResultDocument

OTHER = (
    "the worker's checkout is another one: files, lock file, cloud or tool give another hash there; nothing "
    "was done (bring it to the same commit, and start the worker again)"
)


def load(common: Common, names: Sequence[str]) -> list[LoadedShard]:
    """Load some shards of the fleet by their names."""
    assert common.fleet is not None  # the command has a default
    fleet = reading.read(common.fleet)
    return shards.chosen(fleet, [choosing.named(fleet, each) for each in names])


def done(task: Task, shard: LoadedShard) -> bool:
    """Tell whether this very run has a result of the shard already, or an apply of it has ended under this
    approval; an error is tried again.
    """
    found, _ = read(task.file)
    if task.document is not None:
        return apply.ended(found, task.document)
    return (
        found is not None
        and found.code != 1
        and (found.run, found.shard, found.do) == (task.run, task.shard, task.do)
        and found.hash == deciding.digest(shard, task.flags, deciding.tool())
    )


def run(common: Common, task: Task) -> FleetResultDocument:
    """Do it, in this process, and write the result; what goes wrong is a result too.

    Of those who write in one tenant, the second waits for the first, and begins nothing that it has done.
    """
    if task.document is None:
        return _run(common, task)
    with apply.alone(task):
        found, _ = read(task.file)
        if found is not None and apply.ended(found, task.document):
            return found
        return _run(common, task)


def _run(common: Common, task: Task) -> FleetResultDocument:
    [shard] = load(common, [task.shard])
    placed = shard.placed.shard
    one = Common(
        placed.environment,
        shard.placed.project.root,
        common.cloud,
        common.credential,
        common.output,
        common.session,
        common.fleet,
        placed.tenant,
        shard.loaded,
    )
    try:
        if task.document is None and task.hash not in {
            "",
            deciding.digest(shard, task.flags, deciding.tool()),
        }:
            raise UsageError(OTHER)
        outcome = _DO[task.do](one, shard, task)
    except EntraConfigError as error:
        outcome = TenantOutcome(error.exit_code, error=str(error))
    return write(task, shard, outcome)


def _apply(common: Common, shard: LoadedShard, task: Task) -> TenantOutcome:
    return apply.outcome(common, shard, task)


def _plan(common: Common, shard: LoadedShard, task: Task) -> TenantOutcome:
    from entra_config.cli import plan
    from entra_config.plan.options import Options
    from entra_fleet.groups import classes
    from entra_fleet.run import rest

    base = str(task.base) if task.base is not None else None
    made = wiring.run(plan.make(common, Options(frozenset(task.flags.allow)), base=base, alike=True))
    kind = rest.kind(task, made, classes.of_plan(made, shard, _was(task, shard)))
    return of_plan(made, shard, plan.exit_code(made, detailed=True), kind)


def _was(task: Task, shard: LoadedShard) -> LoadedShard | None:
    """Return a shard as it was; None where it was not there, or did not hold."""
    placed = shard.placed.shard
    fleet = reading.read(task.base) if task.base is not None else None
    was = choosing.as_it_was(fleet, placed) if fleet is not None else None
    if fleet is None or was is None or was.shard.tenant_id != placed.tenant_id:
        return None
    try:
        return shards.one(fleet, was)
    except ManifestError:
        return None


def _find(common: Common, shard: LoadedShard, task: Task) -> TenantOutcome:  # noqa: ARG001  # of one shape with the others
    from entra_config.cli import findings
    from entra_fleet.report import kinds

    found = findings.find(task.do, common)
    return TenantOutcome(found.code, kinds.of_findings(found), text=found.text, unnamed=found.unnamed)


def _lock(common: Common, shard: LoadedShard, task: Task) -> TenantOutcome:  # noqa: ARG001  # of one shape with the others
    from entra_fleet.run import lock

    return lock.outcome(common, shard)


_DO = {
    "plan": _plan,
    "apply": _apply,
    "drift": _find,
    "lint": _find,
    "test": _find,
    "lock": _lock,
    "credentials": _find,
}
