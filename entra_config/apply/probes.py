"""Probes in, whether each holds out: all reads of one call together, the same read once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from entra_config.errors import GraphError
from entra_config.graph.client import Graph
from entra_config.graph.errors import refusal
from entra_config.graph.request import Request, Response
from entra_config.plan.diff import holds
from entra_config.plan.model import Absent, Expectation, Holds, Listed, Present, Probe
from entra_config.resource import Ref, Value, references, resolve


@dataclass(frozen=True, slots=True)
class Seen:
    """What a probe saw: whether it holds, the object or list item behind it, and in words what does not."""

    holds: bool
    item: Mapping[str, Any] | None = None
    moved: str = ""
    error: GraphError | None = None


def resolved(probe: Probe, known: Mapping[Ref, str]) -> Probe | None:
    """Return a probe with what is known filled in; None when something is not."""
    request = Request(probe.request.method, resolve(probe.request.path, known), probe.request.body, probe.request.headers)
    expect: Expectation = probe.expect
    match expect:
        case Holds(values):
            expect = Holds(resolve(values, known))
        case Listed(match) | Absent(match):
            expect = type(expect)(resolve(match, known))
        case Present():
            pass
        case _:
            assert_never(expect)
    wanted = expect.values if isinstance(expect, Holds) else {} if isinstance(expect, Present) else expect.match
    return None if any(references(request.path)) or any(references(wanted)) else Probe(request, expect)


async def ask(graph: Graph, probes: Sequence[Probe]) -> list[Seen]:
    """Return what each probe sees; a read that Graph refuses for another reason than absence is an error in it."""
    requests = {str(probe.request.path): probe.request for probe in probes}
    answers = dict(zip(requests, await graph.send(list(requests.values())), strict=True))
    items: dict[str, list[Mapping[str, Any]]] = {}
    for probe in probes:
        path = str(probe.request.path)
        if path not in items and _is_list(probe.expect) and answers[path].ok:
            items[path] = await _items(graph, probe.request, answers[path])
    return [seen(probe, answers[str(probe.request.path)], items.get(str(probe.request.path), [])) for probe in probes]


def _is_list(expect: Expectation) -> bool:
    return isinstance(expect, Listed) or (isinstance(expect, Absent) and bool(expect.match))


async def _items(graph: Graph, request: Request, answer: Response) -> list[Mapping[str, Any]]:
    items, following = graph.page(request, answer)
    more = (await graph.lists([following]))[0] if following else []
    return [*items, *more]


def seen(probe: Probe, answer: Response, items: Sequence[Mapping[str, Any]]) -> Seen:
    """Return what a probe sees in an answer; `items` are those of all pages where it is a list."""
    if not answer.ok and answer.status != 404:
        error = refusal(probe.request, answer)
        return Seen(holds=False, moved=str(error), error=error)
    body = answer.body if isinstance(answer.body, dict) else None
    match probe.expect:
        case Present():
            return Seen(answer.ok, body, "" if answer.ok else "it is not there")
        case Absent(match) if match:
            found = next((item for item in items if holds(item, match)), None)
            return Seen(found is None, found, "it is there" if found else "")
        case Absent():
            return Seen(not answer.ok, body, "it is there" if answer.ok else "")
        case Listed(match):
            found = next((item for item in items if holds(item, match)), None)
            return Seen(found is not None, found, "" if found else "it is not listed")
        case Holds(values):
            if not answer.ok:
                return Seen(holds=False, moved="it is not there")
            moved = "; ".join(_moved(body or {}, values))
            return Seen(not moved, body, moved)
        case _:
            assert_never(probe.expect)


def _moved(body: Mapping[str, Any], values: Mapping[str, Value]) -> Iterator[str]:
    for path, value in values.items():
        actual = at(body, path)
        if not holds(actual, value):
            yield f"{path} is {_short(actual)}, expected {_short(value)}"


def at(body: Value, path: str) -> Value:
    """Return the value at a Graph path such as `web.redirectUris`."""
    for name in path.split("."):
        body = body.get(name) if isinstance(body, Mapping) else None
    return body


def _short(value: Value) -> str:
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:117]}…"
