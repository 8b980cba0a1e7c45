"""Every folder here is one case: a manifest, what happens to it and to the tenant, what each plan says,
the tenant after.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded
from tests import seeds
from tests.cases.stories import CASES, World, case_of, tell
from tests.world import NOW


async def _tell(path: Path, world: World) -> None:
    for step in case_of(path)["story"]:
        await tell(world, step)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_case(path: Path, tmp_path: Path) -> None:
    """What the case's `says` says holds, step by step."""
    case = case_of(path)
    assert case["says"], "a case says what holds"
    asyncio.run(_tell(path, World(tmp_path / "manifests", case["manifest"])))


def _tell_as_of_2022(number: int, folder: Path) -> None:
    embedded = Embedded.create(seed="cases", clock=ManualClock(NOW), as_of="2022-06")
    asyncio.run(_tell(CASES[number], World(folder, case_of(CASES[number])["manifest"], embedded)))


@pytest.mark.parametrize("number", seeds.sample("cases", range(len(CASES)), 12))
def test_case_with_answers_of_2022(number: int, tmp_path: Path) -> None:
    """A case needs no property that answers have had since 2022-06 only."""
    _tell_as_of_2022(number, tmp_path / "manifests")


@pytest.mark.faults
@pytest.mark.parametrize("number", range(len(CASES)))
def test_each_case_with_answers_of_2022(number: int, tmp_path: Path) -> None:
    """The same of all."""
    _tell_as_of_2022(number, tmp_path / "manifests")
