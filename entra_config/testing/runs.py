"""A manifest's path in; its access tests, run in each environment that was asked for, out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from pathlib import Path

from entra_config.errors import GraphError, ManifestError, RefusedError
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest
from entra_config.testing import applying, edits, reading, running, world
from entra_config.testing.edits import TestEdits
from entra_config.testing.model import AccessTest, Suite
from entra_config.testing.results import Miss, Result, Results


async def run(
    path: Path,
    environment: str | None = None,
    *,
    now: datetime,
    wanted: Callable[[AccessTest], bool] = lambda _: True,
    base: Path | None = None,
) -> Results:
    """Run the tests of a manifest: in one environment, or in all.

    `wanted` chooses tests; with `base`, where the manifest stands as it was, it is told which tests are
    others now. Raises ManifestError where manifest or tests do not hold.
    """
    suites = reading.load(path)
    manifests = loader.load_all(path)
    chosen = [each for each in manifests if environment in (None, each.environment)]
    groups = world.groups_of(manifests)
    found: list[Result] = []
    notes: list[tuple[str, str]] = []
    for manifest in chosen:
        every = chain.from_iterable(suite.tests for suite in suites)
        tests = [test for test in every if test.runs_in(manifest.environment)]
        if not any(map(wanted, tests)):
            continue
        try:
            applied = await applying.apply(manifest, now)
        except (RefusedError, GraphError) as error:
            found += [_unapplied(manifest, test, str(error)) for test in tests if wanted(test)]
            continue
        notes += [(manifest.environment, message) for message in applied.left_out]
        found += await _environment(applied, suites, groups, wanted)
    return Results(
        manifests[0].project, tuple(found), tuple(notes), _edits(base, suites, environment) if base else None
    )


def _unapplied(manifest: Manifest, test: AccessTest, why: str) -> Result:
    """Return a test whose world cannot be made: what stops an apply stops its tests."""
    return Result(manifest.environment, test, (Miss("test", "", "", (why,), (test.position,)),))


def _edits(base: Path, suites: Sequence[Suite], environment: str | None) -> TestEdits:
    try:
        return edits.between(reading.load(base), suites, environment)
    except ManifestError as error:
        # A change that mends it must be possible: whatever it says counts as new.
        return replace(edits.between((), suites, environment), unread=error.problems[0].message)


async def _environment(
    applied: applying.Applied,
    suites: Iterable[Suite],
    groups: frozenset[str],
    wanted: Callable[[AccessTest], bool],
) -> list[Result]:
    manifest: Manifest = applied.manifest
    found = []
    for suite in suites:
        tests = [test for test in suite.tests if test.runs_in(manifest.environment) and wanted(test)]
        if tests:
            made = world.World.of(applied, suite, groups)
            found += [Result(manifest.environment, test, await running.run(made, test)) for test in tests]
    return found
