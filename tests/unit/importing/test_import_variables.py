"""Hosts and tenants that repeat in an import are variables of its environment; nothing else changes."""

from __future__ import annotations

import asyncio

import yaml

from tests.unit.importing.importer import EVERYTHING, Ground, assert_marks_only

PARTNER = "818ce016-78c2-457c-91d7-c02c2faaa5fe"


def test_a_host_that_repeats_is_a_variable(ground: Ground) -> None:
    """The first plan adds tags alone, so that each address is the same with and without the variable."""
    web = {
        "redirectUris": ["https://orders-web.contoso.com/a", "https://orders-web.contoso.com/b"],
        "homePageUrl": "https://orders-web.contoso.com",
        "logoutUrl": "https://once.contoso.com/out",
    }
    spa = {"redirectUris": [f"http://localhost:3000/{number}" for number in range(3)]}

    async def story() -> None:
        await ground.register({"displayName": "Web", "web": web})
        await ground.register({"displayName": "Spa", "spa": spa})
        assert_marks_only(await ground.imported(EVERYTHING))
        assert (await ground.applied()).empty

    asyncio.run(story())
    environment = yaml.safe_load(ground.text("entra-config.yaml"))["environments"]["prod"]
    assert environment["variables"] == {"ordersWebUrl": "https://orders-web.contoso.com"}
    entry = yaml.safe_load(ground.text("applications/web.yaml"))["applications"]["web"]
    assert sorted(entry["redirectUris"]) == ["${ordersWebUrl}/a", "${ordersWebUrl}/b"]
    assert entry["homePageUrl"] == "${ordersWebUrl}"
    assert entry["logoutUrl"] == "https://once.contoso.com/out"
    assert "http://localhost:3000/2" in ground.text("applications/spa.yaml")


def test_a_tenant_that_repeats_is_a_variable(ground: Ground) -> None:
    """The environment's own tenant always is one."""
    home = ground.embedded.directory.default.tenant_id

    async def story() -> None:
        for number in range(3):
            app = await ground.register({"displayName": f"Job {number}"})
            for tenant in (home, PARTNER):
                issuer = f"https://login.microsoftonline.com/{tenant}/v2.0"
                body = {"issuer": issuer, "subject": "a job", "audiences": ["api://AzureADTokenExchange"]}
                path = f"/applications/{app['id']}/federatedIdentityCredentials"
                await ground.post(path, {"name": f"of-{tenant[:4]}", **body})
        assert_marks_only(await ground.imported(EVERYTHING))
        assert (await ground.applied()).empty

    asyncio.run(story())
    environment = yaml.safe_load(ground.text("entra-config.yaml"))["environments"]["prod"]
    assert environment["variables"] == {"partnerTenantId": PARTNER}
    text = ground.text("applications/job-0.yaml")
    assert '"https://login.microsoftonline.com/${tenantId}/v2.0"' in text
    assert '"https://login.microsoftonline.com/${partnerTenantId}/v2.0"' in text
