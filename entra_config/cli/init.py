"""`entra-config init`: a commented manifest to start from."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from importlib import resources
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

START = "START.md"
PARTS = ("api", "spa", "dev")
# Object ids of the emulator's own tenant.
_PINS = re.compile(r"\.lock\.yaml$")
# Of this repository alone: its own tests, `make demo-aws`, and what was built or installed.
_LEFT_OUT = re.compile(
    r"^aws\.py$|(^|/)(tests|e2e|node_modules|dist|__pycache__|Dockerfile\.dockerignore)(/|$)|\.test\.tsx?$|/testing\.ts$"
    r"|\.pyc$|vitest\.e2e|README\.md$"
)

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
    from entra_config.manifest.published import starter

    if kind not in {None, starter.USUAL} or common.manifest != DEFAULT_MANIFEST:
        raise UsageError(f"--with-apps: the applications are {starter.USUAL}, and read {DEFAULT_MANIFEST}/")
    files = application_files(name, tenant_id)
    _write(Path(), files)
    common.output.say(f"wrote {len(files)} files; next: {START} says how all of it runs")


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


def application_files(project: str, tenant_id: str) -> Mapping[str, str]:
    """Return the example API and page with their manifest, by path below the project's folder; words of the
    example's name become the project's.
    """
    from entra_config import extras
    from entra_config.cli.demo.story import example
    from entra_config.manifest.published.starter import title

    found = {f"manifests/{path}": text for path, text in _below(example(), _PINS)}
    for part in PARTS:
        found |= {f"{part}/{path}": text for path, text in _below(_place(part), _LEFT_OUT)}
    named = {path: _rename(text, project, tenant_id) for path, text in found.items()}
    line = f"pip install {extras.requirement('emulator', 'api')}"
    return {START: _text().format(title=title(project), install=line)} | named


def _text() -> str:
    return resources.files("entra_config.cli").joinpath("start.md").read_text(encoding="utf-8")


def _place(part: str) -> Path:
    """Return where a part is: in the installed package, or in the repository."""
    packaged = Path(str(resources.files("entra_config"))) / "reference" / part
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / part


def _below(folder: Path, left_out: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not left_out.search(name):
            yield name, path.read_bytes().decode()


def _rename(text: str, project: str, tenant_id: str) -> str:
    from entra_config.manifest.published.starter import title

    text = text.replace("MyApp", title(project)).replace(PLACEHOLDER_TENANT, tenant_id)
    return re.sub(r"\bmyapp\b", project, text)
