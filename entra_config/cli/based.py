"""The common options and `--base` in; what a manifest edits of pins and guards since then out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from entra_config.cli import wiring
from entra_config.cli.options import Common
from entra_config.errors import ManifestError

if TYPE_CHECKING:
    from entra_config.manifest.edits import Edits
    from entra_config.manifest.environments.pins import Lock
    from entra_config.manifest.model import Manifest


def edits(common: Common, manifest: Manifest, base: str) -> Edits:
    """Return the edits since `base`: a manifest in another folder, or a git revision of this one."""
    wiring.unplaced(
        common, "what an edit lowers of fleet.yaml's own limits, waves and mayDeclare would not be told"
    )
    with at(common, base) as there:
        assert there is not None  # a base was named
        return _since(there, (manifest, _pins(common.manifest, manifest.environment)))


@contextmanager
def at(common: Common, base: str | None) -> Iterator[Path | None]:
    """Yield where the manifest stands as it was: a manifest in another folder, or that of a git revision;
    None without a base.
    """
    if base is None:
        yield None
        return
    from entra_config.drift.base import manifest_at
    from entra_config.manifest.environments import source

    # A branch may have the name of a folder: only where a manifest stands, a folder is meant.
    if source.locate(Path(base)).is_file():
        yield Path(base)
        return
    with manifest_at(common.manifest, base) as (there, _):
        yield there


def _since(path: Path, now: tuple[Manifest, Lock]) -> Edits:
    from entra_config.manifest import edits, guards, loader

    name = now[0].environment
    try:
        known = name in loader.environments(path)
        before = (loader.load(path, name), _pins(path, name)) if known else None
    except ManifestError as error:
        # A change that mends it must be possible: whatever it says counts as new.
        found = edits.between(None, now)
        reported = guards.Guard(
            f"what was there does not hold, so all of it counts as new: {error.problems[0]}"
        )
        return replace(found, guards=(reported, *found.guards))
    return edits.between(before, now)


def _pins(path: Path, environment: str) -> Lock:
    from entra_config.manifest import loader
    from entra_config.manifest.environments import lock
    from entra_config.manifest.reading.problems import Problems

    return lock.read(loader.lock_path(path, environment), Problems())
