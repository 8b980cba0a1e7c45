"""Measure what plan, drift and access cost by key and by lists, in a small tenant and in a large one."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

from entra_config import reconcile
from entra_config.actual import lists
from entra_config.actual.holders import access
from entra_config.cli.main import collect_less
from entra_config.drift import check
from entra_config.graph.client import Graph, ResponseReceived
from entra_config.graph.pacing import resource_units
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest
from entra_config.plan.options import Options
from entra_emulator.api import FaultPlan
from tools.bench.large_manifest import write
from tools.bench.metered import Bench

SIZES = (1, 10, 50, 300, 1000, 3000, 10_000)
# Resource units in 10 seconds, and users, of a tenant of each size (throttling-limits, 2025-01-14).
TENANTS = {"S": (3500, 0), "L": (8000, 600)}
UNSEEN = Options(frozenset({"unseen"}))
HEAD = (
    "| applications | tenant | command | by | requests | units | depth | waited s | CPU s |\n"
    "|---:|---|---|---|---:|---:|---:|---:|---:|"
)


class _Units:
    """Counts the resource units of what was answered."""

    def __init__(self) -> None:
        self.total = 0

    def responded(self, event: ResponseReceived) -> None:
        """Count the units of one request."""
        self.total += resource_units(event.request)

    def waiting(self, reason: str, seconds: float) -> None:
        """Count no wait."""

    def noted(self, text: str) -> None:
        """Count no note."""


async def rows(size: int, tenant: str) -> list[str]:
    """Return the table of one size in one tenant."""
    run, (quota, users) = Bench(size), TENANTS[tenant]
    run.emulator.faults.set(FaultPlan(read_quota=quota, write_quota=3000))
    directory = run.emulator.directory.default
    user = next(iter(directory.users))
    for number in range(users):
        id_ = f"00000000-0000-4000-8000-{number:012}"
        directory.users.put({**user, "id": id_, "userPrincipalName": f"u{number}@contoso.com"})
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), size, 0)
        own = loader.load(Path(folder), None)
    found: list[tuple[Any, ...]] = []
    async with await run.connect() as graph:
        found += [await _row(run, graph, own, "first plan", by) for by in ("key", "lists")]
        planned = await reconcile.plan(own, graph, UNSEEN, now=run.clock.now())
        assert (await reconcile.apply(planned, graph, sleep=run.clock.sleep)).complete
        run.clock.advance(600)
        for command in ("no-op plan", "drift", "access"):
            found += [await _row(run, graph, own, command, by) for by in ("key", "lists")]
    return [f"| {' | '.join(map(str, (size, tenant, *cells)))} |" for cells in found]


async def _row(run: Bench, graph: Graph, own: Manifest, command: str, by: str) -> tuple[Any, ...]:
    now = run.clock.now()
    works: dict[str, Any] = {
        "drift": lambda: check.run(own, own, graph, now=now, base=""),
        "access": lambda: access(graph, own),
    }
    work = works.get(command, lambda: reconcile.plan(own, graph, UNSEEN, now=now))
    units, before = _Units(), graph.usage
    # By lists as the command chooses: few applications are read by key.
    with graph.observed_by(units), patch.object(lists, "MANY", lists.MANY if by == "lists" else 10**9):
        await run.timed(command, graph, work)
    figures, depth = run.rows[-1], graph.usage.since(before).depth
    return (command, by, figures.requests, units.total, depth, figures.waited, figures.seconds)


def report(sizes: tuple[int, ...]) -> Iterator[str]:
    """Yield the table, a size after the other."""
    yield HEAD
    for size in sizes:
        for tenant in TENANTS:
            yield from asyncio.run(rows(size, tenant))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="numbers of applications")
    # As the command line does.
    collect_less()
    for line in report(tuple(parser.parse_args().sizes)):
        print(line, flush=True)
