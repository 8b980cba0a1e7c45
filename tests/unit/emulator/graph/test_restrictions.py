"""What app management policies and the size of a tenant refuse."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.graph import restrictions
from entra_emulator.graph.errors import ODataError
from entra_emulator.table import Row
from tests.unit.emulator.graph.certificates import key
from tests.unit.emulator.graph.sending import World, refusal

OLD, NEW, LATER = "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2025-06-01T00:00:00Z"
TYPE = "400 CredentialTypeNotAllowedAsPerAppPolicy: Credential type not allowed as per assigned policy."
LIFETIME = (
    "400 CredentialInvalidLifetimeAsPerAppPolicy: Credential lifetime exceeds the max value allowed "
    "as per assigned "
    "policy."
)
AUTHORITY = (
    "400 CredentialNotIssuedByTrustedAuthorityAsPerAppPolicy: Key credential is not issued by a "
    "trusted certificate "
    "authority as per assigned policy."
)


def world(restricted: Row, *, side: str = "applicationRestrictions", on: bool = True) -> tuple[World, Row]:
    """Return a world whose default policy restricts these, and an application of OLD."""
    made = World()
    policy = {"isEnabled": on, side: restricted}
    made.tenant.choices = made.tenant.choices.changed({"defaultAppManagementPolicy": policy})
    return made, made.app("App")


def outcome(rule: Any, *values: Any) -> str:
    """Return the refusal of a rule, or nothing."""
    try:
        rule(*values)
    except ODataError as error:
        return refusal(error)
    return ""


ADDITION = {"restrictionType": "passwordAddition", "state": "enabled"}
NINETY = {"restrictionType": "passwordLifetime", "maxLifetime": "P90D"}


@pytest.mark.parametrize(
    ("restricted", "end", "expected"),
    [
        ([ADDITION], "2026-01-02T00:00:00Z", TYPE),
        ([{**ADDITION, "state": "disabled"}], "2026-01-02T00:00:00Z", ""),
        ([{**ADDITION, "restrictForAppsCreatedAfterDateTime": LATER}], "2026-01-02T00:00:00Z", ""),
        ([NINETY], "2026-04-01T00:00:00Z", ""),
        ([NINETY], "2026-04-02T00:00:00Z", LIFETIME),
        ([{**NINETY, "restrictForAppsCreatedAfterDateTime": LATER}], "2027-01-01T00:00:00Z", ""),
        ([], "2099-01-01T00:00:00Z", ""),
    ],
)
@pytest.mark.parametrize("table", ["applications", "servicePrincipals"])
def test_secrets(table: str, restricted: list[Row], end: str, expected: str) -> None:
    """Hold that those of each side are refused by the restrictions of that side."""
    sides = {"applications": "applicationRestrictions", "servicePrincipals": "servicePrincipalRestrictions"}
    secret = {"startDateTime": NEW, "endDateTime": end}
    for name, side in sides.items():
        made, app = world({"passwordCredentials": restricted}, side=side)
        found = outcome(restrictions.check_password, made.call("POST", "/x"), table, app, secret)
        assert found == (expected if name == table else "")
    made, app = world({"passwordCredentials": restricted}, side=sides[table], on=False)
    assert outcome(restrictions.check_password, made.call("POST", "/x"), table, app, secret) == ""


def credential(row_id: str, days: int = 90, issuer: str = "app") -> Row:
    """Return a key credential."""
    end = {90: "2026-04-01T00:00:00Z", 91: "2026-04-02T00:00:00Z"}[days]
    return {"keyId": row_id, "key": key(days, issuer), "startDateTime": NEW, "endDateTime": end}


KEY_90 = {"restrictionType": "asymmetricKeyLifetime", "maxLifetime": "P90D"}
TRUSTED = {"restrictionType": "trustedCertificateAuthority", "state": "enabled"}


@pytest.mark.parametrize(
    ("restricted", "old", "new", "expected"),
    [
        ([KEY_90], [], [credential("a")], ""),
        ([KEY_90], [], [credential("a"), credential("b", 91)], LIFETIME),
        ([KEY_90], [credential("b", 91)], [credential("b", 91)], ""),
        ([KEY_90], None, [credential("b", 91)], LIFETIME),
        ([KEY_90], None, [], ""),
        ([TRUSTED], [], [credential("a")], AUTHORITY),
        ([TRUSTED], [], [credential("a", 90, "authority")], ""),
        ([TRUSTED], [], [credential("a", 90, "authority"), credential("b")], AUTHORITY),
        ([TRUSTED], [credential("a")], [credential("a")], ""),
        ([], [], [credential("a", 91)], ""),
        ([{**KEY_90, "restrictForAppsCreatedAfterDateTime": LATER}], [], [credential("a", 91)], ""),
    ],
)
def test_certificates(restricted: list[Row], old: list[Row] | None, new: list[Row], expected: str) -> None:
    """Hold that those that come are looked at, and those that were there are not."""
    made, app = world({"keyCredentials": restricted})
    before = None if old is None else {**app, "keyCredentials": old}
    after = {**app, "keyCredentials": new}
    assert (
        outcome(restrictions.check_keys, made.call("POST", "/x"), "applications", before, after) == expected
    )


MULTIPLE, BOTH, PERSONAL = (
    "AzureADMultipleOrgs",
    "AzureADandPersonalMicrosoftAccount",
    "PersonalMicrosoftAccount",
)


@pytest.mark.parametrize(
    ("restricted", "old", "new", "refused"),
    [
        ("azureAdMultipleOrgs", None, MULTIPLE, True),
        ("azureAdMultipleOrgs", "AzureADMyOrg", BOTH, True),
        ("azureAdMultipleOrgs", "AzureADMyOrg", PERSONAL, False),
        ("azureAdMultipleOrgs", None, "AzureADMyOrg", False),
        ("azureAdMultipleOrgs", MULTIPLE, MULTIPLE, False),
        ("personalMicrosoftAccount", None, PERSONAL, True),
        ("personalMicrosoftAccount", MULTIPLE, BOTH, True),
        ("personalMicrosoftAccount", None, MULTIPLE, False),
    ],
)
def test_audiences(restricted: str, old: str | None, new: str, *, refused: bool) -> None:
    """Hold that another audience than before is refused, in the words of the policy that does."""
    made, app = world({"audiences": {restricted: {"state": "enabled"}}})
    before = None if old is None else {**app, "signInAudience": old}
    found = outcome(
        restrictions.check_audience, made.call("POST", "/x"), before, {**app, "signInAudience": new}
    )
    text = (
        f"400 SignInAudienceNotAllowedAsPerAppPolicy: SignInAudience value '{new}' not allowed as "
        f"per assigned policy "
        "'00000000-0000-0000-0000-000000000000'. Set the application to use single-tenant audience of "
        "'AzureADMyOrg'."
    )
    assert found == (text if refused else "")
    plain, app = world({})
    assert (
        outcome(restrictions.check_audience, plain.call("POST", "/x"), None, {**app, "signInAudience": new})
        == ""
    )


OURS, OTHER = "0e000000-0000-4000-8000-000000000007", "0e000000-0000-4000-8000-000000000008"
UNIQUE, FREE = "uriAdditionWithoutUniqueTenantIdentifier", "nonDefaultUriAddition"


@pytest.mark.parametrize(
    ("restriction", "more", "uri", "refused"),
    [
        ({UNIQUE: {}}, {}, f"api://{OURS}", False),
        ({UNIQUE: {}}, {}, f"API://{OURS.upper()}/x", False),
        ({UNIQUE: {}}, {}, f"api://{seed.CONTOSO}/x", False),
        ({UNIQUE: {}}, {}, "https://app.contoso.com/x", False),
        ({UNIQUE: {}}, {}, "api://contoso.com", False),
        ({UNIQUE: {}}, {}, "api://any", True),
        ({UNIQUE: {}}, {}, f"api://{OTHER}", True),
        ({UNIQUE: {}}, {}, "urn:any", True),
        ({UNIQUE: {}}, {}, "https://[x", True),
        ({UNIQUE: {"excludeAppsReceivingV2Tokens": True}}, {"version": 2}, "api://any", False),
        ({UNIQUE: {"excludeAppsReceivingV2Tokens": True}}, {"version": 1}, "api://any", True),
        ({UNIQUE: {"excludeAppsReceivingV2Tokens": False}}, {"version": 2}, "api://any", True),
        ({UNIQUE: {"excludeSaml": True}}, {"mode": "saml"}, "api://any", False),
        ({UNIQUE: {"excludeSaml": True}}, {"mode": "oidc"}, "api://any", True),
        ({UNIQUE: {"excludeSaml": True}}, {}, "api://any", True),
        ({UNIQUE: {"excludeSaml": False}}, {"mode": "saml"}, "api://any", True),
        ({UNIQUE: {"restrictForAppsCreatedAfterDateTime": LATER}}, {}, "api://any", False),
        ({UNIQUE: {"restrictForAppsCreatedAfterDateTime": LATER}}, {"created": None}, "api://any", True),
        ({UNIQUE: {"excludeAppsReceivingV2Tokens": True}, FREE: {"state": "enabled"}}, {"version": 2},
         f"api://{OURS}", False),
        ({UNIQUE: {"excludeAppsReceivingV2Tokens": True}, FREE: {"state": "enabled"}}, {"version": 2},
         f"API://{seed.CONTOSO}/{OURS}", False),
        ({UNIQUE: {"excludeAppsReceivingV2Tokens": True}, FREE: {"state": "enabled"}}, {"version": 2},
         "https://contoso.com", True),
    ],
)  # fmt: skip
def test_identifier_uris(restriction: Row, more: Row, uri: str, *, refused: bool) -> None:
    """Hold which name the tenant or the application, and whom a restriction excludes."""
    made, _ = world({"identifierUris": restriction})
    app = made.app("Ours", app_id=OURS, api={"requestedAccessTokenVersion": more.get("version")})
    app = {**app, "createdDateTime": more.get("created", OLD)}
    if "mode" in more:
        principal = seed.add_service_principal(made.tenant, app)
        made.tenant.service_principals.put({**principal, "preferredSingleSignOnMode": more["mode"]})
    found = outcome(restrictions.check_uri, made.call("POST", "/x"), app, uri)
    text = (
        f"400 InvalidUniqueTenantIdentifierAsPerAppPolicy: Failed to add identifier URI {uri}. All "
        f"newly added URIs must "
        "contain a tenant verified domain, tenant ID, or app ID, as per the default tenant policy of your "
        "organization. See https://aka.ms/identifier-uri-addition-error for more information on this error."
    )
    assert found == (text if refused else "")


@pytest.mark.parametrize(
    ("kind", "plan", "refused"), [("group", "free", True), ("group", "P1", False), ("user", "free", False)]
)
def test_plans(kind: str, plan: str, *, refused: bool) -> None:
    """Hold that groups need P1."""
    made = World()
    made.tenant.choices = made.tenant.choices.changed({"entraPlan": plan})
    found = outcome(restrictions.check_plan, made.call("POST", "/x"), kind)
    assert found.startswith("403 Authorization_RequestDenied: The tenant does not have") == refused
    assert bool(found) == refused
