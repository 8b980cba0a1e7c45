"""A number in; a sequence of edits of projects in one tenant, each applied and looked at, and then one
project destroyed, out.
"""

from __future__ import annotations

import asyncio
import copy
from random import Random
from typing import Any

from entra_config.errors import EntraConfigError
from tests.oracle.edits import OWNERS, Edit, Project, edit
from tests.oracle.reported import KEY, OWNER
from tests.oracle.story import Story

STEPS = 9


def whole(number: int) -> None:
    """Tell one sequence to its end; AssertionError where a key is not the one object that the model says."""
    asyncio.run(_whole(number))


async def _whole(number: int) -> None:
    sequence = Sequence(number)
    for _ in range(STEPS):
        await sequence.step()
    await sequence.destroy()


class Sequence:
    """Two or three projects in one tenant, edited step by step."""

    def __init__(self, number: int) -> None:
        """Begin with nothing."""
        self.random = Random(number)
        self.world = Story()
        self.projects = [Project(name) for name in self.random.sample(OWNERS, self.random.randint(1, 3))]
        self.seen: list[str] = []
        self.everybody: set[str] = set()

    async def step(self) -> None:
        """Make one edit, plan and apply it, and look at everybody's objects."""
        earlier = copy.deepcopy(self.projects)
        made = edit(self.random, self.projects)
        self.seen.append(made.said)
        before = self._rows()
        if not await self._apply(made):
            assert made.may_refuse, f"refused: {self.seen}"
            self.projects = earlier
            assert self._rows() == before, f"a refused plan wrote: {self.seen}"
            return
        self._check_keys(made)
        self._check_others(made, before)

    async def destroy(self) -> None:
        """Take one project out whole: what the others have stays, and what is nobody's."""
        project = self.random.choice(self.projects)
        made = Edit(f"{project.name}: destroy all", project, words=frozenset({"delete"}))
        self.seen.append(made.said)
        before = self._rows()
        content = project.manifest({})
        plan = await self.world.plan(content, made.words, destroy=True)
        assert not plan.blocked, f"{[each.message for each in plan.refusals]}: {self.seen}"
        outcome = await self.world.tenant.apply(plan)
        assert outcome.complete, self.seen
        gone = before.keys() - self._rows().keys()
        assert gone == {made for made in project.objects.values() if made}, self.seen
        self._check_others(made, before)

    async def _apply(self, made: Edit) -> bool:
        content = made.project.manifest(made.removed)
        try:
            plan = await self.world.plan(content, made.words)
        except EntraConfigError as error:
            self.seen.append(str(error))
            return False
        if plan.blocked:
            self.seen.append("; ".join(refusal.message for refusal in plan.refusals))
            return False
        outcome = await self.world.carry_out(plan, content, made.words)
        assert outcome.complete, f"not applied: {[str(error) for _, error in outcome.failed]} {self.seen}"
        self.world.tenant.clock.advance(3600)
        again = await self.world.plan(made.project.manifest({}), made.words)
        assert not again.changes, (
            f"a second plan is not empty: {[str(each)[:160] for each in again.changes]} {self.seen}"
        )
        return True

    def _check_keys(self, made: Edit) -> None:
        live = self._rows()
        for key, expected in made.project.objects.items():
            marks = {f"{OWNER}{made.project.owner}", f"{KEY}{key}"}
            found = [app_id for app_id, row in live.items() if marks <= set(row["tags"])]
            assert len(found) == 1, f"{key} is {len(found)} objects: {self.seen}"
            if expected:
                assert found == [expected], f"{key} is another object than it was: {self.seen}"
            else:
                assert found[0] not in self.everybody, (
                    f"{key} is an object that was something else: {self.seen}"
                )
                made.project.objects[key] = found[0]
        self.everybody |= live.keys()
        objects = [object_ for project in self.projects for object_ in project.objects.values()]
        assert len(objects) == len(set(objects)), f"two keys are one object: {self.seen}"

    def _check_others(self, made: Edit, before: dict[str, Any]) -> None:
        ours = f"{OWNER}{made.project.owner}"
        theirs = {
            app_id: row for app_id, row in before.items() if ours not in row["tags"] and app_id != made.handed
        }
        now = self._rows()
        touched = [app_id for app_id, row in theirs.items() if now.get(app_id) != row]
        assert touched == [], f"another's objects were touched: {touched} {self.seen}"

    def _rows(self) -> dict[str, Any]:
        return {row["appId"]: row for row in copy.deepcopy(list(self.world.tenant.rows.applications))}
