"""Apply ends when what was written can be read back, and says what differs."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from entra_config.apply.events import Outcome, StepDone
from entra_config.apply.readback import current
from entra_config.apply.run import run
from entra_config.apply.schedule import Schedule
from entra_config.graph.request import Request
from entra_config.plan.steps import Absent, Phase, Probe, Step
from entra_config.resource import Ref, Text
from tests.unit.apply.ground import Ground, app, create, patch, waits


def test_the_end_comes_when_what_was_written_can_be_read_back() -> None:
    """With lagging reads apply ends later than its last write; without the wait it ends at once."""
    ground = Ground(lag={"applications": 25})
    begin = ground.clock.now()
    outcome = ground.apply([create("a")])
    assert outcome.unconfirmed == ()
    assert (ground.clock.now() - begin).total_seconds() >= 25
    quick = Ground(lag={"applications": 25})
    quick.apply([create("a")], wait=False)
    assert waits(quick) == []


def test_the_wait_for_reading_back_is_bounded() -> None:
    """What cannot be read back in five minutes, by key either, is named; the tenant is not known to be as
    declared.
    """
    ground = Ground(lag={"applications": 100_000})
    outcome = ground.apply([create("a")])
    assert not outcome.complete
    assert [(step.id, moved) for step, moved in outcome.differs] == [
        ("application.a/create", "it is not there")
    ]


def test_what_lists_do_not_show_yet_and_a_read_by_key_does_is_done() -> None:
    """Lists lag most, so the last word is a read by key."""
    ground = Ground(list_lag={"applications": 100_000})
    outcome = ground.apply([create("a")])
    assert outcome.complete
    assert [step.id for step in outcome.unconfirmed] == ["application.a/create"]


def edited_after(
    ground: Ground, known: dict[Ref, str], first: Step, last: Step, values: dict[str, Any]
) -> Outcome:
    """Apply two steps, with a colleague's edit of the application right after the second is answered."""

    class Colleague:
        """Edits as soon as apply has written."""

        def __call__(self, event: Any) -> None:
            if isinstance(event, StepDone) and event.step == last:
                table = ground.tenant.applications
                table.put({**table.get(known[Ref(app("a"))]), **values})

    async def go() -> Outcome:
        async with await ground.connect() as graph:
            colleague = Colleague()
            return await run(
                [first, last],
                graph,
                observe=colleague,
                sleep=ground.clock.sleep,
                jitter=lambda: 0.0,
                known=known,
            )

    return asyncio.run(go())


@pytest.mark.parametrize(
    ("lag", "theirs", "longest"), [(0, "theirs", 40), (15, "theirs", 60), (0, "old", 330)]
)
def test_a_colleague_s_edit_after_our_own_write_is_told_and_not_waited_out(
    lag: float, theirs: str, longest: float
) -> None:
    """What differs is said, and the apply is not complete; a value of before may be lag, and is waited for
    to the end.
    """
    ground = Ground()
    known = dict(ground.apply([create("a", notes="old")]).known)
    ground.emulator.faults.plan.list_lag["applications"] = lag
    begin = ground.clock.now()
    first = patch("a", {"notes": "between"}, before={"notes": "old"})
    last = patch("a", {"notes": "ours"}, phase=Phase.EDIT, before={"notes": "between"})
    outcome = edited_after(ground, known, first, last, {"notes": theirs})
    assert [(step.id, moved) for step, moved in outcome.differs] == [
        ("application.a/edit", f"notes is {theirs!r}, expected 'ours'"),
    ]
    assert not outcome.complete
    assert (ground.clock.now() - begin).total_seconds() <= longest


def test_a_replica_that_shows_what_was_before_is_no_colleague() -> None:
    """A value of before, or of between, is waited for as long as it takes."""
    ground = Ground()
    known = dict(ground.apply([create("a", notes="old")]).known)
    ground.emulator.faults.plan.list_lag["applications"] = 100
    first = patch("a", {"notes": "between"}, before={"notes": "old"})
    outcome = ground.apply(
        [first, patch("a", {"notes": "ours"}, phase=Phase.EDIT, before={"notes": "between"})], known=known
    )
    assert (outcome.complete, outcome.differs, outcome.unconfirmed) == (True, (), ())


def test_only_the_last_of_two_writes_of_one_property_is_looked_for() -> None:
    """An earlier value that a later step replaced is not waited for."""
    ground = Ground()
    outcome = ground.apply(
        [create("a"), patch("a", {"notes": "one"}), patch("a", {"notes": "two"}, phase=Phase.EDIT)]
    )
    assert outcome.unconfirmed == ()
    assert waits(ground) == []


def test_a_deletion_is_seen_when_nothing_is_there_any_more() -> None:
    """After a deletion the earlier marks of the object are not looked for, its absence is."""
    ground = Ground()
    path = Text(("/applications/", Ref(app("a"))))
    step = Step(
        "application.a/delete",
        (app("a"),),
        Phase.DELETE,
        Request("DELETE", path),
        chain=str(app("a")),
        visible=Probe(Request("GET", path), Absent()),
    )
    outcome = ground.apply([create("a"), step])
    assert outcome.complete
    assert outcome.unconfirmed == ()
    assert ground.applications() == []


def test_what_a_later_step_has_changed_since_is_looked_for_as_it_stands_now() -> None:
    """A step that waits for an earlier one is not kept waiting for a value that another step has replaced
    meanwhile.
    """
    first, second = patch("a", {"notes": "one"}), patch("a", {"notes": "two"}, phase=Phase.EDIT)
    other = Step("other", (), Phase.REFERENCE, Request("POST", "/x"), needs=frozenset({first.id}))
    schedule = Schedule([first, second, other])
    for step in (first, second):
        list(schedule.ready())
        schedule.settle(step, good=True)
    assert schedule.done_before(other) == [first]
    (trace,) = current(schedule.standing_before(other), {Ref(app("a")): "1"})
    assert trace.step == second
