"""Random worlds under attack: every invariant holds in each, and breaks where any one rule of identity or
trust is taken away.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests import seeds
from tests.oracle.attack import runs, switches_identity, switches_trust, worlds
from tests.oracle.attack.attacker import MOVES
from tests.oracle.attack.runs import Counts
from tests.oracle.attack.switches import Switch, off
from tests.oracle.switching import not_held

SWITCHES = [*switches_identity.SWITCHES, *switches_trust.SWITCHES]


def held(numbers: Iterable[int]) -> Counts:
    """Run some worlds; whatever broke is told whole."""
    counts = Counts()
    for number in numbers:
        run = runs.once(worlds.draw(number))
        assert not run.breaches, str(run)
        counts.add(run)
    return counts


def test_a_few_attacks_change_nothing_that_they_must_not() -> None:
    """Of fixed seeds, so that it takes as long each time; he acts, and the project is applied all the
    same.
    """
    counts = held(range(100, 110))
    assert sum(counts.moves.values()) > 20
    assert counts.granted > 10
    assert counts.endings["done"] > 10


@pytest.mark.oracles
@pytest.mark.parametrize("numbers", seeds.chunks("attack", 10))
def test_nothing_planted_is_armed(numbers: list[int]) -> None:
    """Nothing of his holds anything by our writes, nobody else's is changed, and no plan of pinned keys is
    stopped.
    """
    held(numbers)


@pytest.mark.oracles
def test_the_attacker_makes_every_move() -> None:
    """In sixty worlds each of his moves is made, and most applies are carried out: the runs are about
    something.
    """
    counts = runs.run(0, 60)
    assert counts.failures == []
    assert set(counts.moves) >= set(MOVES)
    assert counts.endings["done"] > sum(counts.endings.values()) / 2


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.rule)
def test_each_rule_is_where_the_switch_takes_it_away(switch: Switch) -> None:
    """The functions that a switch replaces are the engine's own."""
    assert not_held(switch.off) == []


@pytest.mark.oracles
@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.rule)
def test_without_a_rule_a_breach_is_found(switch: Switch) -> None:
    """Within the rule's budget of worlds the referee finds one that breaks; with the rule it is silent
    there.
    """
    with off(switch):
        broken = next(
            (world for world in switch.worlds(0) if runs.once(world, moves=switch.moves).breaches), None
        )
    assert broken is not None
    control = runs.once(broken, moves=switch.moves)
    assert not control.breaches, str(control)
