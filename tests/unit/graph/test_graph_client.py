"""What Graph.send and Graph.lists promise: order, batches, waits, no doubled POST, honest counts."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from entra_config.errors import GraphError
from entra_config.graph.client import ResponseReceived
from entra_config.graph.request import Request, Response, Usage
from tests.unit.graph.doors import Clock, Door, error, get, graph


def send(door: Door, requests: list[Request], clock: Clock | None = None) -> list[Response]:
    """Send through a door."""
    return asyncio.run(graph(door, clock).send(requests))


def echo(request: Request) -> Response:
    """Answer with the path."""
    return Response(200, {"path": request.path})


def test_answers_come_in_the_order_of_the_requests_and_twenty_share_a_call() -> None:
    """45 requests make three calls, and each answer stands where its request stood."""
    door = Door(echo)
    responses = send(door, [get(number) for number in range(45)])
    assert [response.body["path"] for response in responses] == [
        f"/applications/{number}" for number in range(45)
    ]
    assert sorted(len(call.body["requests"]) for call in door.calls) == [5, 20, 20]


def test_a_single_request_goes_without_a_batch() -> None:
    """One request is one plain call."""
    door = Door(echo)
    send(door, [get(1)])
    assert [call.path for call in door.calls] == ["/applications/1"]


def test_nothing_to_send_costs_nothing() -> None:
    """No request, no call."""
    door = Door(echo)
    assert send(door, []) == []
    assert door.calls == []


def test_a_part_with_a_body_carries_its_content_type() -> None:
    """Graph wants Content-Type in each part that has a body."""
    door = Door(echo)
    send(door, [Request("POST", "/applications", {"displayName": "a"}), get(1)])
    first, second = door.calls[0].body["requests"]
    assert first["headers"] == {"Content-Type": "application/json"}
    assert "headers" not in second


def test_usage_counts_parts_calls_and_calls_in_sequence() -> None:
    """Calls side by side are one of depth."""
    client = graph(Door(echo))

    async def talk() -> None:
        await client.send([get(number) for number in range(45)])
        await client.send([get(1)])

    asyncio.run(talk())
    assert client.usage == Usage(requests=46, calls=4, depth=2)


def test_what_only_beta_has_goes_to_beta_side_by_side() -> None:
    """Requests of both endpoints are two calls at one level, and each answer is that of its request."""
    door = Door(echo)
    client = graph(door)
    requested = [get(1), replace(get(3), beta=True), get(2), replace(get(4), beta=True)]
    responses = asyncio.run(client.send(requested))
    assert [response.body for response in responses] == [echo(request).body for request in requested]
    assert sorted((call.beta, len(call.body["requests"])) for call in door.calls) == [(False, 2), (True, 2)]
    assert client.usage == Usage(requests=4, calls=2, depth=1)


def test_a_throttled_part_is_repeated_alone_after_the_time_that_graph_names() -> None:
    """Of three parts one is refused with Retry-After: 7; it alone goes again, 7 seconds later."""
    seen: Counter[str] = Counter()

    def response(request: Request) -> Response:
        seen[str(request.path)] += 1
        if request.path == "/applications/1" and seen["/applications/1"] == 1:
            return error(429, "TooManyRequests", "Too many requests", retry_after="7")
        return Response(200, {})

    clock = Clock()
    responses = send(Door(response), [get(0), get(1), get(2)], clock)
    assert [item.status for item in responses] == [200, 200, 200]
    assert seen == {"/applications/0": 1, "/applications/1": 2, "/applications/2": 1}
    assert clock.slept == [7.0]


def test_a_throttled_batch_is_repeated_whole() -> None:
    """A 429 for the whole call repeats all of its parts, POSTs too: nothing was done."""
    refusals = [error(429, "TooManyRequests", "Too many", retry_after="2")]
    door = Door(echo, lambda _: refusals.pop() if refusals else None)
    clock = Clock()
    responses = send(door, [Request("POST", "/applications", {}), get(1)], clock)
    assert [item.status for item in responses] == [200, 200]
    assert len(door.calls) == 2
    assert clock.slept == [2.0]


def test_whoever_is_told_to_wait_for_hours_is_told_so() -> None:
    """A Retry-After beyond an hour is no wait but the answer."""
    clock = Clock()
    door = Door(lambda _: error(429, "TooManyRequests", "Too many", retry_after="86400"))
    (response,) = send(door, [get(1)], clock)
    assert response.status == 429
    assert clock.slept == []


@pytest.mark.parametrize(
    ("method", "path", "tries"),
    [
        ("GET", "/applications", 2),
        ("PATCH", "/applications/1", 2),
        ("DELETE", "/applications/1", 2),
        ("POST", "/directoryObjects/getByIds", 2),
        ("POST", "/applications", 1),
    ],
)
@pytest.mark.parametrize(
    "trouble", [Response(0), error(503, "serviceNotAvailable", "down"), error(500), error(504)]
)
def test_only_what_may_be_done_twice_is_repeated_when_its_answer_is_lost(
    method: Any, path: str, tries: int, trouble: Response
) -> None:
    """A POST without an answer is never sent again here; reads, PATCH and DELETE are."""
    troubles = [trouble]
    door = Door(lambda _: troubles.pop() if troubles else Response(200, {}))
    (response,) = send(door, [Request(method, path, None)])
    assert len(door.calls) == tries
    assert response.status == (200 if tries == 2 else trouble.status)


def test_a_cut_batch_repeats_its_reads_and_gives_its_posts_back_as_unanswered() -> None:
    """When the call of a batch breaks, each part is treated as what it is."""
    cuts = [Response(0)]
    door = Door(lambda _: Response(200, {}), lambda _: cuts.pop() if cuts else None)
    responses = send(door, [Request("POST", "/applications", {}), get(1), get(2)])
    assert [item.status for item in responses] == [0, 200, 200]
    assert list(door.requests())[3:] == [("GET", "/applications/1"), ("GET", "/applications/2")]


def test_a_part_that_the_answer_lacks_is_unanswered() -> None:
    """An answer without a part says nothing about it, so its POST is not repeated."""
    door = Door(echo, lambda _: Response(200, {"responses": [{"id": "1", "status": 200, "body": {}}]}))
    responses = send(door, [Request("POST", "/applications", {}), Request("POST", "/groups", {})])
    assert [item.status for item in responses] == [0, 200]


@pytest.mark.parametrize("body", [None, [], {"responses": None}, {"responses": [3, {"id": []}]}, "text"])
def test_an_answer_that_is_no_batch_answer_leaves_its_parts_unanswered(body: Any) -> None:
    """Whatever a batch is answered with, there is no traceback."""
    door = Door(echo, lambda _: Response(200, body))
    assert [item.status for item in send(door, [Request("POST", "/applications", {})] * 2)] == [0, 0]


def test_waits_grow_and_end() -> None:
    """Trouble that lasts is given back after about ten minutes of longer and longer waits."""
    clock = Clock()
    (response,) = send(Door(lambda _: error(503)), [get(1)], clock)
    assert response.status == 503
    assert clock.slept[:7] == [1, 2, 4, 8, 16, 32, 60]
    assert 600 <= sum(clock.slept) <= 660


def test_an_expired_token_is_renewed_once() -> None:
    """401 with a fresh token is final: no loop."""
    door = Door(
        lambda _: error(
            401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."
        )
    )
    (response,) = send(door, [get(1)])
    assert (response.status, len(door.calls), door.renewed) == (401, 2, 1)


def test_a_batch_with_an_expired_token_waits_for_what_is_throttled() -> None:
    """The token is renewed at once; Graph's own wait is kept for the part that it was asked of."""
    expired = error(401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.")
    refused = {"/applications/0": [expired], "/applications/1": [error(429, retry_after="7")]}

    def answer(request: Request) -> Response:
        left = refused.get(str(request.path), [])
        return left.pop() if left else Response(200, {})

    clock, door = Clock(), Door(answer)
    assert [reply.status for reply in send(door, [get(0), get(1)], clock)] == [200, 200]
    assert (door.renewed, clock.slept) == (1, [7.0])


def test_what_is_refused_for_good_is_returned_at_once() -> None:
    """A 400 or 404 is an answer."""
    clock = Clock()
    responses = send(
        Door(lambda _: error(404, "Request_ResourceNotFound", "Resource 'x' does not exist")), [get(1)], clock
    )
    assert responses[0].code == "Request_ResourceNotFound"
    assert clock.slept == []


def test_lists_reads_all_pages_level_by_level() -> None:
    """The next pages of all lists go together, with the first page's headers."""
    pages = {
        "/a": ([{"id": "1"}], "/a?$skiptoken=2"),
        "/a?$skiptoken=2": ([{"id": "2"}], None),
        "/b": ([{"id": "3"}], "/b?$skiptoken=2"),
        "/b?$skiptoken=2": ([], None),
    }
    headers: dict[str, Any] = {}

    def response(request: Request) -> Response:
        headers[str(request.path)] = dict(request.headers)
        items, link = pages[str(request.path)]
        return Response(200, {"value": items, **({"@odata.nextLink": Door.base_url + link} if link else {})})

    client = graph(Door(response))
    consistent = {"ConsistencyLevel": "eventual"}
    found = asyncio.run(client.lists([Request("GET", "/a", headers=consistent), Request("GET", "/b")]))
    assert found == [[{"id": "1"}, {"id": "2"}], [{"id": "3"}]]
    assert client.usage == Usage(requests=4, calls=2, depth=2)
    assert headers["/a?$skiptoken=2"] == consistent
    assert headers["/b?$skiptoken=2"] == {}


def test_a_next_page_elsewhere_is_not_followed() -> None:
    """The token goes to Graph only, whatever a link says."""
    door = Door(
        lambda _: Response(
            200, {"value": [], "@odata.nextLink": "https://graph.microsoft.com.evil.example/v1.0/x"}
        )
    )
    with pytest.raises(GraphError, match="not its own"):
        asyncio.run(graph(door).lists([Request("GET", "/a")]))
    assert len(door.calls) == 1


def test_a_refused_list_is_an_error_with_the_request_id() -> None:
    """A list that may not be read ends in GraphError."""
    door = Door(
        lambda _: error(
            403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."
        )
    )
    with pytest.raises(GraphError, match="Insufficient privileges") as caught:
        asyncio.run(graph(door).lists([Request("GET", "/a")]))
    assert (caught.value.request_id, caught.value.status) == ("rid-1", 403)
    assert "doctor" in caught.value.advice


@pytest.mark.parametrize(
    "body", [None, {}, {"value": {}}, {"value": [1]}, {"value": [], "@odata.nextLink": 3}, []]
)
def test_an_answer_that_is_no_list_is_an_error(body: Any) -> None:
    """A mangled list ends in GraphError, never in a traceback."""
    with pytest.raises(GraphError, match="is not a list"):
        asyncio.run(graph(Door(lambda _: Response(200, body))).lists([Request("GET", "/a")]))


def test_listeners_hear_every_try_and_every_wait() -> None:
    """The journal learns of the refused try too."""
    troubles = [error(429, "TooManyRequests", "Too many", retry_after="3")]
    heard: list[Any] = []

    class Ear:
        def responded(self, event: ResponseReceived) -> None:
            heard.append(event.response.status)

        def noted(self, text: str) -> None: ...

        def waiting(self, reason: str, seconds: float) -> None:
            heard.append((reason, seconds))

    client = graph(Door(lambda _: troubles.pop() if troubles else Response(200, {})))

    async def talk() -> None:
        with client.observed_by(Ear()):
            await client.send([get(1)])
        await client.send([get(2)])

    asyncio.run(talk())
    assert heard == [429, ("Too many", 3.0), 200]


def part(id_: int, status: int = 200) -> dict[str, Any]:
    """Return one part of a batch's answer."""
    return {"id": str(id_), "status": status, "body": {"value": []}}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"responses": [part(0), part(1), part(1, 403)]}, "two of its parts have the id 1"),
        ({"responses": "none"}, "it has no list of responses"),
        ([], "it has no list of responses"),
        (b"<html>", "it has no list of responses"),
    ],
)
def test_a_batch_that_cannot_be_read_is_given_up_after_two_minutes(body: Any, reason: str) -> None:
    """No part of it counts: which of two answers is the right one cannot be known."""
    clock = Clock()
    client = graph(Door(lambda _: Response(200), lambda _: Response(200, body)), clock)

    with pytest.raises(GraphError, match=f"Graph's response to a batch cannot be read: {reason}"):
        asyncio.run(client.lists([get(0), get(1)]))

    assert 60 < sum(clock.slept) <= 180
    assert clock.slept == sorted(clock.slept), "each wait is longer than the one before"


def test_a_negative_wait_is_no_invitation_to_a_storm() -> None:
    """It backs off as if nothing was said, and ends after two minutes."""
    clock = Clock()
    door = Door(lambda _: error(429, "TooManyRequests", retry_after="-5"))
    (reply,) = asyncio.run(graph(door, clock).send([get(1)]))

    assert reply.status == 429
    assert 60 < sum(clock.slept) <= 180
    assert len(door.calls) < 12
