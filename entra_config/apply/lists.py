"""Probes in, what each sees out: applications and service principals by lists of fifteen, the rest one by
one.

A plan reads lists, and lists lag behind reads by key. So the end of an apply looks at lists, and the plan
after it is empty.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from entra_config.apply import probes
from entra_config.apply.probes import ProbeResult
from entra_config.errors import GraphError
from entra_config.graph.client import Graph
from entra_config.graph.odata import literal
from entra_config.graph.request import Request, Response
from entra_config.plan.steps import Holds, Present, Probe

IDS = 15  # what `in` takes at most (known issues)
_OBJECT = re.compile(r"/(applications|servicePrincipals)/([0-9a-fA-F-]{36})(?:\?\$select=([\w,]+))?")


async def fetch(graph: Graph, probed: Sequence[Probe]) -> list[ProbeResult]:
    """Return what each probe sees; where lists are refused, objects are read one by one."""
    places = {number: found for number, probe in enumerate(probed) if (found := _object(probe))}
    single = [number for number in range(len(probed)) if number not in places]
    try:
        items, rest = await asyncio.gather(
            _items(graph, places.values()), probes.fetch(graph, [probed[number] for number in single])
        )
    except GraphError:
        return await probes.fetch(graph, probed)
    seen = dict(zip(single, rest, strict=True))
    for number, (_, id_, _) in places.items():
        item = items.get(id_.casefold())
        seen[number] = probes.seen(probed[number], Response(200, item) if item else Response(404), [])
    return [seen[number] for number in range(len(probed))]


def _object(probe: Probe) -> tuple[str, str, str] | None:
    found = _OBJECT.fullmatch(str(probe.request.path))
    if found is None or probe.request.method != "GET" or not isinstance(probe.expect, Present | Holds):
        return None
    return found[1], found[2], found[3] or ""


async def _items(graph: Graph, places: Iterable[tuple[str, str, str]]) -> dict[str, Mapping[str, Any]]:
    lists = await graph.lists(list(_requests(places)))
    return {str(item.get("id")).casefold(): item for items in lists for item in items}


def _requests(places: Iterable[tuple[str, str, str]]) -> Iterator[Request]:
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
