"""Events of an apply in, progress out: a bar on a terminal, plain lines elsewhere, JSON lines for
programs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, assert_never

from entra_config.apply.events import (
    Event,
    Observer,
    Outcome,
    StepDone,
    StepFailed,
    StepSkipped,
    StepStarted,
    Waiting,
)
from entra_config.cli.output import Output
from entra_config.plan.model import Plan
from entra_config.plan.steps import Step
from entra_config.report import step_names

VERSION = 2
MOST_LINES = 100
"""How many lines a log gets of steps that are simply done, about."""
Form = Literal["text", "json"]


@contextmanager
def shown(plan: Plan, output: Output, form: Form) -> Iterator[Observer]:
    """Give an observer that shows how it goes while the block runs."""
    if form == "json":
        yield _json_lines(output, plan)
    elif output.quiet:
        yield lambda _: None
    elif sys.stderr.isatty():
        from entra_config.cli import bar

        with bar.applying(len(plan.steps), step_names.names(plan), output) as observer:
            yield observer
    else:
        yield _Lines(plan, output)


def end(outcome: Outcome, output: Output) -> None:
    """Write the last event of `--events json`."""
    usage = outcome.usage
    record: dict[str, Any] = {
        "event": "end",
        "complete": outcome.complete,
        "stopped": outcome.stopped,
        "done": len(outcome.done),
        "failed": len(outcome.failed),
        "notAttempted": len(outcome.not_attempted),
        "unconfirmed": len(outcome.unconfirmed),
        "differs": len(outcome.differs),
        "requests": usage.requests,
        "calls": usage.calls,
        "depth": usage.depth,
    }
    output.data(_line(record))


def record(event: Event) -> dict[str, Any]:
    """Return an event as JSON: its name, the step, the changes that the step is part of, and the outcome."""
    match event:
        case StepStarted(step):
            return {"event": "started", "step": step.id, "changes": [str(each) for each in step.carries]}
        case StepDone(step, note, rule=rule):
            return {"event": "done", "step": step.id, "note": note, "rule": rule}
        case StepFailed(step, error):
            reported = {
                "message": str(error),
                "status": error.status,
                "code": error.code,
                "requestId": error.request_id,
            }
            return {
                "event": "failed",
                "step": step.id,
                "error": reported | {"advice": error.advice, "rule": error.rule},
            }
        case StepSkipped(step, because, rule):
            return {"event": "skipped", "step": step.id, "because": because, "rule": rule}
        case Waiting(reason, seconds, rule):
            return {"event": "waiting", "reason": reason, "seconds": round(seconds, 3), "rule": rule}
        case _:
            assert_never(event)


class _Lines:
    """One line for each end of a step and each wait worth a word: what a CI log holds well.

    Of a long run, some of the steps that are simply done: every one that fails, is not tried or has a note,
    and the last.
    """

    def __init__(self, plan: Plan, output: Output) -> None:
        self._total, self._output, self._ended = len(plan.steps), output, 0
        self._name = step_names.names(plan)
        self._every = max(1, self._total // MOST_LINES)

    def __call__(self, event: Event) -> None:
        match event:
            case StepStarted():
                return
            case Waiting(reason, seconds):
                if seconds >= 1:
                    self._output.say(f"         waiting {seconds:.0f} s: {reason}")
            case StepDone(step, note):
                self._say("done", step, note)
            case StepFailed(step, error):
                self._say("FAILED", step, str(error))
            case StepSkipped(step, because):
                self._say("not tried", step, because)
            case _:
                assert_never(event)

    def _say(self, word: str, step: Step, note: str) -> None:
        self._ended += 1
        if not note and self._ended % self._every and self._ended < self._total:
            return
        width = len(str(self._total))
        reported = f"  ({note})" if note else ""
        self._output.say(f"[{self._ended:{width}}/{self._total}] {word:9} {self._name(step)}{reported}")


def _json_lines(output: Output, plan: Plan) -> Observer:
    first = {"event": "plan", "version": VERSION, "owner": f"{plan.project}/{plan.environment}"}
    output.data(_line({**first, "tenantId": plan.tenant.id, "steps": len(plan.steps)}))
    return lambda event: output.data(_line(record(event)))


def _line(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=True) + "\n"
