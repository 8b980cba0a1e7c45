"""How an apply goes, as lines of a log and as JSON lines for programs."""

from __future__ import annotations

import json
import sys
from typing import Any

import jsonschema
import pytest

from entra_config.apply.events import (
    Event,
    Outcome,
    StepDone,
    StepFailed,
    StepSkipped,
    StepStarted,
    Waiting,
)
from entra_config.cli import bar, progress
from entra_config.cli.output import Output
from entra_config.errors import GraphError
from entra_config.graph.request import Usage
from entra_config.plan.model import Plan, TenantInfo
from tests.unit.cli.ran import ROOT
from tests.unit.report.plans import TENANT, steps

ERROR = GraphError("no", status=403, code="Denied", request_id="r1", advice="ask", rule="denied")


def of(number: int) -> Plan:
    """Return a plan of so many steps."""
    return Plan("myapp", "prod", TenantInfo(TENANT, "contoso"), (), steps(number))


STEP = of(1).steps[0]
SCHEMA = jsonschema.Draft202012Validator(
    json.loads((ROOT / "docs/schemas/events.schema.json").read_text(encoding="utf-8"))
)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (StepStarted(STEP), {"event": "started", "step": "s0", "changes": ["application.api"]}),
        (
            StepDone(STEP, "it was so", rule="so"),
            {"event": "done", "step": "s0", "note": "it was so", "rule": "so"},
        ),
        (
            StepFailed(STEP, ERROR),
            {
                "event": "failed",
                "step": "s0",
                "error": {
                    "message": "no", "status": 403, "code": "Denied", "requestId": "r1", "advice": "ask",
                    "rule": "denied",
                },
            },
        ),
        (
            StepSkipped(STEP, "s1 failed", "needs"),
            {"event": "skipped", "step": "s0", "because": "s1 failed", "rule": "needs"},
        ),
        (
            Waiting("müde", 1.23456, "wait"),
            {"event": "waiting", "reason": "müde", "seconds": 1.235, "rule": "wait"},
        ),
    ],
)  # fmt: skip
def test_an_event_is_a_json_line(
    capsys: pytest.CaptureFixture[str], event: Event, expected: dict[str, Any]
) -> None:
    """The plan comes first; each is on a line of stdout, in ASCII, and fits the published schema."""
    with progress.shown(of(2), Output(), "json") as observe:
        observe(event)
    out, err = capsys.readouterr()
    first = {"event": "plan", "version": 2, "owner": "myapp/prod", "tenantId": TENANT, "steps": 2}
    assert ([json.loads(line) for line in out.splitlines()], err) == ([first, expected], "")
    assert (out.isascii(), out[-2:]) == (True, "}\n")
    assert SCHEMA.is_valid(expected)
    assert not SCHEMA.is_valid(expected | {"more": 1})


def test_the_end_counts_all(capsys: pytest.CaptureFixture[str]) -> None:
    """Whether it is whole, whether it was stopped, and each number of its own."""
    made = steps(30)
    outcome = Outcome(
        done=made[:7],
        failed=tuple((each, ERROR) for each in made[:6]),
        not_attempted=tuple((each, "no") for each in made[:5]),
        usage=Usage(27, 3, 2),
        unconfirmed=made[:4],
        differs=tuple((each, "x") for each in made[:3]),
        stopped=True,
    )
    counts = {
        "done": 7, "failed": 6, "notAttempted": 5, "unconfirmed": 4, "differs": 3, "requests": 27, "calls": 3,
        "depth": 2,
    }  # fmt: skip
    progress.end(outcome, Output())
    progress.end(Outcome(done=made), Output())
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first == {"event": "end", "complete": False, "stopped": True, **counts}
    assert (second["complete"], second["stopped"], second["done"]) == (True, False, 30)


def said(capsys: pytest.CaptureFixture[str], number: int, events: list[Event]) -> list[str]:
    """Return the lines that a log gets."""
    with progress.shown(of(number), Output(no_color=True), "text") as observe:
        for event in events:
            observe(event)
    out, err = capsys.readouterr()
    assert out == ""
    return err.splitlines()


def test_a_log_has_a_line_of_each_end(capsys: pytest.CaptureFixture[str]) -> None:
    """And of each wait that a person notices; none of what begins."""
    events: list[Event] = [
        StepStarted(STEP),
        StepDone(STEP),
        Waiting("it is busy", 0.99),
        Waiting("it is busy", 1),
        StepDone(STEP, "it was so"),
        StepFailed(STEP, ERROR),
        StepSkipped(STEP, "s1 failed"),
    ]
    lines = said(capsys, 12, events)
    assert lines == [
        "[ 1/12] done      s0",
        "         waiting 1 s: it is busy",
        "[ 2/12] done      s0  (it was so)",
        "[ 3/12] FAILED    s0  (no)",
        "[ 4/12] not tried s0  (s1 failed)",
    ]


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (1, [1]),
        (199, list(range(1, 200))),
        (200, list(range(2, 201, 2))),
        (301, [*range(3, 301, 3), 301]),
    ],
)
def test_of_many_steps_a_log_has_some(
    capsys: pytest.CaptureFixture[str], number: int, shown: list[int]
) -> None:
    """About a hundred of those that are simply done, and the last."""
    lines = said(capsys, number, [StepDone(STEP)] * number)
    assert [int(line[1:].partition("/")[0]) for line in lines] == shown


def test_what_is_worth_a_word_is_never_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    """Of however many."""
    events: list[Event] = [StepDone(STEP), StepFailed(STEP, ERROR), StepDone(STEP), StepSkipped(STEP, "x")]
    assert [line[:8] for line in said(capsys, 1000, events)] == ["[   2/10", "[   4/10"]


def test_silence_is_silence_and_a_terminal_has_a_bar(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """JSON is data, whatever silence was asked for."""
    with progress.shown(of(1), Output(quiet=True), "text") as observe:
        observe(StepFailed(STEP, ERROR))
    assert capsys.readouterr() == ("", "")
    with progress.shown(of(1), Output(quiet=True), "json"):
        pass
    assert json.loads(capsys.readouterr().out)["event"] == "plan"
    made: list[Any] = []

    def applying(number: int, _name: object, output: Output) -> Any:
        made.append((number, output))
        return progress.contextmanager(lambda: iter([made.append]))()  # type: ignore[attr-defined]  # its own import

    monkeypatch.setattr(bar, "applying", applying)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress.shown(of(3), Output(), "text") as observe:
        observe(StepStarted(STEP))
    assert made == [(3, Output()), StepStarted(STEP)]
