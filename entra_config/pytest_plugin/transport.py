"""An ASGI application in; an httpx transport that both of httpx's clients take, out."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import httpx

from entra_emulator.api import Emulator


class InProcess(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Reaches one application in this process, whatever host is asked for."""

    def __init__(self, app: Emulator) -> None:
        """Answer every request by `app`."""
        self.app = app
        self._inner = httpx.ASGITransport(app=app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of an AsyncClient."""
        return await self._inner.handle_async_request(request)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of a Client, also where a loop runs in this thread."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, self._whole(request)).result()

    async def _whole(self, request: httpx.Request) -> httpx.Response:
        content = request.read()
        sent = httpx.Request(request.method, request.url, headers=request.headers, content=content)
        result = await self._inner.handle_async_request(sent)
        body = await result.aread()
        return httpx.Response(result.status_code, headers=result.headers, content=body, request=request)
