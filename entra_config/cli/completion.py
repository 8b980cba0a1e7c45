"""`entra-config completion`: the script that lets a shell complete commands and options."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

app = typer.Typer()


@app.command()
def command(
    shell: Annotated[Literal["bash", "zsh", "fish", "powershell"], typer.Argument(help="The shell.")],
) -> int:
    """Print the script that completes commands in a shell: source <(entra-config completion bash)."""
    from typer.completion import get_completion_script  # type: ignore[attr-defined]  # re-exported in fact

    from entra_config.cli import shells
    from entra_config.cli.main import COMPLETE, PROGRAM

    if shell in shells.SCRIPTS:
        typer.echo(shells.SCRIPTS[shell], nl=False)
        return 0
    typer.echo(get_completion_script(prog_name=PROGRAM, complete_var=COMPLETE, shell=shell))
    return 0
