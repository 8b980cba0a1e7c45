"""One request in, one HTTP call out, signed in and named; a broken connection is an answer with status 0."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from entra_config import __version__
from entra_config.graph import unreachable
from entra_config.graph.request import TOO_DEEP, TOO_LARGE, Request, Response
from entra_config.graph.token import MARGIN, Identity, Token, TokenSource
from entra_config.hidden import Hidden

if TYPE_CHECKING:
    import httpx

_AGENT = f"entra-config/{__version__}"
SLOWEST = 300.0  # seconds for one whole answer, however steadily it drips
LARGEST = 64 * 1024 * 1024  # bytes, unpacked; a page of 999 applications is 10 MB
_CHALLENGE = re.compile(r'claims="([^"]+)"')


class HttpDoor:
    """Makes calls to one Graph; keeps one token and renews it before it ends or when Graph asks for
    another.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        base_url: str,
        source: TokenSource,
        token: Token,
        now: Callable[[], float],
        *,
        name: Callable[[], object] = uuid.uuid4,
    ) -> None:
        self.base_url = base_url
        self._client, self._source, self._token, self._now, self._name = client, source, token, now, name

    @property
    def identity(self) -> Identity:
        """Return whom the token is about."""
        return self._token.identity

    async def call(self, request: Request) -> Response:
        """Send one request; a challenge for other claims is answered once."""
        response = await self._send(request)
        if response.status == 401 and (claims := _challenge(response.headers.get("www-authenticate", ""))):
            self._token = await self._source.token(claims=claims)
            response = await self._send(request)
        return response

    async def renew(self) -> None:
        """Forget the token."""
        self._token = Token("", 0.0, self._token.identity)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _send(self, request: Request) -> Response:
        import httpx

        if self._token.expires_on - MARGIN < self._now():
            self._token = await self._source.token()
        if not isinstance(request.path, str):
            raise TypeError(
                f"{request.method} {request.path}: the path holds a reference that nothing resolved"
            )
        # A name of our own for each call: Microsoft's support finds it by that where no answer, and so no id
        # of Graph's, came (best-practices-concept).
        name = str(self._name())
        headers = httpx.Headers(
            {"Accept": "application/json", "User-Agent": _AGENT, "client-request-id": name}
        )
        headers.update(request.headers)
        headers["Authorization"] = f"Bearer {self._token.value}"
        content = None
        if isinstance(request.body, bytes):
            content = request.body
        elif request.body is not None:
            content = json.dumps(request.body, ensure_ascii=False, separators=(",", ":")).encode()
            headers["Content-Type"] = "application/json"
        stream = self._client.stream(
            request.method, request.at(self.base_url) + request.path, content=content, headers=headers
        )
        try:
            async with asyncio.timeout(SLOWEST), stream as response:
                return hide_fields(await read_response(response), request.hidden)
        except httpx.HTTPError as error:
            return _none(type(error).__name__, unreachable.describe(self.base_url, error), name)
        except TimeoutError as error:
            reason = TimeoutError(f"it was not complete after {SLOWEST:.0f} s")
            return _none(type(error).__name__, unreachable.describe(self.base_url, reason), name)


def _none(code: str, why: str, name: str) -> Response:
    return Response(0, {"error": {"code": code, "message": why}}, {"client-request-id": name})


def _challenge(header: str) -> str | None:
    """Return the claims that Graph demands of a new token (continuous access evaluation)."""
    found = _CHALLENGE.search(header)
    try:
        return base64.urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4)).decode() if found else None
    except (binascii.Error, UnicodeDecodeError):
        return None


async def read_response(response: httpx.Response) -> Response:
    """Read an answer to its end, or as far as it may go."""
    content = bytearray()
    announced = response.headers.get("content-length", "")
    if not (announced.isdecimal() and int(announced) > LARGEST):
        async for chunk in response.aiter_bytes():
            content += chunk
            if len(content) > LARGEST:
                break
        else:
            return _decode(response, bytes(content))
    return _refuse(TOO_LARGE, f"the response is larger than {LARGEST // 1024 // 1024} MB")


def hide_fields(response: Response, fields: tuple[str, ...]) -> Response:
    """Return an answer in which some fields are values that nothing shows."""
    body = response.body
    if not fields or not isinstance(body, dict):
        return response
    hidden = {name: Hidden(body[name]) for name in fields if isinstance(body.get(name), str)}
    return replace(response, body=body | hidden)


def _decode(response: httpx.Response, content: bytes) -> Response:
    headers = dict(response.headers)
    if not content:
        return Response(response.status_code, None, headers)
    try:
        return Response(response.status_code, json.loads(content), headers)
    except RecursionError:
        return _refuse(TOO_DEEP, "the response is nested deeper than any of Graph's")
    except ValueError:
        if response.status_code < 400:
            return Response(response.status_code, content, headers)
        # A proxy's page, for one. What it says may help a person; nothing else reads it.
        text = content.decode(response.encoding or "utf-8", errors="replace")
        return Response(
            response.status_code, {"error": {"code": "", "message": " ".join(text.split())[:200]}}, headers
        )


def _refuse(code: str, message: str) -> Response:
    return Response(0, {"error": {"code": code, "message": message}})
