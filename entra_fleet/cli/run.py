"""Shards and what is to be done in them in; a result of each out, made in a process of its own."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from entra_config.cli import wiring
from entra_config.cli.options import Common
from entra_config.cli.plan import Allow
from entra_config.errors import UsageError
from entra_fleet.cli.selection import ApprovalId

if TYPE_CHECKING:
    from entra_fleet.report.approval_document import FleetApprovalDocument
    from entra_fleet.run.tenant_result import Task

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

Shards = Annotated[list[str] | None, typer.Argument(metavar="TENANT/PROJECT", help="The shards; or --all.")]
Every = Annotated[bool, typer.Option("--all", help="All shards, wave by wave, by a cluster of Dask.")]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler", metavar="URL", help="A cluster that exists: tls://…; default: one made here."
    ),
]
Parallel = Annotated[
    int, typer.Option("--parallel", metavar="N", min=1, help="With --all: how many shards at once.")
]
FromWave = Annotated[
    int, typer.Option("--from-wave", metavar="N", min=1, help="With --all: the first wave that is done.")
]
Base = Annotated[
    str | None,
    typer.Option(
        "--base",
        metavar="REF",
        help="With plan: what variables filled at this git revision, or in this folder, makes no other kind.",
    ),
]
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


def command(
    context: typer.Context,
    shard: Shards = None,
    *,
    do: Do,
    results: Results,
    every: Every = False,
    scheduler: Scheduler = None,
    parallel: Parallel = 8,
    from_wave: FromWave = 1,
    run: RunId = None,
    allow: Allow = None,
    base: Base = None,
    approval: ApprovalFile = None,
    approval_id: ApprovalId = None,
    shard_timeout: Timeout = 1800,
) -> int:
    """Do one thing in some or all shards, each in a process of its own; write a result of each."""
    from entra_fleet.run import waves
    from entra_fleet.run.deciding import Flags
    from entra_fleet.run.tenant_result import Task

    common = Common.of(context)
    name = run or f"{wiring.now():%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    if not _ID.fullmatch(name):
        raise UsageError(f"--run {name}: letters, digits, dots, hyphens and underscores, 64 at most")
    if bool(shard) == every:
        raise UsageError("say which shards, or --all")
    if not every and (scheduler is not None or from_wave != 1):
        raise UsageError("--scheduler and --from-wave are of --all")
    flags = Flags(tuple(sorted(wiring.words(allow))), common.cloud)
    document = _approval(do, approval, approval_id)
    if base is not None and (do != "plan" or scheduler is not None):
        raise UsageError("--base is of --do plan, and not of --scheduler: each worker has its own checkout")
    with _was(common, base) as before:
        template = Task("", do, name, results, flags, document, base=before)
        if every:
            how = waves.How(scheduler, parallel, from_wave, shard_timeout)
            return waves.run(common, template, how)
        return _some(common, template, list(dict.fromkeys(shard or ())), shard_timeout, reported=run is None)


@contextmanager
def _was(common: Common, base: str | None) -> Iterator[Path | None]:
    """Yield where the fleet's file stands as it was, if that is asked for and it holds."""
    if base is None:
        yield None
        return
    from entra_config.drift import fleet_base
    from entra_fleet.run import unchanged

    assert common.fleet is not None  # the command has a default
    with fleet_base.at(common.fleet, base) as before:
        unchanged.report_missing(before, common.output)
        yield before.fleet.path if before.fleet is not None else None


def _some(common: Common, template: Task, names: list[str], seconds: float, *, reported: bool) -> int:
    """Do some shards one after the other."""
    from entra_fleet.report import wording
    from entra_fleet.run import apart, tenant_run
    from entra_fleet.run.tenant_process import ShardProcesses

    loaded = tenant_run.load(common, names)
    if reported:
        common.output.say(f"run {template.run}")
    assert common.fleet is not None  # the command has a default
    with ShardProcesses(common.fleet, base=template.base) as processes:
        for name, shard in zip(names, loaded, strict=True):
            task = replace(template, shard=name)
            if tenant_run.done(task, shard):
                how = "ended under this approval" if task.document else "done in this run"
                common.output.say(f"{name}: {how}")
                continue
            if common.session is not None:
                found = tenant_run.run(common, task)
            else:
                ended, why = apart.run(processes, common, task, seconds)
                found = ended or apart.lost(task, shard, why)
            common.output.say(f"{name}: {wording.came(found)}")
    return 0


def _approval(do: str, file: Path | None, expected: str | None) -> FleetApprovalDocument | None:
    """Read the approval of an apply: without one, and with one that was edited, nothing is begun."""
    if (do == "apply") != (file is not None) or (expected is not None and file is None):
        raise UsageError(
            "--do apply needs --approval FILE, which `fleet approve` wrote; nothing else takes it"
        )
    if file is None:
        return None
    from entra_fleet.approval import approval_file

    return approval_file.read(file, expected)
