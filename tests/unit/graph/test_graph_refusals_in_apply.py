"""Each row of the catalogue met in the middle of an apply: waited out or final, with Graph's words, and
never doubled.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from entra_config.apply.events import Outcome
from entra_config.apply.run import run
from entra_config.graph.errors import classify
from entra_config.graph.meanings import Meaning
from entra_config.graph.request import Request, Response
from entra_config.plan.steps import Phase, Present, Probe, Step
from entra_config.resource import Address
from tests.unit.graph.doors import Clock, Door, graph
from tests.unit.graph.refusals import CASES

WRITES = [case for case in CASES if case[0].method != "GET"]
NAMES = [case[2] for case in WRITES]
LAGS = {Meaning.REPLICATING, Meaning.ARRIVING, Meaning.ENABLED}
PASSES = {Meaning.THROTTLED, Meaning.SERVER, Meaning.BUSY, Meaning.TOKEN, *LAGS}
API = Address("application", "api")
FIRST = Step("first", (API,), Phase.CREATE, Request("POST", "/applications", {}), chain="api")


def second(request: Request) -> Step:
    """Make a step that comes after another of this run and whose effect can be looked for."""
    found_by = Probe(Request("GET", "/found"), Present()) if request.method == "POST" else None
    return Step(
        "second", (API,), "extend", request, chain="api", needs=frozenset({"first"}), found_by=found_by
    )


def carry_out(
    request: Request, refusal: Response, times: int, first: Step = FIRST
) -> tuple[Outcome, Door, Clock]:
    """Run two steps, of which the second is refused so many times; what it would have made is never found."""
    left = [times]

    def response(requested: Request) -> Response:
        if requested.path == "/found":
            return Response(404, {})
        if requested.path == request.path and left[0]:
            left[0] -= 1
            return refusal
        return Response(201, {})

    door, clock = Door(response), Clock()

    async def go() -> Outcome:
        return await run([first, second(request)], graph(door, clock), sleep=clock.sleep, jitter=lambda: 0.0)

    return asyncio.run(go()), door, clock


@pytest.mark.parametrize(("request_", "refusal", "name"), WRITES, ids=NAMES)
def test_what_passes_is_waited_out_and_what_does_not_fails_at_once(
    request_: Request, refusal: Response, name: str
) -> None:
    """One refusal: transient ones end in success, final ones in a failure with Graph's message, after no
    wait at all.
    """
    outcome, door, clock = carry_out(request_, refusal, 1)
    rule = classify(request_, refusal)
    assert rule is not None
    tries = [method for method, path in door.requests() if path == request_.path]
    if rule.meaning in PASSES:
        assert outcome.complete
        assert len(tries) == 2
        assert clock.slept or rule.meaning is Meaning.TOKEN
    elif rule.meaning is Meaning.GONE and request_.method == "DELETE":
        assert outcome.complete
        assert len(tries) == 1
    else:
        ((step, error),) = outcome.failed
        assert step.id == "second"
        assert str(error).startswith(refusal.message or f"HTTP {refusal.status}")
        assert (error.code, error.status, error.advice) == (refusal.code, refusal.status, rule.advice)
        assert error.exit_code == 1
        assert len(tries) == 1
        # What is there already is looked for, in vain here; all else fails at once.
        assert clock.slept == [] or rule.meaning is Meaning.EXISTS


@pytest.mark.parametrize(("request_", "refusal", "name"), WRITES, ids=NAMES)
def test_no_wait_is_endless(request_: Request, refusal: Response, name: str) -> None:
    """Refused for ever, every step ends within a bounded time with Graph's message."""
    outcome, _, clock = carry_out(request_, refusal, 10_000)
    rule = classify(request_, refusal)
    if rule is not None and rule.meaning is Meaning.GONE and request_.method == "DELETE":
        assert outcome.complete
        return
    ((_, error),) = outcome.failed
    assert refusal.message in str(error)
    assert sum(clock.slept) < 3600


def test_a_post_whose_answer_is_lost_is_looked_for_before_it_goes_again() -> None:
    """Between two POSTs of one step stand two reads, seconds apart."""
    outcome, door, _ = carry_out(Request("POST", "/x/1", {}), Response(0), 1)
    assert outcome.complete
    requested: list[Any] = [pair for pair in door.requests() if pair[1] in {"/x/1", "/found"}]
    assert requested == [("POST", "/x/1"), ("GET", "/found"), ("GET", "/found"), ("POST", "/x/1")]


@pytest.mark.parametrize("found", [Response(200, {"id": "1"}), Response(404, {})])
@pytest.mark.parametrize(
    "refusal", [case[1] for case in WRITES if case[2] in {"grant is there", "unique name is taken"}]
)
def test_only_what_is_ours_by_nature_counts_as_done_when_it_is_there(
    refusal: Response, found: Response
) -> None:
    """A grant between two ends is this very grant; an application behind a name may be an attacker's."""
    door = Door(
        lambda requested: (
            found
            if requested.path == "/found"
            else refusal
            if requested.path == "/x/1"
            else Response(201, {})
        )
    )
    clock = Clock()

    async def go() -> Outcome:
        return await run([FIRST, second(Request("POST", "/x/1", {}))], graph(door, clock), sleep=clock.sleep)

    outcome = asyncio.run(go())
    assert outcome.complete == (found.ok and "uniqueName" not in refusal.message)


@pytest.mark.parametrize(("request_", "refusal", "name"), WRITES, ids=NAMES)
def test_an_object_that_stood_before_the_run_is_not_waited_for_as_if_it_were_new(
    request_: Request, refusal: Response, name: str
) -> None:
    """Where the run created nothing, an object that is not there has gone: half a minute, not ten."""
    edited = Step("first", (API,), Phase.EXTEND, Request("PATCH", "/applications/1", {}), chain="api")
    outcome, _, clock = carry_out(request_, refusal, 10_000, edited)
    rule = classify(request_, refusal)
    if rule is not None and rule.meaning is Meaning.ARRIVING:
        assert [step.id for step, _ in outcome.failed] == ["second"]
        assert sum(clock.slept) <= 30
