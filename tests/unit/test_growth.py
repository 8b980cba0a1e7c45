"""The work of a plan grows as the estate does: counted in lines run, which no machine's speed changes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from entra_config import reconcile
from entra_config.actual.holders import access
from entra_config.drift import check
from entra_config.plan.options import Options
from tests.oracle.two_ways import NEVER, lists_from
from tests.unit.growth import FEW, MANY, Work, assert_grows_alike, counted
from tests.world import NOW


@pytest.mark.parametrize(
    "work",
    [
        pytest.param(lambda graph, same, _: reconcile.plan(same, graph, now=NOW), id="no-op plan"),
        pytest.param(
            lambda graph, _, changed: reconcile.plan(changed, graph, now=NOW), id="plan of changes everywhere"
        ),
        pytest.param(
            lambda graph, same, _: reconcile.plan(same, graph, Options(destroy=True), now=NOW),
            id="plan of the end",
        ),
        pytest.param(lambda graph, same, _: access(graph, same), id="access"),
        pytest.param(
            lambda graph, _, changed: check.run(
                changed, changed, graph, now=NOW, base="", since=None, unmanaged=False
            ),
            id="drift",
        ),
    ],
)
@pytest.mark.parametrize("many", [1, NEVER], ids=["by lists", "by key"])
def test_the_work_grows_as_the_estate_does(tmp_path: Path, work: Work, many: int) -> None:
    """Four times the applications are four times the lines, whatever they name of each other."""
    with lists_from(many):
        assert_grows_alike(*(asyncio.run(counted(tmp_path, size, work)) for size in (FEW, MANY)))
