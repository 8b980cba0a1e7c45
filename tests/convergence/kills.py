"""An apply that is killed at each of its calls in turn, on a tenant that held another manifest before."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

from entra_config.manifest import loader
from entra_config.manifest.model import Manifest
from entra_emulator.directory import Tenants
from tests.convergence.tenant import Tenant, killed

ROOT = Path(__file__).parents[2]
FIRST, LAST = 1, 400


def worked_example() -> Manifest:
    """Load the worked example for dev."""
    return loader.load(ROOT / "manifests", "dev")


def prepared(start: Manifest | None) -> Callable[[], Tenant]:
    """Apply `start` to a tenant once; return what makes one that holds it."""
    first = Tenant()
    if start is not None:
        outcome = asyncio.run(first.converge(start))
        assert outcome.complete, outcome.failed
    # As it is after a restart: plain data, read again; each kill gets a fork of it.
    held = Tenants.from_data(json.loads(json.dumps(first.emulator.directory.dump())), clock=first.clock)
    now = first.clock.now()

    def made() -> Tenant:
        tenant = Tenant()
        tenant.clock.advance((now - tenant.clock.now()).total_seconds())
        tenant.emulator.directory.replace(held.fork(tenant.clock))
        return tenant

    return made


def crash_everywhere(
    start: Manifest | None,
    goal: Manifest,
    phase: str,
    step: int = 1,
    *,
    spoil: Callable[[Tenant], None] = lambda _: None,
    mend: Callable[[Tenant], None] | None = None,
) -> int:
    """Kill an apply at each of its calls in turn, apply again, and look; return how many calls there were.

    `spoil` is what others did to the tenant before, `mend` what an administrator does after the second apply;
    a third one follows.
    """
    make = prepared(start)
    for call in range(FIRST, LAST, step):
        tenant = make()
        spoil(tenant)
        tenant.kill_at(call, phase)
        was_killed = killed(lambda tenant=tenant: tenant.converge(goal))
        tenant.faults.on_call = None
        outcome = asyncio.run(tenant.converge(goal))
        assert outcome.complete, (call, outcome.failed)
        if mend is not None:
            mend(tenant)
            outcome = asyncio.run(tenant.converge(goal))
            assert outcome.complete, (call, outcome.failed)
        assert asyncio.run(tenant.pending(goal)) == [], call
        assert tenant.doubles() == [], call
        assert tenant.strangers() == tenant.external, call
        if not was_killed:
            return call - 1
    raise AssertionError("the apply never ended by itself")
