"""`entra-config enable`: lets an application that was stopped go on."""

from __future__ import annotations

import typer

from entra_config.cli import switching
from entra_config.cli.apply import AutoApprove
from entra_config.cli.options import Common, ShardCommand
from entra_config.cli.switching import Form, Key

app = typer.Typer()


@app.command(cls=ShardCommand)
def command(
    context: typer.Context, *, key: Key, auto_approve: AutoApprove = False, form: Form = "text"
) -> int:
    """Let an application go on that was stopped."""
    return switching.run(Common.of(context), key, enabled=True, confirm=not auto_approve, form=form)
