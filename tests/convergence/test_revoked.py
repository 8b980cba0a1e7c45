"""The consent goes first, the request after it and only then: killed or refused in between, the next plan
still knows.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from entra_config.graph import batch
from entra_config.manifest.model import Manifest
from entra_emulator.fault_plan import FaultPlan, FaultRule
from tests.convergence.tenant import Tenant, killed, load

SCOPES = {"read": {"displayName": "Read", "description": "Reads.", "whoCanConsent": "admins"}}
ROLES = {"Job": {"displayName": "Job", "description": "Runs.", "allowedMemberTypes": ["Application"]}}
WITH = {"api": {"delegated": ["read"], "application": ["Job"], "adminConsent": True}}


def manifest(folder: Path, permissions: dict[str, Any]) -> Manifest:
    """Load an API and a client of it with these permissions."""
    api = {"type": "api", "displayName": "API", "scopes": SCOPES, "appRoles": ROLES}
    client = {"type": "application", "displayName": "Client", "apiPermissions": permissions}
    return load(folder, {"applications": {"api": api, "client": client}})


def requested(tenant: Tenant) -> int:
    """Return how many permissions the client requests."""
    (client,) = [row for row in tenant.applications() if row["displayName"] == "Client"]
    return sum(len(each["resourceAccess"]) for each in client["requiredResourceAccess"])


def held(tenant: Tenant) -> int:
    """Return how many permissions of the API anybody holds."""
    ours = {row["id"] for row in tenant.tables.service_principals if row["displayName"] in {"API", "Client"}}
    roles = [row for row in tenant.tables.app_role_assignments if row["resourceId"] in ours]
    return len(roles) + sum(row["clientId"] in ours for row in tenant.tables.oauth2_permission_grants)


def prepared(start: Manifest) -> Tenant:
    """Make a tenant in which the client has all that it requests."""
    tenant = Tenant()
    assert asyncio.run(tenant.converge(start)).complete
    assert (requested(tenant), held(tenant)) == (2, 2)
    return tenant


@pytest.mark.parametrize("phase", ["before", "after"])
def test_story_12_killed_at_any_call_the_tenant_still_remembers(
    phase: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as anything is held the request is there, and the next apply takes both away."""
    monkeypatch.setattr(batch, "LIMIT", 1)
    start, goal = manifest(tmp_path, WITH), manifest(tmp_path, {})
    for call in range(1, 50):
        tenant = prepared(start)
        tenant.kill_at(call, phase)
        was_killed = killed(lambda tenant=tenant: tenant.converge(goal))
        assert not held(tenant) or requested(tenant) == 2
        tenant.faults.on_call = None
        assert asyncio.run(tenant.converge(goal)).complete
        assert (requested(tenant), held(tenant)) == (0, 0)
        if not was_killed:
            return
    raise AssertionError("the apply never ended by itself")


@pytest.mark.parametrize("refused", ["oauth2PermissionGrants/", "appRoleAssignedTo/"])
def test_story_12_a_refused_removal_keeps_the_request(refused: str, tmp_path: Path) -> None:
    """The apply fails, the request stays, and the next plan says the same again."""
    start, goal = manifest(tmp_path, WITH), manifest(tmp_path, {})
    tenant = prepared(start)
    rule = FaultRule(
        "respond", method="DELETE", path=refused, times=None, status=403, code="Authorization_RequestDenied"
    )
    tenant.faults.set(FaultPlan(rules=[rule]))
    outcome = asyncio.run(tenant.converge(goal))

    assert not outcome.complete
    assert (requested(tenant), held(tenant)) == (2, 1)
    kinds = {change.before.address.kind for change in asyncio.run(tenant.pending(goal))}
    assert "application" in kinds
    assert kinds & {"appRoleAssignment", "permissionGrant"}
    assert asyncio.run(tenant.converge(goal)).complete
    assert (requested(tenant), held(tenant)) == (0, 0)
