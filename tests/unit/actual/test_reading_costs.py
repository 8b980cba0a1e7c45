"""What reading costs: levels, not objects."""

from __future__ import annotations

import asyncio
import math
from pathlib import Path
from typing import Any

import pytest

from entra_config.actual import lists
from entra_config.actual import read as reading
from entra_config.actual.fetch import Questions, Responses, TenantReader, fetch
from entra_config.actual.managed import read_managed
from entra_config.kinds.table import KINDS
from entra_config.manifest import loader
from entra_emulator.embedded import Embedded
from tests.world import apply, plan, signed_in

MANIFESTS = Path(__file__).parents[3] / "manifests"


def test_levels_and_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan of what stands reads two levels, each together; no service principal of a list is read whole."""
    levels: list[Questions] = []

    async def watched(graph: TenantReader, questions: Questions, **options: Any) -> Responses:
        levels.append(dict(questions))
        return await fetch(graph, questions, **options)

    async def story() -> None:
        embedded = Embedded.create(seed="costs")
        manifest = loader.load(MANIFESTS, "dev")
        await apply(embedded, await plan(embedded, manifest))
        for module in (reading, lists):
            monkeypatch.setattr(module, "fetch", watched)
        async with await signed_in(embedded) as graph:
            before = graph.usage
            await reading.read(graph, manifest, KINDS)
            requests, calls = (graph.usage.requests - before.requests, graph.usage.calls - before.calls)
        assert len(levels) == 2
        assert calls <= math.ceil(requests / 20) + len(levels) - 1
        paths = [str(request.path) for level in levels for request in level.values()]
        assert all("$select=" in path for path in paths if path.startswith("/servicePrincipals?"))

    asyncio.run(story())


def test_managed_applications_of_every_owner_are_read() -> None:
    """What bears the marks is listed by owner, whoever made it."""

    async def story() -> None:
        embedded = Embedded.create(seed="owned")
        for name in ("dev", "prod"):
            manifest = loader.load(MANIFESTS, name)
            await apply(embedded, await plan(embedded, manifest))
        async with await signed_in(embedded) as graph:
            found = await read_managed(graph)
        assert [(each.owner, each.key) for each in found] == [
            *(("myapp/dev", key) for key in ("api", "devClient", "docs", "nightly", "spa")),
            *(("myapp/prod", key) for key in ("api", "nightly", "spa")),
        ]

    asyncio.run(story())
