"""Graph may answer lists and keys in another order, and properties that nobody knows: plans stay the same."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from entra_config import reconcile
from entra_config.graph.connect import connect
from entra_config.graph.token import FixedToken, Identity
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Plan, Step
from tests import seeds
from tests.cases.plan_lines import lines, shown
from tests.cases.random_manifests import manifest
from tests.cases.stories import World
from tests.world import NOW, apply, plan


class Disturbed(httpx.AsyncBaseTransport):
    """Passes requests on, and shuffles what comes back."""

    def __init__(self, inner: httpx.AsyncBaseTransport, chance: Random) -> None:
        self._inner = inner
        self._chance = chance

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer with the same values in another order, and with unknown properties besides."""
        response = await self._inner.handle_async_request(request)
        content = await response.aread()
        if content.startswith(b"{"):
            content = json.dumps(self._shuffled(json.loads(content))).encode()
        headers = [pair for pair in response.headers.raw if pair[0].lower() != b"content-length"]
        return httpx.Response(response.status_code, headers=headers, content=content)

    def _shuffled(self, value: Any) -> Any:
        if isinstance(value, list):
            return self._chance.sample([self._shuffled(each) for each in value], len(value))
        if not isinstance(value, dict):
            return value
        unknown = {f"leaked{self._chance.randrange(1000)}": self._chance.choice([None, [], "x", {"a": 1}])}
        pairs = [(name, self._shuffled(each)) for name, each in value.items()]
        return dict(self._chance.sample([*pairs, *unknown.items()], len(pairs) + 1))


async def _plan(world: World, wanted: Manifest, chance: Random) -> Plan:
    caller = world.embedded.app_caller()
    credential = FixedToken(world.embedded.token(caller), Identity(caller.tid, caller.oid, caller.appid, ""))
    transport = Disturbed(world.embedded.transport(), chance)
    async with await connect("emulator", credential=credential, transport=transport) as graph:
        return await reconcile.plan(wanted, graph, now=NOW)


async def _compare(folder: Path, seed: int) -> None:
    world = World(folder, manifest(seed))
    wanted = world.load()
    await apply(world.embedded, await plan(world.embedded, wanted))
    chance = Random(seed)
    assert shown(await _plan(world, wanted, chance)) == "nothing"
    world.manifest = manifest(seed + 1000)
    wanted = world.load()
    expected, found = await plan(world.embedded, wanted), await _plan(world, wanted, chance)
    # What a value was before is printed as Graph answered it.
    assert [line.partition(":")[0] for line in lines(found)] == [
        line.partition(":")[0] for line in lines(expected)
    ]
    assert [_sent(step) for step in found.steps] == [_sent(step) for step in expected.steps]


def _sent(step: Step) -> tuple[Any, ...]:
    """Return a step and its request, lists without their order."""
    request = step.request
    return step.id, step.needs, request.method, str(request.path), _unordered(request.body)


def _unordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _unordered(each) for name, each in value.items()}
    if isinstance(value, list):
        return sorted(map(_unordered, value), key=lambda each: json.dumps(each, sort_keys=True))
    return str(value)


@pytest.mark.parametrize("seed", seeds.sample("manifests", range(50), 8))
def test_plans_do_not_depend_on_the_order_of_answers(seed: int, tmp_path: Path) -> None:
    """What is applied stays applied, and the next manifest's plan is the same."""
    asyncio.run(_compare(tmp_path / "manifests", seed))
