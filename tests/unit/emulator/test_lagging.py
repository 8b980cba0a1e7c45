"""Random writes under lag, conflicts and throttling leave a consistent directory."""

import asyncio
import random
from typing import Any

import httpx
import pytest

from entra_emulator import seed
from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded
from entra_emulator.fault_plan import FaultPlan
from entra_emulator.faults import Faults

ROLE = {"id": "11111111-2222-4333-8444-555555555555", "value": "R", "displayName": "R", "description": "d"}


class Walk:
    """A random walk: what was made is what later steps take hold of, dead or alive."""

    def __init__(self, client: httpx.AsyncClient, chance: random.Random) -> None:
        self.client, self.chance = client, chance
        self.made: dict[str, list[dict[str, Any]]] = {
            "applications": [],
            "servicePrincipals": [],
            "oauth2PermissionGrants": [],
        }

    async def step(self, number: int) -> httpx.Response | None:
        """Send one random request."""
        apps, principals, grants = (self.made[name] for name in self.made)
        role = {**ROLE, "allowedMemberTypes": ["User", "Application"], "isEnabled": True}
        if not apps or self.chance.random() < 0.2:
            return await self._make(
                "applications", {"displayName": "a", "uniqueName": f"u{number % 20}", "appRoles": [role]}
            )
        app = self.chance.choice(apps)
        if not principals or self.chance.random() < 0.2:
            return await self._make("servicePrincipals", {"appId": app["appId"]})
        one, other = self.chance.choice(principals), self.chance.choice(principals)
        ends = {"principalId": other["id"], "resourceId": one["id"], "appRoleId": ROLE["id"]}
        grant = {
            "clientId": other["id"],
            "resourceId": one["id"],
            "consentType": "AllPrincipals",
            "scope": "x",
        }
        target = self.chance.choice(
            [
                ("applications", app),
                ("servicePrincipals", one),
                *(("oauth2PermissionGrants", g) for g in grants[:1]),
            ]
        )
        match self.chance.randrange(6):
            case 0:
                return await self.client.delete(f"/{target[0]}/{target[1]['id']}")
            case 1:
                return await self.client.post(f"/directory/deletedItems/{target[1]['id']}/restore")
            case 2:
                return await self.client.delete(f"/directory/deletedItems/{target[1]['id']}")
            case 3:
                return await self.client.post(f"/servicePrincipals/{one['id']}/appRoleAssignedTo", json=ends)
            case 4:
                return await self._make("oauth2PermissionGrants", grant)
        return await self.client.patch(f"/applications/{app['id']}", json={"notes": str(number)})

    async def _make(self, table: str, body: dict[str, Any]) -> httpx.Response:
        response = await self.client.post(f"/{table}", json=body)
        if response.status_code == 201:
            self.made[table].append(response.json())
        return response


@pytest.mark.parametrize("number", range(6))
def test_directory_stays_consistent(number: int) -> None:
    """No request fails the emulator, no name is held twice, no assignment or grant has a dead end."""
    clock, chance = ManualClock(), random.Random(number)
    plan = FaultPlan(seed=number, lag={"*": 20}, list_lag={"*": 40}, conflict_rate=0.05)
    embedded = Embedded.create(seed=str(number), clock=clock, faults=Faults(plan))

    async def run() -> set[int]:
        statuses = set()
        async with embedded.client(embedded.app_caller(seed.ADMIN_APP_ID)) as client:
            walk = Walk(client, chance)
            for step in range(200):
                clock.advance(chance.choice([0, 0, 5, 30]))
                response = await walk.step(step)
                statuses.add(response.status_code if response else 0)
        return statuses

    statuses = asyncio.run(run())
    assert {201, 204, 404, 409} <= statuses
    assert max(statuses) < 500
    tenant = embedded.directory.default
    live = {row["id"] for name in ("servicePrincipals", "users", "groups") for row in tenant.tables[name]}
    assert all({row["principalId"], row["resourceId"]} <= live for row in tenant.app_role_assignments)
    assert all({row["clientId"], row["resourceId"]} <= live for row in tenant.oauth2_permission_grants)
    names = [
        row["uniqueName"] for row in [*tenant.applications, *tenant.deleted_items] if row.get("uniqueName")
    ]
    assert len(names) == len(set(names))
    app_ids = [row["appId"] for row in tenant.service_principals]
    assert len(app_ids) == len(set(app_ids))
