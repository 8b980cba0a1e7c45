"""What a sink may keep of the secrets that there are, and what becomes of a secret whose response is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from entra_config.credentials import holding
from entra_config.credentials.holding import LostError, Time
from entra_config.credentials.life import LONG_AGO, NEVER, SecretKey
from entra_config.credentials.tenant import ApplicationSecrets
from entra_config.errors import GraphError
from entra_config.graph.request import Response
from entra_config.hidden import Hidden
from entra_config.manifest.sinks import InSink
from tests.unit.graph.doors import Door, error, graph

NOW = datetime(2026, 6, 1, tzinfo=UTC)
KEYS = [SecretKey(id_, "", NOW, NEVER, hint) for id_, hint in (("a", "xyz"), ("b", "abc"), ("c", None))]


@pytest.mark.parametrize(
    ("kept", "among", "known"),
    [
        (InSink("a"), "a", "a"),
        (InSink("a", "abc"), "a", "ab"),
        (InSink("a", empty=True), "", "a"),
        (InSink("x"), "", ""),
        (InSink("x", "xyz"), "ac", "a"),
        (InSink(hint="xyz"), "ac", "a"),
        (InSink(hint="none"), "c", ""),
        (InSink(), "abc", ""),
        (InSink(without=frozenset("ab")), "c", ""),
        (InSink("x", without=frozenset("ab")), "", ""),
        (InSink(empty=True), "", ""),
    ],
)
def test_a_sink_may_keep_what_it_names_or_does_not_exclude(kept: InSink, among: str, known: str) -> None:
    """By the id, else by the first characters, else by what it is not; an empty one keeps none."""
    assert "".join(each.key_id for each in kept.among(KEYS)) == among
    assert "".join(each.key_id for each in KEYS if kept.knows(each)) == known


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        ({"keyId": "A"}, SecretKey("a", "", LONG_AGO, NEVER)),
        ({"keyId": "a", "displayName": None, "hint": ""}, SecretKey("a", "", LONG_AGO, NEVER)),
        (
            {"keyId": "a", "displayName": "n", "hint": "xyz", "startDateTime": "2026-06-01T00:00:00Z"},
            SecretKey("a", "n", NOW, NEVER, "xyz"),
        ),
    ],
)
def test_an_entry_of_graph_says_all_but_the_value(entry: dict[str, Any], key: SecretKey) -> None:
    """Its id is compared in small letters."""
    assert SecretKey.read(entry) == key


class Paused:
    """A clock that waiting moves."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        """Keep how long."""
        self.slept.append(seconds)

    def now(self) -> datetime:
        """Return the time."""
        return NOW + timedelta(seconds=sum(self.slept))


def secrets(*responses: Response) -> tuple[ApplicationSecrets, Paused, Door]:
    """Return an application that Graph responds of so, one after another."""
    left: Iterator[Response] = iter(responses)
    door, clock = Door(lambda _: next(left)), Paused()
    held = ApplicationSecrets(graph(door), "o", "app", Time(clock.now, clock.sleep))
    return held, clock, door


MADE = Response(200, {"keyId": "K", "secretText": Hidden("value")})
ARRIVING = error(404, "Request_ResourceNotFound")


@pytest.mark.parametrize("status", [0, 500, 501, 503, 599])
def test_a_secret_whose_response_is_lost_may_be_there(status: int) -> None:
    """It is made once: nobody would ever be told the first one's value."""
    held, clock, door = secrets(error(status) if status else Response(0))
    with pytest.raises(LostError):
        asyncio.run(held.add("n", NEVER, []))
    assert len(door.calls) == 1
    assert clock.slept == []


@pytest.mark.parametrize(
    "response",
    [
        Response(200),
        Response(200, {"keyId": "K"}),
        Response(200, {"keyId": "", "secretText": Hidden("value")}),
    ],
)
def test_a_secret_without_value_or_id_is_lost_too(response: Response) -> None:
    """Nobody can keep it."""
    held, _, _ = secrets(response)
    with pytest.raises(LostError):
        asyncio.run(held.add("n", NEVER, []))


def test_a_refusal_that_passes_is_tried_again_and_another_is_said() -> None:
    """A replica may be behind."""
    held, clock, door = secrets(ARRIVING, MADE)
    made = asyncio.run(held.add("n", NEVER, []))
    assert (made.key_id, made.value.reveal()) == ("k", "value")
    assert (len(door.calls), len(clock.slept)) == (2, 1)
    held, clock, _ = secrets(error(403, "Authorization_RequestDenied"))
    with pytest.raises(GraphError):
        asyncio.run(held.add("n", NEVER, []))
    assert clock.slept == []


@pytest.mark.parametrize(
    ("age", "waits"), [(0, [10.0]), (4, [6.0]), (9, [1.0]), (10, []), (60, []), (-5, [])]
)
def test_changes_of_one_application_are_ten_seconds_apart(age: float, waits: list[float]) -> None:
    """From the youngest that there is, if its time is not one to come."""
    held, clock, _ = secrets(MADE)
    known = [SecretKey(str(each), "", NOW - timedelta(seconds=each), NEVER) for each in (age, 90)]
    asyncio.run(held.add("n", NEVER, known))
    assert clock.slept == waits


def test_a_secret_that_is_gone_is_removed() -> None:
    """A response that did not come is asked for again, ten seconds after the change before."""
    held, clock, door = secrets(
        MADE, Response(204), error(400, message="No password credential found with id")
    )
    asyncio.run(held.add("n", NEVER, []))
    asyncio.run(held.remove("a"))
    asyncio.run(held.remove("b"))
    assert clock.slept == [10.0, 10.0]
    assert [path for _, path in door.requests()][1:] == ["/applications/o/removePassword"] * 2


SECONDS = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("mark", "recent"),
    [
        (f"{holding.ROTATING}{SECONDS}.x", True),
        (f"{holding.ROTATING}{SECONDS - 59}.x", True),
        (f"{holding.ROTATING}{SECONDS + 59}.x", True),
        (f"{holding.ROTATING}{SECONDS - 60}.x", False),
        (f"{holding.ROTATING}{SECONDS + 60}.x", False),
        (f"{holding.ROTATING}soon.x", False),
        (f"{holding.LOOKED_TAG}{SECONDS}.x", False),
    ],
)
def test_a_mark_of_the_last_minute_may_be_of_a_run_that_is_alive(mark: str, recent: bool) -> None:
    """Either clock may be late."""
    assert holding._is_recent(mark, NOW) is recent
