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
from entra_config.manifest.fields.fleet_records import TENANTS
from entra_config.manifest.guards import Guard
from entra_config.manifest.tenants import restricted
from entra_config.manifest.tenants.model import SHARES, Fleet, FleetLimits, Wave
from entra_config.manifest.widened import files_widened

Patterns = tuple[tuple[str, ...], ...]
_FAILED = "failed_tenants"


def lowered(old: Fleet, new: Fleet, shard: Shard) -> Iterator[Guard]:
    """Yield each guard of a shard that is lower than it was; a tenant or project that is new has no wave and
    no order that it could have lost.
    """
    tenant, before = new.tenants[shard.tenant], old.tenants.get(shard.tenant)
    yield from map(Guard, _limits(old, new))
    yield from map(Guard, _waves(old, new))
    if before is not None and new.wave_of(tenant) < old.wave_of(before):
        yield Guard(f"the tenant is in wave {new.wave_of(tenant)}, and was in wave {old.wave_of(before)}")
    yield from map(Guard, _project(old, new, shard.project))
    yield from of_shard(old, new, shard)
    yield from map(Guard, _files(old, new, shard.tenant))


def of_shard(old: Fleet, new: Fleet, shard: Shard) -> Iterator[Guard]:
    """Yield what moves the hash of a shard, and is said in the fleet's files: who signs in."""
    before, tenant = old.tenants.get(shard.tenant), new.tenants[shard.tenant]
    signed, signs = old.credential_of(before) if before is not None else None, new.credential_of(tenant)
    if signed is not None and signs is not None and signed != signs:
        yield Guard(
            f"{signs.client_id} signs in by {signs.kind}, and was {signed.client_id} by {signed.kind}",
            shard.position,
        )


def of_fleet(old: Fleet, new: Fleet) -> Iterator[str]:
    """Yield what is lowered by the fleet's files alone, in words: no shard's hash moves with it, so that no
    plan tells it.
    """
    yield from _limits(old, new)
    yield from _waves(old, new)
    earlier = [
        key
        for key, tenant in new.tenants.items()
        if key in old.tenants and new.wave_of(tenant) < old.wave_of(old.tenants[key])
    ]
    if earlier:
        more = f" (and {len(earlier) - 1} more)" if len(earlier) > 1 else ""
        yield f"in an earlier wave than before: {earlier[0]}{more}"
    for key in new.projects:
        yield from _project(old, new, key)
    yield from _files(old, new)


def _limits(old: Fleet, new: Fleet) -> Iterator[str]:
    for limit in fields(FleetLimits):
        was, now = getattr(old.limits, limit.name), getattr(new.limits, limit.name)
        if now > was:
            yield f"`limits` of {new.path.name}: {_limit(limit.name, was, now)}"


def _limit(name: str, was: int, now: int) -> str:
    if name == _FAILED:
        return f"failedTenants {was * 100 / SHARES:g}% → {now * 100 / SHARES:g}%"
    return f"{name} {was} → {now}"


def _waves(old: Fleet, new: Fleet) -> Iterator[str]:
    if old.waves != new.waves:
        was, now = (", ".join(map(_wave, each.waves)) for each in (old, new))
        yield f"`waves` of {new.path.name}: {now}; they were {was}"


def _wave(wave: Wave) -> str:
    return f"{wave.percent}%" if wave.percent else "the rest" if wave.rest else " or ".join(sorted(wave.tags))


def _project(old: Fleet, new: Fleet, project: str) -> Iterator[str]:
    was, now = old.projects.get(project), new.projects[project]
    if was is not None and was.owner != now.owner:
        yield f"{project} is {now.owner}, and was {was.owner}: what is ours has another mark"
    for key in sorted(_first(old, project) - _first(new, project)):
        yield f"{key} comes no longer before {project}"


def _first(fleet: Fleet, project: str) -> set[str]:
    return {key for key, each in fleet.projects.items() if project in each.before}


def _files(old: Fleet, new: Fleet, tenant: str | None = None) -> Iterator[str]:
    """Yield what files may say more, those with the same change together: a thousand tenants' files are of
    one entry. Of a tenant: another one's own file is another review.
    """
    before = {_name(old, file): each for file, each in old.restrictions.items()}
    together: dict[tuple[Patterns | None, Patterns], list[str]] = {}
    for file, several in new.restrictions.items():
        filled = [restricted.named(PathRestriction(each), file) for each in several]
        if tenant is None or all(each.reaches((TENANTS, tenant)) for each in filled):
            together.setdefault((before.get(_name(new, file)), several), []).append(_shown(new, file))
    for (was, now), names in together.items():
        others = len(set(names)) - 1
        name = f"{min(names)} (and {others} more)" if others else names[0]
        yield from files_widened({} if was is None else {name: was}, {name: now})


def _shown(fleet: Fleet, file: Path) -> str:
    """Return the name of a file, with `${file}` in it where its restrictions have that."""
    name = _name(fleet, file)
    own = any(restricted.FILE in each for each in chain(*fleet.restrictions[file]))
    return name.removesuffix(file.name) + restricted.FILE + file.suffix if own else name


def _name(fleet: Fleet, file: Path) -> str:
    return file.relative_to(fleet.path.parent).as_posix()
