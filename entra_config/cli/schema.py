"""`entra-config schema`: the JSON Schemas of the manifest and of its access tests, for editors."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from entra_config.cli.options import Common, OfflineCommand
from entra_config.errors import UsageError
from entra_config.files import write_source

FILE = "entra-config.schema.json"
TESTS_FILE = "entra-config.tests.schema.json"


app = typer.Typer()


@app.command(cls=OfflineCommand)
def command(
    context: typer.Context,
    *,
    tests: Annotated[
        bool, typer.Option("--tests", help="Print the schema of files of access tests.")
    ] = False,
    fleet: Annotated[
        bool, typer.Option("--fleet", help="Print the schema of a fleet's file (fleet.yaml).")
    ] = False,
    write: Annotated[
        bool,
        typer.Option(
            "--write", help=f"Write {FILE} and {TESTS_FILE} beside the root file instead of printing one."
        ),
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Exit with 2 when one of those files is not current.")
    ] = False,
) -> int:
    """Print the JSON Schema of the manifest, of its access tests or of a fleet's file, for an editor."""
    from entra_config.manifest.environments import source
    from entra_config.manifest.published import schema, schema_files
    from entra_config.testing import schema as of_tests

    common = Common.of(context)
    if fleet:
        from entra_config.manifest.published import schema_fleet

        if write or check or tests:
            raise UsageError("--fleet stands alone: it prints one schema")
        common.output.data(schema_files.text(schema_fleet.build()))
        return 0
    if not write and not check:
        common.output.data(schema_files.text((of_tests if tests else schema).build()))
        return 0
    folder = source.locate(common.manifest).parent
    named = {FILE: schema, TESTS_FILE: of_tests}
    texts = {folder / name: schema_files.text(each.build()) for name, each in named.items()}
    if check:
        return _stale(common, texts)
    for path, text in texts.items():
        write_source(path, text)
        common.output.say(f"wrote {path}")
    return 0


def _stale(common: Common, texts: Mapping[Path, str]) -> int:
    stale = [
        path
        for path, text in texts.items()
        if not (path.exists() and path.read_text(encoding="utf-8") == text)
    ]
    for path in stale:
        common.output.say(f"{path} is not what this version makes; run `entra-config schema --write`")
    return 2 if stale else 0
