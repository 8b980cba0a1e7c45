"""Permissions: with exactly what is listed for a plan its apply works, and without any one of it it does
not, in every case.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from entra_config.drift import check
from entra_config.graph.privileges import READ_AUDIT
from tests import seeds
from tests.cases.privileges import CASES, STEPS, Tried, matrix
from tests.unit.drift.edited import Tenant
from tests.unit.drift.stories import HOUR, rename
from tests.world import signed_in

FIRST, STEP = seeds.every("privileges", 10)


@pytest.mark.parametrize("path", CASES[FIRST - 1 :: STEP], ids=lambda path: path.parent.name)
def test_what_is_listed_is_what_is_needed(path: Path) -> None:
    """A tenth of the cases."""
    assert matrix(path).problems == []


@pytest.mark.oracles
def test_what_is_listed_is_what_is_needed_in_every_case() -> None:
    """All of them, and each kind of step that there is comes in one."""
    found = Tried()
    for path in CASES:
        tried = matrix(path)
        assert tried.problems == [], path.parent.name
        found.kinds |= tried.kinds
        found.runs += tried.runs
    assert found.kinds >= STEPS
    assert found.runs > 400


def test_without_the_right_to_the_log_drift_says_so() -> None:
    """What is not needed is not fatal: the finding is told, and why nobody is named."""

    async def tell() -> tuple[str, str]:
        tenant = Tenant()
        await tenant.deploy()
        await rename(tenant, "alice", "Renamed")
        tenant.clock.advance(HOUR)
        caller = tenant.embedded.app_caller()
        blind = replace(caller, roles=caller.roles - {READ_AUDIT})
        async with await signed_in(tenant.embedded, blind) as graph:
            now = tenant.clock.now()
            drift = await check.run(
                tenant.manifest, tenant.manifest, graph, now=now, base="HEAD", since=tenant.good_at
            )
        (finding,) = drift.findings
        return finding.attribution.grade, finding.attribution.reason

    assert asyncio.run(tell()) == ("none", "no_access")
