"""Requests in, `$batch` requests of up to 20 out; and an answer to a `$batch` back into one answer per
request.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from entra_config.graph.request import UNREADABLE, Request, Response

LIMIT = 20  # parts of one batch (json-batching)
PATH = "/$batch"
NO_RESPONSE = 0


def split(requests: Sequence[Request]) -> Iterator[tuple[Request, ...]]:
    """Yield the requests in groups that fit into one call: of one endpoint, and in their order."""
    group: list[Request] = []
    for request in requests:
        # A picture is no JSON, and goes alone.
        apart = isinstance(request.body, bytes) or (group and isinstance(group[0].body, bytes))
        if group and (apart or request.beta is not group[0].beta or len(group) == LIMIT):
            yield tuple(group)
            group = []
        group.append(request)
    if group:
        yield tuple(group)


def parts(request: Request) -> Iterator[Request]:
    """Yield what a request costs quota for: the parts of a batch that somebody else packed, any other
    request itself.
    """
    if request.path != PATH or not isinstance(request.body, dict):
        yield request
        return
    for part in request.body.get("requests", ()):
        yield Request(
            part.get("method", "GET"), part.get("url", ""), part.get("body"), part.get("headers") or {}
        )


def pack(requests: Sequence[Request]) -> Request:
    """Return the one request that carries all of `requests`; a single one goes as it is."""
    if len(requests) == 1:
        return requests[0]
    body = {"requests": [_part(number, request) for number, request in enumerate(requests)]}
    return Request("POST", PATH, body, beta=requests[0].beta)


def unpack(response: Response, count: int) -> list[Response]:
    """Return the answers of a call that carried `count` requests, in their order.

    A part that the answer lacks gives status 0: nobody knows what became of it. So does each part of an
    answer that cannot be read, or in which two parts have one id.
    """
    if count == 1:
        return [response]
    if not response.ok:
        return [response] * count
    parts = response.body.get("responses") if isinstance(response.body, dict) else None
    if not isinstance(parts, list):
        return [_unreadable("it has no list of responses")] * count
    found: dict[str, Response] = {}
    for part in parts:
        if isinstance(part, dict) and isinstance(part.get("status"), int):
            id_ = str(part.get("id"))
            if id_ in found:
                return [_unreadable(f"two of its parts have the id {id_}")] * count
            found[id_] = Response(part["status"], part.get("body"), _headers(part.get("headers")))
    return [found.get(str(number)) or _unreadable("a part is missing") for number in range(count)]


def _unreadable(reason: str) -> Response:
    message = f"Graph's response to a batch cannot be read: {reason}"
    return Response(NO_RESPONSE, {"error": {"code": UNREADABLE, "message": message}})


def _part(number: int, request: Request) -> dict[str, Any]:
    part: dict[str, Any] = {"id": str(number), "method": request.method, "url": request.path}
    headers = dict(request.headers)
    if request.body is not None:
        # Graph wants the content type whenever a part has a body (json-batching).
        headers.setdefault("Content-Type", "application/json")
        part["body"] = request.body
    if headers:
        part["headers"] = headers
    return part


def _headers(value: object) -> dict[str, str]:
    return {str(name).lower(): str(text) for name, text in value.items()} if isinstance(value, dict) else {}
