"""A fleet in; an emulator of its tenants, in each of which all is applied already, out."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from entra_config import reconcile
from entra_config.manifest.tenants import reading, shards
from entra_config.manifest.tenants.shards import LoadedShard
from entra_config.testing import populating
from entra_emulator import server
from entra_emulator.directory import Tenants
from entra_emulator.embedded import Embedded
from entra_emulator.server_options import ServerOptions
from tests import world
from tests.unit.fleet.files import NOW


def serve(options: ServerOptions, fleet: Path) -> None:
    """Serve until it is told to stop; nothing is saved."""
    made = Tenants()
    _apply(made, shards.every(reading.read(fleet)))
    # Nobody reads what a thousand tenants were; to write it takes longer than what is tried with them.
    for name, instead in (("keep_saved", _never), ("save", _not), ("_begin_with", _not)):
        setattr(server.Host, name, instead)
    server.serve(options, prepare=lambda directory: directory.tenants.update(made.tenants))


async def _never(_: server.Host) -> None:
    await asyncio.Event().wait()


def _not(*_: object) -> None:
    pass


def _apply(directory: Tenants, every: list[LoadedShard]) -> None:
    """Have each shard applied: in the first tenant by the tool, in the others as a copy by their names."""
    first = every[0].manifest
    populating.populate(directory, first)
    embedded = Embedded.create(directory)

    async def apply() -> None:
        async with await world.signed_in(embedded, embedded.app_caller(tenant_id=first.tenant_id)) as graph:
            plan = await reconcile.plan(first, graph, now=NOW)
            assert (await reconcile.apply(plan, graph, sleep=world.at_once)).complete

    asyncio.run(apply())
    title, tenant = every[0].placed.shard.tenant, directory.tenants[first.tenant_id]
    # What names neither is shared: a row is never changed in place.
    texts = {name: [json.dumps(row) for row in table] for name, table in tenant.tables.items()}
    own = {
        name: [text for text in rows if first.tenant_id in text or f"of {title}" in text]
        for name, rows in texts.items()
    }
    for each in every[1:]:
        id_, name = each.manifest.tenant_id, each.placed.shard.tenant
        twin = directory.tenants[id_] = tenant.fork()
        twin.tenant_id = id_
        for table, rows in own.items():
            for row in rows:
                said = row.replace(first.tenant_id, id_).replace(f"of {title}", f"of {name}")
                twin.tables[table].put(json.loads(said))
