"""What stands between Graph's client and the network."""

from __future__ import annotations

from typing import Protocol

from entra_config.graph.request import Request, Response
from entra_config.graph.token import Identity


class Door(Protocol):
    """What makes one HTTP call, with sign-in: `HttpDoor` in a real run, a small class in a test."""

    base_url: str

    @property
    def identity(self) -> Identity:
        """Return whom the token is about."""
        ...

    async def call(self, request: Request) -> Response:
        """Send one request and return its answer; status 0 when none came."""
        ...

    async def renew(self) -> None:
        """Throw the token away, so that the next call is made with a new one."""
        ...

    async def close(self) -> None:
        """End what is open."""
        ...
