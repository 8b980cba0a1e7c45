"""`entra-config init`: a commented manifest to start from."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated

import typer

from entra_config.cli.options import Common, OfflineCommand
from entra_config.cli.schema import TESTS_FILE
from entra_config.errors import UsageError

PLACEHOLDER_TENANT = "11111111-1111-1111-1111-111111111111"
_PROJECT = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


app = typer.Typer()


@app.command(cls=OfflineCommand)
def command(
    context: typer.Context,
    *,
    project: Annotated[
        str, typer.Option("--project", metavar="NAME", help="Name of the project; part of the owner's mark.")
    ] = "",
    tenant_id: Annotated[
        str, typer.Option("--tenant-id", metavar="ID", help="Tenant of the first environment, dev.")
    ] = (PLACEHOLDER_TENANT),
) -> int:
    """Start a manifest in the folder that -f names (manifests/)."""
    from entra_config.manifest.published import starter
    from entra_config.testing import schema as of_tests

    common = Common.of(context)
    name = project or _default_project(Path.cwd().name)
    if not _PROJECT.fullmatch(name):
        raise UsageError(f"--project {name}: a letter first, then letters, digits and hyphens")
    if not _GUID.fullmatch(tenant_id):
        raise UsageError(f"--tenant-id {tenant_id}: expected an id such as {PLACEHOLDER_TENANT}")
    if common.manifest.suffix in {".yaml", ".yml"}:
        raise UsageError(f"{common.manifest} is a file; init makes a folder")
    texts = {**starter.files(name, tenant_id.lower()), TESTS_FILE: of_tests.text()}
    there = [each for each in texts if os.path.lexists(common.manifest / each)]
    if there:
        raise UsageError(f"{common.manifest / there[0]} exists already; nothing was written")
    for each, text in texts.items():
        path = common.manifest / each
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        common.output.say(f"wrote {path}")
    common.output.say(
        f"next: {common.next('validate')}, {common.next('test')}, then {common.next('plan', '-e', 'dev')}"
    )
    return 0


def _default_project(folder: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", folder).strip("-0123456789").lower() or "myapp"
