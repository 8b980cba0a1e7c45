"""A fleet in; the lock files that no tenant of it has any more, out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from entra_config.manifest.environments import lock
from entra_config.manifest.tenants.model import Fleet


def lock_files(fleet: Fleet) -> Iterator[Path]:
    """Yield each lock file of a project whose tenant is not in the fleet, or does not have the project."""
    for project in fleet.projects.values():
        for path, (_, tenant) in lock.of_fleet(project.root, project.environment).items():
            known = fleet.tenants.get(tenant)
            if known is None or project.key not in known.projects:
                yield path
