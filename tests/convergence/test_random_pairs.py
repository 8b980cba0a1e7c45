"""Random manifests A and B, a random directory of others, every fault that passes: A, then B, then nothing
is left to do.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random
from typing import Any

import pytest

from entra_emulator.fault_plan import FaultPlan
from tests import seeds
from tests.cases.random_manifests import manifest
from tests.convergence.neighbours import move_in
from tests.convergence.tenant import Tenant, load_all


def faults(seed: int) -> dict[str, Any]:
    """Choose how badly things go: every transient fault, lists 30 seconds behind, reads by key up to 20."""
    random = Random(seed)
    return {
        "seed": seed,
        "throttle_rate": 0.08,
        "throttle_part_rate": 0.04,
        "retry_after": random.randint(0, 12),
        "error_rate": 0.04,
        "error_part_rate": 0.03,
        "error_status": random.choice([500, 502, 503, 504]),
        "cut_before_rate": 0.04,
        "cut_after_rate": 0.05,
        "conflict_rate": 0.05,
        "lag": {
            "*": random.choice([0, 2, 8]),
            "applications": random.randint(0, 20),
            "servicePrincipals": random.randint(0, 20),
        },
        "list_lag": {"*": 30},
    }


async def story(seed: int, folder: Path, as_of: str | None = None) -> None:
    """Apply A, apply B, and look: at once while lists lag, and again in peace."""
    first, second = (
        load_all(folder / name, manifest(number)) for name, number in (("a", seed), ("b", seed + 100_000))
    )
    tenant = Tenant(owner="rnd/dev", as_of=as_of)
    await move_in(tenant, seed)
    tenant.faults.set(FaultPlan.from_data(faults(seed)))
    for goal in (first, second):
        async with await tenant.connect() as graph:
            plan = await tenant.plan(graph, goal)
            assert not plan.blocked, plan.refusals
            outcome = await tenant.carry_out(graph, plan)
            assert [(step.id, str(error)) for step, error in outcome.failed] == []
            assert (outcome.not_attempted, outcome.unconfirmed) == ((), ())
    async with await tenant.connect() as graph:
        at_once = await tenant.plan(graph, second)
    assert [str(change)[:300] for change in at_once.changes] == []
    tenant.calm()
    async with await tenant.connect() as graph:
        assert (await tenant.plan(graph, second)).changes == ()
    assert tenant.doubles() == []
    assert tenant.strangers() == tenant.external


@pytest.mark.parametrize("seed", seeds.sample("manifest pairs", range(50), 12))
def test_any_manifest_follows_any_other_through_every_fault(seed: int, tmp_path: Path) -> None:
    """Each apply is complete, the plan after it is empty while lists still lag, nothing is doubled, what
    is not ours stays.
    """
    asyncio.run(story(seed, tmp_path))


@pytest.mark.faults
@pytest.mark.parametrize("seed", seeds.sample("more pairs", range(50, 550), 90))
def test_five_hundred_more_pairs(seed: int, tmp_path: Path) -> None:
    """The same, a hundred and twenty times; five hundred times in `make proof`."""
    asyncio.run(story(seed, tmp_path))


@pytest.mark.parametrize("seed", seeds.sample("pairs of 2022", range(550, 600), 2))
def test_a_manifest_follows_another_with_answers_of_2022(seed: int, tmp_path: Path) -> None:
    """The same, if Graph answers as of 2022-06."""
    asyncio.run(story(seed, tmp_path, "2022-06"))


@pytest.mark.faults
@pytest.mark.parametrize("seed", seeds.sample("more pairs of 2022", range(550, 1050), 20))
def test_more_pairs_with_answers_of_2022(seed: int, tmp_path: Path) -> None:
    """The same, five hundred times in `make proof`."""
    asyncio.run(story(seed, tmp_path, "2022-06"))
