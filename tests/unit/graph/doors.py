"""A door to a Graph that one function plays, and a clock that sleeping moves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import httpx

from entra_config.graph.client import Graph
from entra_config.graph.connect import connect
from entra_config.graph.request import Request, Response
from entra_config.graph.token import FixedToken, Identity

ME = Identity("tenant", "object", "client", "ci")


class Clock:
    """Seconds that pass when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        """Tell the time."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


class Door:
    """Answers each request, alone or in a batch, by one function; keeps what was asked."""

    base_url = "https://graph.microsoft.com/v1.0"
    identity = ME

    def __init__(
        self,
        response: Callable[[Request], Response],
        whole: Callable[[Request], Response | None] = lambda _: None,
    ) -> None:
        self._response, self._whole = response, whole
        self.calls: list[Request] = []
        self.renewed = 0

    async def call(self, request: Request) -> Response:
        """Answer one call."""
        self.calls.append(request)
        await asyncio.sleep(0)
        if (whole := self._whole(request)) is not None:
            return whole
        if request.path != "/$batch":
            return self._response(request)
        # Graph responds in an order of its own.
        return Response(200, {"responses": [self._part(part) for part in reversed(request.body["requests"])]})

    async def renew(self) -> None:
        """Count."""
        self.renewed += 1

    async def close(self) -> None:
        """Have nothing to close."""

    def requests(self) -> Iterator[tuple[str, str]]:
        """Give method and path of all that was asked, batched or not."""
        for call in self.calls:
            if call.path == "/$batch":
                yield from ((part["method"], part["url"]) for part in call.body["requests"])
            else:
                yield call.method, str(call.path)

    def _part(self, part: dict[str, Any]) -> dict[str, Any]:
        response = self._response(
            Request(part["method"], part["url"], part.get("body"), part.get("headers", {}))
        )
        return {
            "id": part["id"],
            "status": response.status,
            "headers": dict(response.headers),
            "body": response.body,
        }


def graph(door: Door, clock: Clock | None = None, **options: Any) -> Graph:
    """Make a Graph behind a door, whose waits take no time."""
    clock = clock or Clock()
    return Graph(door, clock=clock, sleep=clock.sleep, jitter=lambda: 0.0, now=clock, **options)


def error(status: int, code: str = "", message: str = "", **headers: str) -> Response:
    """Make an answer as Graph refuses."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(
        status, {"error": {"code": code, "message": message, "innerError": {"request-id": "rid-1"}}}, names
    )


def get(number: int) -> Request:
    """Make one of many different reads."""
    return Request("GET", f"/applications/{number}")


def talk(
    handler: Callable[[httpx.Request], httpx.Response], *requests: Request, source: object = None
) -> list[Response]:
    """Send to a handler."""

    async def run() -> list[Response]:
        async def no_wait(_: float) -> None:
            return None

        credential = source or FixedToken("secret-token", ME)
        async with await connect(
            "global", credential=credential, transport=httpx.MockTransport(handler), sleep=no_wait
        ) as graph:
            return await graph.send(requests)

    return asyncio.run(run())
