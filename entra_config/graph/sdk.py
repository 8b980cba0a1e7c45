"""Graph as this program reaches it in; Microsoft's typed client on top of it out, for your own scripts
(extra `sdk`).

Its calls go the way that all others go: the same sign-in, quotas, retries, transport and emulator. So it
needs no credential, and none of the SDK's middleware that repeats a POST whose answer was lost, knows no
quota or takes the token to other addresses.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import httpx

from entra_config import extras
from entra_config.errors import GraphError, UsageError
from entra_config.graph.request import Request, Response

if TYPE_CHECKING:
    from msgraph import GraphServiceClient

# What the way there sets itself, and what describes a body that was read and written again.
_HOP = frozenset({"host", "connection", "authorization", "user-agent", "accept-encoding"})
_CODED = frozenset({"content-length", "content-encoding", "transfer-encoding"})


class GraphParts(Protocol):
    """What of `client.Graph` is needed here."""

    @property
    def base_url(self) -> str:
        """Return the address that paths are put after."""
        ...

    async def send(self, requests: Sequence[Request]) -> list[Response]:
        """Send requests and return their answers in the same order."""
        ...


def service_client(graph: GraphParts) -> GraphServiceClient:
    """Return the SDK's client; it is good for as long as `graph` is open.

    UsageError, with the line that installs it, where the extra `sdk` is not here.
    """
    try:
        from kiota_abstractions.authentication import AnonymousAuthenticationProvider
        from kiota_http.middleware import (
            HeadersInspectionHandler,
            ParametersNameDecodingHandler,
            UrlReplaceHandler,
        )
        from msgraph import GraphRequestAdapter, GraphServiceClient
        from msgraph.graph_request_adapter import options
        from msgraph_core import GraphClientFactory  # type: ignore[import-untyped]  # it ships no types
    except ModuleNotFoundError as error:
        advice = extras.advice(error.name or "")
        if advice is None:
            raise
        raise UsageError(advice) from error
    # `client.me` stands for a placeholder that one of the SDK's handlers replaces.
    replaced = UrlReplaceHandler(options[UrlReplaceHandler().options.get_key()])
    handlers = [ParametersNameDecodingHandler(), replaced, HeadersInspectionHandler()]
    http = GraphClientFactory.create_with_custom_middleware(
        handlers, client=httpx.AsyncClient(transport=Through(graph))
    )
    adapter = GraphRequestAdapter(AnonymousAuthenticationProvider(), client=http)
    adapter.base_url = graph.base_url
    return GraphServiceClient(request_adapter=adapter)


class Through(httpx.AsyncBaseTransport):
    """Hands each HTTP request over to Graph as data, and its answer back."""

    def __init__(self, graph: GraphParts) -> None:
        self._graph = graph

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; GraphError where it is for another address, TransportError where no response
        came.
        """
        sent = await _request(request, self._graph.base_url)
        (response,) = await self._graph.send([sent])
        if response.status == 0:
            raise httpx.TransportError(response.message, request=request)
        return _responded(response, request)


async def _request(request: httpx.Request, base_url: str) -> Request:
    url = str(request.url)
    if not url.startswith(f"{base_url}/"):
        # The token goes to Graph and nowhere else.
        raise GraphError(f"{request.method} {url[:200]}: this client reaches {base_url} only")
    content = await request.aread()
    body: Any = None
    if content:
        is_json = request.headers.get("content-type", "").partition(";")[0].strip() == "application/json"
        body = json.loads(content) if is_json else content
    headers = {name: value for name, value in request.headers.items() if name not in _HOP | _CODED}
    return Request(request.method, url.removeprefix(base_url), body, headers)  # type: ignore[arg-type]  # any method of HTTP


def _responded(response: Response, request: httpx.Request) -> httpx.Response:
    headers = {name: value for name, value in response.headers.items() if name not in _CODED}
    if response.body is None or isinstance(response.body, bytes):
        return httpx.Response(response.status, headers=headers, content=response.body or b"", request=request)
    # The SDK reads no error whose answer does not say what it is.
    headers.setdefault("content-type", "application/json")
    return httpx.Response(
        response.status, headers=headers, content=json.dumps(response.body).encode(), request=request
    )
