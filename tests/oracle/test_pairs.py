"""Random worlds: what the plan says of access, `access` and drift are what tokens say, and one apply is
enough.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests import seeds
from tests.oracle import apart, plots, worlds
from tests.oracle.counting import Count, complaints, count
from tests.oracle.pairs import Verdict, pair


@pytest.mark.oracles
@pytest.mark.parametrize("number", seeds.of("pairs"))
def test_what_is_told_is_the_difference_of_tokens(number: int) -> None:
    """Who gains, loses and holds which value, people and applications apart, is what sign-in answers
    before and after.
    """
    verdict = pair(number)
    assert complaints(verdict) == [], verdict.shapes


def test_the_shapes_of_the_stories_take_turns() -> None:
    """Each shape is the main thing of as many worlds as any other, twice what must be carried out."""
    drawn = Counter(names[0] for names in (worlds.draw(number)[1] for number in range(len(plots.MAIN) * 4)))
    assert drawn == {shape.__name__: 4 for shape in plots.MAIN}


def test_the_judge_knows_nothing_of_the_engine() -> None:
    """Only what runs the engine imports it; what draws worlds and judges them sees documents, dumps and
    sign-in.
    """
    runs = ("tenant.py", "story.py", "pairs.py", "sequences.py", "two_ways.py")
    assert apart.of_the_engine(Path(__file__).parent, but=runs) == {}


def test_counts_find_what_must_not_be() -> None:
    """A count complains of refusals without a rule or too many, of shapes that never came, and of what was
    not true.
    """
    assert Count().problems() == []
    odd = count(
        [
            Verdict(1, ("a",), refused="because"),
            Verdict(2, ("a",), wrong=("no",)),
            Verdict(3, (), failed=("x",)),
        ]
    )
    assert (odd.pairs, odd.carried_out, odd.true) == (3, 1, 0)
    assert any("no rule that is known" in line for line in odd.problems())
    assert any("3 pairs are refused" in line for line in odd.problems())
    open_ = count(Verdict(number, ()) for number in range(100))
    assert any("a third must be" in line for line in open_.problems())
    whole = count(Verdict(number, (plots.MAIN[0].__name__,), protected=True) for number in range(1000))
    assert (whole.true, whole.protected) == (1000, 1000)
    assert plots.MAIN[1].__name__ in whole.problems()[0]


def test_a_third_of_the_worlds_is_protected() -> None:
    """Some of them by pinned applications, some by who made them."""
    drawn = [worlds.draw(number)[0] for number in range(200)]
    assert sum(draft.protected for draft in drawn) > 200 / 3
    assert 20 < sum(draft.protected and draft.pins for draft in drawn) < 80
