"""What goes to Graph's beta endpoint is told as going there, and is another plan than the same at v1.0."""

from __future__ import annotations

from dataclasses import replace

from entra_config.graph.request import Request
from entra_config.plan import content
from entra_config.plan.steps import Holds, Phase, Probe, Step
from entra_config.report import requests
from entra_config.resource import Address

PATH = "/applications/1/federatedIdentityCredentials"
STEP = Step(
    "federatedCredential.a/b/add",
    (Address("federatedCredential", "a/b"),),
    Phase.REFERENCE,
    Request("POST", PATH, {}),
    Address("application", "a"),
    guard=Probe(Request("GET", PATH), Holds({})),
)


def test_a_request_to_beta_is_shown_with_its_endpoint() -> None:
    """A person who sends it by hand must not send it elsewhere."""
    of_beta = replace(STEP, request=replace(STEP.request, beta=True))
    shown = [[text for line in requests.lines([step]) for text, _ in line.spans] for step in (STEP, of_beta)]
    assert (PATH in shown[0], f"/beta{PATH}" in shown[1]) == (True, True), shown


def test_another_endpoint_is_another_plan() -> None:
    """Of a request, and of what is read before it; without beta a saved plan says what it always said."""
    beta = Request("GET", PATH, beta=True)
    steps = [
        STEP,
        replace(STEP, request=replace(STEP.request, beta=True)),
        replace(STEP, guard=Probe(beta, Holds({}))),
    ]
    said = [repr(content._step(step)) for step in steps]
    assert len(set(said)) == 3
    assert "beta" not in said[0]
