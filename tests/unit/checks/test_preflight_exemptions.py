"""What no restriction of a tenant holds is not told: made before it, exempt, or with a policy of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from entra_config.manifest import loader
from tests.unit.checks.preflight_cases import (
    API,
    CASES,
    ON,
    ROOT,
    World,
    conflicts,
    of_applications,
    password,
)
from tests.world import NOW, apply

EXEMPT: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "made before": lambda entry: {
        **entry,
        "restrictForAppsCreatedAfterDateTime": (NOW + timedelta(days=1)).isoformat(),
    },
    "switched off": lambda entry: {**entry, "state": "disabled"},
    "another restriction": lambda entry: {**entry, "restrictionType": "symmetricKeyAddition"},
}


@pytest.mark.parametrize("how", EXEMPT, ids=str)
def test_what_a_restriction_does_not_hold_is_not_told(how: str, tmp_path: Path) -> None:
    """Made before its day, switched off, or another one: neither the plan says anything nor is anything
    refused.
    """
    entry = EXEMPT[how]({"restrictionType": "passwordAddition", **ON})
    world = World(tmp_path, CASES["secrets"].manifest, of_applications(passwordCredentials=[entry]))
    made = world.plan()
    assert conflicts(made) == []
    (error,) = world.refusals(made, "", "addPassword")
    assert error.code == ""


def test_a_policy_of_its_own_holds_instead(tmp_path: Path) -> None:
    """An application that has one is held to it alone: exempt from the default, or held to what the
    default leaves open.
    """
    case = CASES["audience of other tenants"]
    world = World(tmp_path, API, case.chosen)
    asyncio.run(apply(world.embedded, world.plan()))
    tenant = world.embedded.directory.default
    (app,) = [row for row in tenant.applications if row["displayName"] == "Api"]
    policy = {
        "id": "p1",
        "displayName": "Ours",
        "isEnabled": True,
        "deletedDateTime": None,
        "description": None,
    }
    (tmp_path / "entra-config.yaml").write_text(ROOT + case.manifest)
    world.manifest = loader.load(tmp_path, "dev")
    assert len(conflicts(world.plan())) == 1
    tenant.tables["appManagementPolicies"].put({**policy, "restrictions": {}})
    tenant.app_policies.add(app["id"], "p1")
    assert conflicts(world.plan()) == []
    world.embedded.directory.choose({"*": {"defaultAppManagementPolicy": {}}})
    own = {"applicationRestrictions": {"audiences": {"azureAdMultipleOrgs": ON}}}
    tenant.tables["appManagementPolicies"].put({**policy, "restrictions": own})
    assert len(conflicts(world.plan())) == 1


def test_an_exemption_that_nobody_looked_up_is_named(tmp_path: Path) -> None:
    """Where callers may be exempt by an attribute, the warning says so."""
    exempt = {"customSecurityAttributes": [{"id": "Set_Attribute", "operator": "equals", "value": "yes"}]}
    world = World(tmp_path, CASES["secrets"].manifest, password("passwordAddition", excludeActors=exempt))
    (warning,) = conflicts(world.plan())
    assert "unless who applies is exempt by a custom security attribute" in warning.message
