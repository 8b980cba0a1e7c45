"""Pieces of work in; how long each took when many ran side by side, as a line of a table, out."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx

SIDE_BY_SIDE = 16


@dataclass
class Load:
    """What one run of sign-ins or calls took."""

    name: str
    milliseconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    async def note(self, work: Awaitable[object]) -> None:
        """Time one piece of work; what fails is an error of the run, and the run goes on."""
        start = time.perf_counter()
        try:
            await work
        except (httpx.HTTPError, UnexpectedError) as error:
            self.errors.append(f"{type(error).__name__}: {error}")
        self.milliseconds.append((time.perf_counter() - start) * 1000)

    def at(self, share: float) -> float:
        """Return a percentile in milliseconds."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class UnexpectedError(Exception):
    """An answer is not what it should be."""


async def run(name: str, count: int, over: float, work: Callable[[int], Awaitable[None]]) -> Load:
    """Run a number of pieces of work, spread over some seconds, or as fast as so many at a time get
    through.
    """
    load, begun, limit = Load(name), time.perf_counter(), asyncio.Semaphore(count if over else SIDE_BY_SIDE)

    async def one(number: int) -> None:
        if over:
            await asyncio.sleep(begun + over * number / count - time.perf_counter())
        async with limit:
            await load.note(work(number))

    await asyncio.gather(*(one(number) for number in range(count)))
    return load


HEAD = (
    "| directory | load | what | number | errors | a minute | p50 ms | p99 ms | worst ms | CPU s of both | "
    "peak MiB |\n"
    "|---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|"
)


def line(load: Load, wall: float, cpu: float, peak: float, how: str) -> str:
    """Write one load as Markdown; raises where anything failed, for then the figures mean nothing."""
    if load.errors:
        raise SystemExit(
            f"bench: {len(load.errors)} of {len(load.milliseconds)} {load.name} failed: {load.errors[:3]}"
        )
    rate = len(load.milliseconds) / wall * 60
    cells = [how, load.name, len(load.milliseconds), len(load.errors), f"{rate:.0f}"]
    cells += [
        f"{value:.0f}"
        for value in (statistics.median(load.milliseconds), load.at(0.99), max(load.milliseconds))
    ]
    return "| " + " | ".join(map(str, [*cells, f"{cpu:.1f}", f"{peak:.0f}"])) + " |"
