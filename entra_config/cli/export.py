"""`entra-config export`: the applications of an environment as the configuration of another tool."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entra_config import quoting
from entra_config.cli import wiring
from entra_config.cli.options import Common, OnlineCommand
from entra_config.errors import UsageError
from entra_config.files import write_source

if TYPE_CHECKING:
    from entra_config.importing.tenant import Registration
    from entra_config.manifest.model import Manifest


app = typer.Typer()


@app.command(cls=OnlineCommand)
def command(
    context: typer.Context,
    *,
    terraform: Annotated[
        Path,
        typer.Option("--terraform", metavar="DIR", help="The new folder for HCL with `import` blocks."),
    ],
) -> int:
    """Write the applications as another tool's configuration; no secret is written."""
    from entra_config.importing.terraform import export

    common = Common.of(context)
    if terraform.is_symlink() or (
        terraform.exists() and (not terraform.is_dir() or any(terraform.iterdir()))
    ):
        raise UsageError(f"{terraform} is not an empty folder: export into a new one with --terraform")
    manifest = wiring.manifest(common)
    configuration = export.write(wiring.run(_read(common, manifest)))
    terraform.mkdir(parents=True, exist_ok=True)
    for name, text in configuration.files.items():
        write_source(terraform / name, text)
    common.output.say(f"written: {terraform}, {configuration.objects} objects to import")
    for line in configuration.left:
        common.output.say(f"not expressed: {line}", "yellow")
    initialize = quoting.command("terraform", f"-chdir={terraform}", "init")
    common.output.say(
        f"next: `{initialize}`, then `plan`, which must show 0 to add, 0 to change and 0 to destroy. "
        "Do not apply it as long as the manifest is applied: both tools would manage the applications"
    )
    return 0


async def _read(common: Common, manifest: Manifest) -> dict[str, Registration]:
    from entra_config.importing.terraform import export

    async with wiring.graph(common, manifest.tenant_id) as graph:
        return await export.read(manifest, graph)
