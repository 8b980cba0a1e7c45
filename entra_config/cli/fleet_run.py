"""Shards and what is to be done in them in; a result of each out, made in a process of its own."""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from entra_config.cli import wiring
from entra_config.cli.options import Common
from entra_config.cli.plan import Allow
from entra_config.errors import UsageError

if TYPE_CHECKING:
    from entra_config.cli.fleet_processes import ShardProcesses
    from entra_config.cli.fleet_result import Task
    from entra_config.manifest.fleet.shards import LoadedShard
    from entra_config.report.fleet_approval_document import FleetApprovalDocument
    from entra_config.report.fleet_document import FleetResultDocument

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SECONDS = 1.0  # between asking a process to end and ending it
_APPLYING = 30.0  # of one that writes: what is in flight is finished
_SAID = 400  # characters of what a process said last

Shards = Annotated[list[str], typer.Argument(metavar="TENANT/PROJECT...", help="The shards.")]
Do = Annotated[
    Literal["plan", "apply", "drift", "lint", "test", "lock", "credentials"],
    typer.Option("--do", help="What is done in each."),
]
Results = Annotated[Path, typer.Option("--results", metavar="DIR", help="Where a file of each result goes.")]
RunId = Annotated[
    str | None,
    typer.Option("--run", metavar="ID", help="The run: what it has a result of is not done again."),
]
Timeout = Annotated[
    float, typer.Option("--shard-timeout", metavar="SECONDS", min=0.1, help="How long one shard may take.")
]
ApprovalFile = Annotated[
    Path | None, typer.Option("--approval", metavar="FILE", help="What `fleet approve` wrote; for apply.")
]
ApprovalId = Annotated[
    str | None, typer.Option("--approval-id", metavar="ID", help="Only if the approval has this id.")
]


def command(
    context: typer.Context,
    shard: Shards,
    *,
    do: Do,
    results: Results,
    run: RunId = None,
    allow: Allow = None,
    approval: ApprovalFile = None,
    approval_id: ApprovalId = None,
    shard_timeout: Timeout = 1800,
) -> int:
    """Do one thing in some shards, each in a process of its own, and write a result of each."""
    from entra_config.cli import fleet_result, fleet_shard
    from entra_config.cli.fleet_processes import ShardProcesses
    from entra_config.fleet.deciding import Flags
    from entra_config.report import fleet_wording

    common = Common.of(context)
    name = run or f"{wiring.now():%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    if not _ID.fullmatch(name):
        raise UsageError(f"--run {name}: letters, digits, dots, hyphens and underscores, 64 at most")
    flags = Flags(tuple(sorted(wiring.words(allow))), common.cloud)
    document = _approval(do, approval, approval_id)
    tasks = [fleet_result.Task(each, do, name, results, flags, document) for each in dict.fromkeys(shard)]
    loaded = fleet_shard.load(common, [each.shard for each in tasks])
    if run is None:
        common.output.say(f"run {name}")
    assert common.fleet is not None  # the command has a default
    with ShardProcesses(common.fleet) as processes:
        for task, each in zip(tasks, loaded, strict=True):
            if fleet_shard.done(task, each):
                common.output.say(
                    f"{task.shard}: {'ended under this approval' if document else 'done in this run'}"
                )
                continue
            if common.session is not None:
                found = fleet_shard.run(common, task)
            else:
                found = _apart(processes, common, task, each, shard_timeout)
            common.output.say(f"{task.shard}: {fleet_wording.came(found)}")
    return 0


def _approval(do: str, file: Path | None, expected: str | None) -> FleetApprovalDocument | None:
    """Read the approval of an apply: without one, and with one that was edited, nothing is begun."""
    if (do == "apply") != (file is not None) or (expected is not None and file is None):
        raise UsageError(
            "--do apply needs --approval FILE, which `fleet approve` wrote; nothing else takes it"
        )
    if file is None:
        return None
    from entra_config.cli import fleet_approval

    return fleet_approval.read(file, expected)


def _apart(
    processes: ShardProcesses, common: Common, task: Task, shard: LoadedShard, seconds: float
) -> FleetResultDocument:
    """Run one shard in a process; where that leaves no result, write why."""
    from entra_config.cli import fleet_apply, fleet_result

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
    found, _ = fleet_result.read(task.file)
    if found is not None and (found.run, found.shard, found.do) == (task.run, task.shard, task.do):
        return found
    why = (
        f"ended after {seconds:g} seconds (--shard-timeout)"
        if end.late
        else f"its process {end.how} and left no result: {end.said.strip()[-_SAID:]}"
    )
    answer = (
        fleet_apply.unknown(task, why) if task.document is not None else fleet_result.Answer(1, error=why)
    )
    return fleet_result.write(task, shard, answer)
