"""What the emulator's answers say to clients and pages, whichever app they come from."""

from __future__ import annotations

import asyncio
import json
from collections.abc import MutableMapping
from typing import Any

import pytest

from entra_emulator import site
from entra_emulator.hosts import MISDIRECTED

Message = MutableMapping[str, Any]
OURS = (b"x-entra-emulator", b"1")
EXPOSED = (
    b"ETag, Location, Preference-Applied, Content-Range, request-id, client-request-id, "
    b"ReadWriteConsistencyToken, SdkVersion, WWW-Authenticate, Retry-After"
)
ANY_PAGE = [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", EXPOSED)]


async def app(_: Message, __: Any, send: Any) -> None:
    """Answer in two messages."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]})
    await send({"type": "http.response.body", "body": b"x"})


async def bare(_: Message, __: Any, send: Any) -> None:
    """Answer without headers."""
    await send({"type": "http.response.start", "status": 204})


def served(given: Message, by: Any = app) -> list[Message]:
    """Serve one connection; give all that was sent."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {}

    asyncio.run(site.announced(by, given, receive, send))
    return sent


@pytest.mark.parametrize(
    ("path", "headers", "more"),
    [
        ("/v1.0/users", [], []),
        ("/v1.0/users", [(b"origin", b"https://a.test")], ANY_PAGE),
        ("/beta/users", [(b"origin", b"https://a.test")], ANY_PAGE),
        ("/common/oauth2/v2.0/token", [(b"origin", b"https://a.test")], []),
        ("/v1.0", [(b"origin", b"https://a.test")], []),
        ("/x/v1.0/users", [(b"origin", b"https://a.test")], []),
    ],
)
def test_every_answer_says_whose_it_is(path: str, headers: list[Any], more: list[Any]) -> None:
    """Graph's is open to pages besides."""
    given = {"type": "http", "method": "GET", "path": path, "headers": headers}
    assert served(given) == [
        {"type": "http.response.start", "status": 200, "headers": [(b"a", b"b"), *more, OURS]},
        {"type": "http.response.body", "body": b"x"},
    ]
    assert served(given, bare)[0]["headers"] == [*more, OURS]


def test_other_connections_are_served_too() -> None:
    """They have no path, or none of Graph's."""
    for given in ({"type": "lifespan"}, {"type": "websocket", "path": "/v1.0/x"}):
        assert served(given)[0]["headers"] == [(b"a", b"b"), OURS]


ASKS = (b"access-control-request-method", b"PATCH")


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ([ASKS], b"authorization"),
        ([ASKS, (b"access-control-request-headers", b"a, b")], b"a, b"),
    ],
)
def test_a_page_s_browser_asks_first(headers: list[Any], allowed: bytes) -> None:
    """Whether it may call Graph: with any method, and the headers that it names."""
    given = {"type": "http", "method": "OPTIONS", "path": "/v1.0/users", "headers": headers}
    assert served(given) == [
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                *ANY_PAGE,
                (b"access-control-allow-methods", b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
                (b"access-control-max-age", b"86400"),
                (b"content-length", b"0"),
                (b"access-control-allow-headers", allowed),
                OURS,
            ],
        },
        {"type": "http.response.body", "body": b""},
    ]


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("OPTIONS", "/v1.0/users", []),
        ("GET", "/v1.0/users", [ASKS]),
        ("OPTIONS", "/common/oauth2/v2.0/token", [ASKS]),
    ],
)
def test_what_does_not_ask_first_is_served(method: str, path: str, headers: list[Any]) -> None:
    """By whoever serves it."""
    given = {"type": "http", "method": method, "path": path, "headers": headers}
    assert served(given)[1]["body"] == b"x"


def test_a_request_for_another_host_s_name() -> None:
    """It is misdirected, which is said as Graph says it."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(site.misdirected(send))
    start, end = sent
    assert (start["status"], end["body"]) == (421, MISDIRECTED)
    assert start["headers"] == [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(MISDIRECTED)).encode()),
        OURS,
    ]
    assert json.loads(MISDIRECTED)["error"]["code"] == "MisdirectedRequest"
