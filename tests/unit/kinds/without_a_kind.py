"""Import all of the package on the path, apply a manifest with it, and print what happened as JSON."""

from __future__ import annotations

import asyncio
import json
import pkgutil
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import entra_config
from entra_config import reconcile
from entra_config.graph.connect import connect
from entra_config.graph.token import FixedToken, Identity
from entra_config.manifest import loader
from entra_config.manifest.published import reference, schema
from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


async def run(folder: Path) -> dict[str, Any]:
    """Plan, apply, and plan again."""
    embedded = Embedded.create(seed="whole", clock=ManualClock(NOW))
    caller = embedded.app_caller()
    token = FixedToken(embedded.token(caller), Identity(caller.tid, caller.oid, caller.appid))

    async def at_once(_: float) -> None:
        return None

    async with await connect(
        "emulator", credential=token, transport=embedded.transport(), sleep=at_once
    ) as graph:
        plan = await reconcile.plan(loader.load(folder), graph, now=NOW)
        outcome = await reconcile.apply(plan, graph, sleep=at_once)
        again = await reconcile.plan(loader.load(folder), graph, now=NOW)
    return {"changes": len(plan.changes), "complete": outcome.complete, "empty": again.empty}


def main() -> None:
    """Import, apply and write the pages."""
    for module in pkgutil.walk_packages(entra_config.__path__, "entra_config."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    assert schema.build()
    assert all(map(reference.page, reference.names()))
    print(
        json.dumps(
            {"package": entra_config.__path__[0], **asyncio.run(run(Path(sys.argv[1])))}, sort_keys=True
        )
    )


main()
