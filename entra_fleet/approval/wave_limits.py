"""What came of the shards of an approval in; whether its next wave may start, and if not why, out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from entra_config.manifest.tenants.model import SHARES


@dataclass(frozen=True, slots=True)
class ShardOutcome:
    """What came of one approved shard; `failed`: after a write, or nobody knows, or there is no result.

    Who is refused, moved or withheld has not failed: a stranger can be so on purpose, and would stop all.
    """

    tenant_id: str
    wave: int
    failed: bool


def refused(outcomes: Iterable[ShardOutcome], wave: int, failed_tenants: int) -> Iterator[str]:
    """Yield why a wave may not start: of each wave before it, how many tenants failed, if too many.

    `failed_tenants` are hundredths of a percent of a wave's own tenants; in the first wave none may fail.
    """
    before: dict[int, dict[str, bool]] = {}
    for each in outcomes:
        if each.wave < wave:
            tenants = before.setdefault(each.wave, {})
            tenants[each.tenant_id] = tenants.get(each.tenant_id, False) or each.failed
    for number, tenants in sorted(before.items()):
        most = 0 if number == min(before) else failed_tenants * len(tenants) // SHARES
        failed = sum(tenants.values())
        if failed > most:
            limit = (
                "in the first wave none may" if number == min(before) else f"`limits.failedTenants` is {most}"
            )
            yield f"wave {number}: {failed} of {len(tenants)} tenants failed or have no result, and {limit}"
