"""A folder of results in; the whole of a fleet, each shard once, out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from entra_config.cli import formats, making
from entra_config.cli.options import Common
from entra_config.cli.plan import Names
from entra_config.errors import UsageError
from entra_fleet.cli.selection import Folder, RunId

if TYPE_CHECKING:
    from entra_config.report.lines import Line
    from entra_config.report.made import HowMade
    from entra_fleet.report.document import FleetReportDocument
    from entra_fleet.run.run_results import FleetResults

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


@dataclass(frozen=True, slots=True)
class FleetReport:
    """What came of each shard; `folder` and `how` are of its page, `root` of its SARIF."""

    document: FleetReportDocument
    folder: str
    root: str
    how: Callable[[], HowMade]


def _text(report: FleetReport) -> Iterable[Line]:
    from entra_fleet.report import text

    return text.lines(report.document)


def _json(report: FleetReport) -> str:
    return report.document.model_dump_json(by_alias=True, indent=2) + "\n"


def _markdown(report: FleetReport) -> str:
    from entra_fleet.report import markdown

    return markdown.render(report.document)


def _html(report: FleetReport) -> str:
    from entra_fleet.report import html

    return html.render(report.document, folder=report.folder, how=report.how())


def _sarif(report: FleetReport) -> str:
    from entra_fleet.report import sarif

    return sarif.render(report.document, root=report.root)


FORMATS: formats.Formats[FleetReport] = {
    "text": _text,
    "json": _json,
    "markdown": _markdown,
    "html": _html,
    "sarif": _sarif,
}
if TYPE_CHECKING:
    Format = str
else:
    Format = Literal[tuple(FORMATS)]
Form = Annotated[Format, typer.Option("--format", help="How it is written on stdout.")]


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
    """Tell what came of every shard, by kinds of change, highest risk first; ends with the worst code."""
    from entra_config.manifest.tenants import reading
    from entra_fleet.run import run_results

    common = Common.of(context)
    assert common.fleet is not None  # the option has a default
    fleet = reading.read(common.fleet)
    if approval is None:
        found = _since(common, run_results.of_folder(fleet, folder, run, tenant), base)
    elif run is not None or base is not None:
        raise UsageError("--approval tells what came of it in all runs: leave --run and --base out")
    else:
        from entra_fleet.approval import approval_file

        found = run_results.of_approval(fleet, folder, approval_file.read(approval), tenant)
    report = found.report(tenant, names=names)
    whole = FleetReport(report, str(folder), str(common.fleet), lambda: making.of_fleet(context, common))
    formats.write(common.output, FORMATS, form, whole)
    return report.code


def _since(common: Common, found: FleetResults, base: str | None) -> FleetResults:
    """Return the results, where nobody planned what is as it was."""
    if base is None:
        return found
    from entra_config.drift import fleet_base
    from entra_fleet.run import unchanged

    with fleet_base.at(found.fleet.path, base) as before:
        unchanged.report_missing(before, common.output)
        return found.since(before)
