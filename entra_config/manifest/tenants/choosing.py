"""A fleet, the name of a tenant and where a manifest is, in; the shard that is meant out."""

from __future__ import annotations

from pathlib import Path

from entra_config.errors import UsageError
from entra_config.manifest.environments import source
from entra_config.manifest.environments.shard import Shard
from entra_config.manifest.reading.problems import listing, near
from entra_config.manifest.tenants.model import Fleet, FleetProject, FleetTenant, PlacedShard


def tenant(fleet: Fleet, name: str) -> FleetTenant:
    """Return a tenant by its name."""
    found = fleet.tenants.get(name)
    if found is None:
        raise UsageError(f"`{name}` is not a tenant of {fleet.path}.{near(name, fleet.tenants)}")
    return found


def shard(fleet: Fleet, name: str, manifest: Path, environment: str | None) -> Shard:
    """Return the project whose manifest that is, in a tenant."""
    where = tenant(fleet, name)
    root = source.locate(manifest).resolve()
    of_root = [each for each in fleet.projects.values() if each.root.resolve() == root]
    found = [each for each in of_root if environment in {None, each.environment}]
    if len(found) != 1:
        known = listing(f"{each.root} -e {each.environment}" for each in fleet.projects.values())
        which = "which project?" if found else "no project of the fleet:"
        chosen = f"{source.locate(manifest)}{f' -e {environment}' if environment else ''}"
        raise UsageError(f"{which} {chosen}; {fleet.path} has {known}")
    return _in(fleet, where, found[0])


def _in(fleet: Fleet, where: FleetTenant, project: FleetProject) -> Shard:
    if project.key not in where.projects:
        raise UsageError(
            f"`{project.key}` is not a project of tenant `{where.key}`; it has {listing(where.projects)}"
        )
    return fleet.shard(where, project)


def as_it_was(then: Fleet, shard: Shard) -> PlacedShard | None:
    """Return the same project in the same tenant as the fleet was then; None where there was none."""
    where, project = then.tenants.get(shard.tenant), then.projects.get(shard.project)
    if where is None or project is None or project.key not in where.projects:
        return None
    return then.place(where, project)


def named(fleet: Fleet, name: str) -> PlacedShard:
    """Return a shard by what the fleet calls it: `tenant/project`."""
    key, _, project = name.partition("/")
    where = fleet.tenants.get(key)
    if where is None or project not in where.projects:
        every = [each.shard.name for each in fleet.placed()]
        raise UsageError(f"`{name}` is not a shard of {fleet.path}: say TENANT/PROJECT.{near(name, every)}")
    return fleet.place(where, fleet.projects[project])
