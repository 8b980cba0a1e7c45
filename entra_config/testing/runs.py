"""A manifest's path in; its access tests, run in each environment that was asked for, out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from entra_config.manifest import loader
from entra_config.manifest.model import Manifest
from entra_config.testing import reading, running, world
from entra_config.testing.model import AccessTest, Suite
from entra_config.testing.results import Result, Results


async def run(
    path: Path,
    environment: str | None = None,
    *,
    now: datetime,
    wanted: Callable[[AccessTest], bool] = lambda _: True,
    contents: Mapping[Path, str] = MappingProxyType({}),
) -> Results:
    """Run the tests of a manifest: in one environment, or in all.

    `wanted` chooses tests. Raises ManifestError where manifest or tests do not hold, RefusedError where it cannot be applied.
    """
    suites = reading.load(path, contents=contents)
    manifests = loader.load_all(path, contents=contents)
    chosen = [each for each in manifests if environment in (None, each.environment)]
    groups = world.groups_of(manifests)
    found: list[Result] = []
    notes: list[tuple[str, str]] = []
    skipped = 0
    for manifest in chosen:
        tests = [test for suite in suites for test in suite.tests if test.runs_in(manifest.environment)]
        skipped += sum(not wanted(test) for test in tests)
        if not any(map(wanted, tests)):
            continue
        applied = await world.apply(manifest, now)
        notes += [(manifest.environment, message) for message in applied.left_out]
        found += await _environment(applied, suites, groups, wanted)
    return Results(manifests[0].project, tuple(found), tuple(notes), skipped)


async def _environment(
    applied: world.Applied, suites: Iterable[Suite], groups: frozenset[str], wanted: Callable[[AccessTest], bool]
) -> list[Result]:
    manifest: Manifest = applied.manifest
    found = []
    for suite in suites:
        tests = [test for test in suite.tests if test.runs_in(manifest.environment) and wanted(test)]
        if tests:
            made = world.World.of(applied, suite, groups)
            found += [Result(manifest.environment, test, await running.run(made, test)) for test in tests]
    return found
