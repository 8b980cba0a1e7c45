"""Work out which lock file one tenant should have, and which group of pins that is."""

from __future__ import annotations

from entra_config.cli import wiring
from entra_config.cli.options import Common
from entra_config.manifest.environments import lock, pins
from entra_config.manifest.tenants.shards import LoadedShard
from entra_config.pinning import live
from entra_config.report import escape
from entra_fleet.groups import pinned
from entra_fleet.report import kinds
from entra_fleet.run.tenant_result import TenantOutcome


def outcome(common: Common, shard: LoadedShard) -> TenantOutcome:
    """Return what one tenant's lock file should hold, and what kind of pins that is."""
    return wiring.run(_outcome(common, shard))


async def _outcome(common: Common, shard: LoadedShard) -> TenantOutcome:

    manifest = shard.manifest
    old = lock.read_valid(shard.pins_path)
    async with wiring.graph(common, manifest.tenant_id) as graph:
        new, left, unpinned, _ = await live.pins(manifest, graph, old)
        known = await live.bearers(graph, pinned.named(old, new))
    found = pinned.of_lock(shard, (old, new), known, left, wiring.now())
    lines = [
        *pins.describe_changes(old, new),
        *(f"still to be decided: {each}" for each in (*left, *unpinned)),
    ]
    return TenantOutcome(
        3 if left else 2 if found.pins else 0,
        kinds.of_lock(found, left=bool(left)),
        text="\n".join(map(escape.text, lines)),
        unnamed="\n".join(map(escape.text, found.kind.headline)),
        lock=lock.write(new, manifest.environment, manifest.fleet_tenant) if found.pins else "",
    )
