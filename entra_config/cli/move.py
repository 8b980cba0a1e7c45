"""`entra-config move …`: a project, environment or key gets another name, an application another project;
both sides' files.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entra_config.cli import completing
from entra_config.cli.options import Common, OfflineCommand
from entra_config.report.lines import diffed

if TYPE_CHECKING:
    from entra_config.manifest.editing.move import MoveEdits

app = typer.Typer(
    help="Rename a project, environment or key, or hand an application over.", no_args_is_help=True
)

DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the change, write nothing.")]
Unpinned = Annotated[
    bool, typer.Option("--unpinned", help="Rename what no lock file pins too: it does not exist yet.")
]
New = Annotated[str, typer.Argument(metavar="NEW", help="The new name.")]
OldEnvironment = Annotated[
    str,
    typer.Argument(metavar="OLD", autocompletion=completing.environments, help="The name that it has."),
]
OldKey = Annotated[
    str, typer.Argument(metavar="OLD", autocompletion=completing.applications, help="The key that it has.")
]


@app.command(cls=OfflineCommand)
def project(context: typer.Context, *, new: New, unpinned: Unpinned = False, dry_run: DryRun = False) -> int:
    """Give the project another name."""
    from entra_config.manifest.editing import move

    common = Common.of(context)
    return _finish(common, move.project(common.manifest, new, unpinned=unpinned), dry_run=dry_run)


@app.command(cls=OfflineCommand)
def environment(
    context: typer.Context,
    *,
    old: OldEnvironment,
    new: New,
    unpinned: Unpinned = False,
    dry_run: DryRun = False,
) -> int:
    """Give an environment another name, and its lock file too."""
    from entra_config.manifest.editing import move

    common = Common.of(context)
    return _finish(common, move.environment(common.manifest, old, new, unpinned=unpinned), dry_run=dry_run)


@app.command(cls=OfflineCommand)
def key(
    context: typer.Context,
    *,
    old: OldKey,
    new: New,
    every: Annotated[
        bool,
        typer.Option(
            "--all",
            help="Rename all applications of its entry with `each`; NEW is the key of that entry.",
        ),
    ] = False,
    dry_run: DryRun = False,
) -> int:
    """Give an application another key, wherever it stands."""
    from entra_config.manifest.editing import move

    common = Common.of(context)
    return _finish(common, move.key(common.manifest, old, new, every=every), dry_run=dry_run)


@app.command(cls=OfflineCommand)
def application(
    context: typer.Context,
    *,
    old: Annotated[
        str,
        typer.Argument(metavar="KEY", autocompletion=completing.applications, help="The application's key."),
    ],
    to: Annotated[
        Path,
        typer.Option("--to", metavar="PATH", help="The other project's manifest: its root file or folder."),
    ],
    dry_run: DryRun = False,
) -> int:
    """Hand an application over to another project, with its pins."""
    from entra_config.manifest.editing import move

    common = Common.of(context)
    return _finish(common, move.application(common.manifest, old, to), dry_run=dry_run)


def _finish(common: Common, made: MoveEdits, *, dry_run: bool) -> int:
    for edit in made.edits:
        for text in edit.diff.splitlines():
            common.output.lines([diffed(text)])
    for (path, _), held in made.locks.items():
        common.output.say(f"{'goes' if held is None else 'pins'}: {path}")
    if not dry_run:
        made.write()
        written = [str(path) for edit in made.edits for path in sorted(edit.after)]
        common.output.say(f"written: {', '.join(written)}")
    for note in made.notes:
        common.output.say(f"next: {note}", "yellow")
    return 0
