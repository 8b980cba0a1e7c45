"""A request of an MCP client in: checked whole before the SDK sees it; the SDK's answer out."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from mcp.server.transport_security import TransportSecuritySettings
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from api.auth.failures import BadRequestError
from api.auth.requirements import authenticate
from api.mcp_server import message, tools
from api.mcp_server.metadata import ResourceMetadata
from api.records.store import RecordStore
from api.refusals import RefusedRequestError

_TOKENS_IN_A_QUERY = {"access_token", "token", "id_token", "authorization"}
# The SDK hears nothing of who calls: what it cannot see it cannot pass on, log or keep.
_HIDDEN = {b"authorization", b"cookie", b"proxy-authorization"}


class McpEndpoint:
    """One MCP endpoint without sessions: each request stands on its own token, and ends with its answer."""

    def __init__(
        self, metadata: ResourceMetadata, origins: tuple[str, ...], store: Callable[[], RecordStore]
    ) -> None:
        """Serve the tools at the address that the metadata says, to pages of these origins."""
        self._metadata = metadata
        self._origins = frozenset({*origins, metadata.origin})
        security = TransportSecuritySettings(allowed_hosts=[metadata.host], allowed_origins=[*self._origins])
        server = tools.server(metadata.resource_name, store)
        server.streamable_http_app(
            json_response=True,
            stateless_http=True,
            transport_security=security,
        )
        self._manager = server.session_manager

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run what answers, until the API stops."""
        async with self._manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        self._check_place(request)
        user = await authenticate(request)
        said = await message.read(request)
        name = message.tool(said)
        if name is not None:
            required = tools.REQUIRED.get(name)
            if required is None:
                raise RefusedRequestError(404, "tool", "The server has no such tool.")
            required.admit(user)
        token = tools.caller.set(user)
        try:
            await self._manager.handle_request(_bare(scope), _replayed(said, receive), send)
        finally:
            tools.caller.reset(token)

    def _check_place(self, request: Request) -> None:
        """Hold Host and Origin, against pages that name this machine otherwise, and what else needs no token
        to be wrong.
        """
        headers: Headers = request.headers
        if [host.lower() for host in headers.getlist("host")] != [self._metadata.host]:
            raise RefusedRequestError(421, "host", "This host is not the server's.")
        if not self._origins.issuperset(headers.getlist("origin")):
            raise RefusedRequestError(403, "origin", "Pages of this origin may not call the server.")
        if request.method != "POST":
            raise RefusedRequestError(405, "verb", "Only POST: the server keeps no stream open.")
        if _TOKENS_IN_A_QUERY & {name.lower() for name in request.query_params}:
            raise BadRequestError("A token in the address ends in logs: send it as 'Authorization: Bearer'.")
        if "mcp-session-id" in headers or "last-event-id" in headers:
            # 404 tells a client to begin anew (MCP, session management).
            raise RefusedRequestError(
                404, "session", "The server keeps no session: each request stands alone."
            )


def _bare(scope: Scope) -> Scope:
    headers = [(name, value) for name, value in scope["headers"] if name.lower() not in _HIDDEN]
    return {**scope, "headers": headers, "user": None, "query_string": b""}


def _replayed(said: dict[str, object], receive: Receive) -> Receive:
    """Hand the message on as it was understood, so that nobody reads it another way."""
    pending = [json.dumps(said).encode()]

    async def again() -> Message:
        if pending:
            return {"type": "http.request", "body": pending.pop(), "more_body": False}
        return await receive()

    return again
