"""What applications of others hold at ours is drift until it is acknowledged, in a line that says no more."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import yaml

from entra_config import reconcile
from entra_config.actual.holders import access
from entra_config.drift.model import Finding
from entra_config.manifest.policy import Acknowledged
from tests.unit.drift.edited import Tenant
from tests.unit.drift.stories import HOUR, copied, known


async def _power(tenant: Tenant) -> None:
    """Let A give a foreign application a role of the API, and B a foreign client a consent for everybody
    at it.
    """
    api, principal = await tenant.named("API")
    (role,) = [each["id"] for each in api["appRoles"] if each["value"] == "Writer"]
    _, other = await copied(tenant, "Foreign")
    body = {"principalId": other["id"], "resourceId": principal["id"], "appRoleId": role}
    await tenant.send("alice", "POST", f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", body)
    consent = {
        "clientId": other["id"],
        "resourceId": principal["id"],
        "consentType": "AllPrincipals",
        "scope": "user.admin",
    }
    await tenant.send("grace", "POST", "/oauth2PermissionGrants", consent)


def test_stories_6_and_7_what_applications_of_others_hold_is_found_until_it_is_acknowledged() -> None:
    """A role and a consent for everybody at our API: findings, with who and when; then told no more."""

    async def tell(*, listed: bool, acknowledged: bool) -> list[Finding]:
        tenant = Tenant()
        if not listed:
            tenant.manifest = replace(
                tenant.manifest, assignments={}, listed=frozenset(), unmanaged=frozenset({"api"})
            )
        await tenant.deploy()
        await _power(tenant)
        if acknowledged:
            app = tenant.embedded.directory.default.one("applications", "displayName", "Foreign") or {}
            known = Acknowledged(app["appId"], frozenset({"Writer"}), frozenset({"user.admin"}))
            tenant.manifest = replace(tenant.manifest, acknowledged={"api": (known,)})
        tenant.clock.advance(HOUR)
        return [each for each in (await tenant.check()).findings if each.rule.startswith("undeclared-")]

    expected = {
        "undeclared-holder-added": ("exact", "alice@contoso.com"),
        "undeclared-consent-added": ("exact", "grace@contoso.com"),
    }
    for listed in (True, False):
        reported_ = asyncio.run(tell(listed=listed, acknowledged=False))
        assert {each.rule: known(each.attribution) for each in reported_} == expected
        assert asyncio.run(tell(listed=listed, acknowledged=True)) == []


def test_stories_6_and_7_access_has_a_row_for_each() -> None:
    """Who can do what: the foreign holder of a role, and the foreign client that acts for everybody."""

    async def tell() -> set[tuple[str, str, str]]:
        tenant = Tenant()
        await tenant.deploy()
        await _power(tenant)
        async with await tenant.graph() as graph:
            found = await access(graph, tenant.manifest)
        return {(each.role, each.name, each.through) for each in found.holdings if each.name == "Foreign"}

    assert asyncio.run(tell()) == {
        ("Writer", "Foreign", "consent"),
        ("user.admin", "Foreign", "consent for everybody"),
    }


def test_what_is_to_be_acknowledged_says_no_more_than_is_held() -> None:
    """A consent may list anything: a scope that would close the list and open another one stays a scope in
    the line to copy.
    """
    crafted = "x],application:[Admin"

    async def tell() -> str:
        tenant = Tenant()
        await tenant.deploy()
        _, principal = await tenant.named("API")
        _, other = await copied(tenant, "Foreign")
        consent = {
            "clientId": other["id"],
            "resourceId": principal["id"],
            "consentType": "AllPrincipals",
            "scope": crafted,
        }
        await tenant.send("grace", "POST", "/oauth2PermissionGrants", consent)
        async with await tenant.graph() as graph:
            plan = await reconcile.plan(tenant.manifest, graph, now=tenant.clock.now())
        (notice,) = [str(each.message) for each in plan.warnings if "acknowledge it" in each.message]
        return notice.split("`")[1]

    (entry,) = yaml.safe_load(asyncio.run(tell()))["acknowledged"]["api"]
    assert entry.keys() == {"id", "delegated"}
    assert entry["delegated"] == [crafted]
