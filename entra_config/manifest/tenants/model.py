"""A fleet as its files say it: projects, tenants, what they have alike, and in which order they are applied
to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from entra_config.errors import Position
from entra_config.manifest.environments.shard import Shard, ShardLayer
from entra_config.manifest.reading.node import Map

SHARES = 10_000  # of how many parts `percent` draws: a hundredth of a percent


@dataclass(frozen=True, slots=True)
class FleetCredential:
    """Who signs in, and where the proof comes from."""

    kind: str
    client_id: str


@dataclass(frozen=True, slots=True)
class FleetProject:
    """A project: the root file of its manifest, the environment of it, and the owner's mark."""

    key: str
    root: Path
    environment: str
    owner: str
    before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FleetLayer:
    """What one place says of tenants: variables, overrides by project, and perhaps who signs in."""

    name: str
    tags: frozenset[str] = frozenset()
    variables: Map = field(default_factory=Map)
    overrides: Mapping[str, Map] = field(default_factory=dict)
    credential: FleetCredential | None = None

    def of(self, project: str) -> ShardLayer:
        """Return the layer as one project sees it."""
        return ShardLayer(self.name, self.variables, self.overrides.get(project, Map()))


@dataclass(frozen=True, slots=True)
class FleetTenant:
    """A tenant, with its own layer."""

    key: str
    tenant_id: str
    tags: frozenset[str]
    projects: tuple[str, ...]
    own: FleetLayer
    position: Position


@dataclass(frozen=True, slots=True)
class Wave:
    """Who is applied to together: by tags, by a share of what is left, or all that is left."""

    tags: frozenset[str] = frozenset()
    percent: int = 0

    @property
    def rest(self) -> bool:
        """Tell whether it is of all that are left."""
        return not self.tags and not self.percent


@dataclass(frozen=True, slots=True)
class FleetLimits:
    """What one approval may take away, over all of its tenants; of how many tenants of a wave an apply may
    fail before the next one starts, in hundredths of a percent.
    """

    failed_tenants: int = 200
    people: int = 50
    applications: int = 20
    deleted: int = 0


@dataclass(frozen=True, slots=True)
class Fleet:
    """All that a fleet's files say. `restricted` are those that have a `mayDeclare`, by name; `restrictions`
    are the patterns of each file, `${file}` as it stands there.
    """

    path: Path
    projects: Mapping[str, FleetProject]
    tenants: Mapping[str, FleetTenant]
    layers: tuple[FleetLayer, ...] = ()
    credential: FleetCredential | None = None
    waves: tuple[Wave, ...] = (Wave(),)
    limits: FleetLimits = FleetLimits()
    restricted: frozenset[str] = frozenset()
    restrictions: Mapping[Path, tuple[tuple[str, ...], ...]] = field(default_factory=dict)

    def layers_of(self, tenant: FleetTenant) -> tuple[FleetLayer, ...]:
        """Return the layers of a tenant in order, its own last."""
        return (*(each for each in self.layers if each.tags <= tenant.tags), tenant.own)

    def credential_of(self, tenant: FleetTenant) -> FleetCredential | None:
        """Return who signs in to a tenant: what its last layer says, else the fleet."""
        said = [each.credential for each in self.layers_of(tenant) if each.credential is not None]
        return said[-1] if said else self.credential

    def wave_of(self, tenant: FleetTenant) -> int:
        """Return the number of a tenant's wave, from 1.

        It is decided by tags, else by a hash of the tenant's id: another tenant that comes or goes changes
        none.
        """
        for number, wave in enumerate(self.waves, 1):
            if wave.tags & tenant.tags:
                return number
        drawn = int(hashlib.sha256(tenant.tenant_id.encode()).hexdigest(), 16) % SHARES
        below = 0
        for number, wave in enumerate(self.waves, 1):
            below += wave.percent * SHARES // 100
            if wave.rest or (wave.percent and drawn < below):
                return number
        return len(self.waves)

    def shard(self, tenant: FleetTenant, project: FleetProject) -> Shard:
        """Return one project in one tenant, as the rest of the engine takes it."""
        credential = self.credential_of(tenant)
        return Shard(
            fleet=self.path,
            project=project.key,
            environment=project.environment,
            tenant=tenant.key,
            tenant_id=tenant.tenant_id,
            kind=credential.kind if credential is not None else "",
            client_id=credential.client_id if credential is not None else "",
            layers=tuple(each.of(project.key) for each in self.layers_of(tenant)),
            position=tenant.position,
            restricted=self.restricted,
        )

    def place(self, tenant: FleetTenant, project: FleetProject) -> PlacedShard:
        """Return one project in one tenant with what it is chosen by."""
        return PlacedShard(self.shard(tenant, project), project, tenant.tags, self.wave_of(tenant))

    def placed(self) -> Iterator[PlacedShard]:
        """Yield every shard: wave by wave, tenants as the files have them, projects of a tenant in order."""
        waves = {key: self.wave_of(tenant) for key, tenant in self.tenants.items()}
        ordered = self.ordered()
        for number in range(1, len(self.waves) + 1):
            for key, tenant in self.tenants.items():
                if waves[key] == number:
                    for project in ordered:
                        if project.key in tenant.projects:
                            yield PlacedShard(self.shard(tenant, project), project, tenant.tags, number)

    def ordered(self) -> Sequence[FleetProject]:
        """Return the projects so that each stands after those that come before it."""
        found: list[FleetProject] = []
        left = dict(self.projects)
        while left:
            later = {key for project in left.values() for key in project.before}
            ready = next((key for key in left if key not in later), next(iter(left)))
            found.append(left.pop(ready))
        return found


@dataclass(frozen=True, slots=True)
class PlacedShard:
    """A shard with what it is chosen by: its project, tags and wave."""

    shard: Shard
    project: FleetProject
    tags: frozenset[str]
    wave: int
