"""`entra-config lock`: pins the names of an environment to the object ids that they mean today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entra_config.cli import wiring
from entra_config.cli.options import Common, online
from entra_config.errors import UsageError

if TYPE_CHECKING:
    from entra_config.actual.read import Found
    from entra_config.manifest.lock import Lock
    from entra_config.manifest.model import Manifest


@online
def command(
    common: Common,
    *,
    accept: Annotated[
        list[str] | None,
        typer.Option("--accept", metavar="APP", help="Accept the undeclared owners, secrets and certificates of an application."),
    ] = None,
    renew: Annotated[bool, typer.Option("--renew", help="Look pinned names up again, instead of keeping their ids.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit with 2 when a name is not pinned.")] = False,
) -> int:
    """Pin the names of an environment to object ids, in a lock file to be reviewed."""
    return wiring.run(_lock(common, tuple(accept or ()), renew=renew, check=check))


async def _lock(common: Common, accept: tuple[str, ...], *, renew: bool, check: bool) -> int:
    from entra_config.actual.read import read
    from entra_config.kinds.table import KINDS
    from entra_config.manifest import loader, lock
    from entra_config.manifest.problems import Problems

    pinned = wiring.manifest(common)
    path = loader.lock_path(common.manifest, pinned.environment)
    old = lock.read(path, Problems())
    manifest = loader.load(common.manifest, pinned.environment, pins=lock.Lock()) if renew else pinned
    if unknown := set(accept) - set(manifest.applications):
        raise UsageError(f"--accept {min(unknown)}: no such application; there are {', '.join(manifest.applications)}")
    async with wiring.graph(common, manifest.tenant_id) as graph:
        found = await read(graph, manifest, KINDS)
    new = pins(manifest, found, old, accept)
    return _written(common, path, old, new, manifest.environment, check=check)


def pins(manifest: Manifest, found: Found, old: Lock, accept: tuple[str, ...] = ()) -> Lock:
    """Return the pins of everybody that the manifest names and of each application of ours that exists."""
    from entra_config.actual.questions import everybody
    from entra_config.checks import trust
    from entra_config.manifest.lock import Lock, PinnedApplication

    by_sort: dict[str, dict[str, str]] = {"user": {}, "group": {}, "servicePrincipal": {}}
    for sorts, named in everybody(manifest):
        who = next((each for sort in sorts if (each := found.directory.principal(sort, named))), None)
        if named.name != named.id and (named.id or who):
            sort = who.type if who else sorts[0]
            by_sort[sort][named.name] = named.id or (who.id if who else "")
    watched = trust.watched(manifest, found.directory)
    applications: dict[str, PinnedApplication] = {}
    for key in manifest.applications:
        live = found.directory.live.get(key)
        before = old.applications.get(key, PinnedApplication())
        body = live.subject.application if live and not live.subject.deleted else None
        owners, key_ids = set(before.owners), set(before.key_ids)
        for undeclared in watched.get(key, ()) if key in accept else ():
            (owners if undeclared.noun.startswith("owner") else key_ids).add(undeclared.key)
        app_id = str(body["appId"]) if body else before.app_id
        applications[key] = PinnedApplication(app_id, tuple(sorted(owners)), tuple(sorted(key_ids)))
    pinned = {key: each for key, each in applications.items() if each != PinnedApplication()}
    return Lock(manifest.tenant_id, by_sort["user"], by_sort["group"], by_sort["servicePrincipal"], pinned)


def _written(common: Common, path: Path, old: Lock, new: Lock, environment: str, *, check: bool) -> int:
    from entra_config.manifest import lock

    changes = list(_changes(old, new))
    for told in changes:
        common.output.say(told)
    if not changes:
        common.output.say(f"{path}: nothing to pin")
        return 0
    if check:
        return 2
    path.write_text(lock.write(new, environment), encoding="utf-8")
    common.output.say(f"wrote {path}: review it like code")
    return 0


def _changes(old: Lock, new: Lock) -> Iterator[str]:
    from entra_config.manifest.lock import PinnedApplication

    sections = (("user", old.users, new.users), ("group", old.groups, new.groups))
    for noun, before, after in (*sections, ("service principal", old.service_principals, new.service_principals)):
        yield from _moved(noun, before, after)
    empty = PinnedApplication()
    for key in sorted(old.applications.keys() | new.applications.keys()):
        was, now = old.applications.get(key, empty), new.applications.get(key, empty)
        if was.app_id != now.app_id:
            yield f"~ application {key}: appId {was.app_id or 'not pinned'} → {now.app_id or 'not pinned'}"
        for what, gone, here in (("owner", was.owners, now.owners), ("key id", was.key_ids, now.key_ids)):
            yield from (f"+ application {key}: accepts {what} {each}" for each in sorted(set(here) - set(gone)))
            yield from (f"- application {key}: {what} {each}" for each in sorted(set(gone) - set(here)))


def _moved(noun: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        if was is None:
            yield f"+ {noun} {name}: {now}"
        elif now is None:
            yield f"- {noun} {name}: {was}"
        else:
            yield f"! {noun} {name}: was {was}, the name means {now} now; make sure that this is meant"
