"""An imported estate is applied, the process dies at three places, and nothing is written twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from entra_config import reconcile
from entra_config.cli.wiring import now
from entra_config.graph.connect import connect
from entra_config.graph.token import FixedToken, Identity
from entra_config.manifest import loader
from entra_config.plan.model import Plan
from tests.unit.importing import estate
from tests.unit.importing.importer import EVERYTHING, Ground, assert_marks_only

SIZE = 30


async def _apply(ground: Ground, connection: estate.Connection) -> Plan:
    """Plan, apply and plan again, as one process would."""
    caller = ground.embedded.app_caller()
    token = FixedToken(ground.embedded.token(caller), Identity(caller.tid, caller.oid, caller.appid))
    manifest = loader.load(ground.folder, "prod")
    async with await connect("emulator", credential=token, transport=connection) as graph:
        await reconcile.apply(await reconcile.plan(manifest, graph, now=now()), graph)
        return await reconcile.plan(manifest, graph, now=now())


async def _import(ground: Ground) -> Plan:
    await estate.build(ground, SIZE, 20261202)
    return await ground.imported(EVERYTHING)


def test_an_import_that_dies_three_times_writes_nothing_twice(tmp_path: Path) -> None:
    """Each start writes what the ones before did not; in the end a plan is empty."""
    ground = Ground(tmp_path)
    first = asyncio.run(_import(ground))
    assert_marks_only(first)
    assert len(first.changes) >= SIZE // 2
    writes: Counter[str] = Counter()

    for _ in range(3):
        before = writes.total()
        with pytest.raises(estate.KilledError):
            asyncio.run(_apply(ground, estate.Connection(ground, writes, dies=True)))
        assert writes.total() > before
    killed = writes.total()
    last = asyncio.run(_apply(ground, estate.Connection(ground, writes)))

    assert last.empty
    assert writes.total() > max(killed, len(first.changes))
    assert [write for write, times in writes.items() if times > 1] == []
