"""What drift compares the tenant with, and the comparison."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from entra_config.cli import wiring

if TYPE_CHECKING:
    from datetime import datetime

    from entra_config.cli.options import Common
    from entra_config.drift.deployed import Deployed
    from entra_config.drift.earlier import Earlier
    from entra_config.drift.model import Drift
    from entra_config.manifest.model import Manifest

IN_HAND = "the current manifest: what is not applied yet shows as drift"


@dataclass(frozen=True, slots=True)
class Compared:
    """What the tenant is compared with: a manifest, what reports call it, and its revision; no revision for
    the files as they are.
    """

    manifest: Manifest
    name: str
    revision: str = ""


async def compare(
    common: Common,
    manifest: Manifest,
    base: Compared,
    *,
    since: datetime | None = None,
    earlier: Earlier | None = None,
    unmanaged: bool = False,
) -> Drift:
    """Read the tenant, and return what others changed in it since a base was deployed."""
    from entra_config.drift import check as checking
    from entra_config.graph.clock import check_clock

    async with wiring.graph(common, base.manifest.tenant_id) as graph:
        drift = await checking.run(
            manifest,
            base.manifest,
            graph,
            now=wiring.now(),
            base=base.name,
            since=since,
            earlier=earlier,
            unmanaged=unmanaged,
            in_hand=not base.revision,
            revision=base.revision,
            where=(*common.where(), *common.there()),
        )
        check_clock(graph)
        return drift


def find_base(common: Common, manifest: Manifest, revision: str | None) -> Compared:
    """Return what the tenant is compared with: a revision that was named, else what was deployed last, else
    the files as they are.
    """
    from entra_config.drift.base import manifest_of

    shard = wiring.shard(common)
    # No job says what it deployed to a tenant of a fleet: without a base that is compared with the files.
    at = None if revision is not None or shard is not None else _last_deployed(common, manifest)
    revision = revision if revision is not None else at.commit if at is not None else ""
    if not revision:
        return Compared(manifest, IN_HAND)
    deployed, name = manifest_of(common.manifest, revision, manifest, shard)
    return Compared(deployed, at.name if at is not None else name, revision)


def _last_deployed(common: Common, manifest: Manifest) -> Deployed | None:
    """Return what this pipeline deployed last, and tell where nobody knows."""
    from entra_config.drift import deployed

    found = deployed.last(manifest.environment, common.manifest, os.environ)
    if found is not None and found.why:
        common.output.say(f"compared with the files as they are: {found.why}", "yellow")
    return found
