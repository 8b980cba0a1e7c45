"""A fleet as it was and as it is in, for one of its shards; which guards of the fleet's own files a change
lowers out. The words are alike for all tenants of which the same is so: plans of one kind share them.

guard                         lowered where
limits                        one is raised
waves                         they are others, or the tenant is in an earlier one
who signs in                  another client, or the proof comes from elsewhere
the project                   its objects bear another mark, or a project comes no longer before it
a path restriction            as in a manifest: of the files that may say something of the tenant
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from itertools import chain
from pathlib import Path

from entra_config.manifest.environments.path_restriction import PathRestriction
from entra_config.manifest.environments.shard import Shard
from entra_config.manifest.fleet import reading, restricted
from entra_config.manifest.fleet.model import SHARES, Fleet, FleetLimits, FleetTenant, Wave
from entra_config.manifest.guards import Guard
from entra_config.manifest.widened import files_widened

Patterns = tuple[tuple[str, ...], ...]
_FAILED = "failed_tenants"


def lowered(old: Fleet, new: Fleet, shard: Shard) -> Iterator[Guard]:
    """Yield each guard of a shard that is lower than it was; a tenant or project that is new has no wave and
    no order that it could have lost.
    """
    name, tenant = new.path.name, new.tenants[shard.tenant]
    for limit in fields(FleetLimits):
        was, now = getattr(old.limits, limit.name), getattr(new.limits, limit.name)
        if now > was:
            yield Guard(f"`limits` of {name}: {_limit(limit.name, was, now)}")
    yield from map(Guard, _waves(old, new, tenant))
    yield from map(Guard, _project(old, new, shard))
    before = old.tenants.get(shard.tenant)
    signed, signs = old.credential_of(before) if before is not None else None, new.credential_of(tenant)
    if signed is not None and signs is not None and signed != signs:
        yield Guard(
            f"{signs.client_id} signs in by {signs.kind}, and was {signed.client_id} by {signed.kind}",
            shard.position,
        )
    yield from map(Guard, _files(old, new, shard.tenant))


def _limit(name: str, was: int, now: int) -> str:
    if name == _FAILED:
        return f"failedTenants {was * 100 / SHARES:g}% → {now * 100 / SHARES:g}%"
    return f"{name} {was} → {now}"


def _waves(old: Fleet, new: Fleet, tenant: FleetTenant) -> Iterator[str]:
    if old.waves != new.waves:
        was, now = (", ".join(map(_wave, each.waves)) for each in (old, new))
        yield f"`waves` of {new.path.name}: {now}; they were {was}"
    before = old.tenants.get(tenant.key)
    if before is not None and new.wave_of(tenant) < old.wave_of(before):
        yield f"the tenant is in wave {new.wave_of(tenant)}, and was in wave {old.wave_of(before)}"


def _wave(wave: Wave) -> str:
    return f"{wave.percent}%" if wave.percent else "the rest" if wave.rest else " or ".join(sorted(wave.tags))


def _project(old: Fleet, new: Fleet, shard: Shard) -> Iterator[str]:
    was, now = old.projects.get(shard.project), new.projects[shard.project]
    if was is not None and was.owner != now.owner:
        yield f"{shard.project} is {now.owner}, and was {was.owner}: what is ours has another mark"
    for key in sorted(_first(old, shard.project) - _first(new, shard.project)):
        yield f"{key} comes no longer before {shard.project}"


def _first(fleet: Fleet, project: str) -> set[str]:
    return {key for key, each in fleet.projects.items() if project in each.before}


def _files(old: Fleet, new: Fleet, tenant: str) -> Iterator[str]:
    """Yield what files may say more of a tenant, those with the same change together: a thousand tenants'
    files are of one entry, and another tenant's own is another review.
    """
    before = {_name(old, file): each for file, each in old.restrictions.items()}
    together: dict[tuple[Patterns | None, Patterns], list[str]] = {}
    for file, several in new.restrictions.items():
        filled = [restricted.named(PathRestriction(each), file) for each in several]
        if all(each.reaches((reading.TENANTS, tenant)) for each in filled):
            name = _name(new, file)
            own = file.stem == tenant and any(restricted.FILE in each for each in chain(*several))
            shown = name.removesuffix(file.name) + restricted.FILE + file.suffix if own else name
            together.setdefault((before.get(name), several), []).append(shown)
    for (was, now), names in together.items():
        more = f" (and {len(names) - 1} more)" if len(names) > 1 else ""
        name = f"{min(names)}{more}"
        yield from files_widened({} if was is None else {name: was}, {name: now})


def _name(fleet: Fleet, file: Path) -> str:
    return file.relative_to(fleet.path.parent).as_posix()
