"""The stories of the tenant's keys: rotation, removal, flood and outage, on a simulated clock."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from api.app import create
from api.tests.conftest import settings
from api.tests.issuer import Clock, KeyServer, jwk, kid_of, sign, user_claims

STORIES: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("key_stories.yaml").read_text(encoding="utf-8")
)


@dataclass
class Story:
    """One API, one key server, one clock."""

    folder: Path
    stack: AsyncExitStack
    clock: Clock = field(default_factory=Clock)
    server: KeyServer = field(default_factory=KeyServer)
    client: httpx.AsyncClient | None = None
    last: str = ""

    async def step(self, step: dict[str, Any]) -> None:
        """Carry out one step, and check what it expects."""
        self._change_server(step)
        # The first step prepares the key server, unless it is to be prepared further.
        if self.client is None and (step.get("start") or not step.get("fail")):
            await self._start()
        if "advance" in step:
            await self.clock.advance(step["advance"])
        if "send" in step:
            await self._send(step)
        if "ready" in step:
            assert (await self._get("/readyz")).status_code == step["ready"]
        if "fetches" in step:
            assert self.server.requests == step["fetches"]

    def _change_server(self, step: dict[str, Any]) -> None:
        if "publish" in step:
            self.server.keys = [_published(key) for key in step["publish"]]
        self.server.failing = step.get("fail", self.server.failing)
        self.server.status = step.get("http", self.server.status)
        if "answer" in step:
            self.server.body = step["answer"].encode()

    async def _start(self) -> None:
        app = create(
            settings(self.folder),
            transport=self.server.transport(),
            now=self.clock,
            monotonic=self.clock,
            sleep=self.clock.sleep,
        )
        await self.stack.enter_async_context(app.router.lifespan_context(app))
        transport = httpx.ASGITransport(app)
        self.client = await self.stack.enter_async_context(
            httpx.AsyncClient(transport=transport, base_url="http://api")
        )

    async def _send(self, step: dict[str, Any]) -> None:
        if step["send"] != "again":
            self.last = sign(user_claims(self.clock.time), step["send"])
        response = await self._get("/me", self.last)
        assert response.status_code == step["status"], (step, response.text)
        if response.status_code == 503:
            assert int(response.headers["Retry-After"]) > 0

    async def _get(self, path: str, token: str = "") -> httpx.Response:
        assert self.client is not None
        return await self.client.get(path, headers={"Authorization": f"Bearer {token}"} if token else {})


def _published(key: str | dict[str, Any]) -> dict[str, Any]:
    if isinstance(key, str):
        return jwk(key)
    return jwk(key["key"], **{**key, "kid": kid_of(key["kid"]), "key": None})


@pytest.mark.parametrize("story", STORIES, ids=[story["name"] for story in STORIES])
def test_story(story: dict[str, Any], tmp_path: Path) -> None:
    """Each step of the story is answered as told."""

    async def tell() -> None:
        async with AsyncExitStack() as stack:
            teller = Story(tmp_path, stack)
            for step in story["steps"]:
                await teller.step(step)

    asyncio.run(tell())


def test_keys_are_not_refreshed_when_the_api_has_stopped(tmp_path: Path) -> None:
    """Its end waits for the end of what it began."""

    async def run() -> list[str]:
        seen: list[str] = []

        async def sleep(_seconds: float) -> None:
            try:
                await asyncio.Event().wait()
            finally:
                seen.append("refreshing ended")

        app = create(settings(tmp_path), transport=KeyServer().transport(), now=Clock(), sleep=sleep)
        async with app.router.lifespan_context(app):
            await asyncio.sleep(0)
            seen.append("the API runs")
        return list(seen)

    assert asyncio.run(run()) == ["the API runs", "refreshing ended"]
