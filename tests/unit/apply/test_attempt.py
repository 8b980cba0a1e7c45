"""What an answer of Graph makes of a step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.apply.attempt import EXTERNAL, GUARD, Again, Attempt, Done, Failed, Stage, judge
from entra_config.graph.request import Request, Response
from entra_config.graph.retry import REPLICATION, Backoff
from entra_config.plan.steps import Bears, Present, Probe, Step
from tests.unit.apply.ground import create, patch
from tests.unit.graph.doors import error

READ = Request("GET", "/applications/1")
BLIND = replace(create("a"), found_by=None)
NAMED = replace(create("a"), found_by=Probe(READ, Bears("entra-config:created=1")))
KEYED = replace(create("a"), found_by=Probe(READ, Present()))
EITHER = replace(BLIND, fallback=(Request("PATCH", "/applications/1"),))
EDIT = patch("a", {"displayName": "new"})
GUARDED = replace(EDIT, guard=Probe(READ, Present()))
AROUND = replace(EDIT, fallback=(Request("PATCH", "/applications/1"),))
REMOVAL = replace(EDIT, request=Request("DELETE", "/applications/1"))
SO = replace(EDIT, done_if=("SoAlready", "Is So"))

MADE = Response(201, {"id": "1"})
ROLE_UNSEEN = error(400, message="Permission being assigned was not found on application")
APPLICATION_UNSEEN = error(400, "NoBackingApplicationObject")
ENABLED = error(400, "CannotDeleteOrUpdateEnabledEntitlement")
NOWHERE = error(404)
GRANT_GONE = error(404, message="EntitlementGrant being updated or deleted is not found")
THERE = error(409, message="The service principal cannot be created, updated, or restored")
NAME_TAKEN = error(400, message="same value for property uniqueName already exists")
TAKEN = error(409, message="A conflicting object with one or more")
FORBIDDEN = error(403)
DETAILED = Response(400, {"error": {"code": "Other", "message": "", "details": [{"code": "SoAlready"}]}})

FAILED, FALLS_BACK = "Failed", "FallsBack"
OWN, BOTH = {"own": True}, {"own": True, "made": True}
FALLING = {"stage": Stage.FALLBACK}
SENT_AGAIN, LOOKED_AT = (EXTERNAL, Stage.WRITE), (REPLICATION, Stage.CHECK_BASIS)


def verdict(step: Step, response: Response, **more: Any) -> tuple[Any, Attempt]:
    """Return what an answer means: the wait and the stage where it is tried again, what a done step's answer
    holds, else the verdict's name.
    """
    given_state = {name: more[name] for name in ("stage", "lost") if name in more}
    attempt = Attempt(step, step.request, **given_state)
    given = judge(attempt, response, own=more.get("own", False), made=more.get("made", False))
    match given:
        case Again(_, backoff, stage, _):
            return (backoff, stage), attempt
        case Done(body):
            return ("done", body), attempt
        case _:
            return type(given).__name__, attempt


@pytest.mark.parametrize(
    ("step", "response", "more", "means"),
    [
        (KEYED, MADE, {}, ("done", {"id": "1"})),
        (EDIT, FORBIDDEN, BOTH, FAILED),
        (EDIT, ROLE_UNSEEN, OWN, LOOKED_AT),
        (EDIT, ROLE_UNSEEN, {}, SENT_AGAIN),
        (EDIT, APPLICATION_UNSEEN, BOTH, LOOKED_AT),
        (EDIT, APPLICATION_UNSEEN, OWN, SENT_AGAIN),
        (EDIT, APPLICATION_UNSEEN, {}, SENT_AGAIN),
        (EDIT, NOWHERE, BOTH, LOOKED_AT),
        (EDIT, NOWHERE, OWN, SENT_AGAIN),
        (EDIT, NOWHERE, {}, FAILED),
        (EDIT, ENABLED, OWN, LOOKED_AT),
        (GUARDED, ENABLED, {}, SENT_AGAIN),
        (EDIT, ENABLED, {}, FAILED),
        (AROUND, ENABLED, OWN, FALLS_BACK),
        (AROUND, ENABLED, FALLING, (REPLICATION, Stage.FALLBACK)),
        (AROUND, ROLE_UNSEEN, FALLING, (REPLICATION, Stage.FALLBACK)),
        (AROUND, NOWHERE, FALLING, (REPLICATION, Stage.FALLBACK)),
        (AROUND, FORBIDDEN, FALLING, FAILED),
        (REMOVAL, NOWHERE, {}, ("done", None)),
        (REMOVAL, GRANT_GONE, {}, ("done", None)),
        (EDIT, GRANT_GONE, {}, FAILED),
        (SO, error(400, "SoAlready"), {}, ("done", None)),
        (SO, DETAILED, {}, ("done", None)),
        (SO, error(400, message="it is so, they say"), {}, ("done", None)),
        (SO, FORBIDDEN, {}, FAILED),
        (KEYED, error(503), {}, (REPLICATION, Stage.CHECK_EFFECT)),
        (KEYED, Response(0), {}, (REPLICATION, Stage.CHECK_EFFECT)),
        (BLIND, error(503), {}, FAILED),
        (replace(EDIT, found_by=KEYED.found_by), error(503), {}, FAILED),
        (EITHER, THERE, {}, (EXTERNAL, Stage.FIND_EFFECT)),
        (EITHER, THERE, {"lost": True}, FALLS_BACK),
        (AROUND, THERE, {}, FAILED),
        (BLIND, THERE, {}, FAILED),
        (KEYED, THERE, {}, (GUARD, Stage.FIND_EFFECT)),
        (KEYED, THERE, {"lost": True}, (REPLICATION, Stage.FIND_EFFECT)),
        (KEYED, TAKEN, {}, FAILED),
        (KEYED, TAKEN, {"lost": True}, (REPLICATION, Stage.FIND_EFFECT)),
        (KEYED, NAME_TAKEN, {}, FAILED),
        (NAMED, NAME_TAKEN, {}, (EXTERNAL, Stage.FIND_EFFECT)),
        (NAMED, NAME_TAKEN, {"lost": True}, (REPLICATION, Stage.FIND_EFFECT)),
        (NAMED, TAKEN, {}, FAILED),
    ],
)
def test_each_answer_means_one_thing(
    step: Step, response: Response, more: dict[str, Any], means: tuple[Backoff, Stage] | str
) -> None:
    """What may pass is tried again, what may be done is looked for, and the rest is done or refused."""
    said, attempt = verdict(step, response, **more)
    assert said == means
    held = (response is NAME_TAKEN and step is NAMED) or (response is THERE and step is EITHER)
    assert attempt.taken is (held and not more)


@pytest.mark.parametrize(
    ("response", "why"), [(Response(0), "no response came"), (error(503), "server error")]
)
def test_a_lost_answer_is_told_apart_from_trouble_of_graph(response: Response, why: str) -> None:
    """Whoever waits reads whether Graph said anything."""
    attempt = Attempt(KEYED, KEYED.request)
    given = judge(attempt, response, own=False, made=False)
    assert isinstance(given, Again)
    assert given.reason.text == why
    assert attempt.refusal is given.error


def test_a_fallback_takes_its_requests_one_by_one() -> None:
    """Its first request is next, its waits are counted anew, and the rest keeps its order."""
    one, two, three = (Request("PATCH", f"/applications/{number}") for number in range(3))
    attempt = Attempt(AROUND, AROUND.request)
    attempt.tries.again = 3
    attempt.falls_back([one, two, three])
    assert (attempt.stage, attempt.tries.again, attempt.request) == (Stage.FALLBACK, 0, one)
    attempt.goes_on()
    assert (attempt.request, list(attempt.rest)) == (two, [three])


@pytest.mark.parametrize("stage", Stage)
def test_only_two_stages_look_for_an_effect(stage: Stage) -> None:
    """Where the write may be done already, and nowhere else."""
    assert stage.looks_for_effect is (stage in (Stage.CHECK_EFFECT, Stage.FIND_EFFECT))


def test_a_failed_step_carries_graphs_words() -> None:
    """Its error is Graph's refusal."""
    given = judge(Attempt(EDIT, EDIT.request), FORBIDDEN, own=False, made=False)
    assert isinstance(given, Failed)
    assert (given.error.status, given.error.request_id) == (403, "rid-1")
