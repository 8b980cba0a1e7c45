"""`entra-config schema`: the JSON Schema of the manifest, for editors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from entra_config.cli.options import Common, offline
from entra_config.cli.output import written

FILE = "entra-config.schema.json"


@offline
def command(
    common: Common,
    *,
    write: Annotated[bool, typer.Option("--write", help=f"Write {FILE} beside the root file instead of printing it.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Exit with 2 when that file is not current.")] = False,
) -> int:
    """Print the JSON Schema of the manifest for an editor."""
    from entra_config.cli import wiring
    from entra_config.manifest.published import schema

    text = schema.text()
    if not write and not check:
        common.output.data(text)
        return 0
    path = wiring.root_file(common.manifest).with_name(FILE)
    if check:
        return _stale(common, path, text)
    written(path, text)
    common.output.say(f"wrote {path}")
    return 0


def _stale(common: Common, path: Path, text: str) -> int:
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return 0
    common.output.say(f"{path} is not what this version makes; run `entra-config schema --write`")
    return 2
