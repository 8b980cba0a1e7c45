"""So many applications with ten assignments each in; plan and an apply of half as many changes under Graph's quotas, out."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections import Counter
from collections.abc import Awaitable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

import yaml

from entra_config import reconcile
from entra_config.emulator.clock import ManualClock
from entra_config.emulator.embedded import Embedded
from entra_config.emulator.faults import Faults, Plan
from entra_config.graph.client import Answered, Graph
from entra_config.graph.connect import connect
from entra_config.graph.token import FixedToken, Identity
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest

Done = TypeVar("Done")
SIZES = (100, 300, 1000)
ASSIGNMENTS = 10
GROUPS = ("All Staff", "Audit", "MyApp Admins", "MyApp Deploy", "MyApp Developers", "MyApp Writers", "On call")
USERS = ("alice@contoso.com", "bob@contoso.com", "carol@contoso.com")
# Graph's own for a small tenant: resource units in 10 seconds, writes in 150.
READ_QUOTA, WRITE_QUOTA = 3500, 3000


@dataclass(frozen=True)
class Figures:
    """What one size took."""

    applications: int
    assignments: int
    changes: int
    plan_requests: int
    plan_seconds: float
    plan_waited: float
    plan_mebibytes: float
    apply_requests: int
    apply_seconds: float
    apply_waited: float
    throttled: int
    waited_for: str


class Ear:
    """Counts refusals for too much, and what was waited for."""

    def __init__(self) -> None:
        self.throttled = 0
        self.waits: Counter[str] = Counter()
        self.waited = 0.0

    def answered(self, event: Answered) -> None:
        """Count a 429."""
        self.throttled += event.response.status == 429

    def waiting(self, reason: str, seconds: float) -> None:
        """Count a wait."""
        self.waits[reason] += 1
        self.waited += seconds


def measure(size: int) -> Figures:
    """Measure one size in a process of its own, so that memory starts from nothing."""
    command = [sys.executable, "-m", "bench.large", str(size)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    return Figures(**json.loads(done.stdout))


def manifest(folder: Path, size: int, changed: int) -> Manifest:
    """Write and load a manifest whose first `changed` applications have another name."""
    keys = [f"app{number:04}" for number in range(size)]
    role = {"Reader": {"displayName": "Reader", "description": "Reads.", "allowedMemberTypes": ["User"]}}
    body = {
        "applications": {
            key: {"type": "api", "displayName": f"Large {key}{' changed' * (place < changed)}", "appRoles": role}
            for place, key in enumerate(keys)
        },
        "appRoleAssignments": {key: {"Reader": {"groups": list(GROUPS), "users": list(USERS)}} for key in keys},
    }
    root = {
        "project": "large",
        "files": [{"path": "estate.yaml"}],
        "environments": {"bench": {"tenantId": "11111111-1111-1111-1111-111111111111"}},
    }
    for name, data in (("entra-config.yaml", root), ("estate.yaml", body)):
        (folder / name).write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return loader.load(folder, None)


async def figures(size: int) -> Figures:
    """Fill a tenant by an apply, then measure an empty plan and half as many changes."""
    clock, faults = ManualClock(), Faults(Plan(read_quota=READ_QUOTA, write_quota=WRITE_QUOTA))
    emulator = Embedded.create(clock=clock, faults=faults)
    with tempfile.TemporaryDirectory() as folder:
        first, second = manifest(Path(folder), size, 0), manifest(Path(folder), size, size // 2)
    async with await _connect(emulator, clock) as graph:
        outcome = await reconcile.apply(await reconcile.plan(first, graph, now=clock.now()), graph, sleep=clock.sleep)
        assert outcome.complete, outcome.failed[:3]
        clock.advance(600)
        planned, plan_ear, plan_seconds = await _timed(graph, reconcile.plan(first, graph, now=clock.now()))
        assert planned.empty, planned.changes[:3]
        clock.advance(600)
        mebibytes = await _peak(reconcile.plan(first, graph, now=clock.now()))
        clock.advance(600)
        changes = await reconcile.plan(second, graph, now=clock.now())
        applied, apply_ear, apply_seconds = await _timed(graph, reconcile.apply(changes, graph, sleep=clock.sleep))
        assert applied.complete, applied.failed[:3]
    return Figures(
        applications=size,
        assignments=size * ASSIGNMENTS,
        changes=len(applied.done),
        plan_requests=planned.read.requests,
        plan_seconds=round(plan_seconds, 2),
        plan_waited=round(plan_ear.waited, 1),
        plan_mebibytes=mebibytes,
        apply_requests=applied.usage.requests,
        apply_seconds=round(apply_seconds, 2),
        apply_waited=round(apply_ear.waited, 1),
        throttled=plan_ear.throttled + apply_ear.throttled,
        waited_for=", ".join(sorted({*plan_ear.waits, *apply_ear.waits})),
    )


async def _connect(emulator: Embedded, clock: ManualClock) -> Graph:
    caller = emulator.app_caller()
    token = FixedToken(emulator.token(caller), Identity(caller.tid, caller.oid, caller.appid))

    def seconds() -> float:
        return clock.now().timestamp()

    return await connect(
        "emulator", credential=token, transport=emulator.transport(), clock=seconds, now=seconds, sleep=clock.sleep
    )


async def _timed(graph: Graph, work: Awaitable[Done]) -> tuple[Done, Ear, float]:
    ear, start = Ear(), time.process_time()
    with graph.heard_by(ear):
        done = await work
    return done, ear, time.process_time() - start


async def _peak(work: Awaitable[object]) -> float:
    """Return the most memory that Python held for the work at one time; apart from the timed run, which tracing would slow."""
    tracemalloc.start()
    await work
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return round(peak / 2**20, 1)


HEAD = (
    "| applications | assignments | plan: requests | CPU s | waited s | MiB "
    "| changes | apply: requests | CPU s | waited s | 429s | waited for |\n"
    "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|"
)


def line(row: Figures) -> str:
    """Write a row as Markdown."""
    cells = [row.applications, row.assignments, row.plan_requests, row.plan_seconds, row.plan_waited, row.plan_mebibytes]
    cells += [row.changes, row.apply_requests, row.apply_seconds, row.apply_waited, row.throttled]
    return "| " + " | ".join(map(str, cells)) + f" | {row.waited_for} |"


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(figures(int(sys.argv[1]))))))
