"""`entra-config validate`: the manifest and its access tests checked without a tenant, every environment."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from entra_config.cli import annotated, wiring
from entra_config.cli.options import Common, OfflineCommand

Format = Literal["text", "github"]


app = typer.Typer()


@app.command(cls=OfflineCommand)
def command(
    context: typer.Context,
    *,
    form: Annotated[
        Format, typer.Option("--format", help="github: annotations of a workflow on stdout too.")
    ] = "text",
) -> int:
    """Check the manifest and its access tests, offline; without -e all environments. `test` runs them."""
    from entra_config.manifest import loader
    from entra_config.testing import reading

    common = Common.of(context)
    with annotated.problems(common.output, form=form):
        found = [wiring.manifest(common)] if common.environment else loader.load_all(common.manifest)
        suites = reading.load(common.manifest)
    for each in found:
        applications, roles = len(each.applications), len(each.assignments)
        common.output.say(f"{each.owner}: valid, {applications} applications, {roles} roles assigned")
    if suites:
        common.output.say(
            f"{sum(len(suite.tests) for suite in suites)} access tests: `{common.next('test')}` runs them"
        )
    return 0
