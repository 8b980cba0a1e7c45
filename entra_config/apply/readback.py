"""Done steps in; a wait until what they wrote can be read back, and what could not be or is not so any
more, out.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from entra_config.apply import lists, messages, probes
from entra_config.apply.attempt import EXTERNAL
from entra_config.apply.messages import Sentence
from entra_config.apply.past import Past
from entra_config.apply.probes import ProbeResult, resolved
from entra_config.graph.client import Graph
from entra_config.graph.retry import READ_BACK, Tries
from entra_config.plan.steps import Absent, Expectation, Holds, Present, Probe, Step
from entra_config.resource import Ref


@dataclass(frozen=True, slots=True)
class Expected:
    """What a step must have left behind, and which step."""

    probe: Probe
    step: Step


def current(steps: Iterable[Step], known: Mapping[Ref, str]) -> list[Expected]:
    """Return what should be seen after all of `steps`: of two writes of one property, only the later."""
    by_object: dict[str, list[Expected]] = {}
    for step in steps:
        probe = resolved(step.visible, known) if step.visible else None
        if probe is None:
            continue
        name = str(probe.request.path).partition("?")[0]
        earlier = [left for trace in by_object.get(name, []) if (left := _left(trace, probe.expect))]
        by_object[name] = [*earlier, Expected(probe, step)]
    return [trace for traces in by_object.values() for trace in traces]


def _left(trace: Expected, later: Expectation) -> Expected | None:
    """Return what of an earlier trace still counts after a later one on the same object."""
    match trace.probe.expect, later:
        case _, Absent(match) if not match:
            return None
        case Present(), Present() | Holds():
            return None
        case Holds(values) as earlier, Holds(newer):
            rest = {path: value for path, value in values.items() if path not in newer}
            left = replace(earlier, values=rest)
            return Expected(Probe(trace.probe.request, left), trace.step) if rest else None
        case _:
            return trace


@dataclass(frozen=True, slots=True)
class Left:
    """What was done and cannot be seen as it was written: not in lists yet, or not so, with what is there
    instead.
    """

    unseen: tuple[Step, ...] = ()
    differs: tuple[tuple[Step, str], ...] = ()


@dataclass(slots=True)
class ReadBack:
    """What was written, looked for until it is seen, somebody else's value stands there, or patience ends."""

    graph: Graph
    pause: Callable[[Sentence, float], Awaitable[bool]]
    jitter: Callable[[], float]
    past: Past
    differs: list[tuple[Step, str]] = field(default_factory=list)
    since: dict[str, float] = field(default_factory=dict)

    async def wait(self, traces: Sequence[Expected]) -> Left:
        """Read until nothing is open; `pause` waits and tells whether to go on."""
        tries = Tries()
        while traces := self._open(
            traces, await lists.fetch(self.graph, [trace.probe for trace in traces]), tries.waited
        ):
            seconds = tries.next(READ_BACK, self.jitter())
            if seconds is None:
                return await self._last(traces)
            if not await self.pause(messages.WAITS_FOR_CHANGES.filled(count=len(traces)), seconds):
                return Left(tuple(trace.step for trace in traces), tuple(self.differs))
        return Left(differs=tuple(self.differs))

    def _open(self, traces: Sequence[Expected], seen: Sequence[ProbeResult], waited: float) -> list[Expected]:
        """Return what is still to be seen.

        A value that neither the plan read nor this run wrote is somebody else's, once it stays: a replica far
        behind may show one of before the plan.
        """
        left: list[Expected] = []
        for trace, what in zip(traces, seen, strict=True):
            if what.holds:
                continue
            if self.past.may_show(trace.probe, what):
                self.since.pop(trace.step.id, None)
            elif waited - self.since.setdefault(trace.step.id, waited) >= EXTERNAL.patience:
                self.differs.append((trace.step, what.moved))
                continue
            left.append(trace)
        return left

    async def _last(self, traces: Sequence[Expected]) -> Left:
        """Ask by key, which lags least: what is there by key is only not listed yet."""
        seen = await probes.fetch(self.graph, [trace.probe for trace in traces])
        both = list(zip(traces, seen, strict=True))
        differs = [(trace.step, what.moved) for trace, what in both if not what.holds]
        return Left(tuple(trace.step for trace, what in both if what.holds), (*self.differs, *differs))
