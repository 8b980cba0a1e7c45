"""How the audit log writes attributes of objects, who did it, and what is left out of some records."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.graph import audit
from entra_emulator.graph.entities.application import APPLICATION, make_application
from entra_emulator.graph.entities.federated_identity_credential import write_credentials
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import World

APP = make_application("1", "2", "2026-01-01T00:00:00Z", "contoso.com")
SCOPE = {"id": "s", "isEnabled": True, "value": "read", "adminConsentDisplayName": "an", "type": "User",
         "adminConsentDescription": "ad", "userConsentDisplayName": "un", "userConsentDescription": "ud",
         "origin": None}  # fmt: skip
ROLE = {"id": "r", "isEnabled": False, "value": "Read", "displayName": "rn", "description": "rd"}


def address(kind: int, uri: str, client: int) -> Row:
    """Return an address as the log writes it."""
    fields = {"AddressType": kind, "Address": uri, "ReplyAddressClientType": client}
    return {**fields, "ReplyAddressIndex": None, "IsReplyAddressDefault": False}


def entitlement(**more: Any) -> Row:
    """Return a scope or role as the log writes it."""
    fields: Row = {"EntitlementEncodingVersion": 2, "EntitlementId": "r", "IsDisabled": True, "Origin": 0}
    fields |= {"Name": "rn", "Description": "rd", "Definition": None, "ClaimValue": "Read"}
    fields |= {"ResourceScopeType": 0, "IsPrivate": False, "UserConsentDisplayName": None}
    fields |= {
        "UserConsentDescription": None,
        "DirectAccessGrantTypes": [20],
        "ImpersonationAccessGrantTypes": [],
    }
    return {**fields, "EntitlementCategory": 0, "DependentMicrosoftGraphPermissions": []} | more


OF_SCOPE = entitlement(
    EntitlementId="s", IsDisabled=False, Name="an", Description="ad", ClaimValue="read", ResourceScopeType=1,
    UserConsentDisplayName="un", UserConsentDescription="ud", DirectAccessGrantTypes=[],
    ImpersonationAccessGrantTypes=[{"Impersonator": 29, "Impersonated": 20}],
)  # fmt: skip
INFO = {"logoUrl": None, "supportUrl": "s"}
ACCESS = [{"id": "a", "type": "Role"}, {"id": "b", "type": "Scope"}]
REQUIRED = [{"resourceAppId": "x", "resourceAccess": ACCESS}]
URIS = {"web": ["w"], "publicClient": ["p"], "spa": ["s"]}
BOTH = (True, True)
GRANTS = ("enableIdTokenIssuance", "enableAccessTokenIssuance")


@pytest.mark.parametrize(
    ("name", "row", "expected"),
    [
        ("AppAddress", {name: {**APP[name], "redirectUris": uris} for name, uris in URIS.items()},
         [address(0, "w", 1), address(0, "p", 2), address(0, "s", 3)]),
        ("AppAddress", {"web": {**APP["web"], "logoutUrl": "out"}}, [address(4, "out", 0)]),
        ("AvailableToOtherTenants", {"signInAudience": "AzureADMultipleOrgs"}, [True]),
        ("AvailableToOtherTenants", {"signInAudience": "AzureADMyOrg"}, [False]),
        ("Entitlement", {"api": {**APP["api"], "oauth2PermissionScopes": [SCOPE]}, "appRoles": [ROLE]},
         [OF_SCOPE, entitlement()]),
        ("WwwHomepage", {"web": {**APP["web"], "homePageUrl": "h"}}, "h"),
        ("WwwHomepage", {"web": None}, None),
        ("RequiredResourceAccess", {"requiredResourceAccess": REQUIRED},
         [{"ResourceAppId": "x", "EncodingVersion": 1, "RequiredAppPermissions": [
             {"EntitlementId": "a", "DirectAccessGrant": True, "ImpersonationAccessGrants": []},
             {"EntitlementId": "b", "DirectAccessGrant": False, "ImpersonationAccessGrants": [20]}]}]),
        *(
            ("OauthOidcResponsePolicyBitmap",
             {"web": {**APP["web"], "implicitGrantSettings": dict(zip(GRANTS, given, strict=True))}}, [bits])
            for given, bits in (((False, False), 0), ((True, False), 1), ((False, True), 2), (BOTH, 3))
        ),
        ("AppInformationalUrl", {"info": INFO}, [INFO]),
        ("AppInformationalUrl", {"info": {"logoUrl": None, "supportUrl": None}}, []),
        ("ParentalControlSettings", {"parentalControlSettings": {"countriesBlockedForMinors": ["DE"]}},
         [{"countriesBlockedForMinors": ["DE"]}]),
        ("ParentalControlSettings", {}, []),
        ("ApplicationTag", {"tags": ["t"]}, ["t"]),
    ],
)  # fmt: skip
def test_attributes_of_applications(name: str, row: Row, expected: Any) -> None:
    """Hold how each is written."""
    assert APPLICATION.readers[name](APP | row) == expected


def test_keys() -> None:
    """Hold that neither secrets nor dates are written, certificates first."""
    keys = [{"keyId": "a", "displayName": None}, {"keyId": "b", "displayName": "n", "usage": "Sign"}]
    row = {
        "keyCredentials": keys,
        "passwordCredentials": [{"keyId": "c", "displayName": "s", "usage": "Sign"}],
    }
    assert audit.KEYS["KeyDescription"](row) == [
        "[KeyIdentifier=a,KeyType=AsymmetricX509Cert,KeyUsage=Verify,DisplayName=]",
        "[KeyIdentifier=b,KeyType=AsymmetricX509Cert,KeyUsage=Sign,DisplayName=n]",
        "[KeyIdentifier=c,KeyType=Password,KeyUsage=Verify,DisplayName=s]",
    ]


def test_federated_credentials() -> None:
    """Hold that all of an application are written, with their expressions."""
    row = {"id": "i", "name": "n", "issuer": "u", "subject": "s", "description": "d", "audiences": ["a"]}
    shown = {"Name": "n", "Issuer": "u", "Subject": "s", "Id": "i", "Description": "d", "Audiences": ["a"]}
    ends = {"EncodingVersion": 2, "TrustedIssuer": None}
    value, language = "ClaimsMatchingExpressionValue", "ClaimsMatchingExpressionLanguageVersion"
    flexible = {**row, "claimsMatchingExpression": {"value": "v", "languageVersion": 1}}
    assert write_credentials([row, flexible]) == [
        {**shown, value: None, language: 0, **ends},
        {**shown, value: "v", language: 1, **ends},
    ]


def test_the_order_of_the_log() -> None:
    """Hold that it is that of time, to the fraction, and of arrival at the same time."""
    made = World()
    times = ["2026-01-01T00:00:01Z", "2026-01-01T00:00:01.5Z", "2026-01-01T00:00:02Z", "2026-01-01T00:00:01Z",
             "2026-01-01T00:00:01.5Z", "2026-01-01T00:00:00.9Z"]  # fmt: skip
    for number, time in enumerate(times):
        audit.keep(made.tenant, {"id": number, "activityDateTime": time})
    assert [row["id"] for row in made.tenant.audit] == [5, 0, 3, 1, 4, 2]
    copy = World()
    for number in range(2):
        audit.keep(copy.tenant, {"id": number, "activityDateTime": times[0]})
    assert [row["id"] for row in copy.tenant.audit] == [0, 1]
