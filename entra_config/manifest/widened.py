"""The path restrictions of a manifest's files as they were and as they are in; which files may declare more
than before out, in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from entra_config.manifest.environments.path_restriction import PathRestriction
from entra_config.manifest.model import Manifest

Restrictions = Mapping[str, tuple[tuple[str, ...], ...]]


def widened(old: Manifest, new: Manifest) -> Iterator[str]:
    """Yield each file of the manifest that is restricted less or is new without a path restriction, and each
    file of tests that is restricted less.

    A new file of tests lowers no guard, unless each one had a path restriction: which tests a change adds is
    told with the tests.
    """
    yield from files_widened(_named(old, old.path_restrictions), _named(new, new.path_restrictions))
    before, after = _named(old, old.test_restrictions), _named(new, new.test_restrictions)
    every = bool(before) and all(before.values())
    yield from files_widened(
        before,
        {
            name: path_restrictions
            for name, path_restrictions in after.items()
            if name in before or (every and not path_restrictions)
        },
    )


def files_widened(before: Restrictions, after: Restrictions) -> Iterator[str]:
    """Yield each file that is restricted less, or is new: by name, with the patterns of its restrictions."""
    for name, path_restrictions in sorted(after.items()):
        was = before.get(name)
        if was is None or was:
            yield from _file(name, was, path_restrictions)


def _file(
    name: str, was: tuple[tuple[str, ...], ...] | None, path_restrictions: tuple[tuple[str, ...], ...]
) -> Iterator[str]:
    if not path_restrictions:
        yield (
            f"{name} {'is new, and' if was is None else 'is no longer restricted: it'} may declare everything"
        )
        return
    old = [PathRestriction(each) for each in was or ()]
    # With several path restrictions a key must be in each of them: what one withheld, one that is as narrow
    # has to hold back now.
    lost = [
        each
        for each in old
        if not any(
            all(_covers(each, pattern) for pattern in path_restriction)
            for path_restriction in path_restrictions
        )
    ]
    if was is not None and not lost:
        return
    listed = {pattern for path_restriction in path_restrictions for pattern in path_restriction}
    if more := sorted(pattern for pattern in listed if not any(_covers(each, pattern) for each in old)):
        yield f"{name} may declare {', '.join(more)}"
        return
    yield from (f"{name} is no longer held to {', '.join(each.patterns)}" for each in lost)


def _covers(path_restriction: PathRestriction, pattern: str) -> bool:
    # A star fits only a star, so what a pattern may match, the one that it fits may match too.
    return path_restriction.allows(tuple(pattern.split("/")))


def _named(manifest: Manifest, path_restrictions: Restrictions) -> Restrictions:
    """Return the path restrictions of each file by its name below the root file's folder: the two sides stand
    in two places.
    """
    folder = Path(manifest.root).parent
    return {Path(file).relative_to(folder).as_posix(): each for file, each in path_restrictions.items()}
