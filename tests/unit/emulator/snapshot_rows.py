"""A directory that holds something in each table, and the file of a snapshot of it, read and edited."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from entra_emulator import seed
from entra_emulator.clock import ManualClock
from entra_emulator.directory import Tenants
from entra_emulator.embedded import Embedded
from entra_emulator.generated import generate
from entra_emulator.snapshots import files

GRAPH = frozenset(
    {"Application.ReadWrite.All", "Group.ReadWrite.All", "Policy.ReadWrite.ApplicationConfiguration"}
)


def lively() -> Tenants:
    """Make a directory that holds something in each table: made by Graph's own writes."""
    emulator = Embedded.create(generate(3, 6, clock=ManualClock()), clock=ManualClock())
    admin = replace(emulator.app_caller(seed.ADMIN_APP_ID), roles=GRAPH)

    async def write() -> None:
        async with emulator.client(admin) as graph:
            for path, body in WRITES:
                response = await graph.post(path, json=body)
                assert response.status_code in {200, 201}, response.text
            app = (await graph.post("/applications", json={"displayName": "Gone"})).json()
            await graph.post("/servicePrincipals", json={"appId": app["appId"]})
            await graph.post(f"/applications/{app['id']}/addPassword", json={})
            assert (await graph.delete(f"/applications/{app['id']}")).status_code == 204
            # The hash of a purged application's secret goes with it: a file that holds one is refused.
            purged = (await graph.post("/applications", json={"displayName": "Purged"})).json()["id"]
            await graph.post(f"/applications/{purged}/addPassword", json={})
            await graph.delete(f"/applications/{purged}")
            assert (await graph.delete(f"/directory/deletedItems/{purged}")).status_code == 204

    asyncio.run(write())
    return emulator.directory


WRITES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/groups", {"displayName": "G", "mailNickname": "g", "mailEnabled": False, "securityEnabled": True}),
    (
        "/policies/homeRealmDiscoveryPolicies",
        {"displayName": "H", "definition": ['{"HomeRealmDiscoveryPolicy":{}}']},
    ),
)


def read(tmp_path: Path, data: Any) -> Tenants:
    """Read a file that holds this."""
    path = tmp_path / "file.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return files.read_snapshot(path).directory


def at(data: Any, *path: Any) -> Any:
    """Give what stands at a path."""
    for part in path:
        data = data[part]
    return data
