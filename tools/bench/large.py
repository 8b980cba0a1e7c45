"""So many applications with ten assignments each in; what each command costs there, under Graph's quotas,
out.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from entra_config import reconcile
from entra_config.actual.holders import access
from entra_config.cli.import_ import loadable
from entra_config.cli.main import collect_less
from entra_config.drift import check
from entra_config.graph.client import Graph
from entra_config.importing import tenant as importing
from entra_config.importing.manifest import ImportTarget
from entra_config.lint import model as lint_model
from entra_config.lint import run as lint_run
from entra_config.lint import table
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest
from entra_config.plan.options import Options
from tools.bench.large_manifest import write
from tools.bench.metered import Bench, Figures

SIZES = (1000, 3000, 10_000)
# Ten thousand applications are more than five comments of a pull request can show.
UNSEEN = Options(frozenset({"unseen"}))


def measure(size: int) -> list[Figures]:
    """Measure one size in a process of its own, so that memory starts from nothing."""
    command = [sys.executable, "-m", "tools.bench.large", str(size)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    return [Figures(**row) for row in json.loads(done.stdout)]


def linted(folder: Path, size: int) -> Figures:
    """Return what it costs to hold a loaded manifest against every rule; loading is the row of `validate`."""
    rules = table.built_in()
    loaded = loader.loaded(folder)
    requested = lint_model.LintRequest(
        rules, datetime.now(UTC), tuple(each.manifest.environment for each in loaded)
    )
    start = time.process_time()
    lint_run.run(loaded, requested)
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
        filled = await run.timed("first plan", graph, lambda: reconcile.plan(first, graph, UNSEEN, now=now()))
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
    planned = await reconcile.plan(loader.load(folder, "bench"), graph, UNSEEN, now=now)
    assert not planned.refusals, planned.refusals[:3]


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
