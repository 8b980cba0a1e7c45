"""Every folder here is one case: a manifest, what happens to it and to the tenant, what each plan says,
the tenant after.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.cases.stories import CASES, World, case_of, tell


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_case(path: Path, tmp_path: Path) -> None:
    """What the case's `says` says holds, step by step."""
    case = case_of(path)
    assert case["says"], "a case says what holds"
    world = World(tmp_path / "manifests", case["manifest"])

    async def story() -> None:
        for step in case["story"]:
            await tell(world, step)

    asyncio.run(story())
