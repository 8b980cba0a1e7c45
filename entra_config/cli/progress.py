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
from entra_config.report import escape

VERSION = 1
Form = Literal["text", "json"]


@contextmanager
def shown(plan: Plan, output: Output, form: Form) -> Iterator[Observer]:
    """Give an observer that shows how it goes while the block runs."""
    if form == "json":
        yield _json_lines(output, plan)
    elif output.quiet:
        yield lambda _: None
    elif sys.stderr.isatty():
        with _bar(len(plan.steps), output) as observer:
            yield observer
    else:
        yield _Lines(len(plan.steps), output)


def end(outcome: Outcome, output: Output) -> None:
    """Write the last event of `--events json`."""
    usage = outcome.usage
    record: dict[str, Any] = {
        "event": "end",
        "complete": outcome.complete,
        "stopped": outcome.stopped,
        "done": len(outcome.done),
        "failed": len(outcome.failed),
        "notTried": len(outcome.not_tried),
        "unseen": len(outcome.unseen),
        "differs": len(outcome.differs),
        "requests": usage.requests,
        "calls": usage.calls,
        "depth": usage.depth,
    }
    output.data(_line(record))


def record(event: Event) -> dict[str, Any]:
    """Return an event as JSON: its name, the step, what the step carries, and what is said of it."""
    match event:
        case StepStarted(step):
            return {"event": "started", "step": step.id, "carries": [str(each) for each in step.carries]}
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
    """One line for each end of a step and each wait worth a word: what a CI log holds well."""

    def __init__(self, total: int, output: Output) -> None:
        self._total, self._output, self._ended = total, output, 0

    def __call__(self, event: Event) -> None:
        match event:
            case StepStarted():
                return
            case Waiting(reason, seconds):
                if seconds >= 1:
                    self._output.say(f"         waiting {seconds:.0f} s: {reason}")
            case StepDone(step, note):
                self._say("done", step.id, note)
            case StepFailed(step, error):
                self._say("FAILED", step.id, str(error))
            case StepSkipped(step, because):
                self._say("not tried", step.id, because)
            case _:
                assert_never(event)

    def _say(self, word: str, step: str, note: str) -> None:
        self._ended += 1
        width = len(str(self._total))
        reported = f"  ({note})" if note else ""
        self._output.say(f"[{self._ended:{width}}/{self._total}] {word:9} {step}{reported}")


@contextmanager
def _bar(total: int, output: Output) -> Iterator[Observer]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.text import Text

    console = Console(stderr=True, no_color=not output.coloured(sys.stderr))
    columns = (
        BarColumn(30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=total)

        def observe(event: Event) -> None:
            match event:
                case StepStarted(step):
                    progress.update(task, description=escape.text(step.id))
                case Waiting(reason, seconds):
                    progress.update(task, description=escape.text(f"waiting {seconds:.0f} s: {reason}"))
                case StepDone():
                    progress.advance(task)
                case StepFailed(step, error):
                    progress.advance(task)
                    progress.console.print(Text(escape.text(f"failed {step.id}: {error}"), style="red"))
                case StepSkipped():
                    progress.advance(task)
                case _:
                    assert_never(event)

        yield observe


def _json_lines(output: Output, plan: Plan) -> Observer:
    first = {"event": "plan", "version": VERSION, "owner": f"{plan.project}/{plan.environment}"}
    output.data(_line({**first, "tenantId": plan.tenant.id, "steps": len(plan.steps)}))
    return lambda event: output.data(_line(record(event)))


def _line(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=True) + "\n"
