"""Each effect of a pull request is a line in every view, or the plan was too much for the room; each rule
of it is needed.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests import seeds
from tests.oracle.review import runs
from tests.oracle.review.review_switches import SWITCHES
from tests.oracle.review.switches import Switch, off
from tests.oracle.switching import not_held


def held(numbers: Iterable[int]) -> list[runs.Verdict]:
    """Try pull requests; what is wrong is told whole."""
    verdicts = [runs.once(number) for number in numbers]
    assert [failure for verdict in verdicts for failure in verdict.failures] == []
    return verdicts


def test_a_few_pull_requests_show_their_effects() -> None:
    """Of fixed seeds: they are carried out, and give something."""
    verdicts = held(range(100, 108))

    assert sum(not verdict.refused for verdict in verdicts) >= 7
    assert sum(sum(verdict.givers.values()) for verdict in verdicts) > 30


@pytest.mark.oracles
@pytest.mark.parametrize("numbers", seeds.chunks("effects", 10))
def test_effects_are_lines(numbers: list[int]) -> None:
    """What differs between two dumps and gives power stands whole in text, comment, page and JSON."""
    held(numbers)


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.rule)
def test_each_rule_is_where_the_switch_takes_it_away(switch: Switch) -> None:
    """The functions that a switch replaces are the engine's own."""
    assert not_held(switch.off) == []


def hole(switch: Switch) -> int | None:
    """Return the first trial of a switch's budget in which something goes unread."""
    with off(switch):
        trials = ((number, switch.moves[number % len(switch.moves)]) for number in range(switch.budget))
        return next((number for number, chosen in trials if runs.once(number, chosen).failures), None)


@pytest.mark.oracles
@pytest.mark.parametrize(
    "switch", [each for each in SWITCHES if each.budget <= 60], ids=lambda switch: switch.rule
)
def test_without_a_rule_a_hole_is_found(switch: Switch) -> None:
    """Within its budget of pull requests one gives what nobody reads; with the rule it does not."""
    found = hole(switch)
    assert found is not None
    assert runs.once(found, switch.moves[found % len(switch.moves)]).failures == []
