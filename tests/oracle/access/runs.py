"""A seed in; a tenant that others edited, what `access` says of it, and what of that is not so, out."""

from __future__ import annotations

import asyncio
import json
import traceback
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

from entra_config.actual.holders import access
from entra_config.drift import joined
from entra_config.report import holders_data
from entra_emulator import seed as seeds
from entra_emulator.clock import ManualClock, read_stamp
from entra_emulator.fault_plan import FaultPlan
from entra_emulator.faults import Faults
from tests.oracle import estates, machines
from tests.oracle.access import hands, judge
from tests.oracle.evidence import engine
from tests.oracle.evidence.scene import Scene

OWNER = "shop/prod"


@dataclass
class Run:
    """One tenant: how many rows `access` had of which sort, and what of it is not so."""

    seed: int
    rows: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def run(seed: int) -> Run:
    """Make a tenant, let others edit it, ask, and judge; what breaks the trial itself is its failure."""
    try:
        return asyncio.run(_run(seed))
    except Exception:  # noqa: BLE001  # a proof counts what broke, and goes on
        return Run(seed, failures=[traceback.format_exc(limit=-3)])


async def _run(seed: int) -> Run:
    random = Random(f"access {seed}")
    clock, faults = ManualClock(), Faults()
    scene = Scene(seeds.contoso(clock=clock, seed=f"access {seed}"), clock, faults, OWNER)
    goal = estates.estate(random, "shop")
    ledger = estates.estate(random, "ledger", "ledger-")
    said = machines.holding(Random(f"machines {seed}"), goal, ledger)
    for content in (ledger, goal):
        if await engine.deploy(scene, content) is None:
            return Run(seed, Counter({"unbuilt": 1}))
    faults.set(FaultPlan(seed=seed, audit_spread=random.choice((0, 1800))))
    for _ in range(random.randint(6, 30)):
        clock.advance(random.choice((7, 300, 4000)))
        random.choice(hands.ACTS)(scene, random)
    shown = await _said(scene, goal)
    now = clock.now()
    seen = frozenset(
        record["id"]
        for record in scene.rows.audit
        if (now - read_stamp(record["activityDateTime"])).total_seconds()
        >= faults.audit_delay_of(record["id"])
    )
    rows = Counter(
        mark
        for row in shown["holders"]
        for mark in ("rows", *(name for name in ("disabled", "roleDeleted", "memberSince") if row[name]))
    )
    rows += Counter("missing" for each in shown["apis"] if each["missing"]) + said
    return Run(seed, rows, list(judge.problems(shown, goal, scene.dump(), scene.deeds, seen)))


async def _said(scene: Scene, goal: Any) -> dict[str, Any]:
    """Return what `access --explain --format json` writes."""
    async with await engine.signed_in(scene) as graph:
        found = await access(graph, engine.loaded(goal))
        rows, _ = await joined.reported(graph, found.holdings, now=scene.clock.now())
    written: dict[str, Any] = json.loads(holders_data.to_json(rows, found.owners, found.entrances))
    return written
