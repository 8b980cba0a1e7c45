"""`entra-config enable`: enables an application that was disabled."""

from __future__ import annotations

import typer

from entra_config.cli import disable, formats
from entra_config.cli.apply import AutoApprove
from entra_config.cli.disable import Key
from entra_config.cli.options import Common, ShardCommand

app = typer.Typer()


@app.command(cls=ShardCommand)
def command(
    context: typer.Context, *, key: Key, auto_approve: AutoApprove = False, form: formats.ShortFormat = "text"
) -> int:
    """Enable an application that was disabled."""
    return disable.run(Common.of(context), key, enabled=True, confirm=not auto_approve, form=form)
