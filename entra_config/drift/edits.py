"""Find what a manifest edits of pins and guards since a base."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from entra_config.errors import ManifestError

if TYPE_CHECKING:
    from entra_config.drift.fleet_base import FleetBase
    from entra_config.manifest.edits import Edits
    from entra_config.manifest.environments.pins import Lock
    from entra_config.manifest.environments.shard import Shard
    from entra_config.manifest.model import Manifest

    Side = tuple[Manifest, Lock]


def find_edits(
    manifest: Manifest, path: Path, base: str, placed: Shard | None = None, *, alike: bool = False
) -> Edits:
    """Return the edits of the manifest at `path` since `base`: a manifest in another folder, or a git
    revision of this one; for a tenant of a fleet the folder, file or revision of the fleet, whose own guards
    count too. `alike`: as plans of many tenants can share them, without what is told once of the whole fleet.
    """
    now = (manifest, _pins(manifest))
    if placed is not None:
        from entra_config.drift import fleet_base

        with fleet_base.at(placed.fleet, base) as before:
            return _of_shard(before, placed, now, alike=alike)
    with at(path, base) as there:
        folder = there if there.is_dir() else there.parent
        return _between(lambda: _of_environment(there, manifest.environment), now, (str(folder), base))


@contextmanager
def at(path: Path, base: str, placed: Shard | None = None) -> Iterator[Path]:
    """Yield where the manifest stands as it was: a manifest in another folder, or that of a git revision, of
    a fleet's tenant below the fleet's folder of then.
    """
    from entra_config.drift.base import manifest_at
    from entra_config.manifest.environments import source

    if placed is not None:
        from entra_config.drift import fleet_base

        root = source.locate(path).resolve()
        with fleet_base.at(placed.fleet, base) as before:
            yield before.path.parent / root.relative_to(placed.fleet.parent.resolve())
        return
    # A branch may have the name of a folder: only where a manifest stands, a folder is meant.
    if source.locate(Path(base)).is_file():
        yield Path(base)
        return
    with manifest_at(path, base) as (there, _):
        yield there


def _shared(found: Edits) -> Edits:
    """Return edits in words that tenants share: a pin has another id in each, so that one leads elsewhere
    than before is told as a guard. New pins are what `fleet lock` has reviewed.
    """
    from entra_config.manifest.guards import Guard

    moved = any(each.before is not None and each.before.id != each.after.id for each in found.names)
    trusted = any(each.after.trusted - each.before.trusted for each in found.applications)
    others = any(
        each.before.app_id and each.before.app_id != each.after.app_id for each in found.applications
    )
    said = {
        "a name is pinned to another object than before": moved,
        "an application is pinned to another one than before": others,
        "owners or credentials of an application are accepted": trusted,
        "an application that was rejected is rejected no more": bool(found.candidates),
    }
    pins = (Guard(f"lock file: {text}") for text, so in said.items() if so)
    return replace(found, guards=(*found.guards, *pins), names=(), applications=(), candidates=(), gone=0)


def _of_environment(path: Path, name: str) -> Side | None:
    from entra_config.manifest import loader

    if name not in loader.environments(path):
        return None
    before = loader.load(path, name)
    return before, _pins(before)


def _of_shard(base: FleetBase, shard: Shard, now: Side, *, alike: bool) -> Edits:
    from entra_config.manifest import loader
    from entra_config.manifest.guards import Guard
    from entra_config.manifest.tenants import choosing, guards, reading

    if base.fleet is None:
        found = _between(lambda: None, now)
        if alike:
            return _shared(found)
        return replace(found, guards=(Guard(f"{base.reason}, so all of it counts as new"), *found.guards))
    was = choosing.as_it_was(base.fleet, shard)

    def before() -> Side | None:
        if was is None:
            return None
        manifest = loader.load(was.project.root, shard=was.shard)
        return manifest, _pins(manifest)

    found = _between(before, now)
    fleet = reading.read(shard.fleet)
    if alike:
        shared = _shared(found)
        return replace(shared, guards=(*guards.of_shard(base.fleet, fleet, shard), *shared.guards))
    return replace(found, guards=(*guards.lowered(base.fleet, fleet, shard), *found.guards))


def _between(before: Callable[[], Side | None], now: Side, moved: tuple[str, str] = ("", "")) -> Edits:
    """Return the edits of a manifest; `moved`: the folder in which its base was read, and the base's name."""
    from entra_config.manifest import edits, guards

    try:
        return edits.between(before(), now)
    except ManifestError as error:
        # A change that mends it must be possible: whatever it says counts as new.
        found = edits.between(None, now)
        problem = str(error.problems[0])
        if moved[0]:
            problem = problem.replace(f"{moved[0]}/", f"{moved[1]}:")
        reported = guards.Guard(
            f"the manifest of the base is not valid, so all of this one counts as new: {problem}"
        )
        return replace(found, guards=(reported, *found.guards))


def _pins(manifest: Manifest) -> Lock:
    from entra_config.manifest import loader
    from entra_config.manifest.environments import lock
    from entra_config.manifest.reading.problems import Problems

    return lock.read(loader.pins_path(manifest), Problems())
