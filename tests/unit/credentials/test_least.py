"""With just the permissions that `permissions` lists a secret is rotated; each is missed by name when it
is taken away.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from entra_emulator import seed
from tests.unit.credentials.ground import World, by_hand


@contextmanager
def holding(world: World, permissions: set[str]) -> Iterator[None]:
    """Let the deployer hold exactly these Graph permissions."""
    directory = world.tenant.directory.default
    deployer = directory.service_principal_by_app_id(seed.DEPLOYER_APP_ID)
    assert deployer
    before = directory.app_role_assignments.find("principalId", deployer["id"])
    for row in before:
        directory.app_role_assignments.remove(row["id"])
    for name in permissions:
        seed.assign_graph_role(directory, deployer, name)
    yield
    for row in directory.app_role_assignments.find("principalId", deployer["id"]):
        directory.app_role_assignments.remove(row["id"])
    for row in before:
        directory.app_role_assignments.put(row)


def least(world: World) -> set[str]:
    """Return what `permissions` says is exactly needed; rotating is among what it is for."""
    document = json.loads(world.ok("permissions", "--format", "json").out)
    assert "credentials" in [each["name"] for each in document["writing"]]
    return set(document["least"])


def test_with_just_the_listed_permissions_it_passes(world: World) -> None:
    """Made, replaced, listed, taken away; of last uses nobody told."""
    made = by_hand(world)
    with holding(world, least(world)):
        world.run("credentials", "rotate", "web")
        assert "last use: nobody told; it takes AuditLog.Read.All" in world.ok("credentials").err
        world.ok("credentials", "remove", "web", made, "--auto-approve")
        world.pass_days(80)
        world.run("credentials", "rotate", "--due")
    assert len(world.keys) == 2


@pytest.mark.parametrize("missing", ["Application.ReadWrite.OwnedBy", "Directory.Read.All"])
def test_each_is_missed_by_name(world: World, missing: str) -> None:
    """Taken away in turn, nothing is made, and the message names it."""
    names = least(world)
    assert missing in names
    with holding(world, names - {missing}):
        ran = world.run("credentials", "rotate", "web")
    assert ran.code == 1
    assert missing in ran.out + ran.err
    assert world.keys == []


def test_last_uses_with_the_permission(world: World) -> None:
    """AuditLog.Read.All besides, and the tenant tells."""
    world.run("credentials", "rotate", "web")
    with holding(world, least(world) | {"AuditLog.Read.All"}):
        assert "last used" in world.ok("credentials").out
