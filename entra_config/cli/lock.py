"""`entra-config lock`: pins the names of an environment, and its applications, to the ids that they mean
today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

import typer

from entra_config.cli import wiring
from entra_config.cli.options import Common, ShardCommand
from entra_config.errors import UsageError
from entra_config.report import escape

if TYPE_CHECKING:
    from entra_config.manifest.environments.pins import Lock, PinnedApplication
    from entra_config.manifest.model import Manifest


app = typer.Typer()


@app.command(cls=ShardCommand)
def command(
    context: typer.Context,
    *,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            "--accept",
            metavar="KEY=APPID",
            help=(
                "Pin this very application, with its owners, secrets, certificates and federated "
                "credentials: you looked at it."
            ),
        ),
    ] = None,
    reject: Annotated[
        list[str] | None,
        typer.Option("--reject", metavar="APPID", help="Never take this application for one of ours."),
    ] = None,
    pins_file: Annotated[
        Path | None,
        typer.Option(
            "--pins",
            metavar="FILE",
            help="Take the pins that `apply --pins FILE` wrote, offline, and nothing else.",
        ),
    ] = None,
    renew: Annotated[
        bool, typer.Option("--renew", help="Look pinned names up again, instead of keeping their ids.")
    ] = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Write nothing; exit with 2 if a name or application is not pinned, or is called otherwise.",
        ),
    ] = False,
) -> int:
    """Pin the names of an environment to object ids, in a lock file to be reviewed."""
    common = Common.of(context)
    accepted = _accepted(accept or [])
    rejected = [_guid(each, "--reject") for each in reject or ()]
    if pins_file is not None:
        if accepted or rejected or renew:
            raise UsageError("--pins stands alone: it takes what one apply made, and nothing else")
        return _take(common, pins_file, check=check)
    if both := set(accepted.values()) & set(rejected):
        raise UsageError(f"{min(both)} is accepted and rejected at once")
    return wiring.run(_lock(common, accepted, rejected, renew=renew, check=check))


async def _lock(
    common: Common, accepted: Mapping[str, str], rejected: list[str], *, renew: bool, check: bool
) -> int:
    from entra_config.manifest import loader
    from entra_config.manifest.environments import lock
    from entra_config.pinning import live

    environment = wiring.environment(common)
    shard = wiring.shard(common)
    path = loader.lock_path(common.manifest, environment, shard.tenant if shard is not None else "")
    old = lock.read_valid(path)
    applications = {
        key: each
        for key, each in old.applications.items()
        if each.app_id not in {*rejected, *accepted.values()}
    }
    for key, app_id in accepted.items():
        applications[key] = _accept(old, key, app_id)
    kept = tuple(sorted({*old.rejected, *rejected} - set(accepted.values())))
    given = replace(old, applications=applications, rejected=kept)
    names = replace(given, users={}, groups={}, service_principals={}) if renew else given
    manifest = loader.load(common.manifest, environment, pins=names, shard=shard)
    if unknown := set(accepted) - set(manifest.applications) - set(manifest.removed):
        raise UsageError(
            f"--accept {min(unknown)}: no such application; there are {', '.join(manifest.applications)}"
        )
    async with wiring.graph(common, manifest.tenant_id) as graph:
        reviewed = [
            *await live.rejecting(graph, set(rejected) - set(old.rejected)),
            *await live.accepting(manifest, graph, old, accepted),
        ]
        pinned = await live.pins(manifest, graph, given, accepted)
    left = (*pinned.problems, *pinned.unpinned)
    for sentence in reviewed:
        common.output.say(escape.text(sentence))
    for problem in left:
        common.output.say(f"still to be decided: {escape.text(str(problem))}")
    code = _written(
        common, path, old, pinned.lock, manifest, check=check, labels=pinned.labels, left=len(left)
    )
    return 2 if check and left else code


def _take(common: Common, path: Path, *, check: bool) -> int:
    from entra_config.manifest import loader
    from entra_config.manifest.environments.pins import Lock
    from entra_config.pinning import document, made

    found = document.read(path)
    manifest = loader.load(common.manifest, common.environment, pins=Lock(), shard=wiring.shard(common))
    return _written(common, *made.take(path, found, manifest, common.output.say), manifest, check=check)


def _accepted(texts: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        key, sign, app_id = text.partition("=")
        if not sign:
            raise UsageError(f"--accept {text}: say KEY=APPID, the very application that you looked at")
        if key in found:
            raise UsageError(f"--accept names `{key}` twice. A key is one application: name the right one")
        if (id_ := _guid(app_id, "--accept")) in found.values():
            raise UsageError(f"--accept names appId {id_} for two keys. An application has one key")
        found[key] = id_
    return found


def _accept(old: Lock, key: str, app_id: str) -> PinnedApplication:
    """Return the pin of an application that somebody accepts, with a comment that says in place of which."""
    from entra_config.manifest.environments.pins import PinnedApplication

    before = old.applications.get(old.key_of(app_id), PinnedApplication(app_id))
    replaced = old.applications.get(key, before).app_id
    return replace(before, note="accepted" + (f" in place of {replaced}" if replaced != app_id else ""))


def _guid(text: str, option: str) -> str:
    from entra_config.manifest.reading.reader import GUID

    if not GUID.fullmatch(text):
        raise UsageError(f"{option}: `{text}` is not an appId")
    return text.lower()


def _written(
    common: Common,
    path: Path,
    old: Lock,
    new: Lock,
    manifest: Manifest,
    *,
    check: bool,
    labels: Mapping[str, str] = MappingProxyType({}),
    left: int = 0,
) -> int:
    from entra_config.manifest.environments import lock, pins

    found = list(pins.describe_changes(old, new, labels))
    for reported in found:
        common.output.say(escape.text(reported))
    if not found and (new == old or check):
        common.output.say(
            f"{path}: not changed. {left} still to be decided: do what each line above says"
            if left
            else f"{path}: nothing to pin"
        )
        return 0
    if check:
        return 2
    try:
        lock.save(path, new, manifest.environment, manifest.fleet_tenant)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
    common.output.say(f"wrote {path}: review it like code")
    return 0
