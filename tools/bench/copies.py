"""Copies of one set in; what each command costs for them, beside the peer's figures, out."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.bench import estate, peer
from tools.bench.measure import Emulator, Spent, end, read, run

COPIES = (1, 10, 50)
LATENCIES = (0, 100)
LIFTED = ("--allow", "many,last,delete")
# What reading cost, an apply says in its plan, and there to who asks for more.
GO = ("--verbose", "--auto-approve", "--events", "json")


@dataclass
class Row:
    """One command at one size: what it sent, and its runs at each latency."""

    copies: int
    step: str
    requests: int = 0
    calls: int = 0
    depth: int = 0
    runs: dict[int, list[Spent]] = field(default_factory=dict)

    def add(self, latency: int, spent: Spent, *costs: dict[str, Any]) -> None:
        """Note one run."""
        self.requests, self.calls, self.depth = (
            sum(each[name] for each in costs) for name in ("requests", "calls", "depth")
        )
        self.runs.setdefault(latency, []).append(spent)


def measure(
    copies: Sequence[int] = COPIES, latencies: Sequence[int] = LATENCIES, rounds: int = 3
) -> Iterator[Row]:
    """Yield the rows of each size when they are done."""
    for number in copies:
        rows = {step: Row(number, step) for step in ("no-op plan", "first apply", "one change", "destroy")}
        for latency in latencies:
            for _ in range(rounds):
                _story(rows, number, latency)
        yield from rows.values()


def _story(rows: dict[str, Row], copies: int, latency: int) -> None:
    with tempfile.TemporaryDirectory() as folder, Emulator(Path(folder, "state"), latency) as emulator:
        first = estate.write(Path(folder, "first"), copies)
        changed = estate.write(
            Path(folder, "changed"), copies, redirect="https://changed.example.com/callback"
        )
        spent = run(emulator, first, "apply", *GO)
        rows["first apply"].add(latency, spent, read(spent), end(spent.output))
        spent = run(emulator, first, "plan", "--format", "json")
        _must(not _pending(spent.output), "the plan after the apply is not empty")
        rows["no-op plan"].add(latency, spent, read(spent))
        spent = run(emulator, changed, "apply", *GO)
        rows["one change"].add(latency, spent, read(spent), end(spent.output))
        spent = run(emulator, changed, "destroy", *GO, *LIFTED)
        rows["destroy"].add(latency, spent, read(spent), end(spent.output))


def _pending(output: str) -> list[Any]:
    import json

    found: list[Any] = json.loads(output)["changes"]
    return found


def _must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise SystemExit(f"bench: {otherwise}; the figures would mean nothing")


HEAD = (
    "| copies | step | requests | calls | depth | s at 0 ms | s at 100 ms | CPU s, emulator's credential "
    f"| {peer.NAME}: requests | s at 0 ms | s at 100 ms | CPU s |\n"
    "|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
)


def line(row: Row) -> str:
    """Write a row as Markdown: median and minimum, as the peer's figures are given."""
    theirs = peer.FIGURES.get((row.copies, row.step), peer.Figure(0, "", ""))
    seconds = [_seconds([spent.wall for spent in row.runs.get(latency, [])]) for latency in LATENCIES]
    cpu = statistics.median(spent.cpu for runs in row.runs.values() for spent in runs)
    cells = [row.copies, row.step, row.requests, row.calls, row.depth, *seconds, f"{cpu:.2f}"]
    cells += [theirs.requests or "", theirs.instant, theirs.slow, theirs.cpu]
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _seconds(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.1f} [{min(values):.1f}]" if values else ""
