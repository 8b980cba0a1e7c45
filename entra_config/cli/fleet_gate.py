"""An approval, a wave and what came of the waves before it in; whether it may start, as an exit code, out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entra_config.cli.fleet_chosen import ApprovalId
from entra_config.cli.options import Common
from entra_config.errors import RefusedError

if TYPE_CHECKING:
    from entra_config.fleet.gating import ShardOutcome
    from entra_config.report.fleet_approval_document import FleetApprovalDocument

Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="The folder that `fleet run --do apply --results` writes to.")
]
ApprovalFile = Annotated[Path, typer.Option("--approval", metavar="FILE", help="What `fleet approve` wrote.")]
WaveNumber = Annotated[int, typer.Option("--wave", metavar="N", min=1, help="The wave that is to start.")]


def command(
    context: typer.Context,
    folder: Folder,
    *,
    approval: ApprovalFile,
    wave: WaveNumber,
    approval_id: ApprovalId = None,
) -> int:
    """Let a wave in, once, unless too much of an earlier one failed: exit code 3."""
    from entra_config.cli import fleet_approval

    common = Common.of(context)
    document = fleet_approval.read(approval, approval_id)
    let(document, folder, wave)
    of_wave = [each for each in document.shards if each.wave == wave]
    common.output.say(f"wave {wave} may start: {len(of_wave)} approved shards")
    return 0


def let(document: FleetApprovalDocument, folder: Path, wave: int) -> None:
    """Let a wave in, else RefusedError with why it may not start."""
    from entra_config.cli import fleet_approval
    from entra_config.fleet import gating

    if fleet_approval.ended(document):
        raise RefusedError(f"the approval ended at {document.ends}; no wave starts any more")
    if reasons := list(gating.refused(outcomes(folder, document), wave, document.limits.failed_tenants)):
        raise RefusedError(f"wave {wave} may not start; what was done stays done\n" + "\n".join(reasons))
    fleet_approval.let(folder, document, wave)


def outcomes(folder: Path, document: FleetApprovalDocument) -> Iterator[ShardOutcome]:
    """Yield what came of each approved shard, by its result under this approval."""
    from entra_config.cli import fleet_result
    from entra_config.fleet.gating import ShardOutcome

    for each in document.shards:
        found, _ = fleet_result.read(fleet_result.path_of(folder, each.shard, document.id))
        applied = found.applied if found is not None else None
        whose = (found.shard, found.tenant_id) if found is not None else ("", "")
        if applied is None or whose != (each.shard, each.tenant_id) or applied.approval != document.id:
            failed = True
        else:
            failed = applied.came in {"stopped", "unknown"} or (
                applied.came == "failed" and applied.sent != 0
            )
        yield ShardOutcome(each.tenant_id, each.wave, failed)
