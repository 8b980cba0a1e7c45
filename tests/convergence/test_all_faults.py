"""Every transient fault on at once, lists behind by 30 seconds: two applies in a row end where they
should.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from entra_emulator.fault_plan import FaultPlan
from tests import seeds
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


def story(number: int, folder: Path) -> None:
    """Apply the first manifest, then the second, and look without faults."""
    before, after = load(folder / "a", BEFORE), load(folder / "b", AFTER)
    tenant = Tenant(seed=number, **FAULTS)
    for goal in (before, after):
        outcome = asyncio.run(tenant.converge(goal))
        assert outcome.complete, [(step.id, str(error)) for step, error in outcome.failed]
        assert outcome.unconfirmed == ()
    assert asyncio.run(tenant.pending(after)) == []
    assert tenant.doubles() == []
    assert tenant.strangers() == tenant.external


@pytest.mark.parametrize("number", range(5))
def test_two_applies_converge_under_every_transient_fault(number: int, tmp_path: Path) -> None:
    """Throttled, failing, cut, conflicting, lagging: each apply is complete, the next plan empty, nothing
    doubled.
    """
    story(number, tmp_path)


def test_a_name_that_the_list_hides_gets_the_content_that_is_declared(tmp_path: Path) -> None:
    """A federated credential made a moment ago and changed since: that its name is taken is no proof that
    it is as declared.
    """
    before, after = load(tmp_path / "a", BEFORE), load(tmp_path / "b", AFTER)
    tenant = Tenant(list_lag={"federatedIdentityCredentials": 30})

    async def made() -> None:
        async with await tenant.connect() as graph:
            assert (await tenant.carry_out(graph, await tenant.plan(graph, before), wait=False)).complete

    asyncio.run(made())
    outcome = asyncio.run(tenant.converge(after))
    assert outcome.complete, [str(error) for _, error in outcome.failed]
    [application] = [row for row in tenant.applications() if row["displayName"] == "Nightly"]
    rows = [
        row
        for row in tenant.tables.federated_identity_credentials
        if row["_application"] == application["id"]
    ]
    declared = after.applications["nightly"].federated_credentials
    # What the list hides whole is taken away by the next plan; what is declared is right in this one.
    assert {name: each.subject or None for name, each in declared.items()}.items() <= {
        row["name"]: row["subject"] for row in rows
    }.items()


@pytest.mark.parametrize(
    "lag", [{"applications": 20}, {"*": 10}, {"applications": 5, "servicePrincipals": 30}], ids=str
)
def test_a_restored_application_waits_for_itself(lag: dict[str, float], tmp_path: Path) -> None:
    """Its service principal does not come back before the application is seen: both do, and all that hung
    on them.
    """
    goal = load(tmp_path / "a", BEFORE)
    tenant = Tenant()
    assert asyncio.run(tenant.converge(goal)).complete
    before = {
        table: {row["id"] for row in getattr(tenant.tables, table)}
        for table in ("applications", "service_principals")
    }

    tenant.delete_ours()
    tenant.faults.set(FaultPlan(lag=lag))
    outcome = asyncio.run(tenant.converge(goal))
    assert outcome.complete, [(step.id, str(error)) for step, error in outcome.failed]
    assert asyncio.run(tenant.pending(goal)) == []
    assert {table: {row["id"] for row in getattr(tenant.tables, table)} for table in before} == before


@pytest.mark.faults
@pytest.mark.parametrize("number", seeds.sample("all faults", range(5, 105), 30))
def test_thirty_more_converge(number: int, tmp_path: Path) -> None:
    """The same with other sequences of faults, with a hundred of them in `make proof`."""
    story(number, tmp_path)
