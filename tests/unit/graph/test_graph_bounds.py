"""Answers made to exhaust whoever reads them: bounded in size, depth, time and number, and told in the
right words.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest

from entra_config.actual.fetch import fetch
from entra_config.actual.question import MARKED_APPLICATIONS
from entra_config.errors import GraphError
from entra_config.graph import http, paging
from entra_config.graph.errors import refusal
from entra_config.graph.request import Request, Response
from tests.unit.graph.doors import Clock, Door, error, get, graph, talk

PAGE = Request("GET", "/applications")


def test_an_answer_that_is_too_large_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Announced or not, unpacked or not, it is one call, and the words say what it was."""
    monkeypatch.setattr(http, "LARGEST", 1024 * 1024)
    given: list[int] = []

    async def drip() -> AsyncIterator[bytes]:
        for _ in range(100):
            given.append(1)
            yield b" " * 100_000

    for content in (lambda: drip(), lambda: b" " * 2_000_000):  # noqa: PLW0108  # a new one for each call
        (response,) = talk(lambda _, content=content: httpx.Response(200, content=content()), PAGE)
        said = refusal(PAGE, response)
        assert str(said) == "the response is larger than 1 MB (GET /applications)"
        assert "between this program and Graph" in said.advice
    assert len(given) == 11


def test_the_largest_answer_that_is_read_is_below_a_hundred_megabytes() -> None:
    """The bound is one that a machine bears, and ten times what a page of Graph's is."""
    assert 10 * 1024 * 1024 < http.LARGEST < 100_000_000


@pytest.mark.parametrize("depth", [100_000, 5_000])
def test_an_answer_that_is_nested_too_deep_is_an_error(depth: int) -> None:
    """No traceback, no second try. How deep Python's own reader goes is its version's affair: what it lets
    through is no list of Graph's.
    """
    calls: list[int] = []

    def response(_: httpx.Request) -> httpx.Response:
        calls.append(1)
        return httpx.Response(200, content=b'{"value":' + b"[" * depth + b"]" * depth + b"}")

    (found,) = talk(response, PAGE)
    if found.ok:
        assert depth < 100_000
        with pytest.raises(GraphError, match="is no"):
            asyncio.run(fetch(graph(Door(lambda _: found)), {MARKED_APPLICATIONS: PAGE}))
    else:
        assert "nested deeper" in str(refusal(PAGE, found))
    assert len(calls) == 1


def test_what_is_nested_deeper_than_its_check_goes_is_an_error_too() -> None:
    """Deep enough for the check of shapes to end, not for the reader of JSON."""
    body: dict[str, Any] = {"id": "1"}
    for _ in range(20_000):
        body = {"id": "1", "info": body}
    with pytest.raises(GraphError, match="nested deeper"):
        asyncio.run(
            fetch(graph(Door(lambda _: Response(200, {"value": [body]}))), {MARKED_APPLICATIONS: PAGE})
        )


def test_an_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """However steadily it comes, there is an end, and a write is looked for like any other lost answer."""
    monkeypatch.setattr(http, "SLOWEST", 0.05)

    async def drip() -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0.01)
            yield b" "

    (response,) = talk(lambda _: httpx.Response(201, content=drip()), Request("POST", "/applications", {}))
    assert (response.status, response.message) == (
        0,
        "no response came from graph.microsoft.com: it was not complete after 0 s",
    )


def test_time_spent_on_answers_that_never_come_counts() -> None:
    """Ten minutes in all, not ten minutes between calls of five minutes each."""
    clock = Clock()

    def slow(_: Request) -> Response:
        clock.now += 300
        return Response(0)

    door = Door(slow)
    asyncio.run(graph(door, clock).send([get(1)]))
    assert len(door.calls) == 2


@pytest.mark.parametrize("reported", ["3599", "601", "Wed, 25 Nov 2026 13:00:00 GMT"])
def test_a_wait_beyond_patience_is_said_and_not_waited(reported: str) -> None:
    """Who is told to wait for an hour is told so at once, in seconds."""
    clock = Clock()
    if not reported.isdecimal():
        clock.now = 1795608000.0  # Wed, 25 Nov 2026 12:00:00 GMT
    (response,) = asyncio.run(
        graph(Door(lambda _: error(429, "TooManyRequests", "Too many", retry_after=reported)), clock).send(
            [get(1)]
        )
    )
    assert clock.slept == []
    seconds = reported if reported.isdecimal() else "3600"
    assert (
        f"Graph asks to wait {seconds} s, and this program waits 600 s in all"
        in refusal(get(1), response).advice
    )


def test_waits_that_graph_asks_for_add_up_to_the_same_bound() -> None:
    """Three minutes, and three again, and three; a fourth would be too long."""
    clock = Clock()
    asyncio.run(graph(Door(lambda _: error(429, retry_after="180")), clock).send([get(1)]))
    assert clock.slept == [180, 180, 180]


def _links(following: Callable[[int], str]) -> Door:
    numbers: Iterator[int] = iter(range(10**9))

    def response(_: Request) -> Response:
        number = next(numbers)
        return Response(200, {"value": [], "@odata.nextLink": Door.base_url + following(number)})

    return Door(response)


@pytest.mark.parametrize(
    ("following", "said", "calls"),
    [
        (lambda number: f"/applications?$skiptoken={number % 2}", "names a page again", 3),
        (lambda _: "/applications", "names a page again", 1),
        (lambda number: f"/applications?$skiptoken={number}", "101 pages in sequence were empty", 101),
    ],
)
@pytest.mark.parametrize("by", ["lists", "fetch"])
def test_a_list_that_does_not_end_is_an_error(
    following: Callable[[int], str], said: str, calls: int, by: str
) -> None:
    """Whoever reads it, it ends, and the words name the list."""
    door = _links(following)
    client = graph(door)
    with pytest.raises(GraphError, match="the list /applications does not end") as caught:
        asyncio.run(client.lists([PAGE]) if by == "lists" else fetch(client, {MARKED_APPLICATIONS: PAGE}))
    assert said in str(caught.value)
    assert len(door.calls) == calls


def test_pages_with_items_are_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by their emptiness, then by their number."""
    monkeypatch.setattr(paging, "MOST_PAGES", 50)
    numbers = iter(range(10**9))
    door = Door(
        lambda _: Response(
            200,
            {
                "value": [{"id": "1"}],
                "@odata.nextLink": f"{Door.base_url}/applications?$skiptoken={next(numbers)}",
            },
        )
    )
    with pytest.raises(GraphError, match="50 pages with 50 items were read"):
        asyncio.run(graph(door).lists([PAGE]))


def test_a_deep_text_in_the_audit_log_is_a_text() -> None:
    """The log holds JSON in strings, of anybody's making."""
    from entra_config.drift import audit

    deep = "[" * 100_000
    record = {
        "id": "1", "activityDisplayName": "Update application", "activityDateTime": ("2026-11-25T12:00:"
"00Z"), "result": "success",
        "targetResources": [{"id": "2", "type": "Application", "modifiedProperties": [
            {"displayName": "DisplayName", "oldValue": json.dumps(["a"]), "newValue": deep}]}],
    }  # fmt: skip
    assert list(audit.events([record])) is not None
