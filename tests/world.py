"""A tenant in this process and a Graph that is signed in to it: what tests of the whole pipeline start
from.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from entra_config import reconcile
from entra_config.apply.events import Outcome
from entra_config.graph.client import Graph
from entra_config.graph.clouds import Cloud
from entra_config.graph.connect import connect
from entra_config.graph.token import FixedToken, Identity
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Plan
from entra_config.plan.options import Options
from entra_emulator.callers import Caller
from entra_emulator.embedded import Embedded

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


async def signed_in(
    embedded: Embedded, caller: Caller | None = None, cloud: str | Cloud = "emulator"
) -> Graph:
    """Return Graph, signed in as a caller (the deployer application without one)."""
    who = caller or embedded.app_caller()
    identity = Identity(who.tid, who.oid, who.appid, "")
    return await connect(
        cloud, credential=FixedToken(embedded.token(who), identity), transport=embedded.transport()
    )


async def plan(
    embedded: Embedded, manifest: Manifest, *, caller: Caller | None = None, **options: Any
) -> Plan:
    """Plan against the tenant in this process."""
    async with await signed_in(embedded, caller) as graph:
        return await reconcile.plan(manifest, graph, Options(**options), now=NOW)


async def at_once(_: float) -> None:
    """Wait for nothing: this tenant does not lag."""


async def apply(embedded: Embedded, plan: Plan, *, caller: Caller | None = None) -> Outcome:
    """Apply to the tenant in this process."""
    async with await signed_in(embedded, caller) as graph:
        return await reconcile.apply(plan, graph, sleep=at_once)


async def carry_on(
    plan: Plan,
    outcome: Outcome,
    again: Callable[[], Awaitable[Plan]],
    carry_out: Callable[[Plan], Awaitable[Outcome]],
) -> Outcome:
    """Carry out what follows the restores of a plan that was carried out, until a step fails; return the last
    outcome.
    """
    known = dict(outcome.known)
    if plan.following and outcome.complete:
        async for following in reconcile.follow(plan, known, again):
            outcome = await carry_out(following.rest)
            known |= outcome.known
            if not outcome.complete:
                break
    return outcome
