"""Drift of federated credentials that match by an expression: who changed it, and who put one in the place
of a subject.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from entra_config.manifest.parts import FederatedCredential
from tests.unit.drift.edited import GRAPH, Tenant

GITHUB = "https://token.actions.githubusercontent.com"
BETA = GRAPH.replace("/v1.0", "/beta")
DECLARED = "claims['sub'] matches 'repo:o/r:ref:refs/heads/*' and claims['repository_id'] eq '2'"
CHANGED = "claims['sub'] matches 'repo:*' and claims['repository_owner_id'] eq '66'"


def test_an_expression_that_somebody_changed_is_told_with_who_did_it() -> None:
    """Declared or not: `branches` has another one, and `github` one in the place of its subject."""

    async def tell() -> list[tuple[str, str, str, str]]:
        tenant = Tenant()
        nightly = tenant.manifest.applications["nightly"]
        branches = FederatedCredential("branches", GITHUB, "", expression=DECLARED)
        more = replace(nightly, federated_credentials={**nightly.federated_credentials, "branches": branches})
        applications = {**tenant.manifest.applications, "nightly": more}
        tenant.manifest = replace(tenant.manifest, applications=applications)
        await tenant.deploy()
        app, _ = await tenant.named("Nightly")
        path = f"{BETA}/applications/{app['id']}/federatedIdentityCredentials"
        await tenant.send("alice", "PATCH", f"{path}/branches", _matching(CHANGED))
        await tenant.send(
            "grace", "PATCH", f"{path}/github", {"subject": None, **_matching(CHANGED.replace("66", "67"))}
        )
        tenant.clock.advance(3_600)
        drift = await tenant.check()
        return [
            (str(each.address), each.path, str(each.live), each.attribution.actor.name)
            for each in drift.findings
        ]

    assert sorted(asyncio.run(tell())) == [
        ("federatedCredential.nightly/branches", "claimsMatchingExpression", CHANGED, "alice@contoso.com"),
        ("federatedCredential.nightly/github", "subject", "None", "grace@contoso.com"),
    ]


def _matching(expression: str) -> dict[str, dict[str, str | int]]:
    return {"claimsMatchingExpression": {"value": expression, "languageVersion": 1}}
