"""`entra-config validate`: the manifest and its access tests checked without a tenant, every environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from entra_config.cli import wiring
from entra_config.cli.options import Common, OfflineShardCommand
from entra_config.errors import ManifestError

if TYPE_CHECKING:
    from entra_config.manifest.model import Manifest

app = typer.Typer()


def _every(common: Common) -> list[Manifest]:
    from entra_config.manifest import loader

    return [each.manifest for each in loader.checked(common.manifest)]


@app.command(cls=OfflineShardCommand)
def command(
    context: typer.Context,
    *,
    form: Annotated[
        Literal["text", "github"],
        typer.Option("--format", help="github: annotations of a workflow on stdout too."),
    ] = "text",
) -> int:
    """Check the manifest and its access tests, offline; without -e all environments. `test` runs them."""
    from entra_config.kinds.graph_names import find_unknown
    from entra_config.manifest import loader
    from entra_config.report.lines import counted
    from entra_config.settings import writers
    from entra_config.testing import naming, reading

    common = Common.of(context)
    with wiring.annotate_problems(common.output, form=form):
        one = common.environment or common.tenant
        found = [wiring.manifest(common)] if one else _every(common)
        suites = reading.load(common.manifest)
        problems = [*writers.find_problems(found), *naming.find_problems(suites, found)]
        if problems:
            raise ManifestError(problems)
    for each in found:
        applications = counted(len(each.applications), "application")
        roles = counted(len(each.assignments), "role")
        common.output.say(f"{each.owner}: valid, {applications}, {roles} assigned")
    lists = [*(each.empty_lists for each in found), *(suite.empty_lists for suite in suites)]
    empty = [entry.problem for entries in lists for entry in entries]
    reported = list(dict.fromkeys([*empty, *(problem for each in found for problem in find_unknown(each))]))
    for problem in reported:
        common.output.say(str(problem), "yellow")
    if reported and form == "github":
        from entra_config.report import github

        common.output.data(github.warnings(reported))
    for name in () if one else loader.of_fleets(common.manifest):
        common.output.say(f"{name}: of a fleet; `entra-config fleet list` checks it in each tenant")
    if suites:
        number = len({test.name for suite in suites for test in suite.tests})
        tests, them = counted(number, "access test"), "it" if number == 1 else "them"
        common.output.say(f"{tests}: `{common.next('test')}` runs {them}")
    return 0
