"""What happens at each request of a rotation, to Graph, to sign-in and to the sink: a kill, or a fault."""

from __future__ import annotations

import random
import urllib.parse
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from entra_config.errors import SinkError
from entra_config.hidden import Hidden
from entra_config.manifest.sinks import Content, Keeper
from tests.convergence.tenant import Killed

if TYPE_CHECKING:
    from tests.convergence.rotations import Company


@dataclass
class Fate:
    """What happens at each request, of whatever kind: a kill, or a fault of the sign-in and of the sink."""

    kill_at: int = 0
    phase: str = "before"
    chance: random.Random | None = None
    rate: float = 0.0
    count: int = 0

    def before(self) -> bool:
        """Count one more request; tell whether it fails before anything is done."""
        self.count += 1
        if self.count == self.kill_at and self.phase == "before":
            raise Killed
        return self._fails()

    def after(self) -> bool:
        """Tell whether the answer is lost."""
        if self.count == self.kill_at and self.phase == "after":
            raise Killed
        return self._fails()

    def _fails(self) -> bool:
        return self.chance is not None and self.chance.random() < self.rate


@dataclass
class Flaky:
    """A sink whose calls are requests: killed, refused, or done and not answered."""

    keeper: Keeper
    fate: Fate
    turn: Callable[[], Awaitable[None]]

    async def prove(self) -> None:
        """Prove."""
        await self._call(self.keeper.prove)

    async def content(self) -> Content:
        """Ask."""
        found: Content = await self._call(self.keeper.content)
        return found

    async def keep(self, value: Hidden, key_id: str) -> None:
        """Keep."""
        await self._call(lambda: self.keeper.keep(value, key_id))

    async def _call(self, work: Callable[[], Awaitable[Any]]) -> Any:
        await self.turn()
        if self.fate.before():
            raise SinkError("the sink is in trouble")
        found = await work()
        if self.fate.after():
            raise SinkError("no response came")
        return found


@dataclass
class Through(httpx.AsyncBaseTransport):
    """The way to Graph and to sign-in: killed at any request; a young secret signs in only after a while."""

    estate: Company
    inner: httpx.AsyncBaseTransport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        await self.estate.turn()
        fate, signs_in = self.estate.fate, request.url.path.endswith("/token")
        if fate.before() and signs_in:
            return httpx.Response(503, json={"error": "temporarily_unavailable"}, request=request)
        form = urllib.parse.parse_qs((await request.aread()).decode()) if signs_in else {}
        if signs_in and self.estate.too_young(form):
            secret = "client_secret" in form
            text = "AADSTS7000215: Invalid" if secret else "AADSTS700027: The key was not found."
            return httpx.Response(
                401, json={"error": "invalid_client", "error_description": text}, request=request
            )
        response = await self.inner.handle_async_request(request)
        await response.aread()
        if fate.after() and signs_in:
            raise httpx.ReadTimeout("no response came", request=request)
        return response
