"""Lock files whose tenant the fleet does not have any more, or does not give that project."""

from __future__ import annotations

from pathlib import Path

from entra_config.errors import Position
from entra_config.manifest.environments import lock
from entra_config.manifest.tenants.model import Fleet, FleetLayer, FleetProject, FleetTenant
from entra_fleet.run import left


def _tenant(key: str, *projects: str) -> FleetTenant:
    place = Position("fleet.yaml", 1)
    return FleetTenant(
        key, "00000000-0000-4000-8000-000000000001", frozenset(), projects, FleetLayer(key), place
    )


def test_a_lock_file_is_left_without_its_tenant_or_its_project(tmp_path: Path) -> None:
    """Those of shards that are there, and of other environments, are not."""
    roots = {key: tmp_path / key / "entra-config.yaml" for key in ("shop", "pay")}
    projects = {key: FleetProject(key, root, "prod", f"{key}/prod") for key, root in roots.items()}
    for root in roots.values():
        folder = lock.folder_of(root, "prod")
        folder.mkdir(parents=True)
        for tenant in ("north", "south", "gone"):
            (folder / f"{tenant}.lock.yaml").touch()
    tenants = {"north": _tenant("north", "shop", "pay"), "south": _tenant("south", "pay")}
    found = list(left.lock_files(Fleet(tmp_path / "fleet.yaml", projects, tenants)))
    assert [path.relative_to(tmp_path).parts[0] + "/" + path.name.partition(".")[0] for path in found] == [
        "shop/gone",
        "shop/south",
        "pay/gone",
    ]
