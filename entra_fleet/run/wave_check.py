"""Check whether a wave may start: not if too many tenants of an earlier one failed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from entra_config.errors import RefusedError
from entra_fleet.approval import approval_file, wave_limits
from entra_fleet.approval.wave_limits import ShardOutcome
from entra_fleet.report.approval_document import FleetApprovalDocument
from entra_fleet.run import tenant_result


def allow_wave(document: FleetApprovalDocument, folder: Path, wave: int) -> None:
    """Record that a wave may start, or raise RefusedError with the reasons."""
    if approval_file.ended(document):
        raise RefusedError(f"the approval ended at {document.ends}; no wave starts any more")
    if reasons := list(wave_limits.refused(outcomes(folder, document), wave, document.limits.failed_tenants)):
        raise RefusedError(f"wave {wave} may not start; what was done stays done\n" + "\n".join(reasons))
    approval_file.allow_wave(folder, document, wave)


def outcomes(folder: Path, document: FleetApprovalDocument) -> Iterator[ShardOutcome]:
    """Yield what came of each approved shard, by its result under this approval."""
    for each in document.shards:
        found, _ = tenant_result.read(tenant_result.path_of(folder, each.shard, document.id))
        applied = found.applied if found is not None else None
        whose = (found.shard, found.tenant_id) if found is not None else ("", "")
        if applied is None or whose != (each.shard, each.tenant_id) or applied.approval != document.id:
            failed = True
        else:
            failed = applied.outcome in {"stopped", "unknown"} or (
                applied.outcome == "failed" and applied.sent != 0
            )
        yield ShardOutcome(each.tenant_id, each.wave, failed)
