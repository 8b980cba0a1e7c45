"""What became of each step so far: what may start, what is known by it, and what is said as it happens."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest

from entra_config.apply.attempt import Attempt, Stage
from entra_config.apply.events import Event, StepDone, StepFailed, StepSkipped, StepStarted, Waiting
from entra_config.apply.journal import Journal
from entra_config.apply.messages import Sentence
from entra_config.apply.progress import Progress
from entra_config.errors import GraphError
from entra_config.graph.client import ResponseReceived
from entra_config.graph.request import Request, Response
from entra_config.graph.retry import Tries
from entra_config.plan.steps import Step
from entra_config.resource import Ref
from tests.unit.apply.ground import app, create, patch

MAKE, CHANGE, OTHER = create("a"), patch("a", {"x": 1}), create("b")
PATCHED = Request("PATCH", "/applications/i1", {"x": 1})
REFUSED = GraphError("no")


class Written:
    """A journal that keeps what it is given."""

    def __init__(self) -> None:
        self.rows: list[tuple[Any, str]] = []

    def responded(self, event: ResponseReceived, step: str) -> None:
        """Keep a row."""
        self.rows.append((event, step))


def progress(*steps: Step, journal: Written | None = None) -> tuple[Progress, list[Event]]:
    """Return the progress of steps, and what is said of it."""
    events: list[Event] = []
    known: dict[Ref, str] = {}
    return Progress(steps, known, events.append, cast("Journal | None", journal)), events


def test_a_step_starts_once_what_it_needs_is_known() -> None:
    """Hold that its request has the ids, and that each step starts once."""
    made, events = progress(MAKE, CHANGE, OTHER)

    assert [each.step for each in made.ready()] == [MAKE, OTHER]
    assert made.ready() == []
    made.done(MAKE, Sentence("rule", "It was so."), {Ref(app("a")): "i1"})
    (attempt,) = made.ready()
    assert (attempt.step, attempt.request) == (CHANGE, PATCHED)
    made.done(OTHER)
    assert events == [
        StepDone(MAKE, "It was so.", {Ref(app("a")): "i1"}, "rule"),
        StepDone(OTHER, "", {}, ""),
    ]


def test_what_needs_a_step_that_failed_is_not_tried() -> None:
    """Hold that both are said, and which step it needed."""
    needing = replace(CHANGE, needs=frozenset({MAKE.id}))
    made, events = progress(MAKE, needing)
    made.ready()
    made.fail(MAKE, REFUSED)

    assert made.ready() == []
    assert (made.failed, made.not_attempted) == ([(MAKE, REFUSED)], [(needing, f"{MAKE.id} was not done")])
    assert events == [
        StepFailed(MAKE, REFUSED),
        StepSkipped(needing, f"{MAKE.id} was not done", "apply-needed-step-failed"),
    ]


def test_what_needs_an_id_that_nobody_knows_is_not_tried() -> None:
    """Hold that a step before which nothing failed says which id."""
    made, events = progress(CHANGE)

    assert made.ready() == []
    assert made.not_attempted == [(CHANGE, f"{Ref(app('a'))} is not known")]
    assert events == [StepSkipped(CHANGE, f"{Ref(app('a'))} is not known", "apply-id-unknown")]


def test_what_is_still_open_is_left() -> None:
    """Hold that what is done is not, and that each other is said to be stopped."""
    made, events = progress(MAKE, CHANGE, OTHER)
    made.ready()
    made.done(OTHER)
    made.leave()

    assert made.not_attempted == [(each, "apply was stopped before") for each in (MAKE, CHANGE)]
    assert events[1:] == [
        StepSkipped(each, "apply was stopped before", "apply-stopped") for each in (MAKE, CHANGE)
    ]


@pytest.mark.parametrize(
    ("more", "started"),
    [
        ({}, True),
        ({"tries": Tries(again=1)}, False),
        ({"stage": Stage.FALLBACK}, False),
        ({"stage": Stage.CHECK_BASIS}, True),
    ],
)
def test_a_step_starts_with_its_first_request(more: dict[str, Any], started: bool) -> None:
    """Hold that neither another try nor what is sent in its place is a start."""
    made, events = progress(MAKE)
    made.sends(Attempt(MAKE, MAKE.request, **more))
    assert events == ([StepStarted(MAKE)] if started else [])


def test_each_response_is_written_with_its_step() -> None:
    """Hold that a request which is no step's bears none, and that without a journal nothing is written."""
    journal = Written()
    made, _ = progress(MAKE, journal=journal)
    made.sends(Attempt(MAKE, MAKE.request))
    rows = [
        ResponseReceived(request, Response(200), 1.0)
        for request in (MAKE.request, Request("GET", "/x"), replace(MAKE.request))
    ]
    for row in rows:
        made.responded(row)
        progress(MAKE)[0].responded(row)

    assert journal.rows == [(rows[0], MAKE.id), (rows[1], ""), (rows[2], "")]


def test_waits_are_said_of_a_step_or_of_all() -> None:
    """Hold reason, seconds and rule."""
    made, events = progress(MAKE)
    made.waiting("Graph is busy", 2.0)
    made.waits(Sentence("rule", "It is late."), 3.0, MAKE)

    assert events == [
        Waiting("Graph is busy", 2.0, "apply-waits-for-graph"),
        Waiting(f"{MAKE.id}: It is late.", 3.0, "rule"),
    ]


@pytest.mark.parametrize(
    ("method", "taken", "note", "replaced"),
    [
        ("PATCH", False, "disabled, changed, enabled", set()),
        ("POST", False, "it was there, and was changed", set()),
        ("POST", True, "it was there, and was changed", {"a"}),
    ],
)
def test_what_is_done_by_a_fallback_is_said(method: str, taken: bool, note: str, replaced: set[str]) -> None:
    """What stood there under the name of what is made may have been somebody's."""
    step = replace(MAKE, request=replace(MAKE.request, method=method), of=app("a"))
    made, events = progress(step)
    made.ready()
    made.fell_back(Attempt(step, step.request, taken=taken))
    (done,) = events
    assert isinstance(done, StepDone)
    assert (done.note, made.replaced) == (note, replaced)
