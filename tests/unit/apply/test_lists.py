"""What an apply reads back is asked for by lists."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import unquote

import pytest

from entra_config.apply import readback
from entra_config.graph.request import Request, Response
from entra_config.plan.steps import Absent, Expectation, Holds, Present, Probe
from tests.unit.graph.doors import Door, error, graph


def named(number: int) -> str:
    """Make an id."""
    return f"0000000a-0000-4000-8000-{number:012}"


def asked(probes: list[Probe], *, refused: bool = False) -> tuple[list[str], list[bool]]:
    """Return the paths that were asked, and what each probe sees; Graph shows ids in capitals, and nothing
    that ends in 9.
    """

    def answers(request: Request) -> Response:
        path = unquote(str(request.path))
        if "$filter" not in path:
            return Response(200, {"id": path.rpartition("/")[2].upper(), "displayName": "read"})
        if refused:
            return error(403)
        ids = [part for part in path.split("'")[1::2] if not part.endswith("9")]
        return Response(200, {"value": [{"id": id_.upper(), "displayName": "listed"} for id_ in ids]})

    door = Door(answers)

    async def talk() -> list[bool]:
        return [found.holds for found in await readback.fetch_by_lists(graph(door), probes)]

    holds = asyncio.run(talk())
    return [unquote(path) for _, path in door.requests()], holds


def look(path: str, expect: Expectation | None = None, method: Any = "GET") -> Probe:
    """Make a probe."""
    return Probe(Request(method, path), expect or Present())


def test_sixteen_objects_are_two_lists() -> None:
    """A list takes fifteen; each probe sees its own object, and what is not listed is not there."""
    paths, holds = asked([look(f"/applications/{named(number)}") for number in range(16)])
    assert [path.count("0000000a-") for path in paths] == [15, 1]
    assert holds == [number != 9 for number in range(16)]


@pytest.mark.parametrize(
    ("selects", "selected"),
    [
        (["?$select=tags", "?$select=displayName,tags"], "&$select=displayName,id,tags"),
        (["?$select=tags", ""], ""),
        ([""], ""),
    ],
)
def test_a_list_reads_what_all_its_probes_do(selects: list[str], selected: str) -> None:
    """Whoever names no property reads the default ones, and so does the list."""
    paths, _ = asked([look(f"/applications/{named(1)}{select}") for select in selects])
    assert paths == [f"/applications?$filter=id in ('{named(1)}'){selected}"]


def test_what_no_list_shows_is_read_one_by_one() -> None:
    """Absence, other paths, and all of it where lists are refused."""
    path = f"/servicePrincipals/{named(1)}"
    probes = [
        look(path, Holds({"displayName": "listed"})),
        look(path.replace("1", "2"), Absent()),
        look(f"{path}/owners"),
    ]
    paths, holds = asked(probes)
    assert sorted(paths) == sorted(
        [str(probes[1].request.path), f"{path}/owners", f"/servicePrincipals?$filter=id in ('{named(1)}')"]
    )
    assert holds == [True, False, True]
    paths, holds = asked(probes[:1], refused=True)
    assert paths[-1] == path
    assert holds == [False]
