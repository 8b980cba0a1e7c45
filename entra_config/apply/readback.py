"""Done steps in; a wait until what they wrote can be read back, and the steps that could not be in time, out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from entra_config.apply import lists
from entra_config.apply.probes import resolved
from entra_config.graph.client import Graph
from entra_config.graph.retry import READ_BACK
from entra_config.plan.model import Absent, Expectation, Holds, Present, Probe, Step
from entra_config.resource import Ref


@dataclass(frozen=True, slots=True)
class Trace:
    """What a step must have left behind, and which step."""

    probe: Probe
    step: Step


def current(steps: Iterable[Step], known: Mapping[Ref, str]) -> list[Trace]:
    """Return what should be seen after all of `steps`: of two writes of one property, only the later."""
    by_object: dict[str, list[Trace]] = {}
    for step in steps:
        probe = resolved(step.visible, known) if step.visible else None
        if probe is None:
            continue
        name = str(probe.request.path).partition("?")[0]
        earlier = [left for trace in by_object.get(name, []) if (left := _left(trace, probe.expect))]
        by_object[name] = [*earlier, Trace(probe, step)]
    return [trace for traces in by_object.values() for trace in traces]


def _left(trace: Trace, later: Expectation) -> Trace | None:
    """Return what of an earlier trace still counts after a later one on the same object."""
    match trace.probe.expect, later:
        case _, Absent(match) if not match:
            return None
        case Present(), Present() | Holds():
            return None
        case Holds(values), Holds(newer):
            rest = {path: value for path, value in values.items() if path not in newer}
            return Trace(Probe(trace.probe.request, Holds(rest)), trace.step) if rest else None
        case _:
            return trace


async def wait(
    traces: Sequence[Trace], graph: Graph, pause: Callable[[str, float], Awaitable[bool]], jitter: Callable[[], float]
) -> tuple[Step, ...]:
    """Read until every trace is seen or patience ends, and return the steps whose traces were not.

    `pause` waits and tells whether to go on.
    """
    attempt, waited = 0, 0.0
    while True:
        seen = await lists.ask(graph, [trace.probe for trace in traces]) if traces else []
        traces = [trace for trace, what in zip(traces, seen, strict=True) if not what.holds]
        if not traces or READ_BACK.exhausted(waited):
            return tuple(trace.step for trace in traces)
        attempt += 1
        seconds = READ_BACK.seconds(attempt, jitter())
        if not await pause(f"{len(traces)} changes to be readable", seconds):
            return tuple(trace.step for trace in traces)
        waited += seconds
