"""Who may consent to delegated permissions, and what a consent writes."""

from __future__ import annotations

from entra_emulator import seed
from entra_emulator.login import consent
from entra_emulator.login.parties import Party
from tests.conformance.login.login_world import World
from tests.unit.emulator.login.seen import party


def test_roles_that_a_client_asks_for_are_assigned_once() -> None:
    """Those that it holds stay, scopes are none, and a resource that is not there is left out."""
    world = World()
    roles = [seed.fixed_id("api", "role", label) for label in ("Reader", "Writer", "Admin")]
    access = [{"id": each, "type": "Role"} for each in roles]
    access.append({"id": seed.fixed_id("api", "user.read"), "type": "Scope"})
    entries = [
        {"resourceAppId": seed.FABRIKAM, "resourceAccess": access},
        {"resourceAppId": world.app_ids["api"], "resourceAccess": access},
    ]
    world.set("daemon", requiredResourceAccess=entries)
    world.assign("app:daemon", "api", "Writer")
    client = party(world, "daemon")
    made = consent.assign(world.service, world.tenant, client)
    assert [row["appRoleId"] for row, _ in made] == sorted({roles[0], roles[2]})
    for row, resource in made:
        assert resource == world.principal("api")
        assert world.tenant.app_role_assignments.get(row["id"]) == row
        assert (row["principalId"], row["principalType"]) == (client.id, "ServicePrincipal")
        assert row["createdDateTime"] == "2026-01-01T00:00:00Z"
    assert consent.assign(world.service, world.tenant, client) == []
    assert consent.assign(world.service, world.tenant, Party("x", {"requiredResourceAccess": None}, {})) == []
