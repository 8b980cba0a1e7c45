"""`entra-config offboard`: a person leaves every file of the manifest."""

from __future__ import annotations

from typing import Annotated

import typer

from entra_config.cli.app_role import DryRun, Planned, finish
from entra_config.cli.options import Common, OnlineCommand

app = typer.Typer()


@app.command(cls=OnlineCommand)
def command(
    context: typer.Context,
    *,
    upn: Annotated[str, typer.Argument(metavar="UPN", help="Who leaves, as the manifest names them.")],
    dry_run: DryRun = False,
    plan: Planned = None,
) -> int:
    """Take a person out of every file: as holder, owner and deployer, in every environment, and out of the
    lock files.
    """
    from entra_config.manifest.editing.offboard import offboard

    common = Common.of(context)
    return finish(common, offboard(common.manifest, upn), dry_run=dry_run, plan=plan)
