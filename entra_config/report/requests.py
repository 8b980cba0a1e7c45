"""The steps of a plan in, the requests that would be sent out, one line each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from entra_config.plan import values
from entra_config.plan.steps import Step
from entra_config.report import escape
from entra_config.report.lines import Line, line


def lines(steps: Iterable[Step]) -> Iterator[Line]:
    """Yield each request with its step's name, its body, and what it waits for; secrets are left out."""
    yield line(
        ("Requests, in the order of the plan; what does not wait for each other goes side by side:", "bold")
    )
    for step in steps:
        path = step.request.endpoint + str(values.to_json(step.request.path))
        yield line("  ", (step.request.method, "cyan"), " ", escape.text(path))
        yield line("      ", (f"step {escape.text(step.id)}", "dim"), (_waits(step), "dim"))
        if step.request.body is not None:
            body = json.dumps(values.to_json(step.request.body), ensure_ascii=False, sort_keys=True)
            yield line("      ", escape.text(body))
    yield line()


def _waits(step: Step) -> str:
    return f", after {escape.text(', '.join(sorted(step.needs)))}" if step.needs else ""
