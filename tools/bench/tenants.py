"""What a tenant for each test costs, and an emulator until it answers; Markdown out.

The aims: a tenant that holds the seed and the applied worked example in less than 5 ms, an emulator in less
than a second.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from entra_config.pytest_plugin import base
from entra_config.pytest_plugin.tenant import EntraTenant
from entra_emulator.api import find_run
from entra_emulator.generated import generate

HEAD = "| what | ms, median | ms, least | CPU ms |\n|---|---:|---:|---:|"
STARTS = 5


def report(*, quick: bool = False) -> list[str]:
    """Return a row for each step that a test takes, of the example and of 10,000 registrations."""
    times = 50 if quick else 500
    example = base.make(Path(), "manifests", "dev", "")
    large = generate(*(2 * (1000 if quick else 10_000,)))
    rows = [
        row("a tenant of the example, applied", lambda: EntraTenant.of(example), times),
        row("… and a token", lambda: EntraTenant.of(example).token("alice", "spa", "api/user.read"), times),
        row("… and Graph, with a write", lambda: write(EntraTenant.of(example)), times // 5),
        row("a tenant of 10,000 registrations", lambda: EntraTenant.of(large), times),
        row("… and its first write", lambda: write(EntraTenant.of(large)), times // 25),
    ]
    with tempfile.TemporaryDirectory() as folder:
        return [*rows, started(Path(folder))]


def write(tenant: EntraTenant) -> None:
    """Change something by Graph."""
    response = tenant.graph().patch("users/alice@contoso.com", json={"jobTitle": "Tester"})
    response.raise_for_status()


def row(name: str, act: Callable[[], object], times: int) -> str:
    """Time an act of this process several times."""
    taken, used = [], []
    for _ in range(times):
        cpu, start = time.process_time(), time.perf_counter()
        act()
        taken.append((time.perf_counter() - start) * 1000)
        used.append((time.process_time() - cpu) * 1000)
    return line(name, taken, used)


def line(name: str, taken: list[float], used: list[float]) -> str:
    """Write milliseconds as a row."""
    return f"| {name} | {statistics.median(taken):.2f} | {min(taken):.2f} | {statistics.median(used):.2f} |"


def started(folder: Path) -> str:
    """Start an emulator as a person does, on a folder that has its keys; CPU is that of both processes."""
    taken, used = [], []
    for number in range(STARTS + 1):
        before, start = children(), time.perf_counter()
        command(folder, "start", "--port", "0")
        seconds, cpu = time.perf_counter() - start, children() - before
        run = find_run(folder)
        assert run is not None
        ticks = Path(f"/proc/{run.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
        if number:
            taken.append(seconds * 1000)
            used.append((cpu + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")) * 1000)
        command(folder, "stop")
    return line("`emulator start` until it answers", taken, used)


def children() -> float:
    """Return the CPU seconds of processes that ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def command(folder: Path, *words: str) -> None:
    """Run a command of the emulator on a folder."""
    whole = [sys.executable, "-m", "entra_config.cli.main", "emulator", *words, "--state", str(folder)]
    subprocess.run(whole, check=True, capture_output=True)
