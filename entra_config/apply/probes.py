"""Probes in, whether each holds out: all reads of one call together, the same read once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from entra_config.errors import GraphError
from entra_config.graph.client import Graph
from entra_config.graph.errors import refusal
from entra_config.graph.request import Request, Response
from entra_config.kinds.graph_values import at
from entra_config.plan.diff import holds
from entra_config.plan.resolving import open_in, probe_of
from entra_config.plan.steps import (
    Absent,
    Among,
    Bears,
    Contains,
    Expectation,
    Holds,
    Listed,
    Looked,
    Present,
    Probe,
)
from entra_config.resource import Ref, Value

_LONG = 120


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What a probe saw: whether it holds, the object or list item behind it, and in words what does not.

    `late`: the answer is older than what this run wrote.
    """

    holds: bool
    item: Mapping[str, Any] | None = None
    moved: str = ""
    error: GraphError | None = None
    late: bool = False


def resolved(probe: Probe, known: Mapping[Ref, str]) -> Probe | None:
    """Return a probe with what is known filled in; None when something is not."""
    filled = probe_of(probe, known)
    return None if any(open_in(filled)) else filled


async def fetch(graph: Graph, probes: Sequence[Probe]) -> list[ProbeResult]:
    """Return what each probe sees; a read that Graph refuses for another reason than absence is an error
    in it.
    """
    requests = {str(probe.request.path): probe.request for probe in probes}
    responses = dict(zip(requests, await graph.send(list(requests.values())), strict=True))
    items: dict[str, list[Mapping[str, Any]]] = {}
    for probe in probes:
        path = str(probe.request.path)
        if path not in items and _is_list(probe.expect) and responses[path].ok:
            items[path] = await _items(graph, probe.request, responses[path])
    return [
        seen(probe, responses[str(probe.request.path)], items.get(str(probe.request.path), []))
        for probe in probes
    ]


def _is_list(expect: Expectation) -> bool:
    if isinstance(expect, Among):
        return not expect.path
    return isinstance(expect, Listed) or (isinstance(expect, Absent) and bool(expect.match))


async def _items(graph: Graph, request: Request, response: Response) -> list[Mapping[str, Any]]:
    items, following = graph.page(request, response)
    more = (await graph.lists([following]))[0] if following else []
    return [*items, *more]


def seen(probe: Probe, response: Response, items: Sequence[Mapping[str, Any]]) -> ProbeResult:
    """Return what a probe sees in an answer; `items` are those of all pages where it is a list."""
    if not response.ok and response.status != 404:
        error = refusal(probe.request, response)
        return ProbeResult(holds=False, moved=str(error), error=error)
    body = response.body if isinstance(response.body, dict) else None
    match probe.expect:
        case Absent() | Listed() | Among():
            return _listed(probe.expect, response, body, items)
        case Looked():
            return _looked(probe, probe.expect, response)
        case Present() | Bears() | Contains() | Holds():
            return _shown(probe.expect, response, body)
        case _:
            assert_never(probe.expect)


def _listed(
    expect: Absent | Listed | Among,
    response: Response,
    body: Mapping[str, Any] | None,
    items: Sequence[Mapping[str, Any]],
) -> ProbeResult:
    """Return what is seen of entries that must be there, or must not."""
    match expect:
        case Absent(match) if match:
            found = next((item for item in items if holds(item, match)), None)
            return ProbeResult(found is None, found, "it is there" if found else "")
        case Absent():
            return ProbeResult(not response.ok, body, "it is there" if response.ok else "")
        case Listed(match):
            found = next((item for item in items if holds(item, match)), None)
            return ProbeResult(found is not None, found, "" if found else "it is not listed")
        case Among(matches, inside) if response.ok:
            entries = (at(body, inside) or ()) if inside else items
            found = next((item for item in entries if not any(holds(item, match) for match in matches)), None)
            return ProbeResult(found is None, found, f"{_named(found)} is there" if found else "")
        case Among():
            return ProbeResult(holds=False, moved="it is not there")
        case _:
            assert_never(expect)


def _shown(
    expect: Present | Bears | Contains | Holds, response: Response, body: Mapping[str, Any] | None
) -> ProbeResult:
    """Return what is seen of one object."""
    match expect:
        case Present():
            return ProbeResult(response.ok, body, "" if response.ok else "it is not there")
        case Bears(tag):
            marked = tag in ((body or {}).get("tags") or ())
            return ProbeResult(
                marked, body if response.ok else None, "" if marked else "it is not there, or lacks the tag"
            )
        case Contains(path, match):
            near = [item for item in at(body, path) or () if _name(item) == _name(match)]
            moved = "; ".join(_differences(path, near, [match])) if response.ok else "it is not there"
            return ProbeResult(not moved, body, moved)
        case Holds():
            if not response.ok:
                return ProbeResult(holds=False, moved="it is not there")
            moved = "; ".join(_moved(body or {}, expect))
            return ProbeResult(not moved, body, moved)
        case _:
            assert_never(expect)


def _looked(probe: Probe, expect: Looked, response: Response) -> ProbeResult:
    body = response.body if isinstance(response.body, dict) else {}
    if expect.tag not in (body.get("tags") or ()):
        return ProbeResult(holds=False, moved="the mark of this look is not there yet", late=True)
    each = [seen(Probe(probe.request, one), response, ()) for one in expect.among]
    return next((one for one in each if not one.holds), ProbeResult(holds=True))


def _named(item: Mapping[str, Any]) -> str:
    """Return an entry by what people call it."""
    names = ("userPrincipalName", "displayName", "name", "keyId", "id")
    return repr(str(next((item[name] for name in names if item.get(name)), "something")))


def _moved(body: Mapping[str, Any], expect: Holds) -> Iterator[str]:
    for path, wanted in expect.values.items():
        actual, value = _without(at(body, path), expect), _without(wanted, expect)
        if not holds(actual, value):
            yield from list(_differences(path, actual, value)) or [
                f"{path} holds an entry another number of times"
            ]


def _differences(path: str, actual: Value, expected: Value) -> Iterator[str]:
    """Yield what differs, as deep as both sides are of one shape: whole entries where one side lacks them."""
    if holds(actual, expected):
        return
    if isinstance(actual, Mapping) and isinstance(expected, Mapping):
        for key, value in expected.items():
            yield from _differences(f"{path}.{key}", actual.get(key), value)
    elif isinstance(actual, list | tuple) and isinstance(expected, list | tuple):
        ours, theirs = {_name(item): item for item in expected}, {_name(item): item for item in actual}
        for name in sorted(ours.keys() & theirs.keys()):
            yield from _differences(f"{path}[{name}]", theirs[name], ours[name])
        for verb, names in (("has", theirs.keys() - ours.keys()), ("lacks", ours.keys() - theirs.keys())):
            if names:
                yield f"{path} {verb} {', '.join(sorted(names))}"
    else:
        first, second = _around(actual, expected)
        yield f"{path} is {first}, expected {second}"


def _without(value: Value, expect: Holds) -> Value:
    """Return a value without the texts that are not compared."""
    if not (expect.ignoring or expect.mirrored) or not isinstance(value, list | tuple):
        return value
    return [
        item
        for item in value
        if not (isinstance(item, str) and (item.startswith(expect.ignoring) or item in expect.mirrored))
    ]


def _name(item: Value) -> str:
    """Return what tells an entry from its neighbours."""
    if not isinstance(item, Mapping):
        return repr(item)
    return str(
        next((item[key] for key in ("id", "appId", "resourceAppId", "keyId", "name") if key in item), item)
    )


def _around(first: Value, second: Value) -> tuple[str, str]:
    """Return two values in words, long ones from shortly before where they part."""
    texts = repr(first), repr(second)
    if max(map(len, texts)) <= _LONG:
        return texts
    same = next(
        (place for place, (one, other) in enumerate(zip(*texts, strict=False)) if one != other),
        min(map(len, texts)),
    )
    start = max(same - _LONG // 4, 0)
    one, other = (
        f"{'…' if start else ''}{text[start : start + _LONG]}{'…' if len(text) > start + _LONG else ''}"
        for text in texts
    )
    return one, other
