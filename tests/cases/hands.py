"""A seed in; what administrators, colleagues and strangers do by hand to a tenant in which a random manifest
was applied, done: applications of others by odd names, and whatever they can be given.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

import httpx

from entra_emulator.embedded import Embedded

ABROAD = "9d1c0f6e-2d1b-4c8e-9f65-2f1f5c9d4a10"  # another organization
# One that a key bears, one that a role bears, markup, a formula, blanks and no words.
NAMES = ("spa", "left", "Reader", "<b>Evil</b>", "=HYPERLINK(1)", "Tool | kit", "\u202eexe", "Billing")
Json = dict[str, Any]


class Hands:
    """One who may do everything, over HTTP."""

    def __init__(self, embedded: Embedded, client: httpx.AsyncClient, random: Random) -> None:
        self.embedded, self.client, self.random = embedded, client, random

    async def listed(self, path: str) -> list[Json]:
        """Return a list."""
        found: list[Json] = (await self.client.get(path)).json()["value"]
        return found

    async def sent(self, method: str, path: str, body: Json | None = None) -> Json:
        """Send one request; what Graph does not take is left alone."""
        response = await self.client.request(method, path, json=body)
        content: Json = response.json() if response.content and not response.is_error else {}
        return content

    async def ours(self) -> list[tuple[Json, Json]]:
        """Return the registrations of the project, each with its service principal."""
        every = await self.listed("/applications?$top=999")
        principals = {each["appId"]: each for each in await self.listed("/servicePrincipals?$top=999")}
        marked = [
            each for each in every if any(tag.startswith("entra-config:owner=rnd/") for tag in each["tags"])
        ]
        return [(each, principals[each["appId"]]) for each in marked if each["appId"] in principals]

    async def stranger(self, name: str) -> tuple[Json, Json]:
        """Return an application of others, perhaps of another organization."""
        app = await self.sent("POST", "/applications", {"displayName": name})
        principal = await self.sent("POST", "/servicePrincipals", {"appId": app["appId"]})
        if self.random.random() < 0.5:
            table = self.embedded.directory.default.service_principals
            table.put({**(table.get(principal["id"]) or {}), "appOwnerOrganizationId": ABROAD})
        return app, principal


async def authorize(hands: Hands, api: tuple[Json, Json], other: tuple[Json, Json]) -> None:
    """Authorize a stranger at an API, or make it a known client."""
    app, part = api[0], dict(api[0]["api"])
    scopes = [each["id"] for each in part["oauth2PermissionScopes"]]
    if scopes:
        entry = {"appId": other[0]["appId"], "delegatedPermissionIds": scopes[:1]}
        part["preAuthorizedApplications"] = [*part["preAuthorizedApplications"], entry]
    part["knownClientApplications"] = [*part["knownClientApplications"], other[0]["appId"]]
    await hands.sent("PATCH", f"/applications/{app['id']}", {"api": part})


async def hold(hands: Hands, api: tuple[Json, Json], other: tuple[Json, Json]) -> None:
    """Give a stranger a role and a consent."""
    resource = api[1]["id"]
    for role in api[0]["appRoles"][:1]:
        body = {"principalId": other[1]["id"], "resourceId": resource, "appRoleId": role["id"]}
        await hands.sent("POST", f"/servicePrincipals/{resource}/appRoleAssignedTo", body)
    for scope in api[0]["api"]["oauth2PermissionScopes"][:1]:
        body = {"clientId": other[1]["id"], "consentType": "AllPrincipals", "resourceId": resource}
        await hands.sent("POST", "/oauth2PermissionGrants", body | {"scope": scope["value"]})


async def own(hands: Hands, api: tuple[Json, Json], other: tuple[Json, Json]) -> None:
    """Make a stranger an owner, and a person."""
    people = await hands.listed("/users?$top=20")
    for id_ in (other[1]["id"], hands.random.choice(people)["id"]):
        link = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{id_}"}
        await hands.sent("POST", f"/applications/{api[0]['id']}/owners/$ref", link)


async def request(hands: Hands, api: tuple[Json, Json], other: tuple[Json, Json]) -> None:
    """Have an application of ours request something of a stranger that nobody offers."""
    wanted = {"id": "5b0c1f0a-0000-4000-8000-00000000abcd", "type": "Scope"}
    body = {"requiredResourceAccess": [{"resourceAppId": other[0]["appId"], "resourceAccess": [wanted]}]}
    await hands.sent("PATCH", f"/applications/{api[0]['id']}", body)


async def people(hands: Hands, api: tuple[Json, Json], _: tuple[Json, Json]) -> None:
    """Give a person and a group a role."""
    who = [hands.random.choice(await hands.listed(f"/{each}?$top=20")) for each in ("users", "groups")]
    for each in who:
        for role in api[0]["appRoles"][:1]:
            body = {"principalId": each["id"], "resourceId": api[1]["id"], "appRoleId": role["id"]}
            await hands.sent("POST", f"/servicePrincipals/{api[1]['id']}/appRoleAssignedTo", body)


async def rename(hands: Hands, api: tuple[Json, Json], _: tuple[Json, Json]) -> None:
    """Call an application of ours something else."""
    await hands.sent(
        "PATCH", f"/applications/{api[0]['id']}", {"displayName": hands.random.choice(NAMES[:-2])}
    )


async def secret(hands: Hands, api: tuple[Json, Json], _: tuple[Json, Json]) -> None:
    """Make a secret, and let a workload sign in."""
    await hands.sent(
        "POST", f"/applications/{api[0]['id']}/addPassword", {"passwordCredential": {"displayName": "quick"}}
    )


async def doubled(hands: Hands, api: tuple[Json, Json], _: tuple[Json, Json]) -> None:
    """Make one that has the ownership tags of one of ours."""
    await hands.sent("POST", "/applications", {"displayName": "Double", "tags": api[0]["tags"]})


async def delete(hands: Hands, api: tuple[Json, Json], _: tuple[Json, Json]) -> None:
    """Delete one of ours."""
    if hands.random.random() < 0.3:
        await hands.sent("DELETE", f"/applications/{api[0]['id']}")


DEEDS: tuple[Callable[[Hands, tuple[Json, Json], tuple[Json, Json]], Awaitable[None]], ...] = (
    authorize, hold, own, request, people, rename, secret, doubled, delete,
)  # fmt: skip


async def tamper(embedded: Embedded, seed: int) -> None:
    """Do some of all that to some of the applications."""
    random = Random(seed)
    async with embedded.client() as client:
        hands = Hands(embedded, client, random)
        strangers = [await hands.stranger(name) for name in random.sample(NAMES, 4)]
        for deed in DEEDS:
            for api in await hands.ours():
                if random.random() < 0.6:
                    await deed(hands, api, random.choice(strangers))
