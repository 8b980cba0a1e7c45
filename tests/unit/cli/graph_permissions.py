"""The Graph permissions of the deployer: those that it holds, and those that are exactly needed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from entra_config.cli.demo.story import session
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.cli.ran import Run


@contextmanager
def holding(run: Run, tenant: Embedded, permissions: set[str]) -> Iterator[None]:
    """Let the deployer hold exactly these Graph permissions."""
    directory = tenant.directory.default
    deployer, graph = (
        directory.service_principal_by_app_id(each) for each in (seed.DEPLOYER_APP_ID, seed.GRAPH_APP_ID)
    )
    assert deployer
    assert graph
    before = directory.app_role_assignments.find("principalId", deployer["id"])
    for row in before:
        directory.app_role_assignments.remove(row["id"])
    for name in permissions:
        seed.assign_graph_role(directory, deployer, name)
    with run.signed_in(session(tenant)):
        yield
    for row in directory.app_role_assignments.find("principalId", deployer["id"]):
        directory.app_role_assignments.remove(row["id"])
    for row in before:
        directory.app_role_assignments.put(row)


def least(run: Run) -> set[str]:
    """Return what `permissions` says is exactly needed."""
    return set(json.loads(run("permissions", "-e", "dev", "--format", "json").out)["least"])
