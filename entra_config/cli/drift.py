"""`entra-config drift`: what others changed in the tenant, when, and who."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entra_config.cli import comparing, formats, making, wiring
from entra_config.cli.options import Common, ShardCommand
from entra_config.cli.output import private
from entra_config.cli.plan import Allow
from entra_config.errors import UsageError
from entra_config.plan.options import Options

if TYPE_CHECKING:
    from entra_config.drift.earlier import Earlier
    from entra_config.drift.model import Drift
    from entra_config.manifest.model import Manifest
    from entra_config.report.drift_document import DriftDocument
    from entra_config.report.drift_history import Reported

FILES = {
    "drift.txt": "text",
    "drift.json": "json",
    "drift.md": "markdown",
    "drift.sarif": "sarif",
    "drift.html": "html",
}
# Clocks of two machines may differ by this; Graph v1.0 is as old as this (Microsoft, November 2015).
_CLOCKS_DIFFER = timedelta(minutes=5)
_FIRST_REPORT = datetime(2015, 11, 1, tzinfo=UTC)

Base = Annotated[
    str | None,
    typer.Option(
        "--base",
        metavar="REF",
        help=(
            "Compare with the manifest of this git revision. Default: in a job of GitHub or GitLab what was "
            "deployed last, else the files as they are."
        ),
    ),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="TIME",
        help="When the last whole deployment began (ISO 8601): nobody did it before.",
    ),
]
Last = Annotated[
    Path | None,
    typer.Option(
        "--last",
        metavar="FILE",
        help="The last report, drift.json: what it does not have was done since then.",
    ),
]

History = Annotated[
    Path | None,
    typer.Option(
        "--history",
        metavar="DIR",
        help="Earlier reports of this environment, as JSON: HTML shows what was open over time.",
    ),
]

Revert = Annotated[
    list[str] | None,
    typer.Option(
        "--revert",
        metavar="ADDRESS",
        help="Instead of the report, save the plan that puts the findings at this address right. Repeatable.",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Where --revert saves the plan, for `apply FILE`."),
]

app = typer.Typer()


@app.command(cls=ShardCommand)
def command(
    context: typer.Context,
    *,
    base: Base = None,
    since: Since = None,
    last: Last = None,
    history: History = None,
    unmanaged: Annotated[
        bool, typer.Option("--unmanaged", help="List the registrations that nobody manages, too.")
    ] = False,
    names: Annotated[
        bool, typer.Option("--names", help="Name people in Markdown and annotations too.")
    ] = False,
    form: formats.DriftFormat = "text",
    write: Annotated[
        Path | None,
        typer.Option("--write", metavar="DIR", help="Write all formats into this folder as well."),
    ] = None,
    revert: Revert = None,
    out: Out = None,
    allow: Allow = None,
) -> int:
    """Show what others changed in the tenant: what, when, who. Exit code 2 when there is drift.

    With --revert and --out, save the plan that puts findings right.
    """
    common = Common.of(context)
    if revert:
        from entra_config.cli import reverting

        of_report: dict[str, object] = {
            "--since": since,
            "--last": last,
            "--history": history,
            "--write": write,
        }
        of_report |= {"--unmanaged": unmanaged}
        if others := [option for option, value in of_report.items() if value]:
            raise UsageError(f"{others[0]} is an option of the report, and --revert saves a plan instead")
        if out is None:
            raise UsageError("--revert needs --out FILE: where to save the plan")
        options = Options(wiring.words(allow), tuple(dict.fromkeys(revert)))
        return reverting.run(context, common, options, out, base=base, form=form, names=names)
    if out is not None or allow:
        raise UsageError(f"{'--allow' if out is None else '--out'} needs --revert ADDRESS")
    with wiring.annotate_problems(common.output, form=form):
        tallies = _tallies(history) if history is not None else []
        drift = wiring.run(check(common, base=base, since=since, last=last, unmanaged=unmanaged))
    paged = form == "html" or write is not None
    how = making.made(context, common, drift.environment) if paged else None
    report = formats.DriftReport(common, drift, names=names, history=tallies, how=how)
    formats.write(common.output, formats.DRIFT, form, report)
    if form == "text" and any(finding.mended for finding in drift.findings):
        _next(common, drift)
    if write is not None:
        _write(report, write)
    return 2 if drift.drifted else 0


def _next(common: Common, drift: Drift) -> None:
    """Say what takes back what can be taken back: what is to stay is written into the manifest first."""
    from entra_config.report.lines import line

    shown = common.next("plan", "-e", drift.environment, online=True)
    common.output.lines([line(("Next: ", "bold"), shown, ("  shows what would put it right", "dim"))])


def _write(report: formats.DriftReport, folder: Path) -> None:
    from entra_config.report.lines import format_lines

    folder.mkdir(parents=True, exist_ok=True)
    for file, form in FILES.items():
        written = formats.DRIFT[form](report)
        private(folder / file, written if isinstance(written, str) else format_lines(written))
    report.common.output.say(f"written: {', '.join(str(folder / file) for file in FILES)}")


async def check(
    common: Common,
    *,
    base: str | None = None,
    since: str | None = None,
    last: Path | None = None,
    unmanaged: bool = False,
) -> Drift:
    """Read the tenant, and return what others changed in it."""
    manifest = wiring.manifest(common)
    began = wiring.instant("--since", since) if since is not None else None
    earlier = _earlier(last, manifest) if last is not None else None
    compared = comparing.find_base(common, manifest, base)
    return await comparing.compare(
        common, manifest, compared, since=began, earlier=earlier, unmanaged=unmanaged
    )


def _tallies(folder: Path) -> list[Reported]:
    """Return the reports in a folder: every JSON file in it must be one."""
    if not folder.is_dir():
        raise UsageError(f"--history {folder}: there is no such folder")
    return [(path, _read("--history", path)[1]) for path in sorted(folder.glob("*.json"))]


def _read(option: str, path: Path) -> tuple[Earlier, DriftDocument]:
    """Return what the report in a file says."""
    from pydantic import ValidationError

    from entra_config.documents import is_other_version
    from entra_config.report import drift_json

    try:
        return drift_json.read(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{option} {path}: cannot be read: {error.strerror}") from error
    except ValidationError as error:
        if is_other_version(error):
            raise UsageError(
                f"{option} {path}: this report was written by another version of entra-config. Remove the "
                "file and write a new one:\n  entra-config drift -e ENV --write DIR"
            ) from error
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise UsageError(
            f"{option} {path}: no report of this version's `drift --format json`: {where} {first['msg']}"
        ) from error


def _earlier(path: Path, manifest: Manifest) -> Earlier:
    """Return what the report in a file says, which must be of this environment of this project in this
    tenant.
    """
    found, document = _read("--last", path)
    reported = (document.project, document.environment, document.tenant.id)
    if reported != (manifest.project, manifest.environment, manifest.tenant_id):
        raise UsageError(
            f"--last {path}: it is of {reported[0]}/{reported[1]} in tenant {reported[2]}, this is "
            f"{manifest.owner}"
        )
    _check_times(path, {"checkedAt": document.checked_at, "since": document.since})
    for finding in (*document.findings, *document.information):
        _check_times(path, {f"since of {finding.address}": finding.since})
    return found


def _check_times(path: Path, times: Mapping[str, datetime | None]) -> None:
    """Refuse a report whose times no report has: it was edited, or another clock made it."""
    for name, moment in times.items():
        if moment is None:
            continue
        if moment.tzinfo is None:
            problem = "has no time zone"
        elif moment > wiring.now() + _CLOCKS_DIFFER:
            problem = "is in the future"
        elif moment < _FIRST_REPORT:
            problem = "is earlier than any report"
        else:
            continue
        raise UsageError(
            f"--last {path}: {name} {moment.isoformat()} {problem}; use a report that nobody edited"
        )
