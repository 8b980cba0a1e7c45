"""Switches of an application, written and read back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from entra_config import stopping
from entra_config.errors import GraphError, Position
from entra_config.graph.request import Request, Response
from entra_config.manifest.model import Setting
from entra_config.stopping import Stop, Switch, Switched
from tests.unit.graph.doors import Door, error, graph

ENTERPRISE = Switch("servicePrincipals", "p", "accountEnabled", before=True, wanted=False)
REGISTRATION = Switch("applications", "o", "isDisabled", before=False, wanted=True)
SO_ALREADY = Switch("applications", "x", "isDisabled", before=True, wanted=True)


def stop(*switches: Switch) -> Stop:
    """Return an application with switches."""
    return Stop("app", "App", "a1", enabled=False, switches=switches)


def switched(door: Door, *switches: Switch, rounds: int = 3) -> tuple[Switched, list[float]]:
    """Return what became of switches, and how long was waited."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    return asyncio.run(stopping.switch(stop(*switches), graph(door), sleep=sleep, rounds=rounds)), slept


def seen(*values: Mapping[str, Any], refused: tuple[str, ...] = ()) -> Door:
    """Return a Graph that has these values, one after another for each object; it refuses to write some."""
    left: dict[str, Iterator[Any]] = {key: iter(each) for key, each in _columns(values).items()}

    def response(request: Request) -> Response:
        path = str(request.path).partition("?")[0]
        if request.method == "PATCH":
            return error(403, "Forbidden") if path in refused else Response(204)
        return Response(200, {str(request.path).rpartition(",")[2]: next(left[path])})

    return Door(response)


def _columns(values: tuple[Mapping[str, Any], ...]) -> dict[str, list[Any]]:
    paths = ("/servicePrincipals/p", "/applications/o")
    return {path: [each[path] for each in values if path in each] for path in paths}


PRINCIPAL, OBJECT = "/servicePrincipals/p", "/applications/o"


def test_only_what_is_otherwise_is_written() -> None:
    """Hold method, path and body of each, and that each is read back."""
    door = seen({PRINCIPAL: False, OBJECT: True})
    found, slept = switched(door, ENTERPRISE, SO_ALREADY, REGISTRATION)
    (written, read) = door.calls

    assert (found, slept) == (Switched((ENTERPRISE, REGISTRATION)), [])
    assert [(each["method"], each["url"], each["body"]) for each in written.body["requests"]] == [
        ("PATCH", PRINCIPAL, {"accountEnabled": False}),
        ("PATCH", OBJECT, {"isDisabled": True}),
    ]
    assert [each["url"] for each in read.body["requests"]] == [
        f"{PRINCIPAL}?$select=id,accountEnabled",
        f"{OBJECT}?$select=id,isDisabled",
    ]


def test_where_all_is_so_nothing_is_asked() -> None:
    """Hold that no request is sent."""
    door = seen()
    assert (switched(door, SO_ALREADY), door.calls) == ((Switched(), []), [])


def test_what_cannot_be_read_back_yet_is_looked_for_again() -> None:
    """Hold that only what is not seen is read again, two seconds apart, and that it ends some time."""
    late = [{PRINCIPAL: True, OBJECT: True}, {PRINCIPAL: None}, {PRINCIPAL: False}]
    assert switched(seen(*late), ENTERPRISE, REGISTRATION) == (
        Switched((ENTERPRISE, REGISTRATION)),
        [2.0, 2.0],
    )
    never = [{PRINCIPAL: True, OBJECT: None}, {PRINCIPAL: True, OBJECT: True}]
    assert switched(seen(*never), ENTERPRISE, REGISTRATION, rounds=2) == (
        Switched((REGISTRATION,), (ENTERPRISE,)),
        [2.0, 2.0],
    )


def test_one_that_is_refused_stops_no_other() -> None:
    """Hold that it is not read back, and that its refusal is told."""
    found, slept = switched(seen({OBJECT: True}, refused=(PRINCIPAL,)), ENTERPRISE, REGISTRATION)

    assert (found.done, found.unseen, slept) == ((REGISTRATION,), (), [])
    ((refused, why),) = found.failed
    assert refused == ENTERPRISE
    assert isinstance(why, GraphError)


@pytest.mark.parametrize(
    ("declared", "wanted", "against"),
    [
        (None, True, False),
        (Setting(True), True, False),
        (Setting(False), True, True),
        (Setting(None), True, True),
        (Setting(False), False, False),
        (Setting(True, Position("m.yaml", 3)), False, True),
    ],
)
def test_the_manifest_says_otherwise(declared: Setting | None, wanted: bool, against: bool) -> None:
    """Hold that what it does not say is against nothing."""
    switch = Switch("applications", "o", "isDisabled", before=True, wanted=wanted, declared=declared)
    assert (switch.against, switch.path) == (against, "/applications/o")
