"""The body of a request in; the one JSON-RPC message that it is, or a refusal, out."""

import json
from typing import Any

from starlette.requests import Request

from api.refusals import RefusedRequestError

# What a server without sessions and streams answers. Anything else might stay open longer than the token
# that opened it.
METHODS = frozenset(
    {
        "initialize",
        "notifications/cancelled",
        "notifications/initialized",
        "ping",
        "server/discover",
        "tools/call",
        "tools/list",
    }
)


async def read(request: Request) -> dict[str, Any]:
    """Read a message whose every reader reads the same of it."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise RefusedRequestError(415, "media_type", "Send application/json.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise RefusedRequestError(415, "media_type", "Send the body as it is, not compressed.")
    # What is longer than any route takes is cut by the API before (413).
    return parse(await request.body())


def parse(body: bytes) -> dict[str, Any]:
    """Parse one message; a list of them is none (MCP has no batches since 2025-06-18)."""
    try:
        message = json.loads(body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise RefusedRequestError(400, "json", "The body is not one JSON document.") from error
    if isinstance(message, list):
        raise RefusedRequestError(400, "batch", "Send one message; batches are not taken.")
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
        raise RefusedRequestError(400, "message", "The body is no JSON-RPC 2.0 message.")
    if message.get("method") not in METHODS:
        raise RefusedRequestError(400, "method", "The server has no such method.")
    return message


def tool(message: dict[str, Any]) -> str | None:
    """Return the name of the tool that a message calls; None where it calls none."""
    if message["method"] != "tools/call":
        return None
    parameters = message.get("params")
    name = parameters.get("name") if isinstance(parameters, dict) else None
    if not isinstance(name, str):
        raise RefusedRequestError(400, "message", "The call names no tool.")
    return name


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Two readers may take different ones of two keys that are the same.
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number of JSON")
