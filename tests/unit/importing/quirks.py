"""Registrations with quirks of old tenants, each alone or drawn at random together."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.unit.importing.importer import Ground
from tests.unit.importing.legacy_registrations import overwrite, register
from tests.unit.importing.registrations import guid, role, scope

DEFAULT = "00000000-0000-0000-0000-000000000000"
ODD = ["a\x07b", "a\x00b", "\u202egnp", "\x1b[31mred", "a\u200bb", "  ", ""]


async def person(ground: Ground, name: str) -> Any:
    """Create a user."""
    body = {"displayName": name, "userPrincipalName": f"{name}@contoso.com", "mailNickname": name}
    secret = {"passwordProfile": {"password": "correct-Horse-7-battery"}}
    return await ground.post("/users", {**body, **secret, "accountEnabled": True})


async def assign(ground: Ground, principal: Any, holder: Any, role_id: str) -> None:
    """Give a role, or default access."""
    body = {"principalId": holder["id"], "resourceId": principal["id"], "appRoleId": role_id}
    await ground.post(f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", body)


async def default_next_to_roles(ground: Ground, name: str) -> None:
    """Give default access while the application has no roles, then give it roles."""
    app, principal = await register(ground, name)
    await assign(ground, principal, await person(ground, f"ann-{app['appId']}"), DEFAULT)
    await ground.send("PATCH", f"/applications/{app['id']}", {"appRoles": [role("Reader")]})


async def external_api(ground: Ground, name: str) -> Any:
    """Have the service principal of another organization's API, with a scope."""
    app, principal = await register(ground, "External")
    overwrite(
        ground, "servicePrincipals", principal, displayName=name, oauth2PermissionScopes=[scope("ext.read")]
    )
    ground.embedded.directory.default.tables["applications"].remove(app["id"])
    return app, principal


async def namesake(ground: Ground, name: str) -> None:
    """Request a scope of an external API that has the name of an own application, and give it a role."""
    external, holder = await external_api(ground, name)
    access = [{"id": guid("ext.read"), "type": "Scope"}]
    _, principal = await register(
        ground,
        name,
        appRoles=[role("Reader", "Application")],
        requiredResourceAccess=[{"resourceAppId": external["appId"], "resourceAccess": access}],
    )
    await assign(ground, principal, holder, guid("role Reader"))


async def with_client(ground: Ground, name: str, **odd: Any) -> None:
    """Have an API with a client that uses its first scope and its first role, then change the API."""
    scopes, roles = [scope("ok"), scope("old.read")], [role("Run", "Application"), role("Odd")]
    app, principal = await register(ground, name, api={"oauth2PermissionScopes": scopes}, appRoles=roles)
    access = [{"id": guid("ok"), "type": "Scope"}, {"id": guid("role Run"), "type": "Role"}]
    requested = [{"resourceAppId": app["appId"], "resourceAccess": access}]
    _, client = await register(ground, f"Client of {name}", requiredResourceAccess=requested)
    await assign(ground, principal, client, guid("role Run"))
    await assign(ground, principal, await person(ground, f"bob-{app['appId']}"), guid("role Odd"))
    changes = dict(odd)
    if "scope" in odd:
        changes["api"] = {
            **app["api"],
            "oauth2PermissionScopes": [scope("ok"), {**scope("old.read"), **changes.pop("scope")}],
        }
    if "role" in odd:
        changes["appRoles"] = [roles[0], {**roles[1], **changes.pop("role")}]
    if "principal" in odd:
        overwrite(ground, "servicePrincipals", principal, **changes.pop("principal"))
    overwrite(ground, "applications", app, **changes)


async def odd_group(ground: Ground, name: str, of_group: str) -> None:
    """Give a role to a group whose name no manifest can hold."""
    _, principal = await register(ground, name, appRoles=[role("Reader")])
    body = {"displayName": "Group", "mailEnabled": False, "securityEnabled": True, "mailNickname": "g"}
    group = await ground.post("/groups", body)
    overwrite(ground, "groups", group, displayName=of_group)
    await assign(ground, principal, group, guid("role Reader"))


async def drawn(ground: Ground, seed: int) -> None:
    """Have some registrations, each with one to three quirks."""
    chance = Random(seed)
    for number in range(chance.randint(1, 4)):
        name = chance.choice(["CON", "nul", "COM1", "Lpt9", "Api", "api", f"App {number}", "Emulator Admin"])
        match chance.randrange(5):
            case 0:
                await default_next_to_roles(ground, name)
            case 1:
                await namesake(ground, name)
            case 2:
                await odd_group(ground, name, chance.choice(ODD))
            case _:
                await with_client(ground, name, **_odd(chance))


def _odd(chance: Random) -> dict[str, Any]:
    texts = ("adminConsentDisplayName", "adminConsentDescription")
    users = ("userConsentDisplayName", "userConsentDescription")
    every: dict[str, Any] = {
        "notes": chance.choice(ODD),
        "description": chance.choice(ODD),
        "principal": {chance.choice(["notes", "description"]): chance.choice(ODD)},
        "scope": {
            chance.choice(texts): chance.choice([*ODD, None]),
            chance.choice(users): chance.choice(["", None]),
        },
        "role": {chance.choice(["description", "displayName"]): chance.choice(ODD)},
        "displayName": chance.choice(["a\x07b", "\u202egnp"]),
    }
    return {key: every[key] for key in chance.sample(list(every), chance.randint(1, 3))}
