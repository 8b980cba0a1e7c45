"""The wish to stop: what is in flight is finished, a wait ends, a role that was disabled is enabled again."""

from __future__ import annotations

import asyncio
from typing import Any

from entra_config.apply.events import Outcome, StepDone
from entra_config.apply.run import run
from entra_config.graph.request import Request
from entra_config.plan.steps import Phase
from entra_config.resource import Ref, Text
from tests.unit.apply.ground import ROLE, Ground, app, create, enlist, patch, rule


def test_the_wish_to_stop_lets_what_is_in_flight_finish() -> None:
    """After the first answer nothing new begins, and the rest is named as not tried."""
    ground = Ground()
    stop = asyncio.Event()

    def observe(event: Any) -> None:
        ground.events.append(event)
        if isinstance(event, StepDone):
            stop.set()

    async def go() -> Any:
        async with await ground.connect() as graph:
            return await run(
                [create("a"), enlist("a"), create("b")],
                graph,
                observe=observe,
                sleep=ground.clock.sleep,
                stop=stop,
            )

    outcome = asyncio.run(go())
    assert outcome.stopped
    assert {step.id for step in outcome.done} == {"application.a/create", "application.b/create"}
    assert [step.id for step, _ in outcome.not_attempted] == ["enterpriseApplication.a/create"]


def test_the_wish_to_stop_ends_a_wait() -> None:
    """A back-off of minutes is not sat out, and a lost answer is looked for once more."""
    ground = Ground(rules=[rule("cut_after", "applications", "POST")], lag={"applications": 5})
    stop = asyncio.Event()

    async def go() -> Any:
        async def sleep(seconds: float) -> None:
            stop.set()
            ground.clock.advance(seconds + 10)
            await asyncio.Event().wait()

        async with await ground.connect() as graph:
            return await run([create("a")], graph, sleep=sleep, stop=stop)

    outcome = asyncio.run(asyncio.wait_for(go(), 120))
    assert [step.id for step in outcome.done] == ["application.a/create"]
    assert ground.applications() == ["a"]


def test_a_fallback_is_taken_to_its_end_whoever_wants_to_stop() -> None:
    """Once a role is disabled the wish to stop waits, its back-off too, until it is changed and enabled
    again.
    """
    ground = Ground()
    known = ground.apply([create("a", appRoles=[ROLE])]).known
    path, edited = (
        Text(("/applications/", Ref(app("a")))),
        {**ROLE, "description": "Changes and deletes records."},
    )
    requests = [
        Request("PATCH", path, {"appRoles": [each]}) for each in ({**ROLE, "isEnabled": False}, edited)
    ]
    step = patch("a", {"appRoles": [edited]}, phase=Phase.EDIT, fallback=tuple(requests))
    lagging = rule(
        "respond",
        "applications",
        "PATCH",
        status=404,
        code="Request_ResourceNotFound",
        message="not yet",
        skip=2,
    )
    ground.emulator.faults.plan.rules.append(lagging)
    stop, slept = asyncio.Event(), []

    async def sleep(seconds: float) -> None:
        stop.set()
        slept.append(seconds)
        await ground.clock.sleep(seconds)

    async def go() -> Outcome:
        async with await ground.connect() as graph:
            later = patch("a", {"notes": "later"}, phase=Phase.REDUCE)
            return await run(
                [step, later],
                graph,
                observe=ground.events.append,
                sleep=sleep,
                stop=stop,
                known=known,
                wait=False,
            )

    outcome = asyncio.run(go())

    assert [each.id for each in outcome.done] == ["application.a/edit"]
    assert [each.id for each, _ in outcome.not_attempted] == ["application.a/reduce"]
    assert len(slept) == 1
    (row,) = ground.send(Request("GET", f"/applications/{known[Ref(app('a'))]}"))
    assert (row["appRoles"][0]["isEnabled"], row["appRoles"][0]["description"]) == (
        True,
        edited["description"],
    )
    done = [event for event in ground.events if isinstance(event, StepDone)][-1]
    assert (done.note, done.rule) == ("disabled, changed, enabled", "apply-by-disabling")
