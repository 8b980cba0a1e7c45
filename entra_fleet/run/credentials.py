"""One shard in; what can sign in as its applications, and what kind of findings that is, out.

It reads: no sink is asked, no secret is made and none is seen, as no tenant tells one. Making the next one
stays a command for one tenant, whose pipeline has the sink.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from entra_config.cli import credentials, wiring
from entra_config.cli.options import Common
from entra_fleet.run.tenant_result import TenantOutcome

if TYPE_CHECKING:
    from entra_config.credentials.listing import ListedKey


def outcome(common: Common) -> TenantOutcome:
    """Return what one tenant's list is."""
    from entra_config.report import credentials as texts
    from entra_config.report import lines
    from entra_fleet.report import kinds

    now, found = wiring.now(), wiring.run(_listed(common))
    kind = kinds.of_credentials(found, now)
    shown = lines.plain(texts.lines(found, now))
    return TenantOutcome(2 if kind.risk != "none" else 0, kind, text=shown, unnamed=shown)


async def _listed(common: Common) -> list[ListedKey]:
    from entra_config.credentials import listing

    async with credentials.open_estate(common) as (graph, estate):
        used = await listing.last_uses(graph)
        return listing.listed(estate.manifest, estate.directory, wiring.now(), used=used)
