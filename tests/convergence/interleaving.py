"""Applies that let each other go first, and what an outcome accounts for."""

from __future__ import annotations

import asyncio
import random
from typing import Any

from entra_config.apply.events import Outcome
from entra_config.graph.client import Graph
from entra_config.graph.request import Request, Response
from entra_config.graph.token import Identity
from tests.convergence.tenant import Tenant


class Hesitant:
    """A door that lets others go first for a random while: each seed is another interleaving."""

    def __init__(self, inner: Any, chance: random.Random) -> None:
        self._inner, self._chance = inner, chance
        self.done: list[tuple[str, str]] = []
        self.base_url: str = inner.base_url

    @property
    def identity(self) -> Identity:
        """Return who is signed in."""
        found: Identity = self._inner.identity
        return found

    async def call(self, request: Request) -> Response:
        """Wait for some turns of the loop, then call."""
        for _ in range(self._chance.randrange(40)):
            await asyncio.sleep(0)
        response: Response = await self._inner.call(request)
        parts = (
            request.body["requests"]
            if request.path == "/$batch"
            else [{"method": request.method, "url": request.path}]
        )
        self.done += [(part["method"], part["url"]) for part in parts]
        for _ in range(self._chance.randrange(40)):
            await asyncio.sleep(0)
        return response

    async def renew(self) -> None:
        """Pass it on."""
        await self._inner.renew()

    async def close(self) -> None:
        """Pass it on."""
        await self._inner.close()


async def hesitant(tenant: Tenant, seed: int) -> Graph:
    """Sign in through a door of its own pace."""
    graph = await tenant.connect()
    graph._door = Hesitant(graph._door, random.Random(seed))
    return graph


def reported(outcome: Outcome) -> bool:
    """Tell whether an outcome accounts for what it did not do, with a reason for each."""
    return all(str(error) and error.advice for _, error in outcome.failed) and all(
        why for _, why in outcome.not_attempted
    )
