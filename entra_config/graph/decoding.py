"""A streamed HTTP answer in; a Response out, within bounds of size and depth, or the words for what broke
them.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from entra_config.graph.request import TOO_DEEP, TOO_LARGE, Response
from entra_config.hidden import Hidden

if TYPE_CHECKING:
    import httpx

LARGEST = 64 * 1024 * 1024  # bytes, unpacked; a page of 999 applications is 10 MB


async def read(response: httpx.Response) -> Response:
    """Read an answer to its end, or as far as it may go."""
    content = bytearray()
    announced = response.headers.get("content-length", "")
    if not (announced.isdecimal() and int(announced) > LARGEST):
        async for chunk in response.aiter_bytes():
            content += chunk
            if len(content) > LARGEST:
                break
        else:
            return _decoded(response, bytes(content))
    return _unusable(TOO_LARGE, f"the response is larger than {LARGEST // 1024 // 1024} MB")


def hiding(response: Response, fields: tuple[str, ...]) -> Response:
    """Return an answer in which some fields are values that nothing shows."""
    body = response.body
    if not fields or not isinstance(body, dict):
        return response
    hidden = {name: Hidden(body[name]) for name in fields if isinstance(body.get(name), str)}
    return replace(response, body=body | hidden)


def _decoded(response: httpx.Response, content: bytes) -> Response:
    headers = dict(response.headers)
    if not content:
        return Response(response.status_code, None, headers)
    try:
        return Response(response.status_code, json.loads(content), headers)
    except RecursionError:
        return _unusable(TOO_DEEP, "the response is nested deeper than any of Graph's")
    except ValueError:
        if response.status_code < 400:
            return Response(response.status_code, content, headers)
        # A proxy's page, for one. What it says may help a person; nothing else reads it.
        text = content.decode(response.encoding or "utf-8", errors="replace")
        return Response(
            response.status_code, {"error": {"code": "", "message": " ".join(text.split())[:200]}}, headers
        )


def _unusable(code: str, message: str) -> Response:
    return Response(0, {"error": {"code": code, "message": message}})
