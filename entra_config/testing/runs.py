"""A manifest's path in; its access tests, run in each environment that was asked for, out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import chain
from pathlib import Path

from entra_config.errors import GraphError, ManifestError, RefusedError
from entra_config.manifest import ending, loader, until
from entra_config.manifest.environments.shard import Shard
from entra_config.manifest.model import Manifest
from entra_config.manifest.until import Ending
from entra_config.testing import applying, edits, reading, running, world
from entra_config.testing.edits import TestEdits
from entra_config.testing.model import AccessTest, Suite
from entra_config.testing.results import Failure, Result, Results


async def run(
    path: Path,
    environment: str | None = None,
    *,
    now: datetime,
    wanted: Callable[[AccessTest], bool] = lambda _: True,
    base: Path | None = None,
    shard: Shard | None = None,
) -> Results:
    """Run the tests of a manifest: in one environment, or in all.

    `wanted` chooses tests, `shard` the tenant of a fleet; with `base`, where the manifest stands as it was,
    it is told which tests are others now. Raises ManifestError where manifest or tests do not hold.
    """
    suites = reading.load(path)
    manifests = loader.load_all(path, shard=shard)
    chosen = [each for each in manifests if environment in (None, each.environment)]
    groups = world.groups_of(manifests)
    found: list[Result] = []
    notes: list[tuple[str, str]] = []
    for manifest in chosen:
        every = chain.from_iterable(suite.tests for suite in suites)
        tests = [test for test in every if test.runs_in(manifest.environment) and wanted(test)]
        results: dict[int, Result] = {}
        for at, together in _periods(manifest, tests, now):
            try:
                applied = await applying.apply(ending.at(manifest, at), at)
            except (RefusedError, GraphError) as error:
                results |= {id(test): _unapplied(manifest, test, str(error)) for test in together}
                continue
            notes += [(manifest.environment, message) for message in applied.left_out]
            over = [each for each in ending.endings(manifest) if until.over(each.day, at)]
            made = await _environment(applied, suites, groups, {id(test) for test in together})
            results |= {key: _add_ended(result, over) for key, result in made.items()}
        found += [results[id(test)] for test in tests]
    return Results(
        manifests[0].project,
        tuple(found),
        tuple(dict.fromkeys(notes)),
        _edits(base, suites, environment) if base else None,
    )


def _periods(
    manifest: Manifest, tests: Iterable[AccessTest], now: datetime
) -> Iterator[tuple[datetime, list[AccessTest]]]:
    """Yield an instant with the tests for which the same is over as then: each needs a tenant."""
    found: dict[date | None, list[AccessTest]] = {}
    for test in tests:
        found.setdefault(ending.since(manifest, test.at or now), []).append(test)
    for since, together in found.items():
        yield now if ending.since(manifest, now) == since else together[0].at or now, together


def _add_ended(result: Result, over: Sequence[Ending]) -> Result:
    """Return a failing result with the entries about its person, groups or client whose last day is over."""
    person = result.test.person
    names = {result.test.request.client.text}
    if person is not None:
        names |= {person.name, *(group.text for group in person.member_of)}
    ended = [each for each in over if any(f" {name} " in f" {each.what} " for name in names if name)]
    if result.passes or not ended:
        return result
    first, *others = result.failures
    why = (f"{each.what}: its last day was {until.format_day(each.day)}" for each in ended)
    spots = (each.position for each in ended if each.position)
    places = tuple(dict.fromkeys((*spots, *first.places)))
    first = replace(first, why=tuple(dict.fromkeys((*first.why, *why))), places=places)
    return replace(result, failures=(first, *others))


def _unapplied(manifest: Manifest, test: AccessTest, why: str) -> Result:
    """Return a test whose world cannot be made: what stops an apply stops its tests."""
    return Result(manifest.environment, test, (Failure("test", "", "", (why,), (test.position,)),))


def _edits(base: Path, suites: Sequence[Suite], environment: str | None) -> TestEdits:
    try:
        return edits.between(reading.load(base), suites, environment)
    except ManifestError as error:
        # A change that mends it must be possible: whatever it says counts as new.
        return replace(edits.between((), suites, environment), read_error=error.problems[0].message)


async def _environment(
    applied: applying.Applied,
    suites: Iterable[Suite],
    groups: frozenset[str],
    chosen: set[int],
) -> dict[int, Result]:
    """Return what came of the chosen tests, by the test itself."""
    manifest: Manifest = applied.manifest
    found = {}
    for suite in suites:
        tests = [test for test in suite.tests if id(test) in chosen]
        if tests:
            made = world.World.of(applied, suite, groups)
            for test in tests:
                found[id(test)] = Result(manifest.environment, test, await running.run(made, test))
    return found
