"""`entra-config settings`: what the applications read, as the manifest and the tenant have it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entra_config.cli import wiring
from entra_config.cli.options import Common, ShardCommand
from entra_config.errors import UsageError
from entra_config.files import write_source

if TYPE_CHECKING:
    from entra_config.manifest.model import Manifest
    from entra_config.settings.registered import RegisteredTenant


app = typer.Typer()


@app.command(cls=ShardCommand)
def command(
    context: typer.Context,
    *,
    values: Annotated[
        bool,
        typer.Option(
            "--values", help="Write what comes from the tenant of one environment; default: the source files."
        ),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", metavar="DIR", help="Where the values go; default: `settings.folder`."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 2 when a file is not current.")
    ] = False,
) -> int:
    """Write what the apps read: source files offline, of all environments together; with --values those of
    a tenant.
    """
    common = Common.of(context)
    if output and not values:
        raise UsageError("--output is where values go: say --values too")
    files = _values(common, output) if values else _sources(common)
    stale = [path for path, text in files.items() if _read(path) != text]
    if check:
        where = ["--values", *(["-e", common.environment] if common.environment else [])] if values else []
        output_to = ["--output", str(output)] if output else []
        again = common.next("settings", *where, *output_to, online=values)
        for path in stale:
            common.output.say(f"{path} is not what the manifest says; run `{again}`")
        return 2 if stale else 0
    for path in stale:
        _write(path, files[path])
        common.output.say(f"wrote {path}")
    if not stale:
        common.output.say(f"{len(files)} files are current")
    return 0


def _read(path: Path) -> str | None:
    """Return what stands there; None where nothing does."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UsageError(f"{path} is not a file that this command wrote: {error.strerror}") from error


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_source(path, text)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error


def _sources(common: Common) -> dict[Path, str]:
    from entra_config.manifest import loader
    from entra_config.settings import constants, writers

    if common.environment or common.tenant:
        wiring.manifest(
            common
        )  # a misspelt environment is an error, although source files are of all of them
    manifests = loader.load_all(common.manifest, shard=wiring.shard(common))
    files = writers.sources(manifests)
    if not files:
        raise UsageError(f"{manifests[0].root} declares no source file under `settings:`")
    _check_links(files, _above(manifests[0].root))
    _check_ours(files, lambda before, _: constants.MARK in before)
    return files


def _above(root: str) -> Path:
    """Return the folder that holds the manifest's: no path under `settings:` leads out of it."""
    return Path(os.path.normpath(Path.cwd() / root)).parent.parent


def _check_links(files: Mapping[Path, str], base: Path) -> None:
    # Paths were checked as they are written; a link may lead elsewhere, to a place that is nobody's to
    # choose.
    for path in files:
        if path.resolve() != base.resolve() / os.path.relpath(path, base):
            raise UsageError(
                f"{path} stands behind a link, which leads out of {base} or elsewhere in it; nothing "
                "was written"
            )


def _check_ours(files: Mapping[Path, str], ours: Callable[[str, str], bool]) -> None:
    for path, text in files.items():
        before = _read(path)
        if before is not None and not ours(before, text):
            raise UsageError(f"{path} is not a file that this command wrote; move it away first")


def _values(common: Common, output: Path | None) -> dict[Path, str]:
    from entra_config.settings import writers

    manifest = wiring.manifest(common)
    folder = output or Path(os.path.normpath(Path(manifest.root).parent / manifest.settings.folder))
    if not any(file.target in writers.VALUES for app in manifest.settings.apps for file in app.files):
        raise UsageError(f"{manifest.root} declares no values under `settings:` for {manifest.environment}")
    files = writers.tenant_values(manifest, wiring.run(_tenant(common, manifest)), folder)
    _check_links(files, output or _above(manifest.root))
    _check_ours(files, writers.alike)
    return files


async def _tenant(common: Common, manifest: Manifest) -> RegisteredTenant:
    from entra_config.cli import labels
    from entra_config.graph import clouds, discovery
    from entra_config.settings import tenant

    async with wiring.graph(common, manifest.tenant_id) as graph:
        found = await tenant.applications(manifest, graph)
        await labels.send(common, graph, manifest, applied=False)
    versions = tenant.versions(manifest, found)
    transport = common.session.transport if common.session else None
    # The emulator is no External ID tenant: whoever signs in there does so at its own address.
    is_emulator, emulator = common.cloud == clouds.EMULATOR, wiring.emulator(common)
    external = "" if is_emulator else manifest.authority
    open_id = await discovery.read(
        common.cloud,
        manifest.tenant_id,
        versions,
        external=external,
        emulator=emulator,
        transport=transport,
    )
    return tenant.tenant(
        manifest,
        found,
        open_id,
        authority=external or discovery.authority(common.cloud, emulator=emulator),
        unlisted=is_emulator or bool(external),
    )
