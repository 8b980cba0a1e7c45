"""`entra-config fleet check`: whether a wave may start."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from entra_config.cli.options import Common
from entra_fleet.cli.selection import ApprovalId

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
    """Allow a wave to start, once, unless too many tenants of an earlier wave failed: exit code 3."""
    from entra_fleet.approval import approval_file
    from entra_fleet.run import wave_check

    common = Common.of(context)
    document = approval_file.read(approval, approval_id)
    wave_check.allow_wave(document, folder, wave)
    of_wave = [shard for shard in document.shards if shard.wave == wave]
    common.output.say(f"wave {wave} may start: {len(of_wave)} approved shards")
    return 0
