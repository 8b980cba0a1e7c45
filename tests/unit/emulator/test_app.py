"""The emulator as an ASGI app: where a request goes, what is written down of it, and how it ends."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import MutableMapping
from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.app import IN_PROCESS, Emulator, create_app
from entra_emulator.clock import ManualClock
from entra_emulator.fault_plan import FaultPlan
from entra_emulator.faults import ConnectionCutError, Faults
from entra_emulator.graph.reading import LARGEST

Message = MutableMapping[str, Any]


def emulator(**plan: Any) -> Emulator:
    """Make an app over the example, without anybody whose tokens it takes."""
    faults = Faults(FaultPlan.from_data(plan))
    return create_app(seed.contoso(seed="app", clock=ManualClock()), faults=faults)


def scope(path: str, method: str = "GET", **more: Any) -> Message:
    """Return the scope of a request."""
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "scheme": "https",
        "headers": [(b"Host", b"localhost:8443")],
        **more,
    }


def served(app: Emulator, given: Message, *parts: bytes) -> list[Message]:
    """Serve one request; give all that was sent."""
    sent: list[Message] = []
    last = len(parts) - 1
    waiting = [
        {"type": "http.request", "body": part, "more_body": number < last}
        for number, part in enumerate(parts)
    ] or [{"type": "http.request"}]

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(app(given, receive, send))
    return sent


def test_a_request_to_the_control() -> None:
    """The answer has its length, and names in small letters."""
    body = b'{"now": "2026-01-01T00:00:00Z"}'
    for path in ("/_emulator/clock", "//_EMULATOR//clock/"):
        assert served(emulator(), scope(path)) == [
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(b"content-type", b"application/json"), (b"content-length", b"31")],
            },
            {"type": "http.response.body", "body": body},
        ]


def test_an_answer_without_body_has_no_length() -> None:
    """204 is all that it says."""
    start, end = served(emulator(), scope("/_emulator/reset", "POST"))
    assert (start["status"], start["headers"], end["body"]) == (204, [], b"")


@pytest.mark.parametrize(
    ("more", "at"),
    [
        ({}, "https://localhost:8443"),
        ({"headers": [(b"accept", b"x"), (b"host", b"a.test:443")]}, "https://a.test"),
        ({"headers": [(b"host", b"a.test:80")], "scheme": "http"}, "http://a.test"),
        ({"headers": [(b"host", b"a.test:443")], "scheme": "http"}, "http://a.test:443"),
        ({"headers": [], "server": ("b.test", 8443)}, "https://b.test:8443"),
        ({"headers": [], "server": ("127.0.0.1", 8443)}, "https://127.0.0.1:8443"),
        ({"headers": [], "server": ("b.test", None)}, "https://b.test"),
        ({"headers": [(b"host", b"")], "server": None}, "https://localhost"),
    ],
)
def test_the_origin_that_a_client_used(more: dict[str, Any], at: str) -> None:
    """Links lead back to it; a page of it may steer the emulator where it is of this machine."""
    given = scope("/_emulator/clock", **more)
    given["headers"] = [*given["headers"], (b"Origin", at.encode())]
    (start, _) = served(emulator(), given)
    assert start["status"] == (403 if ".test" in at else 200)


@pytest.mark.parametrize("path", ["/", "/x/v1.0", "/common/oauth2/v2.0/token", ""])
def test_without_a_site_nothing_else_is_served(path: str) -> None:
    """The answer says so; with one it is the site's."""
    app = emulator()
    start, end = served(app, scope(path))
    assert start["status"] == 404
    assert json.loads(end["body"]) == {
        "error": {"code": "NotFound", "message": "The emulator serves nothing at this path."}
    }
    assert (b"content-type", b"application/json") in start["headers"]
    given = scope(path)
    seen: list[Any] = []

    async def site(*connection: Any) -> None:
        seen.append(connection[0])

    app.site = site
    assert served(app, given) == []
    assert seen == [given]
    assert list(app.traffic) == []


def test_a_request_to_graph_is_written_down() -> None:
    """For the log and for the portal, its body and its headers too."""
    app = emulator()
    headers = [(b"Host", b"localhost"), (b"User-Agent", b"me"), (b"Client-Request-Id", b"c1")]
    given = scope("/V1.0/us%65rs", "POST", query_string=b"$top=1", headers=headers)
    given["raw_path"] = b"/V1.0/users?x?y"
    start, end = served(app, given, b"{", b'"a": 1}')
    (one,) = app.traffic
    (row,) = app.requests
    assert (one.at, one.kind, one.method, one.path, one.query) == (
        "2026-01-01T00:00:00Z",
        "Graph",
        "POST",
        "/V1.0/users",
        "$top=1",
    )
    assert one.headers == {"host": "localhost", "user-agent": "me", "client-request-id": "c1"}
    assert (one.body, one.response, one.status) == (b'{"a": 1}', end["body"], start["status"])
    assert one.response_type.startswith("application/json")
    assert (one.status, one.caller) == (401, None)
    assert 0 <= one.milliseconds < 60_000
    assert row == {
        "time": "2026-01-01T00:00:00Z",
        "method": "POST",
        "path": "/V1.0/users?$top=1",
        "status": 401,
        "milliseconds": one.milliseconds,
        "clientRequestId": "c1",
        "userAgent": "me",
        "parts": [],
    }


def test_a_request_without_query_and_headers_is_written_down_too() -> None:
    """With nothing for what it lacks; one to the control is not."""
    app = emulator()
    served(app, scope("/beta/users", headers=[]))
    served(app, scope("/_emulator/clock"))
    (row,) = app.requests
    assert (row["path"], row["clientRequestId"], row["userAgent"]) == ("/beta/users", None, None)
    assert app.requests.size == 2000


def test_a_cut_connection_announces_more_than_it_sends() -> None:
    """In process it is an error of its own; either way it is written down without a status."""
    app = emulator(rules=[{"action": "cut_before", "times": None}])
    assert served(app, scope("/v1.0/users")) == [
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-type", b"application/json"), (b"content-length", b"1024")],
        }
    ]
    with pytest.raises(ConnectionCutError):
        served(app, scope("/v1.0/users", extensions={IN_PROCESS: {}}))
    assert [each.status for each in app.traffic] == [0, 0]


def test_what_fails_is_answered_and_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As Graph answers; in process the caller sees it as it is."""
    app = emulator()

    async def fails(_: Any) -> Any:
        raise LookupError("a bug")

    monkeypatch.setattr(app.graph, "serve", fails)
    with caplog.at_level(logging.ERROR):
        start, end = served(app, scope("/v1.0/users"))
    assert start["status"] == 500
    assert json.loads(end["body"])["error"]["code"] == "InternalServerError"
    assert "GET /v1.0/users failed" in caplog.text
    with pytest.raises(LookupError, match="a bug"):
        served(app, scope("/v1.0/users", extensions={IN_PROCESS: {}}))
    assert [each.status for each in app.traffic] == [500, 500]


def test_of_what_is_too_large_no_more_is_kept_than_shows_it() -> None:
    """Neither is it taken."""
    app = emulator()
    served(app, scope("/v1.0/users", "POST"), bytes(LARGEST), b"x", b"y", b"z")
    (one,) = app.traffic
    assert len(one.body) == LARGEST + 1


def test_a_life_of_the_server() -> None:
    """It begins and ends when it is told to; connections of other kinds are left alone."""
    sent: list[Message] = []
    waiting = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}, {"type": "never"}]

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(emulator()({"type": "lifespan"}, receive, send))
    assert [each["type"] for each in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert served(emulator(), {"type": "websocket"}) == []


def test_what_a_reset_goes_back_to() -> None:
    """The example, unless something else is given."""
    directory = seed.contoso(seed="app", clock=ManualClock())
    assert create_app(directory).snapshots.directory("beginning").default_id == seed.CONTOSO
    app = create_app(directory, initial=lambda: directory, log_size=3)
    assert app.snapshots.directory("beginning") is directory
    assert app.requests.size == 3
    assert app.faults.plan == FaultPlan()
