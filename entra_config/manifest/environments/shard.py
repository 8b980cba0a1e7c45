"""What a fleet says of one project in one of its tenants, as the rest of the engine takes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from entra_config.errors import Position
from entra_config.manifest.reading.node import Map


@dataclass(frozen=True, slots=True)
class ShardLayer:
    """Variables and overrides that one place of a fleet's files says; `name` is what that place is called."""

    name: str
    variables: Map = field(default_factory=Map)
    overrides: Map = field(default_factory=Map)


@dataclass(frozen=True, slots=True)
class Shard:
    """One project of a fleet in one of its tenants.

    `layers` go on top of the environment's own variables and overrides, in order; `kind` and `client_id` are
    how it signs in. `restricted` are the fleet's files that have a `mayDeclare`: nothing that makes something
    trusted comes out of them.
    """

    fleet: Path
    project: str
    environment: str
    tenant: str
    tenant_id: str
    kind: str
    client_id: str
    layers: tuple[ShardLayer, ...]
    position: Position
    restricted: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Return what the fleet calls it: `tenant/project`."""
        return f"{self.tenant}/{self.project}"
