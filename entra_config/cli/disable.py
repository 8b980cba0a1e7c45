"""`entra-config disable`: stops an application now."""

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
    """Stop an application now: whoever signs in as it or to it is refused."""
    return switching.run(Common.of(context), key, enabled=False, confirm=not auto_approve, form=form)
