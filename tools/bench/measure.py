"""A command line in; its wall and CPU seconds, and the emulator's, out."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from entra_emulator import api

_READ = re.compile(r"Read: (\d+) requests? in (\d+) calls?, depth (\d+)")
REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Spent:
    """What one run of a command took, and what it wrote."""

    wall: float
    cpu: float
    emulator_cpu: float
    output: str
    talk: str


class Emulator:
    """A running emulator with a fixed latency for each call."""

    def __init__(self, state: Path, latency_ms: float = 0, **faults: Any) -> None:
        self.state = state
        self.running = api.start(
            api.ServerOptions(state, port=0, faults=api.FaultPlan(latency_ms=latency_ms, **faults))
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        api.end(self.state)

    def cpu(self) -> float:
        """Return the CPU seconds that it used so far."""
        fields = Path(f"/proc/{self.running.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def compiled() -> dict[str, str]:
    """Return this process's environment for a command that keeps what it compiles, as any does."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def run(emulator: Emulator, manifest: Path, *words: str) -> Spent:
    """Run one command of entra-config in a process of its own."""
    environment = {
        key: value for key, value in compiled().items() if not key.startswith(("AZURE_", "ENTRA_CONFIG_"))
    }
    environment["ENTRA_CONFIG_EMULATOR_STATE"] = str(emulator.state)
    command = [
        sys.executable,
        "-m",
        "entra_config.cli.main",
        *words,
        "--cloud",
        "emulator",
        "-f",
        str(manifest),
    ]
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as talk:
        before, start = emulator.cpu(), time.perf_counter()
        process = subprocess.Popen(
            command, stdout=output, stderr=talk, env=environment, cwd=REPOSITORY, text=True
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        for file in (output, talk):
            file.seek(0)
        said = talk.read()
        if process.returncode not in {0, 2}:
            raise SystemExit(f"{' '.join(command)}: exit code {process.returncode}\n{said[-3000:]}")
        return Spent(wall, usage.ru_utime + usage.ru_stime, emulator.cpu() - before, output.read(), said)


def read(spent: Spent) -> dict[str, int]:
    """Return what reading cost, as the plan says: in its JSON, or in the text before an apply."""
    if found := _READ.search(spent.talk):
        return dict(zip(("requests", "calls", "depth"), map(int, found.groups()), strict=True))
    cost: dict[str, int] = json.loads(spent.output)["read"]
    return cost


def end(output: str) -> dict[str, Any]:
    """Return the last event of an apply."""
    found: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
    return found
