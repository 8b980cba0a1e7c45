"""The order of steps: ids fill what comes after, chains go side by side, a failure stops its own chain."""

from __future__ import annotations

import pytest

from entra_config.apply.events import StepDone, StepFailed, StepSkipped, StepStarted
from entra_config.graph.request import Request
from entra_config.plan.steps import Phase, Step
from entra_config.resource import Ref
from tests.unit.apply.ground import Ground, app, create, enlist, patch, principal, rule, waits


def test_ids_of_what_is_made_fill_what_comes_after() -> None:
    """A service principal is made for the appId that the application's answer brought."""
    ground = Ground()
    outcome = ground.apply([create("api"), enlist("api")])
    assert outcome.complete
    assert outcome.known[Ref(principal("api"))] in ground.tenant.service_principals.rows
    assert [type(event) for event in ground.events] == [StepStarted, StepDone] * 2


def test_independent_chains_go_side_by_side_in_batches() -> None:
    """40 applications with their service principals: 4 calls that write, depth 2; and one more that reads
    back, depth 3.
    """
    steps = [step for number in range(40) for step in (create(f"a{number}"), enlist(f"a{number}"))]
    outcome = Ground().apply(steps)
    assert outcome.complete
    assert (outcome.usage.requests, outcome.usage.calls, outcome.usage.depth) == (86, 5, 3)
    assert Ground().apply(steps, wait=False).usage.depth == 2


def test_a_service_principal_waits_for_its_application_to_be_replicated() -> None:
    """The refusal of a replica that lags is waited out; nothing is doubled."""
    ground = Ground(lag={"applications": 20})
    outcome = ground.apply([create("api"), enlist("api")])
    assert outcome.complete
    assert any("application not replicated" in reason for reason in waits(ground))
    assert ground.applications() == ["api"]


def test_a_failed_step_stops_what_depends_on_it_and_nothing_else() -> None:
    """A refused PATCH leaves out what needs it; the other chain is done; the reasons are told."""
    ground = Ground()
    bad = patch("a", {"identifierUris": ["https://not-ours.example/api"]})
    after = patch("a", {"notes": "later"}, phase=Phase.REFERENCE, needs=frozenset({bad.id}))
    outcome = ground.apply([create("a"), bad, after, create("b"), patch("b", {"notes": "done"})])
    ((failed, error),) = outcome.failed
    assert failed.id == "application.a/extend"
    assert error.code == "HostNameNotOnVerifiedDomain"
    assert "verified" in error.advice
    assert error.request_id
    assert [(step.id, why) for step, why in outcome.not_attempted] == [
        ("application.a/reference", "application.a/extend was not done")
    ]
    assert {step.id for step in outcome.done} == {
        "application.a/create",
        "application.b/create",
        "application.b/extend",
    }
    assert any(isinstance(event, StepFailed) for event in ground.events)
    assert any(isinstance(event, StepSkipped) for event in ground.events)


def test_without_its_creation_nothing_of_an_application_is_tried() -> None:
    """Steps whose ids never became known are not sent."""
    ground = Ground(
        rules=[
            rule(
                "respond",
                "applications",
                "POST",
                status=403,
                code="Authorization_RequestDenied",
                message="no",
            )
        ]
    )
    outcome = ground.apply([create("a"), enlist("a"), patch("a", {"notes": "x"})])
    assert len(outcome.failed) == 1
    assert len(outcome.not_attempted) == 2
    assert outcome.done == ()


def test_what_is_so_already_is_done() -> None:
    """A deletion of what is gone, and an answer that the step knows as success, count as done."""
    ground = Ground()
    gone = Step(
        "gone",
        (app("x"),),
        Phase.DELETE,
        Request("DELETE", "/applications/7c3ab2b0-0000-4000-8000-00000000dead"),
    )
    ground.apply([create("a")])
    again = Step(
        "again", (app("a"),), Phase.CREATE, create("a").request,
        done_if=("uniqueName already exists",), found_by=create("a").found_by, produces={Ref(app("a")): "id"},
    )  # fmt: skip
    outcome = ground.apply([gone, again])
    assert outcome.complete
    assert outcome.known[Ref(app("a"))]
    assert ground.applications() == ["a"]


def test_steps_that_wait_for_each_other_are_an_error_of_the_plan() -> None:
    """A cycle is named, not waited for."""
    one = Step("one", (), Phase.EDIT, Request("DELETE", "/a"), needs=frozenset({"two"}))
    two = Step("two", (), Phase.EDIT, Request("DELETE", "/b"), needs=frozenset({"one"}))
    with pytest.raises(ValueError, match="wait for each other"):
        Ground().apply([one, two])
    with pytest.raises(ValueError, match="same id"):
        Ground().apply([one, one])


def test_nothing_to_do_costs_nothing() -> None:
    """No steps, no requests."""
    assert Ground().apply([]).usage.requests == 0
