"""Copies of one set in; what a plan costs that says what the tenant will refuse, beside one that may not read
it, out.

In process, no latency, median of five. CPU is ours alone: the emulator, in the same process, is counted
apart.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from entra_config import reconcile
from entra_config.graph.connect import connect
from entra_config.graph.request import Usage
from entra_config.graph.token import FixedToken, Identity
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest
from entra_emulator.api import Embedded
from tools.bench import estate
from tools.bench.metered import Apart

COPIES, ROUNDS = (1, 10, 50), 5
NOW = datetime(2026, 11, 26, tzinfo=UTC)
HEAD = (
    "| copies | plan | requests | calls | depth | CPU ms | without: requests | calls | depth | CPU ms |\n"
    "|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|"
)


@dataclass(frozen=True)
class Cost:
    """What one plan cost."""

    read: Usage
    milliseconds: float


@dataclass(frozen=True)
class Row:
    """One plan, with the preflight and without."""

    copies: int
    plan: str
    with_: Cost
    without: Cost


def measure(copies: Sequence[int] = COPIES, rounds: int = ROUNDS) -> Iterator[Row]:
    """Yield two rows of each size: all is to be created, and nothing is to be done."""
    for number in copies:
        with tempfile.TemporaryDirectory() as folder:
            manifest = loader.load(estate.write(Path(folder), number), "bench")
        embedded = Embedded.create(seed="bench")
        yield _row(number, "first plan", embedded, manifest, rounds)
        asyncio.run(_apply(embedded, manifest))
        yield _row(number, "no-op plan", embedded, manifest, rounds)


def line(row: Row) -> str:
    """Write a row as Markdown."""
    cells = [str(row.copies), row.plan]
    for cost in (row.with_, row.without):
        cells += [
            str(cost.read.requests),
            str(cost.read.calls),
            str(cost.read.depth),
            f"{cost.milliseconds:.0f}",
        ]
    return f"| {' | '.join(cells)} |"


def _row(copies: int, plan: str, embedded: Embedded, manifest: Manifest, rounds: int) -> Row:
    permitted = embedded.app_caller().permissions
    costs: dict[bool, list[Cost]] = {True: [], False: []}
    for _ in range(rounds):
        for preflight, found in costs.items():
            # What a token shows to be refused is not asked.
            found.append(asyncio.run(_plan(embedded, manifest, permitted if preflight else frozenset())))
    both = (
        Cost(each[0].read, statistics.median(cost.milliseconds for cost in each)) for each in costs.values()
    )
    return Row(copies, plan, *both)


async def _plan(embedded: Embedded, manifest: Manifest, permissions: frozenset[str]) -> Cost:
    who, apart = embedded.app_caller(), Apart(embedded.transport(), embedded.app.traffic.clear)
    token = FixedToken(embedded.token(who), Identity(who.tid, who.oid, who.appid, "", permissions))
    async with await connect("emulator", credential=token, transport=apart) as graph:
        start = time.process_time()
        made = await reconcile.plan(manifest, graph, now=NOW)
        return Cost(made.read, 1000 * (time.process_time() - start - apart.seconds))


async def _apply(embedded: Embedded, manifest: Manifest) -> None:
    token = FixedToken(embedded.token(embedded.app_caller()))
    async with await connect("emulator", credential=token, transport=embedded.transport()) as graph:
        outcome = await reconcile.apply(await reconcile.plan(manifest, graph, now=NOW), graph, wait=False)
        if not outcome.complete:
            raise SystemExit("the estate was not applied")
