"""Graph writes an application's tags on its service principal too: what this run causes so is no change by
others, and what others change is.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from entra_config import reconcile
from entra_config.apply.events import Outcome
from entra_config.manifest import loader
from entra_config.plan.model import Plan
from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded
from entra_emulator.fault_plan import FaultPlan
from entra_emulator.faults import Faults
from tests.unit.importing.importer import Ground

MANIFEST = """
project: p
environments: { dev: { tenantId: %s } }
applications:
  api:
    type: api
    displayName: Api
    tags: [%s]
    enterpriseApplication: { tags: [%s] }
"""


class Deployment(Ground):
    """A project whose tags change, in a tenant where time passes when apply waits."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.clock = ManualClock()
        self.faults = FaultPlan()
        self.embedded = Embedded.create(seed="import", clock=self.clock, faults=Faults(self.faults))

    async def plan(self, application: str, principal: str) -> Plan:
        """Plan these tags."""
        async with await self.graph() as graph:
            text = MANIFEST % (graph.tenant_id, application, principal)
            (self.folder / "entra-config.yaml").write_text(text, encoding="utf-8")
            return await reconcile.plan(loader.load(self.folder, "dev"), graph, now=self.clock.now())

    async def apply(self, plan: Plan) -> Outcome:
        """Apply a plan; the service principal is written after Graph has answered for the application."""
        application = next(step.id for step in plan.steps if step.id.startswith("application."))
        steps = [
            step if step.id == application else replace(step, needs=step.needs | {application})
            for step in plan.steps
        ]
        async with await self.graph() as graph:
            plan = replace(plan, steps=tuple(steps))
            return await reconcile.apply(plan, graph, sleep=self.clock.sleep)


@pytest.mark.parametrize("lag", [0, 20])
@pytest.mark.parametrize(
    ("application", "principal"),
    [("B", "HideApp, X"), ("A, B", "X"), ("", "A, Y"), ("HideApp", "Y"), ("B", "HideApp")],
)
def test_tags_that_graph_mirrors_are_no_change_by_others(
    tmp_path: Path, application: str, principal: str, lag: int
) -> None:
    """Both steps are done, and nothing is left, also if Graph shows its own write `lag` seconds later."""

    async def run() -> tuple[Outcome, Plan]:
        ground = Deployment(tmp_path)
        await ground.apply(await ground.plan("A", "HideApp"))
        ground.clock.advance(60)
        ground.faults.lag.update({"applications": lag, "servicePrincipals": lag})
        outcome = await ground.apply(await ground.plan(application, principal))
        ground.clock.advance(60)
        return outcome, await ground.plan(application, principal)

    outcome, again = asyncio.run(asyncio.wait_for(run(), 60))
    assert (outcome.failed, outcome.not_attempted, outcome.differs) == ((), (), ())
    assert again.empty


def test_a_tag_that_others_write_meanwhile_is_a_change(tmp_path: Path) -> None:
    """The service principal is not overwritten."""

    async def run() -> Outcome:
        ground = Deployment(tmp_path)
        await ground.apply(await ground.plan("A", "HideApp"))
        plan = await ground.plan("A", "HideApp, X")
        principals = ground.embedded.directory.default.service_principals
        (row,) = [row for row in principals if row["displayName"] == "Api"]
        tags = [*row["tags"], "theirs"]
        await ground.send("PATCH", f"/servicePrincipals/{row['id']}", {"tags": tags})
        async with await ground.graph() as graph:
            return await reconcile.apply(plan, graph)

    outcome = asyncio.run(asyncio.wait_for(run(), 60))
    ((step, error),) = outcome.failed
    assert step.id == "enterpriseApplication.api/extend"
    assert "tags has 'theirs'" in str(error)
