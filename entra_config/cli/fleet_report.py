"""A folder of results in; the whole of a fleet, each shard once, out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from entra_config.cli.fleet_chosen import Folder, RunId
from entra_config.cli.options import Common
from entra_config.cli.plan import Names
from entra_config.errors import UsageError

if TYPE_CHECKING:
    from entra_config.cli.fleet_results import FleetResults

OneTenant = Annotated[
    str | None, typer.Option("--tenant", metavar="NAME", help="Only this tenant, and nothing of any other.")
]
ApprovalFile = Annotated[
    Path | None, typer.Option("--approval", metavar="FILE", help="Tell what came of this approval.")
]
Base = Annotated[
    str | None,
    typer.Option(
        "--base",
        metavar="REF",
        help="Only what is not as in this git revision, or in the fleet of this folder.",
    ),
]
Form = Annotated[
    Literal["text", "json", "markdown", "html", "sarif"],
    typer.Option("--format", help="How it is written on stdout."),
]


def command(
    context: typer.Context,
    folder: Folder,
    *,
    run: RunId = None,
    approval: ApprovalFile = None,
    tenant: OneTenant = None,
    base: Base = None,
    names: Names = False,
    form: Form = "text",
) -> int:
    """Tell what came of every shard, by kinds of change, the riskiest first; ends with the worst code."""
    from entra_config.cli import fleet_results
    from entra_config.manifest.fleet import reading

    common = Common.of(context)
    assert common.fleet is not None  # the option has a default
    fleet = reading.read(common.fleet)
    if approval is None:
        found = _since(common, fleet_results.of_folder(fleet, folder, run, tenant), base)
    elif run is not None or base is not None:
        raise UsageError("--approval tells what came of it in all runs: leave --run and --base out")
    else:
        from entra_config.cli import fleet_approval

        found = fleet_results.of_approval(fleet, folder, fleet_approval.read(approval), tenant)
    report = found.report(tenant, names=names)
    if form == "json":
        common.output.data(report.model_dump_json(by_alias=True, indent=2) + "\n")
    elif form == "markdown":
        from entra_config.report import fleet_markdown

        common.output.data(fleet_markdown.render(report))
    elif form == "html":
        from entra_config.cli import making
        from entra_config.report import fleet_html

        how = making.of_fleet(context, common)
        common.output.data(fleet_html.render(report, folder=str(folder), how=how))
    elif form == "sarif":
        from entra_config.report import fleet_sarif

        common.output.data(fleet_sarif.render(report, root=str(common.fleet)))
    else:
        from entra_config.report import fleet_text

        common.output.lines(fleet_text.lines(report))
    return report.code


def _since(common: Common, found: FleetResults, base: str | None) -> FleetResults:
    """Return the results, where nobody planned what is as it was."""
    if base is None:
        return found
    from entra_config.cli import fleet_base

    with fleet_base.at(found.fleet.path, base) as before:
        before.report(common.output)
        return found.since(before)
