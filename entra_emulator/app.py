"""The emulator as one ASGI app: Graph under /v1.0 and /beta, control under /_emulator, sign-in beside
them.
"""

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from time import perf_counter
from typing import Any

from entra_emulator import seed
from entra_emulator.callers import VerifyToken
from entra_emulator.clock import Clock, seconds_stamp
from entra_emulator.control import Control
from entra_emulator.directory import Tenants
from entra_emulator.faults import ConnectionCutError, Faults
from entra_emulator.graph.call import HttpCall, HttpReply
from entra_emulator.graph.reading import LARGEST
from entra_emulator.graph.service import GraphService
from entra_emulator.labels import Labels
from entra_emulator.request_log import DEFAULT_SIZE, RequestLog
from entra_emulator.snapshots.named import Snapshots
from entra_emulator.traffic import Exchange, Traffic

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

# In process, a cut connection is an exception that the transport turns into the client's own error.
IN_PROCESS = "entra_emulator.in_process"
_GRAPH = {"v1.0", "beta"}
_FAILED = b'{"error":{"code":"InternalServerError","message":"The emulator failed; its log says where."}}'
_LOG = logging.getLogger(__name__)
_HTTP_PORTS = {"http": ":80", "https": ":443"}


class Emulator:
    """The ASGI app. `site` serves every path that is neither Graph's nor control's: the sign-in half sets
    it.
    """

    def __init__(
        self,
        directory: Tenants,
        *,
        clock: Clock,
        faults: Faults,
        verify_token: VerifyToken | None,
        initial: Callable[[], Tenants],
        log_size: int = DEFAULT_SIZE,
    ) -> None:
        self.directory = directory
        self.clock = clock
        self.faults = faults
        self.site: AsgiApp | None = None
        # What `/_emulator/requests` shows, and what the portal does.
        self.requests = RequestLog(log_size)
        self.traffic = Traffic()
        self.graph = GraphService(directory, clock=clock, faults=faults, verify_token=verify_token)
        self.snapshots = Snapshots(directory, initial)
        self.labels = Labels()
        self.control = Control(
            directory,
            clock=clock,
            faults=faults,
            requests=self.requests,
            snapshots=self.snapshots,
            labels=self.labels,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        raw = scope.get("raw_path") or scope["path"].encode()
        segments = [part for part in raw.decode("latin-1").split("?", 1)[0].split("/") if part]
        first = segments[0].casefold() if segments else ""
        if first not in _GRAPH and first != "_emulator":
            await self._serve_site(scope, receive, send)
            return
        call = HttpCall(
            method=scope["method"],
            segments=segments,
            query=scope.get("query_string", b"").decode("latin-1"),
            headers={
                name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
            },
            body=await _body(receive),
            base_url=_base_url(scope),
        )
        try:
            reply = await (self.call_graph(call) if first in _GRAPH else self.control.serve(call))
        except ConnectionCutError:
            if IN_PROCESS in scope.get("extensions", {}):
                raise
            await _cut(send)
            return
        except Exception:  # a client must get Graph's form of a 500
            # A bug of the emulator: a test in process must see it, a client over the socket gets Graph's form
            # of a 500.
            if IN_PROCESS in scope.get("extensions", {}):
                raise
            _LOG.exception("%s /%s failed", call.method, "/".join(call.segments))
            reply = HttpReply(500, [("Content-Type", "application/json")], _FAILED)
        await _send(reply, send)

    async def call_graph(self, call: HttpCall) -> HttpReply:
        """Answer one request to Graph, and write it down; ConnectionCutError where a fault cut it."""
        started = perf_counter()
        reply = HttpReply(500, [], b"")
        try:
            reply = await self.graph.serve(call)
        except ConnectionCutError:
            reply = HttpReply(0, [], b"")
            raise
        finally:
            self._log(call, reply, started)
        return reply

    async def _serve_site(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.site is not None:
            await self.site(scope, receive, send)
            return
        body = b'{"error":{"code":"NotFound","message":"The emulator serves nothing at this path."}}'
        await _send(HttpReply(404, [("Content-Type", "application/json")], body), send)

    def _log(self, call: HttpCall, reply: HttpReply, started: float) -> None:
        path, at = "/" + "/".join(call.segments), seconds_stamp(self.clock.now())
        milliseconds = round((perf_counter() - started) * 1000, 2)
        self.traffic.add(
            Exchange(
                at,
                "Graph",
                call.method,
                path,
                call.query,
                reply.status,
                milliseconds,
                call.headers,
                call.body,
                reply.body,
                next((value for name, value in reply.headers if name == "Content-Type"), ""),
                caller=call.caller,
            )
        )
        self.requests.append(
            {
                "time": at,
                "method": call.method,
                "path": f"{path}?{call.query}" if call.query else path,
                "status": reply.status,
                "milliseconds": milliseconds,
                "clientRequestId": call.headers.get("client-request-id"),
                "userAgent": call.headers.get("user-agent"),
                "parts": call.parts,
            }
        )


def create_app(
    directory: Tenants,
    *,
    faults: Faults | None = None,
    verify_token: VerifyToken | None = None,
    initial: Callable[[], Tenants] = seed.contoso,
    log_size: int = DEFAULT_SIZE,
) -> Emulator:
    """Make the ASGI app over a directory; `initial` makes the directory that a reset goes back to.

    Without `verify_token` every bearer token is refused.
    """
    return Emulator(
        directory,
        clock=directory.clock,
        faults=faults or Faults(),
        verify_token=verify_token,
        initial=initial,
        log_size=log_size,
    )


def _base_url(scope: Scope) -> str:
    """Build the origin that the client used: absolute links must lead back to it."""
    scheme = scope.get("scheme", "http")
    host = next((v.decode("latin-1") for k, v in scope["headers"] if k.lower() == b"host"), "")
    if not host:
        name, port = scope.get("server") or ("localhost", None)
        host = f"{name}:{port}" if port else name
    return f"{scheme}://{host.removesuffix(_HTTP_PORTS.get(scheme, ''))}"


async def _body(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        # Of a body that is too large, no more is read than shows it.
        if size > LARGEST or not message.get("more_body"):
            return b"".join(chunks)


async def _send(reply: HttpReply, send: Send) -> None:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers]
    if reply.status != 204:
        headers.append((b"content-length", str(len(reply.body)).encode()))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})


async def _cut(send: Send) -> None:
    """Announce more than is sent: the server then closes the connection, and the client sees it break."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"1024")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
