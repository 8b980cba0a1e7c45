"""Which steps may start, which never will, and what stands before a step."""

from __future__ import annotations

from dataclasses import replace

import pytest

from entra_config.apply.schedule import Schedule
from entra_config.graph.request import Request
from entra_config.plan.steps import Step
from tests.unit.apply.ground import create


def step(name: str, chain: str = "", needs: str = "", sent: str = "PATCH /a") -> Step:
    """Make a step that needs others, by one letter each; `sent` is method and path."""
    method, path = sent.split()
    request = replace(Request("GET", path), method=method)
    return replace(create("x"), id=name, chain=chain, needs=frozenset(needs), request=request)


def ids(steps: object) -> list[str]:
    """Name steps."""
    return [each.id for each in steps] if isinstance(steps, list | tuple) else []


def ready(schedule: Schedule) -> list[tuple[str, str | None]]:
    """Name what may start, each with what forbids it."""
    return [(each.id, bad.id if bad else None) for each, bad in schedule.ready()]


def test_a_chain_goes_one_after_another_and_what_a_step_needs_comes_first() -> None:
    """What is not in the plan is not waited for; steps without a chain go side by side."""
    a, b, c, d = step("a", "1", "?"), step("b", "1"), step("c", needs="b"), step("d")
    schedule = Schedule([a, b, c, d])
    assert ready(schedule) == [("a", None), ("d", None)]
    schedule.settle(d, good=True)
    assert ready(schedule) == []
    schedule.settle(a, good=True)
    assert ready(schedule) == [("b", None)]
    assert ids(schedule.open()) == ["b", "c"]
    schedule.settle(b, good=True)
    assert ready(schedule) == [("c", None)]
    assert ids(schedule.done) == ["d", "a", "b"]
    assert ids(schedule.done_before(c)) == ["a", "b"]
    assert schedule.done_before(a) == []


@pytest.mark.parametrize(
    ("second", "forbidden"),
    [
        (step("b", "1"), "a"),  # it counts on what the first left undone of the same object
        (step("b", "1", sent="DELETE /a?x"), "a"),
        (step("b", "1", sent="POST /a"), None),
        (step("b", "1", sent="PATCH /other"), None),
        (step("b", "1", "a", sent="POST /other"), "a"),
    ],
)
@pytest.mark.parametrize("good", [True, False])
def test_what_failed_forbids_what_counts_on_it(second: Step, forbidden: str | None, good: bool) -> None:
    """In a chain the next step goes on, unless it needs the failed one or writes to the same object."""
    first = step("a", "1", sent="PATCH /a?y")
    schedule = Schedule([first, second])
    assert ready(schedule) == [("a", None)]
    schedule.settle(first, good=good)
    assert ready(schedule) == [("b", None if good else forbidden)]
    assert ids(schedule.done) == (["a"] if good else [])
    assert ids(schedule.open()) == ["b"]


def test_only_the_last_write_to_an_object_forbids_the_next() -> None:
    """Where a later write to it succeeded, an earlier failure is no matter."""
    a, b, c = (step(name, "1") for name in "abc")
    schedule = Schedule([a, b, c])
    for each, good in ((a, False), (b, True)):
        list(schedule.ready())
        schedule.settle(each, good=good)
    assert ready(schedule) == [("c", None)]


def test_what_is_read_for_a_step_is_all_that_was_done_since_on_the_same_objects() -> None:
    """Of what comes before it, and of what was written to the same objects meanwhile; nothing else."""
    a, b = step("a", "1"), step("b", "1", sent="PATCH /a?z")
    c, d, e = step("c", needs="a", sent="POST /c"), step("d", sent="PATCH /d"), step("e", "2")
    schedule = Schedule([a, b, c, d, e])
    while found := list(schedule.ready()):
        for each, _ in found:
            schedule.settle(each, good=True)
    assert ids(schedule.done_before(c)) == ["a"]
    assert ids(schedule.standing_before(c)) == ["a", "b"]
    assert ids(schedule.later(a)) == ["b"]
    assert [schedule.later(each) for each in (b, c, d, e)] == [[], [], [], []]


def test_two_steps_have_two_ids() -> None:
    """A plan that has one twice is no plan."""
    with pytest.raises(ValueError, match="the same id"):
        Schedule([step("a"), step("a")])
