"""Under enforced quotas plan and apply finish, never exceed them, and say what they wait for."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from entra_config.actual import lists
from entra_config.actual.holders import access
from entra_config.apply.events import Waiting
from entra_config.drift import check
from entra_config.graph.client import ResponseReceived
from entra_config.graph.pacing import Quota, resource_units, writes
from entra_config.importing import tenant as importing
from entra_config.manifest.model import Manifest
from tests.convergence.before_and_after import AFTER, BEFORE
from tests.convergence.tenant import Tenant, load

READS, WRITES = 60, 20
SMALL = (Quota("reads", READS, 10.0, resource_units), Quota("writes", WRITES, 150.0, writes))


class Ear:
    """Keeps the statuses of all tries and the reasons of all waits."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.reasons: set[str] = set()
        self.units: Counter[int] = Counter()

    def responded(self, event: ResponseReceived) -> None:
        """Note a status, and the resource units that the client counts for it."""
        self.statuses.append(event.response.status)
        self.units[resource_units(event.request)] += 1

    def noted(self, text: str) -> None:
        """Take no note of how something is read."""

    def waiting(self, reason: str, seconds: float) -> None:
        """Note a reason."""
        assert seconds > 0
        self.reasons.add(reason)


async def converge(tenant: Tenant, goals: list[Manifest], **options: Any) -> Ear:
    """Plan and apply one goal after another, listened to."""
    ear = Ear()
    async with await tenant.connect(**options) as graph:
        with graph.observed_by(ear):
            for goal in goals:
                outcome = await tenant.carry_out(graph, await tenant.plan(graph, goal))
                assert outcome.complete, outcome.failed
    return ear


def test_paced_requests_never_exceed_a_quota(tmp_path: Path) -> None:
    """With the tenant's quotas kept on this side not one request is refused, and each wait names its
    quota.
    """
    tenant = Tenant(read_quota=READS, write_quota=WRITES)
    goals = [load(tmp_path / "a", BEFORE), load(tmp_path / "b", AFTER)]
    ear = asyncio.run(converge(tenant, goals, quotas=SMALL))
    assert 429 not in ear.statuses
    assert {"the quota of reads", "the quota of writes"} <= ear.reasons
    reported = {event.reason for event in tenant.events if isinstance(event, Waiting)}
    assert "the quota of writes" in reported


def test_quotas_that_nobody_told_are_waited_out(tmp_path: Path) -> None:
    """A smaller quota than the published one is met as 429 with Retry-After, obeyed, and the apply
    finishes.
    """
    tenant = Tenant(read_quota=READS, write_quota=WRITES)
    goals = [load(tmp_path / "a", BEFORE), load(tmp_path / "b", AFTER)]
    ear = asyncio.run(converge(tenant, goals))
    assert 429 in ear.statuses
    assert any("Too many requests" in reason for reason in ear.reasons)
    assert asyncio.run(tenant.pending(goals[1])) == []
    assert tenant.doubles() == []


@pytest.mark.parametrize("many", [lists.MANY, 1], ids=["by key", "by lists"])
def test_client_and_emulator_count_the_same_resource_units(many: int, tmp_path: Path) -> None:
    """Each has its own copy of Graph's table: plan, apply, access, drift and import cost the same by both."""
    tenant = Tenant()
    goals = [load(tmp_path / "a", BEFORE), load(tmp_path / "b", AFTER)]

    async def run_commands() -> Counter[int]:
        ear = Ear()
        async with await tenant.connect() as graph:
            with graph.observed_by(ear):
                for goal in goals:
                    await tenant.carry_out(graph, await tenant.plan(graph, goal))
                await access(graph, goal)
                await check.run(goal, goal, graph, now=tenant.clock.now(), base="")
                everything = importing.WantedRegistrations(everything=True)
                await importing.read(graph, everything, signed_in=graph.identity.app_id)
        return ear.units

    with (
        patch.object(lists, "MANY", many),
        patch.object(tenant.faults, "charge", wraps=tenant.faults.charge) as charge,
    ):
        counted = asyncio.run(run_commands())

    assert counted == Counter(call.args[1] for call in charge.call_args_list)
    assert {1, 2, 3} <= counted.keys()
