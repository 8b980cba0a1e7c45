"""Answers of Graph that are broken or lie, while plan and apply run: an error with its request, and
nothing worse.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from entra_config.errors import EntraConfigError, GraphError
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Plan
from entra_config.resource import Ref, Text, Value
from entra_emulator.directory import Tenants
from tests import seeds
from tests.convergence.before_and_after import AFTER, BEFORE
from tests.convergence.mutated_responses import Mutating
from tests.convergence.tenant import Tenant, load

REQUEST = re.compile(r"(GET|POST|PATCH|DELETE) /")
HOURS = 6  # of simulated waiting, after which a run counts as endless


@pytest.fixture(scope="module")
def goal(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """Load the manifest that the runs are about."""
    return load(tmp_path_factory.mktemp("goal"), AFTER)


@cache
def held(folder: Path) -> Tenants:
    """Return a directory that holds the manifest before, read again as after a restart, to be forked."""
    tenant = Tenant()
    assert asyncio.run(tenant.converge(load(folder, BEFORE))).complete
    tenant.calm()
    return Tenants.from_data(json.loads(json.dumps(tenant.emulator.directory.dump())), clock=tenant.clock)


def prepared(folder: Path) -> Tenant:
    """Make a tenant of its own that holds the manifest before."""
    tenant = Tenant()
    tenant.emulator.directory.replace(held(folder).fork(tenant.clock))
    tenant.external = tenant.strangers()
    return tenant


def pattern(value: Value) -> str:
    """Return what a planned path or body may look like when it is sent: ids that come to be known stand
    for anything.
    """
    match value:
        case Ref():
            return "[0-9a-f-]{32,36}"
        case Text(parts):
            return "".join(pattern(part) for part in parts)
        case dict():
            return (
                r"\{"
                + ", ".join(f'"{re.escape(key)}": {pattern(item)}' for key, item in sorted(value.items()))
                + r"\}"
            )
        case list() | tuple():
            return r"\[" + ", ".join(pattern(item) for item in value) + r"\]"
        case str():
            return re.escape(value)
        case _:
            return re.escape(json.dumps(value))


def shown(plan: Plan) -> set[str]:
    """Return the writes that a plan shows, as patterns."""
    requests = [request for step in plan.steps for request in (step.request, *step.fallback)]
    return {f"{request.method} {pattern(request.path)} {pattern(request.body)}" for request in requests}


def sent(method: str, path: str, body: Any) -> str:
    """Return a write in the form of the patterns."""
    return f"{method} {path} {plain(body)}"


def plain(value: Any) -> str:
    """Return a body as `pattern` spells it."""
    match value:
        case dict():
            return "{" + ", ".join(f'"{key}": {plain(item)}' for key, item in sorted(value.items())) + "}"
        case list():
            return "[" + ", ".join(plain(item) for item in value) + "]"
        case str():
            return value
        case _:
            return json.dumps(value)


async def run(tenant: Tenant, goal: Manifest, random: Random, *, lies: bool) -> Mutating:
    """Plan and apply through mutated answers; whatever goes wrong is an error of ours that names its
    request.
    """
    transport = Mutating(tenant.emulator.transport(), random, lies=lies)
    begun = tenant.clock.now()
    try:
        async with await tenant.connect(transport=transport) as graph:
            outcome = await tenant.carry_out(graph, await tenant.plan(graph, goal))
    except GraphError as caught:
        said = str(caught)
        assert REQUEST.search(said), said
    except EntraConfigError as caught:
        # A lie of the right shape: another tenant, a user whom nobody knows, a limit that is passed.
        said = str(caught)
        assert said
    else:
        for step, error in outcome.failed:
            assert str(error), step.id
            assert error.advice, (step.id, error)
    assert (tenant.clock.now() - begun).total_seconds() < HOURS * 3600
    return transport


def trials(seeds: range, tenant_folder: Path) -> Iterator[tuple[int, Tenant, Random]]:
    """Yield a tenant and a source of chance for each seed."""
    for seed in seeds:
        yield seed, prepared(tenant_folder), Random(seed)


def broken(seeds: range, goal: Manifest, folder: Path) -> int:
    """Run with broken answers; return how many were."""
    calm = prepared(folder)

    async def planned() -> Plan:
        async with await calm.connect() as graph:
            return await calm.plan(graph, goal)

    allowed = re.compile("|".join(sorted(shown(asyncio.run(planned())))))
    mutated = 0
    for seed, tenant, random in trials(seeds, folder):
        transport = asyncio.run(asyncio.wait_for(run(tenant, goal, random, lies=False), 60))
        mutated += transport.mutated
        for write in transport.writes:
            reads = ("/directoryObjects/getByIds",)
            assert write[1] in reads or allowed.fullmatch(sent(*write)), (seed, write)
        settled(seed, tenant, goal)
    return mutated


def lying(seeds: range, goal: Manifest, folder: Path) -> int:
    """Run with lying answers; return how many were."""
    mutated = 0
    for seed, tenant, random in trials(seeds, folder):
        mutated += asyncio.run(asyncio.wait_for(run(tenant, goal, random, lies=True), 60)).mutated
        settled(seed, tenant, goal)
    return mutated


def settled(seed: int, tenant: Tenant, goal: Manifest) -> None:
    """Check that nobody else was touched, nothing doubled, and that an apply in peace ends it."""
    assert tenant.doubles() == [], seed
    assert tenant.strangers() == tenant.external, seed
    tenant.calm()
    outcome = asyncio.run(tenant.converge(goal))
    assert outcome.complete, (seed, outcome.failed)
    assert asyncio.run(tenant.pending(goal)) == [], seed


@pytest.mark.parametrize("start", seeds.sample("broken answers", range(0, 250, 25), 1))
def test_broken_answers_lead_to_no_write_that_the_plan_does_not_show(
    start: int, goal: Manifest, tmp_path: Path
) -> None:
    """Cut, of another type or status, HTML, odd pages, parts missing: errors of ours, and only planned
    writes.
    """
    assert broken(range(start, start + 25), goal, tmp_path) > 50


@pytest.mark.parametrize("start", seeds.sample("lies", range(0, 250, 25), 1))
def test_answers_that_lie_end_in_an_error_of_ours_or_are_put_right(
    start: int, goal: Manifest, tmp_path: Path
) -> None:
    """Keys gone, nulls, other types, doubled items, hostile texts: no traceback, no endless wait, nobody
    else touched.
    """
    assert lying(range(start, start + 25), goal, tmp_path) > 50


@pytest.mark.faults
@pytest.mark.parametrize("start", seeds.sample("more answers", range(1000, 2000, 100), 2))
def test_two_hundred_more_of_each(start: int, goal: Manifest, tmp_path: Path) -> None:
    """The same at length: three times, of ten in `make proof`."""
    broken(range(start, start + 100), goal, tmp_path)
    lying(range(start, start + 100), goal, tmp_path)
