"""Measure a Graph request by the emulator's ASGI entry and as a route of Starlette, and Starlette's import.

`python -m tools.bench.graph_entry` prints Markdown.

The two answer alike, and take turns. CPU of this process, in microseconds a request.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from entra_emulator.api import Embedded, Emulator
from entra_emulator.app import AsgiApp
from entra_emulator.graph.call import HttpCall

ROUNDS, REQUESTS = 25, 200
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
REQUESTED = {
    "one object": ("GET", "/v1.0/organization", b"$select=id", b""),
    "50 users": ("GET", "/v1.0/users", b"$top=50", b""),
    "404": ("GET", "/v1.0/applications/11111111-1111-1111-1111-111111111111", b"", b""),
    "400 of a body": ("POST", "/v1.0/applications", b"", b'{"displayName": 1}'),
}
IMPORTS = {
    "the emulator's Graph": "import entra_emulator.app",
    "with Starlette": "import entra_emulator.app, starlette.applications, starlette.routing",
}
Sent = list[Mapping[str, Any]]


def routed(emulator: Emulator) -> AsgiApp:
    """Return the same Graph as one route, with Starlette's request and response."""

    async def endpoint(request: Request) -> Response:
        call = HttpCall(
            method=request.method,
            segments=[part for part in request.scope["raw_path"].decode("latin-1").split("/") if part],
            query=request.url.query,
            headers=dict(request.headers.items()),
            body=await request.body(),
            base_url=str(request.base_url).rstrip("/"),
        )
        reply = await emulator.call_graph(call)
        return Response(reply.body, reply.status, headers=dict(reply.headers))

    return Starlette(routes=[Route("/{version}/{rest:path}", endpoint, methods=METHODS)])


async def sent(app: AsgiApp, requested: tuple[str, str, bytes, bytes], token: str) -> Sent:
    """Return what an app sends of its answer to one request."""
    method, path, query, body = requested
    found: Sent = []
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "https",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": [
            (b"host", b"localhost:8443"),
            (b"authorization", f"Bearer {token}".encode()),
            (b"content-type", b"application/json"),
            (b"accept", b"application/json"),
        ],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Mapping[str, Any]) -> None:
        found.append(message)

    await app(scope, receive, send)
    return found


def shape(response: Sent) -> tuple[int, list[bytes], int]:
    """Return what two answers have alike: status, names of headers, length."""
    start, *parts = response
    return (
        start["status"],
        sorted(name for name, _ in start["headers"]),
        sum(len(each["body"]) for each in parts),
    )


async def took(app: AsgiApp, requested: tuple[str, str, bytes, bytes], token: str) -> float:
    """Return the CPU of one request, in microseconds, as the mean of a block of them."""
    began = time.process_time()
    for _ in range(REQUESTS):
        await sent(app, requested, token)
    return (time.process_time() - began) / REQUESTS * 1e6


async def requests() -> None:
    """Print a row for each request."""
    embedded = Embedded.create(seed="graph entry")
    token, own = embedded.token(embedded.app_caller()), embedded.app
    other = routed(own)
    print("| request | own entry, µs | Starlette's route, µs | more |\n|---|---:|---:|---:|")
    for name, requested in REQUESTED.items():
        first, second = [await sent(app, requested, token) for app in (own, other)]
        assert shape(first) == shape(second), name
        pairs = [
            (await took(own, requested, token), await took(other, requested, token)) for _ in range(ROUNDS)
        ]
        one, two = (statistics.median(each) for each in zip(*pairs, strict=True))
        more = statistics.median(late - early for early, late in pairs)
        print(f"| {name} | {one:.0f} | {two:.0f} | {more:.0f} |")


def imports() -> None:
    """Print a row for each import, in processes of their own."""
    print("\n| import | CPU, ms |\n|---|---:|")
    for name, line in IMPORTS.items():
        code = f"{line}; import time; print(time.process_time() * 1000)"
        runs = [
            float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout)
            for _ in range(7)
        ]
        print(f"| {name} | {statistics.median(runs):.0f} |")


if __name__ == "__main__":
    asyncio.run(requests())
    imports()
