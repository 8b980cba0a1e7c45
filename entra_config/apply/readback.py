"""Wait until what an apply wrote can be read back, and report what could not be read or has changed since.

A plan reads lists, and lists lag behind reads by key. So the end of an apply looks at lists of fifteen
applications or service principals, and the plan after it is empty.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from entra_config.apply import messages, probes
from entra_config.apply.attempt import EXTERNAL
from entra_config.apply.messages import Sentence
from entra_config.apply.past import Past
from entra_config.apply.probes import ProbeResult, resolved
from entra_config.errors import GraphError
from entra_config.graph.client import Graph
from entra_config.graph.odata import literal
from entra_config.graph.request import Request, Response
from entra_config.graph.retry import READ_BACK, Tries
from entra_config.plan.steps import Absent, Expectation, Holds, Present, Probe, Step
from entra_config.resource import Ref

IDS = 15  # what `in` takes at most (known issues)
_OBJECT = re.compile(r"/(applications|servicePrincipals)/([0-9a-fA-F-]{36})(?:\?\$select=([\w,]+))?")


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

    unconfirmed: tuple[Step, ...] = ()
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
            traces, await fetch_by_lists(self.graph, [trace.probe for trace in traces]), tries.waited
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


async def fetch_by_lists(graph: Graph, probed: Sequence[Probe]) -> list[ProbeResult]:
    """Return what each probe sees; where lists are refused, objects are read one by one."""
    places = {number: found for number, probe in enumerate(probed) if (found := _find_object(probe))}
    single = [number for number in range(len(probed)) if number not in places]
    try:
        items, rest = await asyncio.gather(
            _read_items(graph, places.values()), probes.fetch(graph, [probed[number] for number in single])
        )
    except GraphError:
        return await probes.fetch(graph, probed)
    seen = dict(zip(single, rest, strict=True))
    for number, (_, id_, _) in places.items():
        item = items.get(id_.casefold())
        seen[number] = probes.seen(probed[number], Response(200, item) if item else Response(404), [])
    return [seen[number] for number in range(len(probed))]


def _find_object(probe: Probe) -> tuple[str, str, str] | None:
    found = _OBJECT.fullmatch(str(probe.request.path))
    if found is None or probe.request.method != "GET" or not isinstance(probe.expect, Present | Holds):
        return None
    return found[1], found[2], found[3] or ""


async def _read_items(graph: Graph, places: Iterable[tuple[str, str, str]]) -> dict[str, Mapping[str, Any]]:
    lists = await graph.lists(list(_list_requests(places)))
    return {str(item.get("id")).casefold(): item for items in lists for item in items}


def _list_requests(places: Iterable[tuple[str, str, str]]) -> Iterator[Request]:
    wanted: dict[str, dict[str, set[str]]] = {}
    for collection, id_, select in places:
        wanted.setdefault(collection, {}).setdefault(id_, set()).update(select.split(",") if select else {""})
    for collection, objects in wanted.items():
        ids = sorted(objects)
        for start in range(0, len(ids), IDS):
            some = ids[start : start + IDS]
            fields = set[str]().union(*(objects[id_] for id_ in some))
            # A probe without $select reads the default properties, so then the list does.
            select = "" if "" in fields else f"&$select={','.join(sorted(fields | {'id'}))}"
            yield Request(
                "GET", f"/{collection}?$filter=id%20in%20({','.join(literal(id_) for id_ in some)}){select}"
            )
