"""Every transient fault on at once, lists behind by 30 seconds: two applies in a row end where they should."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.convergence.before_and_after import AFTER, BEFORE
from tests.convergence.tenant import Tenant, load

FAULTS: dict[str, Any] = {
    "throttle_rate": 0.1,
    "throttle_part_rate": 0.05,
    "retry_after": 3,
    "error_rate": 0.05,
    "error_part_rate": 0.03,
    "cut_before_rate": 0.05,
    "cut_after_rate": 0.05,
    "conflict_rate": 0.05,
    "lag": {"applications": 5, "servicePrincipals": 8},
    "list_lag": {"*": 30},
}


def story(seed: int, folder: Path) -> None:
    """Apply the first manifest, then the second, and look without faults."""
    before, after = load(folder / "a", BEFORE), load(folder / "b", AFTER)
    tenant = Tenant(seed=seed, **FAULTS)
    for goal in (before, after):
        outcome = asyncio.run(tenant.converge(goal))
        assert outcome.complete, [(step.id, str(error)) for step, error in outcome.failed]
        assert outcome.unseen == ()
    assert asyncio.run(tenant.pending(after)) == []
    assert tenant.doubles() == []
    assert tenant.strangers() == tenant.foreign


@pytest.mark.parametrize("seed", range(5))
def test_two_applies_converge_under_every_transient_fault(seed: int, tmp_path: Path) -> None:
    """Throttled, failing, cut, conflicting, lagging: each apply is complete, the next plan empty, nothing doubled."""
    story(seed, tmp_path)


@pytest.mark.faults
@pytest.mark.parametrize("seed", range(5, 105))
def test_a_hundred_more_converge(seed: int, tmp_path: Path) -> None:
    """The same with a hundred other sequences of faults."""
    story(seed, tmp_path)
