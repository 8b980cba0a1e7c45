"""How the audit log writes attributes of objects, who did it, and what is left out of some records."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.callers import Caller
from entra_emulator.graph import audit
from entra_emulator.graph.audit import AuditTarget
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


def written(made: World, *, caller: Caller | None = None, **more: Any) -> list[Row]:
    """Return what is recorded of an update of an application."""
    call = made.call("PATCH", "/x", caller=caller, **more)
    changes = [audit.attribute("A", 1, 2), audit.included(["A"]), audit.fact("TargetId.Name", "x")]
    target = AuditTarget("1", "Application", "App", changes=changes)
    audit.write(call, "Update application", "Update", [target], app_id="2")
    return made.tenant.audit


def test_a_record() -> None:
    """Hold all that stands in one."""
    made = World()
    made.directory.ids.counter = 0
    (record,) = written(made, headers={"user-agent": "ua"})
    made.directory.ids.counter = 0
    correlation, noise = made.directory.ids.guid(), made.directory.ids.guid().replace("-", "")
    assert record == {
        "id": f"Directory_{correlation}_{noise[:5].upper()}_{int(noise[5:12], 16)}",
        "category": "ApplicationManagement",
        "correlationId": correlation,
        "result": "success",
        "resultReason": "",
        "activityDisplayName": "Update application",
        "activityDateTime": "2026-01-01T00:00:00Z",
        "loggedByService": "Core Directory",
        "operationType": "Update",
        "initiatedBy": {
            "user": None,
            "app": {
                "appId": None,
                "displayName": "Emulator admin",
                "servicePrincipalId": made.as_app().oid,
                "servicePrincipalName": None,
            },
        },
        "targetResources": [
            {
                "id": "1",
                "displayName": "App",
                "type": "Application",
                "userPrincipalName": None,
                "groupType": None,
                "modifiedProperties": [
                    {"displayName": "A", "oldValue": "[1]", "newValue": "[2]"},
                    {"displayName": "Included Updated Properties", "oldValue": None, "newValue": '"A"'},
                    {"displayName": "TargetId.Name", "oldValue": None, "newValue": '"x"'},
                ],
            }
        ],
        "additionalDetails": [{"key": "User-Agent", "value": "ua"}, {"key": "AppId", "value": "2"}],
    }
    assert audit.shown(AuditTarget("1", "Group"))["groupType"] == "azureAD"


def test_records_without_values() -> None:
    """Hold that such a one names what was updated, or nothing, and keeps the names at its end."""
    made = World()
    made.faults.plan.audit_stub_rate = 1
    for _ in range(20):
        written(made)
    found = {
        tuple(
            (change["displayName"], change["newValue"])
            for change in each["targetResources"][0]["modifiedProperties"]
        )
        for each in made.tenant.audit
    }
    end = ("TargetId.Name", '"x"')
    assert found == {(("Included Updated Properties", text), end) for text in ('"A"', '""')}
    made.tenant.audit.clear()
    target = AuditTarget("1", "Group", changes=[audit.attribute("A", 1, 2)])
    audit.write(made.call("PATCH", "/x"), "Update group", "Update", [target])
    assert len(made.tenant.audit[0]["targetResources"][0]["modifiedProperties"]) == 1


def test_records_that_come_twice() -> None:
    """Hold that they differ in id and time alone."""
    made = World()
    made.faults.plan.audit_repeat_rate = 1
    made.faults.plan.audit_apart = 5.0
    first, second = written(made)
    assert {name for name in first if first[name] != second[name]} == {"id", "activityDateTime"}
    assert all(each["activityDateTime"] >= "2026-01-01T00:00:00" for each in (first, second))


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
