"""`ignoreChanges` means not repaired: it is read, told in plan and drift, and who could act by it is
doubted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from entra_config.plan.model import Plan
from entra_emulator import seed
from tests.oracle.review import estate
from tests.oracle.tenant import Tenant, load
from tests.unit.checks.shop import content

Hand = Callable[[Tenant], None]


def row(tenant: Tenant, key: str) -> dict[str, Any]:
    """Return the registration of a key."""
    (found,) = [each for each in tenant.rows.applications if f"entra-config:key={key}" in each["tags"]]
    return dict(found)


def principal(tenant: Tenant, app_id: str) -> dict[str, Any]:
    """Return a service principal as what holds a role."""
    return dict(tenant.rows.service_principal_by_app_id(app_id)) | {"type": "ServicePrincipal"}


def redirect(tenant: Tenant) -> None:
    """Add a redirect URI by hand."""
    app = row(tenant, "web")
    tenant.rows.applications.put(
        {**app, "web": {**app["web"], "redirectUris": [*app["web"]["redirectUris"], "https://evil.example/"]}}
    )


def audience(tenant: Tenant) -> None:
    """Let other organizations in."""
    tenant.rows.applications.put({**row(tenant, "web"), "signInAudience": "AzureADMultipleOrgs"})


def authorized(tenant: Tenant) -> None:
    """Let an external client act at our API without consent."""
    app = row(tenant, "api")
    scope = app["api"]["oauth2PermissionScopes"][0]["id"]
    entry = {"appId": seed.ADMIN_APP_ID, "delegatedPermissionIds": [scope]}
    tenant.rows.applications.put({**app, "api": {**app["api"], "preAuthorizedApplications": [entry]}})


def role(tenant: Tenant) -> None:
    """Add a role to the API by hand."""
    app = row(tenant, "api")
    added = {**app["appRoles"][0], "id": "0aaaaaaa-0000-4000-8000-000000000009", "value": "Root"}
    tenant.rows.applications.put({**app, "appRoles": [*app["appRoles"], added]})


def consented(tenant: Tenant) -> None:
    """Let the job ask for HR's role and for one of ours, and give it both."""
    estate.external(tenant.rows, "HR", "0")
    app, api = row(tenant, "job"), row(tenant, "api")
    hr = next(each for each in tenant.rows.service_principals if each["displayName"] == "HR")
    requested = [
        {"resourceAppId": hr["appId"], "resourceAccess": [{"id": hr["appRoles"][1]["id"], "type": "Role"}]},
        {"resourceAppId": api["appId"], "resourceAccess": [{"id": api["appRoles"][1]["id"], "type": "Role"}]},
    ]
    tenant.rows.applications.put({**app, "requiredResourceAccess": requested})
    job = principal(tenant, app["appId"])
    seed.assign(tenant.rows, job, hr, hr["appRoles"][1]["id"])
    seed.assign(tenant.rows, job, principal(tenant, api["appId"]), api["appRoles"][1]["id"])


def planned(key: str, ignored: str, hand: Hand, **more: Any) -> tuple[Plan, list[str]]:
    """Apply, let somebody act, and plan with changes ignored; return the plan, and what drift finds."""
    tenant = Tenant()
    changed = content()
    changed["applications"][key]["ignoreChanges"] = [ignored]
    changed["applications"][key] |= more

    async def story() -> tuple[Plan, list[str]]:
        await tenant.apply(await tenant.plan(load(content())))
        hand(tenant)
        drift = await tenant.drift(load(changed))
        return await tenant.plan(load(changed)), [each["sentence"] for each in drift["findings"]]

    return asyncio.run(story())


CASES = [
    ("web", "redirectUris", redirect, "web has the redirect URI https://evil.example/, which", "redirect URI https://evil.example/"),
    ("web", "signInAudience", audience, ('web has the setting signInAudience: '
'"AzureADMultipleOrgs"'), ("setting "
"signInAudience")),
    ("api", "authorizedClients", authorized, ("api has the authorized client Emulator admin "
"(d0000000-"), ("authorized "
"client")),
    ("api", "appRoles", role, "api has the app role Root, which the manifest does not say", ("app role Root "
"added "
"to "
"api")),
    ("job", "apiPermissions", consented, "job has consent to 'Write' at HR", ("consent Write of HR added to "
"job")),
    ("job", "apiPermissions", consented, "job has consent to 'Writer' at api", ("consent Writer of api added "
"to "
"job")),
]  # fmt: skip


@pytest.mark.parametrize(("key", "ignored", "hand", "warning", "finding"), CASES)
def test_what_others_made_is_told_and_stays(
    key: str, ignored: str, hand: Hand, warning: str, finding: str
) -> None:
    """In the plan as a warning, in drift as a finding; and nothing is done about it."""
    plan, findings = planned(key, ignored, hand)

    assert any(each.message.startswith(warning) for each in plan.warnings), [
        each.message for each in plan.warnings
    ]
    assert any(each.startswith(finding) for each in findings), findings
    assert plan.changes == ()


def test_of_what_is_as_declared_nothing_is_said() -> None:
    """Ignoring everything that can be ignored says nothing where nobody changed anything."""
    for key in ("api", "web", "job"):
        every = [
            "redirectUris",
            "platforms",
            "apiPermissions",
            "identifierUris",
            "authorizedClients",
            "appRoles",
            "scopes",
            "owners",
        ]
        every += [
            "signInAudience",
            "accessTokenVersion",
            "certificates",
            "optionalClaims",
            "knownClientApplications",
        ]
        plan, findings = planned(key, "notes", lambda _: None, ignoreChanges=every)
        assert [
            each.message
            for each in plan.warnings
            if "ignoreChanges" in each.message or "consent" in each.message
        ] == []
        assert findings == []


def test_an_identifier_uri_with_its_own_app_id_is_as_declared() -> None:
    """Of two that are there, the one that is not declared is told."""

    def claim(tenant: Tenant) -> None:
        app = row(tenant, "api")
        tenant.rows.applications.put({**app, "identifierUris": [f"api://{app['appId']}", "api://planted"]})

    plan, _ = planned("api", "identifierUris", claim, identifierUris=["api://${appId}"])

    (told,) = [each.message for each in plan.warnings if "identifier URI" in each.message]
    assert told.startswith("api has the identifier URI api://planted, which the manifest does not say")


def test_story_11_a_planted_federated_credential_is_doubted_though_ignored() -> None:
    """Who can act as the job is not repaired and not trusted: what the pull request asks for it waits."""

    def plant(tenant: Tenant) -> None:
        app = row(tenant, "job")
        seed.add_federated_credential(
            tenant.rows, app, "planted", "https://issuer.example", "repo:stranger/evil:ref:refs/heads/main"
        )

    asks = {"api": {"application": ["Writer"], "adminConsent": True}}
    plan, findings = planned("job", "federatedCredentials", plant, apiPermissions=asks)

    assert [effect.text for effect in plan.effects if effect.type == "role"] == []
    assert len(plan.withheld) == 1
    assert (
        "planted (https://issuer.example repo:stranger/evil:ref:refs/heads/main)" in plan.withheld[0].message
    )
    assert any(each.startswith("federated credential planted") for each in findings)
