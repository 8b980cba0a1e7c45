"""Random histories: who did it is true or not said, nothing is left out, and each rule of who did it is
needed for that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tests import seeds
from tests.oracle import apart
from tests.oracle.evidence import formats, histories, runs
from tests.oracle.evidence.histories import History, Style
from tests.oracle.evidence.judge import Verdict
from tests.oracle.evidence.runs import Counts, Run
from tests.oracle.evidence.switches import DRIFT, SWITCHES, Switch, off
from tests.oracle.switching import held

BUDGET = 120
KNOWING = ("engine.py", "switches.py")


def held_to_the_truth(numbers: Iterable[int]) -> Counts:
    """Tell histories; whatever is not so is told whole."""
    counts = runs.count(runs.run(number) for number in numbers)
    assert counts.problems() == []
    return counts


def test_a_few_histories_are_told_as_they_were() -> None:
    """Of fixed seeds, so that it takes as long each time; most of what one record tells is told exactly."""
    counts = held_to_the_truth(range(100, 106))
    assert sum(counts.findings.values()) > 60
    assert sum(counts.given.values()) > 40


@pytest.mark.oracles
@pytest.mark.parametrize("numbers", seeds.chunks("evidence", 5))
def test_who_did_it_is_true(numbers: list[int]) -> None:
    """No actor is wrong, most of what one record tells is told, and all formats hold all of it."""
    held_to_the_truth(numbers)


@pytest.mark.oracles
@pytest.mark.parametrize("numbers", seeds.chunks("identification", 5))
def test_what_happened_is_identified(numbers: list[int]) -> None:
    """Tags, values and names are changed, objects deleted and restored, among ordinary changes: each finding
    is a real difference and each difference has one, the exit code is the plan's, and a broken log changes
    no finding.
    """
    counts = runs.count(runs.identified(number) for number in numbers)
    assert counts.problems() == []


@pytest.mark.oracles
@pytest.mark.parametrize("numbers", seeds.chunks("others", 5))
def test_what_happens_to_apis_of_others_is_identified(numbers: list[int]) -> None:
    """The same with an API of others that is deleted, restored or renamed, and with objects of ours that are
    deleted for good.
    """
    counts = runs.count(runs.with_others(number) for number in numbers)
    assert counts.problems() == []


@pytest.mark.oracles
@pytest.mark.parametrize(
    "style", [histories.ANY, histories.KNOWN_BY, histories.OTHERS], ids=["ordinary", "identity", "others"]
)
@pytest.mark.parametrize("numbers", seeds.chunks("seldom", 3))
def test_what_chance_makes_seldom_is_told_as_it_was(numbers: list[int], style: Style) -> None:
    """Each act whose findings the other histories have too seldom is tried once, at a turn of its own."""
    counts = runs.count(runs.run(number, replace(style, seldom=True)) for number in numbers)
    assert counts.problems() == []


@cache
def _reported(number: int, style: Style) -> History:
    return histories.reported(number, style)


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.rule)
def test_each_rule_is_where_the_switch_takes_it_away(switch: Switch) -> None:
    """What a switch replaces is drift's own."""
    for place in switch.off:
        owner, name = held(place, DRIFT)
        assert hasattr(owner, name), place


@pytest.mark.oracles
@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.rule)
def test_without_a_rule_the_judge_finds_a_wrong_answer(switch: Switch) -> None:
    """Within the budget an answer is wrong, or so many are missing that a kind is told too seldom; with
    the rule none is.
    """
    without, along = Counts(), Counts()
    for number in range(BUDGET):
        history = _reported(number, switch.style)
        with off(switch):
            without.add(Run(number, runs.retold(history)))
        if without.failures:
            assert [each.wrong for each in runs.retold(history) if each.wrong] == []
            return
        along.add(Run(number, runs.retold(history)))
    assert along.problems() == []
    assert without.problems() != []


def test_the_judge_knows_nothing_of_drift() -> None:
    """Only what runs drift, and what takes its rules away, imports anything of the engine."""
    assert apart.of_the_engine(Path(__file__).parent, but=KNOWING) == {}


def test_counts_find_what_must_not_be() -> None:
    """Wrong answers, kinds that are told too seldom, and kinds that never came in a thousand histories."""
    assert Counts().problems() == []
    assert runs.count([Run(1, [Verdict("a", "exact", wrong="no")]), Run(2, failures=["x"])]).problems() == [
        "seed 1: no",
        "seed 2: x",
    ]
    rare = [Verdict("a", "likely", owed=True)] * 2 + [Verdict("a", "exact", owed=True)] * 8
    assert "only 8 are exact" in runs.count([Run(1, rare)]).problems()[0]
    assert (
        "100 are due"
        in runs.count([Run(1, rare[2:]), *(Run(number) for number in range(2, 1001))]).problems()[0]
    )


def test_formats_are_held_against_each_other() -> None:
    """A finding that one format leaves out or tells in another place, and a warning that another lacks,
    are found.
    """
    report = _reported(100, histories.ANY).report
    written = dict(report.formats)
    assert list(formats.problems(written)) == []
    document = json.loads(written["json"])
    assert len(document["findings"]) > 2
    for name in ("text", "markdown", "html", "sarif"):
        lacking = {**document, "findings": document["findings"][1:]}
        assert any(name in problem for problem in formats.problems({**written, "json": json.dumps(lacking)}))
        warning = {**document, "warnings": ["nobody said this"]}
        assert any(name in problem for problem in formats.problems({**written, "json": json.dumps(warning)}))
    turned = {**document, "findings": document["findings"][::-1]}
    assert any(
        "highest risk" in problem for problem in formats.problems({**written, "json": json.dumps(turned)})
    )
