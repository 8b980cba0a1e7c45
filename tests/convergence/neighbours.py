"""A seed in, a tenant full of what is not ours out: namesakes, other environments, their access, their
rubbish bin.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from entra_emulator import seed as seeds
from tests.convergence.tenant import Tenant

# What ours are called too: names are nobody's property in Entra.
NAMES = ("left 1", "right 2", "spa", "job", "third 1", "Payroll")
MARKS: tuple[list[str], ...] = (
    [],
    ["a"],
    ["entra-config:key=left"],
    ["entra-config:owner=rnd/prod", "entra-config:key=left"],
    ["entra-config:owner=rnd2/dev", "entra-config:key=spa", "WindowsAzureActiveDirectoryIntegratedApp"],
)


async def move_in(tenant: Tenant, seed: int) -> None:
    """Let strangers make, connect and delete things of theirs."""
    random = Random(seed)
    admin = tenant.emulator.app_caller(seeds.ADMIN_APP_ID)
    async with tenant.emulator.client(admin) as client:

        async def send(method: str, path: str, body: Any = None) -> dict[str, Any]:
            response = await client.request(method, path, json=body)
            assert response.is_success, response.text
            return dict(response.json()) if response.content else {}

        users = [row["id"] for row in tenant.tables.users]
        groups = [row["id"] for row in tenant.tables.groups]
        principals: list[tuple[dict[str, Any], dict[str, Any]]] = []
        for number in range(random.randint(0, 6)):
            app = await send("POST", "/applications", application(random, number))
            if random.random() < 0.4:
                await send(
                    "POST", f"/applications/{app['id']}/federatedIdentityCredentials", credential(number)
                )
            if random.random() < 0.7:
                body = {"appId": app["appId"], "tags": random.choice(MARKS[:3])}
                principals.append((app, await send("POST", "/servicePrincipals", body)))
            if random.random() < 0.3:
                link = f"https://graph.microsoft.com/v1.0/directoryObjects/{random.choice(users)}"
                await send("POST", f"/applications/{app['id']}/owners/$ref", {"@odata.id": link})
        for app, principal in principals:
            for body in access(random, app, principal, [*users, *groups]):
                await send("POST", f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", body)
            _, client_of = random.choice(principals)
            if app["api"]["oauth2PermissionScopes"] and random.random() < 0.6:
                grant = {
                    "clientId": client_of["id"],
                    "consentType": "AllPrincipals",
                    "resourceId": principal["id"],
                    "scope": "read",
                }
                await send("POST", "/oauth2PermissionGrants", grant)
        for app, _ in principals:
            if random.random() < 0.25:
                await send("DELETE", f"/applications/{app['id']}")
    tenant.clock.advance(3600)
    tenant.external = tenant.strangers()


def application(random: Random, number: int) -> dict[str, Any]:
    """Make an external application."""
    scope, role = (f"5c1b2f7e-000{digit}-4000-8000-0000000000{number:02}" for digit in (1, 2))
    found: dict[str, Any] = {"displayName": random.choice(NAMES), "tags": random.choice(MARKS)}
    if random.random() < 0.5:
        found["uniqueName"] = f"{random.choice(['rnd.prod.', 'other.dev.', 'rnd.dev.left.'])}{number}"
    if random.random() < 0.5:
        shown = {"adminConsentDisplayName": "Read", "adminConsentDescription": "Read.", "type": "Admin"}
        found["api"] = {
            "oauth2PermissionScopes": [{"id": scope, "value": "read", "isEnabled": True, **shown}]
        }
    if random.random() < 0.6:
        shown = {
            "displayName": "Reader",
            "description": "Reads.",
            "allowedMemberTypes": ["User", "Application"],
        }
        found["appRoles"] = [{"id": role, "value": "Reader", "isEnabled": True, **shown}]
    if random.random() < 0.4:
        found["spa"] = {"redirectUris": ["http://localhost:8080/cb"]}
    return found


def credential(number: int) -> dict[str, Any]:
    """Make a federated credential, of a subject that ours may name too."""
    return {
        "name": "one",
        "issuer": "https://token.actions.githubusercontent.com",
        "subject": f"repo:a/b:one:{number}",
        "audiences": ["api://AzureADTokenExchange"],
    }


def access(
    random: Random, app: dict[str, Any], principal: dict[str, Any], people: list[str]
) -> Iterator[dict[str, Any]]:
    """Yield who may use an application of theirs."""
    for role in app["appRoles"]:
        for person in random.sample(people, 2):
            yield {"principalId": person, "resourceId": principal["id"], "appRoleId": role["id"]}
