"""An upgrade of the tool alone changes no plan: yesterday's tenants against today's code."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.cases import upgrade
from tests.cases.plan_lines import lines
from tests.cases.stories import World
from tests.world import plan


@pytest.mark.parametrize("case", upgrade.read(), ids=lambda case: str(case["name"]))
def test_what_was_made_yesterday_is_left_alone(tmp_path: Path, case: dict[str, Any]) -> None:
    """Neither a line, nor a refusal, nor anything withheld."""
    world = World(tmp_path / "manifests", case["manifest"])
    upgrade.back(world, case["rows"])
    found = asyncio.run(plan(world.embedded, world.load()))
    assert lines(found) == []
    assert (found.refusals, found.withheld, found.steps) == ((), (), ())
