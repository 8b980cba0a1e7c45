"""A lost response doubles nothing: what was made is found again by the tag of its creation, or fails."""

from __future__ import annotations

import dataclasses

import pytest

from entra_config.apply.events import StepDone
from entra_config.graph.request import Request
from entra_config.plan.steps import Bears, Phase, Probe, Step
from entra_config.resource import Ref, Text
from tests.unit.apply.ground import Ground, app, create, enlist, rule


@pytest.mark.parametrize("action", ["cut_before", "cut_after"])
@pytest.mark.parametrize("lag", [0, 5, 30])
def test_a_lost_answer_never_makes_a_second_object(action: str, lag: int) -> None:
    """Whether the POST took effect before the connection broke or not, and however reads lag, one
    application stands.
    """
    ground = Ground(lag={"applications": lag} if lag else {}, rules=[rule(action, "applications", "POST")])
    outcome = ground.apply([create("api"), enlist("api")])
    assert outcome.complete
    assert ground.applications() == ["api"]


def test_a_lost_answer_of_a_whole_batch_doubles_nothing() -> None:
    """30 creations, and the answer to the first batch is lost."""
    ground = Ground(rules=[rule("cut_after", r"\$batch", "POST")])
    outcome = ground.apply([create(f"a{number}") for number in range(30)])
    assert outcome.complete
    assert len(ground.applications()) == 30
    assert sum(isinstance(event, StepDone) and "found again" in event.note for event in ground.events) == 20


def test_a_post_that_nobody_can_find_again_is_not_repeated() -> None:
    """Without a way to look, a lost answer is a failure with what to do."""
    ground = Ground(rules=[rule("cut_before", "applications", "POST")])
    step = Step("x", (app("x"),), Phase.CREATE, Request("POST", "/applications", {"displayName": "x"}))
    outcome = ground.apply([step])
    ((failed, error),) = outcome.failed
    assert failed is step
    assert "no response came" in str(error)
    assert ground.applications() == []


def test_an_object_of_somebody_else_in_the_way_is_a_failure() -> None:
    """A name that was taken before, with no answer lost, is not taken for ours."""
    ground = Ground()
    ground.apply([create("a")])
    outcome = ground.apply([create("a")])
    ((_, error),) = outcome.failed
    assert "uniqueName already exists" in str(error)


MARKS = ["entra-config:owner=test/dev", "entra-config:key=a"]


def marked(draws: str = "") -> Step:
    """Make an application with our marks and one that is this creation's own; `draws` is drawn by another
    run.
    """
    own = Text(("entra-config:created=", Ref(app("a"), "created")))
    step = create("a", tags=[*MARKS, draws or own])
    assert step.found_by
    return dataclasses.replace(step, found_by=Probe(step.found_by.request, Bears(own)))


@pytest.mark.parametrize("tags", [["theirs"], MARKS, [*MARKS, f"entra-config:created={'0' * 32}"]])
def test_the_holder_of_a_name_is_ours_only_with_the_mark_of_its_creation(tags: list[str]) -> None:
    """Whatever marks the holder copied, it is not adopted: the step fails, and what hangs on it is not
    tried.
    """
    ground = Ground(lag={"applications": 5})
    ground.apply([create("a", tags=tags)], wait=False)
    outcome = ground.apply([marked(), enlist("a")], draw=lambda: "1" * 32)
    assert [step.id for step, _ in outcome.failed] == ["application.a/create"]
    assert [step.id for step, _ in outcome.not_attempted] == ["enterpriseApplication.a/create"]
    assert len(ground.tenant.applications.find("displayName", "a")) == 1
    [(_, error)] = outcome.failed
    assert "'a' (appId " in str(error)
    assert ("has the same ownership tags" in str(error)) is (tags[:2] == MARKS)


def test_a_creation_whose_answer_was_lost_is_found_by_its_mark() -> None:
    """What this run made itself is found again, once it can be read, and never made twice; each run draws
    another mark.
    """
    ground = Ground(lag={"applications": 5}, rules=[rule("cut_after", "applications", "POST")])
    outcome = ground.apply([marked(), enlist("a")])
    assert outcome.complete, outcome.failed
    assert len(ground.tenant.applications.find("displayName", "a")) == 1
    [made] = ground.tenant.applications.find("displayName", "a")
    assert made["tags"][2] == f"entra-config:created={outcome.known[Ref(app('a'), 'created')]}"
    assert len(outcome.known[Ref(app("a"), "created")]) == 32
