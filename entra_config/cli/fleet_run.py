"""Shards and what is to be done in them in; a result of each out, made in a process of its own."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from entra_config.cli import wiring
from entra_config.cli.options import Common
from entra_config.cli.plan import Allow
from entra_config.errors import UsageError

if TYPE_CHECKING:
    from entra_config.cli.fleet_result import Task
    from entra_config.manifest.fleet.shards import LoadedShard
    from entra_config.report.fleet_approval_document import FleetApprovalDocument
    from entra_config.report.fleet_document import FleetResultDocument

MEMORY = 512_000_000  # bytes of data that the process of one shard may hold
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SECONDS = 1.0  # between asking a process to end and ending it
_APPLYING = 30.0  # of one that writes: what is in flight is finished
_SAID = 400  # characters of what a process said last

Shards = Annotated[list[str], typer.Argument(metavar="TENANT/PROJECT...", help="The shards.")]
Do = Annotated[
    Literal["plan", "apply", "drift", "lint", "test", "lock"],
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
Here = Annotated[bool, typer.Option("--here", hidden=True, help="In this process: one shard of a run.")]


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
    here: Here = False,
) -> int:
    """Do one thing in some shards, each in a process of its own, and write a result of each."""
    from entra_config.cli import fleet_result, fleet_shard
    from entra_config.fleet.deciding import Flags
    from entra_config.report import fleet_wording

    common = Common.of(context)
    name = run or f"{wiring.now():%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    if not _ID.fullmatch(name):
        raise UsageError(f"--run {name}: letters, digits, dots, hyphens and underscores, 64 at most")
    flags = Flags(tuple(sorted(wiring.words(allow))), common.cloud)
    document = _approval(do, approval, approval_id)
    tasks = [fleet_result.Task(each, do, name, results, flags, document) for each in dict.fromkeys(shard)]
    loaded = [fleet_shard.load(common, each.shard) for each in tasks]
    if run is None:
        common.output.say(f"run {name}")
    for task, each in zip(tasks, loaded, strict=True):
        if fleet_shard.done(task, each):
            common.output.say(
                f"{task.shard}: {'ended under this approval' if document else 'done in this run'}"
            )
            continue
        if here or common.session is not None:
            if here:
                _bound()
                _leashed()
            found = fleet_shard.run(common, task)
        else:
            found = _apart(common, task, each, approval, shard_timeout)
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


def _bound() -> None:
    """Bound the memory of this process: what one tenant answers must not take it from the others."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    least = MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most)
    resource.setrlimit(resource.RLIMIT_DATA, (least, most))


def _apart(
    common: Common, task: Task, shard: LoadedShard, approval: Path | None, seconds: float
) -> FleetResultDocument:
    """Run one shard in a process; where that leaves no result, write why."""
    from entra_config.cli import fleet_apply, fleet_result

    words = ["fleet", "run", task.shard, "--here", "--do", task.do, "--results", str(task.results)]
    words += ["--run", task.run, "--cloud", common.cloud, "--fleet", str(common.fleet), "--quiet"]
    words += ["--credential", common.credential] if common.credential else []
    words += [part for word in task.flags.allow for part in ("--allow", word)]
    if task.document is not None:
        words += ["--approval", str(approval), "--approval-id", task.document.id]
    # What an earlier process left of this shard is not what this one leaves.
    task.file.unlink(missing_ok=True)
    reading, held = os.pipe()
    try:
        # -P: no module of the folder that this runs in, which is somebody's checkout, takes another's place.
        # Its input is open as long as this process lives: where it ends, so does the shard (`_leashed`).
        with subprocess.Popen(  # noqa: S603  # this very program, with words that were checked
            [sys.executable, "-P", "-m", "entra_config", *words],
            stdin=reading,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        ) as process:
            ended = ""
            try:
                _, said = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                ended = f"ended after {seconds:g} seconds (--shard-timeout)"
                said = _end(process, _APPLYING if task.document is not None else _SECONDS)
    finally:
        os.close(reading)
        os.close(held)
    found, _ = fleet_result.read(task.file)
    if found is not None and (found.run, found.shard, found.do) == (task.run, task.shard, task.do):
        return found
    how = f"signal {-process.returncode}" if process.returncode < 0 else f"code {process.returncode}"
    why = ended or f"its process ended with {how} and left no result: {said.strip()[-_SAID:]}"
    answer = (
        fleet_apply.unknown(task, why) if task.document is not None else fleet_result.Answer(1, error=why)
    )
    return fleet_result.write(task, shard, answer)


def _end(process: subprocess.Popen[str], seconds: float) -> str:
    """End a process in order, then by force."""
    process.terminate()
    try:
        return process.communicate(timeout=seconds)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[1]


def _leashed() -> None:
    """End this process when the one that started it is gone: nobody waits for it, and another may begin."""

    def wait() -> None:
        while os.read(0, 1):
            pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
