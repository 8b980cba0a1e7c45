"""At any instant, what a plan leads to is what the manifest without what is over leads to."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from entra_config.manifest.model import Manifest
from entra_config.plan.content import content
from entra_config.plan.model import Plan
from entra_emulator.clock import ManualClock
from tests.oracle.endings.draw import APPLICATIONS, GROUPS, USERS, Drawn, deleted, forever
from tests.oracle.tenant import Tenant, load

START = datetime(2026, 11, 27, tzinfo=UTC)
WORDS = ("many", "last", "used", "dangerous")
WORLDS = 12


def known(tenant: Tenant) -> dict[str, str]:
    """Return the ids of everybody that a draw names."""
    rows = tenant.rows
    named = {row["userPrincipalName"].partition("@")[0]: row["id"] for row in rows.users}
    named |= {row["displayName"]: row["id"] for row in rows.groups}
    return {name: id_ for name, id_ in named.items() if name in (*USERS, *GROUPS)}


async def begun() -> Tenant:
    """Return a tenant with the applications of others that a draw names."""
    tenant = Tenant(clock=ManualClock(START))
    async with tenant.administrator() as graph:
        for name in APPLICATIONS:
            body = (await graph.post("/applications", json={"displayName": name})).json()
            await graph.post("/servicePrincipals", json={"appId": body["appId"]})
    return tenant


def drawn(seed: int, tenant: Tenant) -> Drawn:
    """Return a draw whose users are written as user principal names."""
    found = Drawn(seed, known(tenant))
    found.manifest = named(found.manifest)
    return found


def named(value: Any) -> Any:
    """Return plain data in which users stand by their user principal names."""
    if isinstance(value, dict):
        return {key: named(item) for key, item in value.items()}
    if isinstance(value, list):
        return [named(item) for item in value]
    return f"{value}@contoso.com" if value in USERS else value


async def done(tenant: Tenant, manifest: Manifest, at: datetime | None = None, **options: Any) -> Plan:
    """Plan for an instant and apply; nothing is refused as a whole."""
    if at is not None:
        tenant.clock.time = at
    plan = await tenant.plan(manifest, WORDS, **options)
    outcome = await tenant.apply(plan)
    assert outcome.complete, outcome
    return plan


def powers(tenant: Tenant) -> set[tuple[Any, ...]]:
    """Return who may do what: assignments, consents, owners, and what signs in."""
    rows = tenant.rows
    held: set[tuple[Any, ...]] = {
        ("role", row["principalId"], row["resourceId"], row["appRoleId"]) for row in rows.app_role_assignments
    }
    for row in rows.oauth2_permission_grants:
        held |= {("consent", row["clientId"], row["resourceId"], scope) for scope in row["scope"].split()}
    for row in (*rows.applications, *rows.service_principals):
        held |= {("owner", row["id"], owner) for owner in rows.owners.targets(row["id"])}
        held |= {("key", row["id"], key["customKeyIdentifier"]) for key in row.get("keyCredentials") or ()}
    held |= {("federated", row["name"], row["subject"]) for row in rows.federated_identity_credentials}
    return held


@pytest.mark.parametrize("seed", range(WORLDS))
def test_what_is_over_is_as_if_it_did_not_stand_there(seed: int) -> None:
    """Two tenants alike, one with the manifest and one with what is left of it, go the same way."""

    async def story() -> None:
        one, other = await begun(), await begun()
        world = drawn(seed, one)
        for tenant in (one, other):
            await done(tenant, load(forever(world.manifest)))
        for at in world.instants():
            written, left = load(world.manifest), load(deleted(world.manifest, at))
            first, second = await done(one, written, at), await done(other, left, at)

            assert content(first) == content(second), at
            assert first.at == at
            assert powers(one) == powers(other), at
            assert not (await one.plan(written, WORDS)).changes

    asyncio.run(story())


@pytest.mark.parametrize("seed", range(WORLDS))
def test_what_is_over_is_told_and_taken_and_nothing_else(seed: int) -> None:
    """Drift accuses nobody and tells each of it; a plan of it alone takes that and no more."""

    async def story() -> None:
        one, other = await begun(), await begun()
        world = drawn(seed, one)
        for tenant in (one, other):
            await done(tenant, load(forever(world.manifest)))
        at = world.instants()[-1]
        written = load(world.manifest)
        one.clock.time = other.clock.time = at
        before = powers(one)
        report = await one.drift(written)
        await done(one, written)
        gone = before - powers(one)

        assert report["findings"] == []
        assert not report["drifted"]
        assert len(report["overdue"]) == len(gone)
        assert (await one.drift(written))["overdue"] == []

        await strayed(other)
        strange = powers(other) - before
        plan = await done(other, written, expired=True)
        assert strange
        assert powers(other) == (before - gone) | strange
        assert bool(plan.changes) == bool(gone)

    asyncio.run(story())


async def strayed(tenant: Tenant) -> None:
    """Let somebody give and write by hand what a plan would take away."""
    rows = tenant.rows
    api = next(row for row in rows.service_principals if row["displayName"] == "API")
    heidi = next(row for row in rows.users if row["userPrincipalName"] == "heidi@contoso.com")
    role = next(row for row in api["appRoles"] if row["value"] == "Writer")
    job = next(row for row in rows.applications if row["displayName"] == "Job")
    async with tenant.administrator() as graph:
        body = {"principalId": heidi["id"], "resourceId": api["id"], "appRoleId": role["id"]}
        await graph.post(f"/servicePrincipals/{api['id']}/appRoleAssignedTo", json=body)
        credential = {
            "name": "stray",
            "issuer": "https://stray.example.com",
            "subject": "stray",
            "audiences": ["api://AzureADTokenExchange"],
        }
        await graph.post(f"/applications/{job['id']}/federatedIdentityCredentials", json=credential)
