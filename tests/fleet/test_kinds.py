"""Kinds of plans of random fleets, against an oracle that knows no plan."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.fleet import noise
from tests.fleet.kinds import tried
from tests.seeds import sample


@pytest.mark.fleet
@pytest.mark.parametrize("number", sample("kinds of random fleets", range(500), 30))
def test_two_shards_stand_together_exactly_if_the_oracle_says_so(tmp_path: Path, number: int) -> None:
    """Manifests, variables, overrides, what was applied before and what somebody wrote by hand are drawn."""
    found, wrong = tried(number, tmp_path)
    assert not wrong
    assert found.pairs


@pytest.mark.fleet
def test_a_planted_single_stands_alone_and_before_the_big_kind_behind_a_megabyte_of_noise(
    tmp_path: Path,
) -> None:
    """A foreign host in a variable, a step of people more, one consent, one impostor."""
    report, size = noise.ranked(tmp_path, Random("noise"))
    groups = [tuple(each.shard.partition("/")[0] for each in group.members) for group in report.groups]
    assert size > 1_000_000
    assert groups[-1] == noise.PLAIN
    assert sorted(groups[:-1]) == [(name,) for name in noise.SINGLES]
