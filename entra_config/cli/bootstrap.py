"""`entra-config bootstrap …`: the pipeline of a project, identities and files, in one reviewed step."""

from __future__ import annotations

import typer

from entra_config.cli import bootstrap_github, bootstrap_gitlab
from entra_config.cli.options import OnlineCommand

app = typer.Typer(
    help="Make the pipeline of a project: identities, workflows, settings.", no_args_is_help=True
)
app.command("github", cls=OnlineCommand)(bootstrap_github.command)
app.command("gitlab", cls=OnlineCommand)(bootstrap_gitlab.command)
