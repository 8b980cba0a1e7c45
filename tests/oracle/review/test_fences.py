"""A fenced file changes its fence and nothing else, whatever it says; what is harmless is never refused;
each rule is needed.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests import seeds
from tests.oracle.review import fence_runs, trespasses
from tests.oracle.review.fence_switches import SWITCHES
from tests.oracle.review.switches import Switch, off
from tests.oracle.switching import not_held


def held(numbers: Iterable[int]) -> list[fence_runs.Verdict]:
    """Try files; what is wrong is told whole."""
    verdicts = [fence_runs.once(number) for number in numbers]
    assert [failure for verdict in verdicts for failure in verdict.failures] == []
    return verdicts


def test_a_few_files_stay_in_their_fence() -> None:
    """Of fixed seeds: half of them are harmless and applied, and of the others most are refused."""
    verdicts = held(range(12))

    assert sum(not verdict.refused for verdict in verdicts if verdict.harmless) >= 4
    assert sum(bool(verdict.refused) for verdict in verdicts if not verdict.harmless) >= 3


@pytest.mark.oracles
@pytest.mark.parametrize("numbers", seeds.chunks("restricted", 10))
def test_a_fenced_file_changes_its_fence(numbers: list[int]) -> None:
    """Tenants with and without the file differ in objects and grants of the fence, or it was refused."""
    held(numbers)


@pytest.mark.oracles
def test_every_way_out_is_tried() -> None:
    """In a hundred and fifty files each hostile and each harmless move is made: the runs are about
    something.
    """
    verdicts = held(range(150))
    made = {move for verdict in verdicts for move in verdict.moves}

    assert made >= {move.__name__ for move in (*trespasses.HARMLESS, *trespasses.HOSTILE)}


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.rule)
def test_each_rule_is_where_the_switch_takes_it_away(switch: Switch) -> None:
    """The functions that a switch replaces are the engine's own."""
    assert not_held(switch.off) == []


@pytest.mark.oracles
@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.rule)
def test_without_a_rule_a_breach_is_found(switch: Switch) -> None:
    """Within the rule's budget of files one gets out of its fence; with the rule it does not."""
    with off(switch):
        broken = next(
            (number for number in range(switch.budget) if fence_runs.once(number, switch.moves).failures),
            None,
        )
    assert broken is not None
    assert fence_runs.once(broken, switch.moves).failures == []
