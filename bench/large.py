"""So many applications with ten assignments each in; what each command costs there, under Graph's quotas,
out.
"""

from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx
import yaml

from entra_config import reconcile
from entra_config.actual.holders import access
from entra_config.cli.import_ import loadable
from entra_config.cli.main import collect_less
from entra_config.drift import check
from entra_config.emulator.clock import ManualClock
from entra_config.emulator.embedded import Embedded
from entra_config.emulator.faults import FaultPlan, Faults
from entra_config.graph.client import Graph, ResponseReceived
from entra_config.graph.connect import connect
from entra_config.graph.token import FixedToken, Identity
from entra_config.importing import tenant as importing
from entra_config.importing.manifest import ImportTarget
from entra_config.lint import model as lint_model
from entra_config.lint import run as lint_run
from entra_config.lint import table
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest

Done = TypeVar("Done")
SIZES = (1000, 3000, 10_000)
ASSIGNMENTS = 10
PART = 500  # applications in one file; a file has its limit
GROUPS = (
    "All Staff",
    "Audit",
    "MyApp Admins",
    "MyApp Deploy",
    "MyApp Developers",
    "MyApp Writers",
    "On call",
)
USERS = ("alice@contoso.com", "bob@contoso.com", "carol@contoso.com")
# Graph's own for a small tenant: resource units in 10 seconds, writes in 150.
READ_QUOTA, WRITE_QUOTA = 3500, 3000
# Ten thousand applications are more than five comments of a pull request can show.
UNSEEN = frozenset({"unseen"})


@dataclass(frozen=True)
class Figures:
    """What one command took at one size: our CPU apart from the emulator's, which runs in the same
    process.
    """

    applications: int
    command: str
    requests: int
    seconds: float
    emulator_seconds: float
    waited: float
    throttled: int
    mebibytes: float


class Ear:
    """Counts refusals for too much, and the seconds that were waited."""

    def __init__(self) -> None:
        self.throttled, self.waited = 0, 0.0

    def responded(self, event: ResponseReceived) -> None:
        """Count a 429."""
        self.throttled += event.response.status == 429

    def waiting(self, reason: str, seconds: float) -> None:  # noqa: ARG002  # a listener's
        """Count a wait."""
        self.waited += seconds


class Apart(httpx.AsyncBaseTransport):
    """Hands requests to the emulator in this process and keeps the CPU that it uses: it answers without
    giving way.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner, self.seconds = inner, 0.0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        start = time.process_time()
        try:
            return await self.inner.handle_async_request(request)
        finally:
            self.seconds += time.process_time() - start


def measure(size: int) -> list[Figures]:
    """Measure one size in a process of its own, so that memory starts from nothing."""
    command = [sys.executable, "-m", "bench.large", str(size)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    return [Figures(**row) for row in json.loads(done.stdout)]


def write(folder: Path, size: int, changed: int) -> None:
    """Write a manifest whose first `changed` applications have another name."""
    keys = [f"app{number:05}" for number in range(size)]
    role = {"Reader": {"displayName": "Reader", "description": "Reads.", "allowedMemberTypes": ["User"]}}
    applications = {
        key: {"type": "api", "displayName": f"Large {key}{' changed' * (place < changed)}", "appRoles": role}
        for place, key in enumerate(keys)
    }
    held = {key: {"Reader": {"groups": list(GROUPS), "users": list(USERS)}} for key in keys}
    documents: dict[str, Any] = {
        "entra-config.yaml": {
            "project": "large",
            "files": [{"path": "part-*.yaml"}],
            "environments": {"bench": {"tenantId": "11111111-1111-1111-1111-111111111111"}},
        }
    }
    for start in range(0, size, PART):
        part = keys[start : start + PART]
        documents[f"part-{start}.yaml"] = {
            "applications": {key: applications[key] for key in part},
            "appRoleAssignments": {key: held[key] for key in part},
        }
    for name, document in documents.items():
        (folder / name).write_text(
            yaml.dump(document, sort_keys=False, Dumper=yaml.CSafeDumper), encoding="utf-8"
        )


class Bench:
    """A tenant in this process under Graph's quotas, in simulated time, and a Graph that is signed in to
    it.
    """

    def __init__(self, size: int) -> None:
        self.size, self.rows, self.clock = size, list[Figures](), ManualClock()
        self.emulator = Embedded.create(
            clock=self.clock, faults=Faults(FaultPlan(read_quota=READ_QUOTA, write_quota=WRITE_QUOTA))
        )
        self.transport = Apart(self.emulator.transport())

    async def connect(self) -> Graph:
        """Sign in."""
        caller = self.emulator.app_caller()
        token = FixedToken(self.emulator.token(caller), Identity(caller.tid, caller.oid, caller.appid))

        def seconds() -> float:
            return self.clock.now().timestamp()

        return await connect(
            "emulator",
            credential=token,
            transport=self.transport,
            clock=seconds,
            now=seconds,
            sleep=self.clock.sleep,
        )

    async def timed(
        self, command: str, graph: Graph, work: Callable[[], Awaitable[Done]], *, memory: bool = False
    ) -> Done:
        """Add a row for a command; with `memory` it runs once more, since tracing would slow what is
        timed.
        """
        gc.collect()
        ear, before, theirs, start = Ear(), graph.usage, self.transport.seconds, time.process_time()
        with graph.observed_by(ear):
            done = await work()
        whole, theirs = time.process_time() - start, self.transport.seconds - theirs
        requests = graph.usage.since(before).requests
        # Quotas are full again when the next begins.
        self.clock.advance(600)
        mebibytes = await _peak(work()) if memory else 0.0
        self.clock.advance(600)
        waited = round(ear.waited, 1)
        row = Figures(
            self.size,
            command,
            requests,
            round(whole - theirs, 2),
            round(theirs, 2),
            waited,
            ear.throttled,
            mebibytes,
        )
        self.rows.append(row)
        return done


def linted(folder: Path, size: int) -> Figures:
    """Return what it costs to hold a loaded manifest against every rule; loading is the row of `validate`."""
    rules = table.built_in()
    loaded = loader.loaded(folder)
    asked = lint_model.LintRequest(
        rules, datetime.now(UTC), tuple(each.manifest.environment for each in loaded)
    )
    start = time.process_time()
    lint_run.run(loaded, asked)
    return Figures(size, "lint", 0, round(time.process_time() - start, 2), 0.0, 0.0, 0, 0.0)


async def figures(size: int) -> list[Figures]:
    """Fill a tenant by an apply, then measure what people run every day, and an import of all of it by
    somebody else.
    """
    run = Bench(size)
    now = run.clock.now
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), size, 0)
        start = time.process_time()
        first = loader.load(Path(folder), None)
        run.rows.append(Figures(size, "validate", 0, round(time.process_time() - start, 2), 0.0, 0.0, 0, 0.0))
        run.rows.append(linted(Path(folder), size))
        write(Path(folder), size, size // 20)
        second = loader.load(Path(folder), None)
    async with await run.connect() as graph:
        filled = await run.timed(
            "first plan", graph, lambda: reconcile.plan(first, graph, now=now(), allow=UNSEEN)
        )
        outcome = await run.timed(
            "first apply", graph, lambda: reconcile.apply(filled, graph, sleep=run.clock.sleep)
        )
        assert outcome.complete, outcome.failed[:3]
        planned = await run.timed(
            "no-op plan", graph, lambda: reconcile.plan(first, graph, now=now()), memory=True
        )
        assert planned.empty, planned.changes[:3]
        changes = await reconcile.plan(second, graph, now=now())
        run.clock.advance(600)
        outcome = await run.timed(
            "apply of 5 %", graph, lambda: reconcile.apply(changes, graph, sleep=run.clock.sleep)
        )
        assert len(outcome.done) == size // 20, outcome.failed[:3]
        await run.timed("access", graph, lambda: access(graph, second))
        await run.timed("drift", graph, lambda: _drift(second, graph, now()))
        # Whoever manages none of it imports all of it.
        applications = run.emulator.directory.default.applications
        for row in list(applications.rows.values()):
            applications.put({**row, "tags": []})
        with tempfile.TemporaryDirectory() as folder:
            await run.timed("import --all", graph, lambda: _import(graph, Path(folder), now()))
    return run.rows


async def _drift(manifest: Manifest, graph: Graph, now: datetime) -> None:
    drift = await check.run(manifest, manifest, graph, now=now, base="", since=None, unmanaged=False)
    assert not drift.drifted


async def _import(graph: Graph, folder: Path, now: datetime) -> None:
    export = await importing.read(
        graph, importing.WantedRegistrations(everything=True), signed_in=graph.identity.app_id
    )
    loadable(export, ImportTarget("imported", "bench", graph.tenant_id), folder)
    planned = await reconcile.plan(loader.load(folder, "bench"), graph, now=now, allow=UNSEEN)
    assert not planned.refusals, planned.refusals[:3]


async def _peak(work: Awaitable[object]) -> float:
    """Return the most memory that Python held for the work at one time."""
    tracemalloc.start()
    await work
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return round(peak / 2**20, 1)


HEAD = (
    "| applications | command | requests | CPU s | ms an application | waited s | 429s | MiB | kB an "
    "application |\n"
    "|---:|---|---:|---:|---:|---:|---:|---:|---:|"
)


def line(row: Figures) -> str:
    """Write a row as Markdown."""
    each = f"{row.seconds / row.applications * 1000:.2f}"
    memory = [row.mebibytes, round(row.mebibytes * 1024 / row.applications, 1)] if row.mebibytes else ["", ""]
    cells = [
        row.applications,
        row.command,
        row.requests,
        row.seconds,
        each,
        row.waited,
        row.throttled,
        *memory,
    ]
    return "| " + " | ".join(map(str, cells)) + " |"


if __name__ == "__main__":
    # As the command line does.
    collect_less()
    print(json.dumps([asdict(row) for row in asyncio.run(figures(int(sys.argv[1])))]))
