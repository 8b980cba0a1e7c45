"""`entra-config init`: a commented manifest to start from."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from entra_config.cli.options import DEFAULT_MANIFEST, Common, OfflineCommand
from entra_config.cli.schema import TESTS_FILE
from entra_config.errors import UsageError
from entra_config.files import write_source

if TYPE_CHECKING:
    from entra_config.manifest.published.starter import ProjectKind

PLACEHOLDER_TENANT = "11111111-1111-1111-1111-111111111111"
_PROJECT = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


KindName = Literal["spa-api", "api", "web", "daemon"]

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
    kind: Annotated[
        KindName | None,
        typer.Option(
            "--kind",
            metavar="KIND",
            help="What the project is: spa-api, api, web or daemon; asked on a terminal, else spa-api.",
        ),
    ] = None,
    with_apps: Annotated[
        bool,
        typer.Option(
            "--with-apps",
            help="The example API and page too, under the project's name, running at once; into this folder.",
        ),
    ] = False,
) -> int:
    """Start a manifest in the folder that -f names (manifests/)."""
    common = Common.of(context)
    name = project or _default_project(Path.cwd().name)
    if not _PROJECT.fullmatch(name):
        raise UsageError(f"--project {name}: a letter first, then letters, digits and hyphens")
    if not _GUID.fullmatch(tenant_id):
        raise UsageError(f"--tenant-id {tenant_id}: expected an id such as {PLACEHOLDER_TENANT}")
    if common.manifest.suffix in {".yaml", ".yml"}:
        raise UsageError(f"{common.manifest} is a file; init makes a folder")
    if with_apps:
        _applications(common, name, tenant_id.lower(), kind)
    else:
        _manifest(common, name, tenant_id.lower(), kind)
    return 0


def _applications(common: Common, name: str, tenant_id: str, kind: str | None) -> None:
    from entra_config.cli import with_apps
    from entra_config.manifest.published import starter

    if kind not in {None, starter.USUAL} or common.manifest != DEFAULT_MANIFEST:
        raise UsageError(f"--with-apps: the applications are {starter.USUAL}, and read {DEFAULT_MANIFEST}/")
    files = with_apps.files(name, tenant_id)
    _write(Path(), files)
    common.output.say(f"wrote {len(files)} files; next: {with_apps.START} says how all of it runs")


def _manifest(common: Common, name: str, tenant_id: str, kind: str | None) -> None:
    from entra_config.manifest.published import schema_files, starter
    from entra_config.testing import schema as of_tests

    chosen = _kind(kind, starter.KINDS, starter.USUAL)
    texts = {**starter.files(name, tenant_id, chosen), TESTS_FILE: schema_files.text(of_tests.build())}
    _write(common.manifest, texts)
    for each in texts:
        common.output.say(f"wrote {common.manifest / each}")
    common.output.say(
        f"next: {common.next('validate')}, {common.next('test')}, then {common.next('plan', '-e', 'dev')}"
    )


def _kind(requested: str | None, known: Mapping[str, ProjectKind], usual: str) -> str:
    """Return what the project is: as asked, or as a person at a terminal says."""
    if not requested and _interactive():
        for name, each in known.items():
            typer.echo(f"  {name:8} {each.about}", err=True)
        requested = typer.prompt("What is the project?", default=usual, err=True).strip()
        if requested not in known:
            raise UsageError(f"{requested}: expected one of {', '.join(known)}")
    return requested or usual


def _interactive() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write all files, or none where one is there."""
    there = [each for each in texts if os.path.lexists(folder / each)]
    if there:
        raise UsageError(f"{folder / there[0]} exists already; nothing was written")
    for each, text in texts.items():
        path = folder / each
        path.parent.mkdir(parents=True, exist_ok=True)
        write_source(path, text)


def _default_project(folder: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", folder).strip("-0123456789").lower() or "myapp"
