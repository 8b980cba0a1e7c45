"""Applications: how they are made, changed and deleted, by whom, and what the audit log says."""

from __future__ import annotations

import pytest

from entra_emulator import seed
from entra_emulator.graph.call import CollectionResponse
from entra_emulator.graph.entities.application import APPLICATION, UNRESTRICTED, make_application
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import BASE, V1, World, records

PATH = "/applications"
STAMP = "2026-01-01T00:00:00Z"
FIXED = "400 Request_BadRequest: Property '{}' is read-only and cannot be set."
SECRETS = "400 Request_BadRequest: New password credentials must be generated using service actions."
CREATED = "Create application – Certificates and secrets management "


def test_one_is_made() -> None:
    """Hold what is responded, held and recorded."""
    made = World()
    made.directory.ids.counter = 0
    found = made.send("POST", PATH, {"displayName": "App", "passwordCredentials": [{"displayName": "s"}]})
    made.directory.ids.counter = 0
    row_id, app_id, secret, key_id = (
        made.directory.ids.guid(), made.directory.ids.guid(), made.directory.ids.secret(),
        made.directory.ids.guid(),
    )  # fmt: skip
    key = {
        "customKeyIdentifier": None,
        "displayName": "s",
        "endDateTime": "2028-01-01T00:00:00Z",
        "hint": secret[:3],
        "keyId": key_id,
        "secretText": None,
        "startDateTime": STAMP,
    }
    row = make_application(row_id, app_id, STAMP, "contoso.onmicrosoft.com")
    row |= {"displayName": "App", "createdByAppId": seed.ADMIN_APP_ID, "passwordCredentials": [key]}
    assert made.tenant.applications.get(row_id) == {**row, "_creator": made.as_app().oid}
    where = (
        f"{BASE}/v2/{made.tenant.tenant_id}/directoryObjects/{row_id}/Microsoft.DirectoryServices.Application"
    )
    hidden = APPLICATION.form(made.directory.month).hidden
    shown = {name: value for name, value in row.items() if name not in hidden}
    shown["passwordCredentials"] = [{**key, "secretText": secret}]
    body = {"@odata.context": f"{V1}/$metadata#applications/$entity", **shown}
    assert found == CollectionResponse(201, body, headers=(("Location", where),))
    assert list(made.tenant.secrets)[-1] == key_id
    assert made.tenant.owners.targets(row_id) == []
    first, second = records(made)
    assert (first[:4], second[:4]) == (
        ("Add application", "Add", "ApplicationManagement", app_id),
        (CREATED, "Add", "ApplicationManagement", app_id),
    )
    described = f'["[KeyIdentifier={key_id},KeyType=Password,KeyUsage=Verify,DisplayName=s]"]'
    changes = {
        "KeyDescription": ("[]", described),
        "Included Updated Properties": (None, '"KeyDescription"'),
    }
    assert second[4] == [(row_id, "Application", "App", None, changes)]
    assert first[4] == [(row_id, "Application", "App", None, {
        "AppId": ("[]", f'["{app_id}"]'),
        "AvailableToOtherTenants": ("[]", "[false]"),
        "DisplayName": ("[]", '["App"]'),
        "PublisherDomain": ("[]", '["contoso.onmicrosoft.com"]'),
        "OauthOidcResponsePolicyBitmap": ("[]", "[0]"),
        "Included Updated Properties": (
            None,
            '"AppId, AvailableToOtherTenants, DisplayName, PublisherDomain, OauthOidcResponsePolicyBitmap"',
        ),
    })]  # fmt: skip


def test_what_beta_alone_takes() -> None:
    """Hold that tenants are named when one is made and changed, and that lists stand as they are sent."""
    made = World()
    allowed = {"@odata.type": "#microsoft.graph.allowedTenantsAudience", "allowedTenantIds": [seed.FABRIKAM]}
    sent = {"displayName": "App", "signInAudience": "AzureADMultipleOrgs", "tags": ["b", "a"]}
    found = made.send("POST", PATH, {**sent, "signInAudienceRestrictions": allowed}, version="beta")
    body = found.body or {}
    row_id = body["id"]
    held = made.tenant.applications.rows[row_id]["signInAudienceRestrictions"]
    assert (held["kind"], held["isHomeTenantAllowed"], body["tags"]) == ("allowedTenants", True, ["b", "a"])
    changed = {"signInAudienceRestrictions": None}
    assert made.short("PATCH", f"{PATH}/{row_id}", changed, version="beta") == "204"
    assert made.tenant.applications.rows[row_id]["signInAudienceRestrictions"] == UNRESTRICTED


@pytest.mark.parametrize(
    ("sent", "version"),
    [
        ({}, None),
        ({"signInAudience": None}, None),
        ({"signInAudience": "AzureADandPersonalMicrosoftAccount"}, 2),
        ({"signInAudience": "PersonalMicrosoftAccount"}, 2),
        ({"signInAudience": "AzureADMultipleOrgs"}, None),
        ({"signInAudience": "PersonalMicrosoftAccount", "api": {"requestedAccessTokenVersion": 2}}, 2),
        ({"signInAudience": "PersonalMicrosoftAccount", "api": {}}, 2),
        ({"api": {"requestedAccessTokenVersion": 1}}, 1),
    ],
)
def test_versions_of_tokens(sent: Row, version: int | None) -> None:
    """Hold that personal accounts come with version 2, and that the tenant's own is the default audience."""
    made = World()
    found = made.send("POST", PATH, {"displayName": "App", **sent})
    body = found.body or {}
    assert (found.status, body["api"]["requestedAccessTokenVersion"]) == (201, version)
    assert body["signInAudience"] == (sent.get("signInAudience") or "AzureADMyOrg")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"signInAudience": "PersonalMicrosoftAccount", "api": {"requestedAccessTokenVersion": 1}}, "400"),
        ({"displayName": None}, "400"),
        ({"passwordCredentials": [{"secretText": "s"}]}, SECRETS),
        ({"passwordCredentials": [{"displayName": "a"}, {"secretText": "s"}]}, SECRETS),
        ({"passwordCredentials": None}, "201"),
        ({"signInAudienceRestrictions": None}, ("400 Request_BadRequest: Invalid property "
                                               "'signInAudienceRestrictions'.")),
        ({"extension_none": 1}, "400 Request_BadRequest: Invalid property 'extension_none'."),
        ({"members@odata.bind": []}, "400 Request_BadRequest: Invalid property 'members@odata.bind'."),
        ({"appId": seed.ADMIN_APP_ID}, FIXED.format("appId")),
    ],
)  # fmt: skip
def test_what_one_may_be(sent: Row, expected: str) -> None:
    """Hold what is refused, and that nothing is then held or recorded."""
    made = World()
    before = len(made.tenant.applications)
    assert made.short("POST", PATH, {"displayName": "App", **sent}).startswith(expected)
    assert len(made.tenant.applications) - before == (expected == "201")
    assert bool(records(made)) == (expected == "201")
