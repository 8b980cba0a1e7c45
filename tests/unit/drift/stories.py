"""What people do to the worked example after it was deployed, and the drift of it an hour later."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from entra_config.drift.model import Attribution, Drift
from entra_emulator import seed
from tests.unit.drift.edited import Tenant

Story = Callable[[Tenant], Awaitable[None]]
HOUR = 3_600


def reported(story: Story, **options: bool) -> Drift:
    """Return the drift an hour after a story that begins a day after the deployment."""

    async def tell() -> Drift:
        tenant = Tenant()
        await tenant.deploy()
        await story(tenant)
        tenant.clock.advance(HOUR)
        return await tenant.check(**options)

    return asyncio.run(tell())


async def uris(tenant: Tenant, who: str, *, add: str = "", remove: str = "") -> None:
    """Change the redirect URIs of the SPA as somebody."""
    spa, _ = await tenant.named("SPA")
    kept = [uri for uri in spa["spa"]["redirectUris"] if uri != remove]
    await tenant.send(
        who,
        "PATCH",
        f"/applications/{spa['id']}",
        {"spa": {"redirectUris": [*kept, *([add] if add else [])]}},
    )


async def rename(tenant: Tenant, who: str, name: str) -> None:
    """Rename the SPA as somebody."""
    spa = tenant.embedded.directory.default.one("applications", "displayName", "MyApp SPA (dev)") or {}
    tenant.renamed = tenant.renamed or str(spa["id"])
    await tenant.send(who, "PATCH", f"/applications/{tenant.renamed}", {"displayName": name})


def user(name: str) -> str:
    """Return the id of a person."""
    return seed.fixed_id(seed.CONTOSO, "user", f"{name}@contoso.com")


def whose(story: Story, rule: str) -> Attribution:
    """Return who did the only finding of a rule."""
    (finding,) = [each for each in reported(story).findings if each.rule == rule]
    return finding.attribution


def known(found: Attribution) -> tuple[str, str]:
    """Return how sure it is, and of whom."""
    names = [who.name for who in found.others] if found.grade == "possible" else [found.actor.name]
    return found.grade, ", ".join(names)


async def copied(tenant: Tenant, name: str) -> tuple[Any, Any]:
    """Make a registration with the roles of the API, their ids included, and its service principal."""
    api, _ = await tenant.named("API")
    roles = [{key: value for key, value in role.items() if key != "origin"} for role in api["appRoles"]]
    made = await tenant.send("grace", "POST", "/applications", {"displayName": name, "appRoles": roles})
    return made, await tenant.send("grace", "POST", "/servicePrincipals", {"appId": made["appId"]})
