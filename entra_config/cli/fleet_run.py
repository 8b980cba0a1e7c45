"""Shards and what is to be done in them in; a result of each out, made in a process of its own."""

from __future__ import annotations

import re
import secrets
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from entra_config.cli import wiring
from entra_config.cli.options import Common
from entra_config.cli.plan import Allow
from entra_config.errors import UsageError

if TYPE_CHECKING:
    from entra_config.cli.fleet_shard import Task
    from entra_config.manifest.fleet.shards import LoadedShard

MEMORY = 512_000_000  # bytes of data that the process of one shard may hold
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SECONDS = 1.0  # between asking a process to end and ending it
_SAID = 400  # characters of what a process said last

Shards = Annotated[list[str], typer.Argument(metavar="TENANT/PROJECT...", help="The shards.")]
Do = Annotated[Literal["plan", "drift", "lint"], typer.Option("--do", help="What is done in each.")]
Results = Annotated[Path, typer.Option("--results", metavar="DIR", help="Where a file of each result goes.")]
RunId = Annotated[
    str | None,
    typer.Option("--run", metavar="ID", help="The run: what it has a result of is not done again."),
]
Timeout = Annotated[
    float, typer.Option("--shard-timeout", metavar="SECONDS", min=0.1, help="How long one shard may take.")
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
    shard_timeout: Timeout = 1800,
    here: Here = False,
) -> int:
    """Do one thing in some shards, each in a process of its own, and write a result of each."""
    from entra_config.cli import fleet_shard
    from entra_config.fleet.deciding import Flags

    common = Common.of(context)
    name = run or f"{wiring.now():%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    if not _ID.fullmatch(name):
        raise UsageError(f"--run {name}: letters, digits, dots, hyphens and underscores, 64 at most")
    flags = Flags(tuple(sorted(wiring.words(allow))), common.cloud)
    tasks = [fleet_shard.Task(each, do, name, results, flags) for each in dict.fromkeys(shard)]
    loaded = [fleet_shard.load(common, each.shard) for each in tasks]
    if run is None:
        common.output.say(f"run {name}")
    for task, each in zip(tasks, loaded, strict=True):
        if fleet_shard.done(task, each):
            common.output.say(f"{task.shard}: done in this run")
            continue
        if here or common.session is not None:
            if here:
                _bound()
            code, error = (found := fleet_shard.run(common, task)).code, found.error
        else:
            code, error = _apart(common, task, each, shard_timeout)
        common.output.say(f"{task.shard}: {_said(code)}{f': {error}' if error else ''}")
    return 0


def _said(code: int) -> str:
    words = {0: "nothing to do", 2: "changes pending, or drift found", 3: "refused by a policy or limit"}
    return words.get(code, "failed")


def _bound() -> None:
    """Bound the memory of this process: what one tenant answers must not take it from the others."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    least = MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most)
    resource.setrlimit(resource.RLIMIT_DATA, (least, most))


def _apart(common: Common, task: Task, shard: LoadedShard, seconds: float) -> tuple[int, str]:
    """Run one shard in a process; where that leaves no result, write why."""
    from entra_config.cli import fleet_shard

    words = ["fleet", "run", task.shard, "--here", "--do", task.do, "--results", str(task.results)]
    words += ["--run", task.run, "--cloud", common.cloud, "--fleet", str(common.fleet), "--quiet"]
    words += ["--credential", common.credential] if common.credential else []
    words += [part for word in task.flags.allow for part in ("--allow", word)]
    # -P: no module of the folder that this runs in, which is somebody's checkout, takes another's place.
    with subprocess.Popen(  # noqa: S603  # this very program, with words that were checked
        [sys.executable, "-P", "-m", "entra_config", *words],
        stdin=subprocess.DEVNULL,
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
            said = _end(process)
    found, _ = fleet_shard.read(task.file)
    if found is not None and (found.run, found.shard, found.do) == (task.run, task.shard, task.do):
        return found.code, found.error
    how = f"signal {-process.returncode}" if process.returncode < 0 else f"code {process.returncode}"
    why = ended or f"its process ended with {how} and left no result: {said.strip()[-_SAID:]}"
    written = fleet_shard.write(task, shard, fleet_shard.Answer(1, error=why))
    return written.code, written.error


def _end(process: subprocess.Popen[str]) -> str:
    """End a process in order, then by force."""
    process.terminate()
    try:
        return process.communicate(timeout=_SECONDS)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[1]
