"""Drift of which tenants may use an application: what is said is compared, what is not is left alone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from entra_config.drift.risks import risk
from entra_config.manifest.model import Setting
from tests.unit.drift.edited import GRAPH, Tenant

BETA = GRAPH.replace("/v1.0", "/beta")
NAME = "signInAudienceRestrictions"
ONE, TWO = "818ce016-78c2-457c-91d7-c02c2faaa5fe", "c62670b0-53a1-4a38-b26c-4093cbaa510a"
ALL: dict[str, Any] = {"@odata.type": "#microsoft.graph.unrestrictedAudience"}
BOTH = {"@odata.type": "#microsoft.graph.allowedTenantsAudience", "allowedTenantIds": [ONE, TWO]}


def reported(written: dict[str, Any], *, declared: bool = True) -> list[tuple[str, str, str, str, str]]:
    """Deploy a restricted API, let somebody write its restriction, and return what drift tells."""

    async def tell() -> list[tuple[str, str, str, str, str]]:
        tenant = Tenant()
        api = tenant.manifest.applications["api"]
        several = {**api.settings, "signInAudience": Setting("AzureADMultipleOrgs"), NAME: Setting([ONE])}
        _declare(tenant, several)
        await tenant.deploy()
        if not declared:
            _declare(tenant, {path: each for path, each in several.items() if path != NAME})
        app, _ = await tenant.named("API")
        await tenant.send("alice", "PATCH", f"{BETA}/applications/{app['id']}", {NAME: written})
        tenant.clock.advance(3_600)
        drift = await tenant.check()
        return [
            (
                str(each.address),
                each.sign,
                each.path,
                risk(each),
                f"{each.sentence} | {each.attribution.grade}",
            )
            for each in drift.findings
        ]

    return asyncio.run(tell())


def _declare(tenant: Tenant, settings: dict[str, Setting]) -> None:
    api = replace(tenant.manifest.applications["api"], settings=settings)
    tenant.manifest = replace(tenant.manifest, applications={**tenant.manifest.applications, "api": api})


def test_a_tenant_more_and_no_restriction_any_more_are_found() -> None:
    """Nobody is named for it: what the audit log calls the property is not known."""
    place = ("application.api", NAME, "medium")
    (found,) = reported(BOTH)
    assert (found[0], found[2], found[3]) == place
    assert found[1] == "added"
    assert found[4] == f"allowed tenant {TWO} added to api | none"
    (found,) = reported(ALL)
    assert (found[0], found[2], found[3]) == place
    assert found[1] == "removed"
    assert found[4] == f"allowed tenant {ONE} removed from api | none"
    assert reported(BOTH, declared=False) == []
