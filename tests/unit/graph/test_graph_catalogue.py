"""Each row of the catalogue of refusals, with the body that Graph sends."""

from __future__ import annotations

import pytest

from entra_config.errors import GraphError
from entra_config.graph import catalogue
from entra_config.graph.errors import classify, may_repeat, refusal
from entra_config.graph.meanings import Meaning
from entra_config.graph.request import Request, Response
from tests.unit.graph.doors import error
from tests.unit.graph.refusals import CASES, GET, PATCH, POST


@pytest.mark.parametrize(("request_", "response", "name"), CASES, ids=[case[2] for case in CASES])
def test_each_refusal_is_known_for_what_it_is(request_: Request, response: Response, name: str) -> None:
    """The first row that fits is the right one, and it says what to do and who saw it."""
    rule = classify(request_, response)
    assert rule is not None
    assert rule.name == name
    assert rule.advice
    assert rule.source


def test_every_row_is_provoked() -> None:
    """No row of the catalogue is untested or out of reach behind another."""
    assert {rule.name for rule in catalogue.RULES} == {name for _, _, name in CASES}


def test_what_no_row_knows_is_final() -> None:
    """An unknown refusal is not retried."""
    rule = classify(POST, error(418, "Teapot", "short and stout"))
    assert rule is catalogue.OTHER
    assert rule.meaning is Meaning.FINAL


def test_an_answer_that_did_what_was_asked_is_no_refusal() -> None:
    """2xx has no row."""
    assert classify(POST, Response(201, {})) is None


@pytest.mark.parametrize(
    "body", [None, "text", [], {"error": None}, {"error": {"details": 3}}, {"error": {"innerError": []}}]
)
def test_a_mangled_error_is_still_an_error(body: object) -> None:
    """Whatever stands in the body of a refusal, it ends as GraphError with exit code 1."""
    raised = refusal(PATCH, Response(400, body))
    assert isinstance(raised, GraphError)
    assert "HTTP 400" in str(raised)
    assert raised.exit_code == 1


def test_a_refusal_says_what_graph_said_and_what_to_do() -> None:
    """Message, request, request id, code and advice are all there; the query of the path is not."""
    raised = refusal(
        Request("PATCH", "/applications/1?$select=id"),
        error(400, "DuplicateValue", "Request contains a property …"),
    )
    assert str(raised) == "Request contains a property … (PATCH /applications/1)"
    assert (raised.status, raised.code, raised.request_id) == (400, "DuplicateValue", "rid-1")
    assert raised.advice == "Give each role and scope a value and id of its own."


@pytest.mark.parametrize(("request_", "response", "name"), CASES, ids=[case[2] for case in CASES])
def test_a_post_is_repeated_only_when_it_was_surely_not_done(
    request_: Request, response: Response, name: str
) -> None:
    """Of all refusals of a POST, those that leave open whether it was done are never repeated blindly."""
    rule = classify(request_, response)
    assert rule is not None
    if rule.meaning is Meaning.SERVER:
        assert not may_repeat(POST, rule)
        assert may_repeat(PATCH, rule)
    assert may_repeat(GET, rule) == (
        rule.meaning in {Meaning.THROTTLED, Meaning.SERVER, Meaning.BUSY, Meaning.TOKEN}
    )
