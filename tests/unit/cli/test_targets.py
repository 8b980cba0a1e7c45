"""`--target`: what comes along so that a grant is safe, and how much is left out."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.cli.ran import Run

APPLY, PLAN = ("apply", "-e", "dev", "--auto-approve"), ("plan", "-e", "dev", "--format", "json")
# Here all applications are pinned: nothing is withheld of what somebody planted and this plan takes away.
PINNED = (
    ("apply", "-e", "prod", "--auto-approve", "--pins", "write"),
    ("plan", "-e", "prod", "--format", "json"),
)
EVIL = "https://evil.example.com/"


def app(tenant: Embedded, name: str) -> dict[str, Any]:
    """Return a registration of the example, in the one environment that was applied."""
    rows = tenant.directory.default
    found = rows.one("applications", "displayName", f"MyApp {name}") or rows.one(
        "applications", "displayName", f"MyApp {name} (dev)"
    )
    assert found
    return found


def sent(tenant: Embedded, *requests: tuple[str, str, Any]) -> None:
    """Let somebody who may do anything send these requests."""

    async def send() -> None:
        async with tenant.client(tenant.app_caller(seed.ADMIN_APP_ID)) as client:
            for method, path, body in requests:
                response = await client.request(method, path, json=body)
                assert response.is_success, response.text

    asyncio.run(send())


def wounded(tenant: Embedded) -> None:
    """Let somebody plant a redirect URI and a federated credential, and take the consent and the role of
    their clients away.
    """
    rows = tenant.directory.default
    spa, nightly = app(tenant, "SPA"), app(tenant, "Nightly")
    client = rows.service_principal_by_app_id(spa["appId"])
    worker = rows.service_principal_by_app_id(nightly["appId"])
    assert client
    assert worker
    uris = {"spa": {"redirectUris": [*spa["spa"]["redirectUris"], EVIL]}}
    external = {
        "name": "evil",
        "issuer": "https://evil.example",
        "subject": "me",
        "audiences": ["api://AzureADTokenExchange"],
    }
    sent(
        tenant,
        ("PATCH", f"/applications/{spa['id']}", uris),
        ("POST", f"/applications/{nightly['id']}/federatedIdentityCredentials", external),
        *(
            ("DELETE", f"/oauth2PermissionGrants/{row['id']}", None)
            for row in rows.oauth2_permission_grants.find("clientId", client["id"])
        ),
        *(
            ("DELETE", f"/servicePrincipals/{row['resourceId']}/appRoleAssignedTo/{row['id']}", None)
            for row in rows.app_role_assignments.find("principalId", worker["id"])
        ),
    )


@pytest.mark.parametrize(
    ("target", "cleaned"),
    [
        ("permissionGrant.spa/api", "application spa"),
        ("appRoleAssignment.api/Writer/servicePrincipal:nightly", "federatedCredential nightly/evil"),
    ],
)
def test_story_11_what_makes_a_grant_safe_comes_along(
    run: Run, tenant: Embedded, target: str, cleaned: str
) -> None:
    """Story 11: the grant alone is asked for; what somebody planted at its client goes in the same plan,
    and before it.
    """
    apply, plan_ = PINNED
    run(*apply)
    wounded(tenant)
    whole = json.loads(run(*plan_).out)
    plan = json.loads(run(*plan_, "--target", target, "--show-requests").out)
    reported = {f"{each['address']['kind']} {each['address']['key']}" for each in plan["changes"]}
    assert reported == {target.replace(".", " ", 1), cleaned}
    assert plan["summary"]["skipped"] == len(whole["changes"]) - 2 > 0
    steps = {each["step"]: each for each in plan["requests"]}
    (grant,) = [each for each in steps.values() if each["method"] == "POST"]
    assert set(grant["needs"]) == steps.keys() - {grant["step"]}
    assert run(*apply, "--target", target).code == 0
    rows = tenant.directory.default.federated_identity_credentials.find(
        "application", app(tenant, "Nightly")["id"]
    )
    left = app(tenant, "SPA")["spa"]["redirectUris"] if "spa" in cleaned else [row["name"] for row in rows]
    assert not {EVIL, "evil"} & set(left)


def test_a_target_that_is_withheld_is_told_so(run: Run, tenant: Embedded) -> None:
    """Nobody proves whose the workload is, and somebody could act as it: its role waits, which is no
    typing error.
    """
    run(*APPLY)
    wounded(tenant)
    plan = json.loads(run(*PLAN, "--target", "appRoleAssignment.api/Writer/servicePrincipal:nightly").out)
    assert plan["changes"] == []
    assert [each["address"]["key"] for each in plan["withheld"]] == ["nightly"]


def test_what_is_left_out_is_counted_in_every_format(run: Run, tenant: Embedded) -> None:
    """A reader of a part knows that it is one."""
    run(*APPLY)
    wounded(tenant)
    number = json.loads(run(*PLAN, "--target", "application.devClient").out)["summary"]["skipped"]
    assert number > 1
    for form in ("text", "markdown"):
        shown = run("plan", "-e", "dev", "--format", form, "--target", "application.devClient").out
        assert "No changes" in shown
        assert f"{number} changes not selected." in shown
    assert "skipped" not in run("plan", "-e", "dev").out
