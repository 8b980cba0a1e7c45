"""How the audit log names and writes the attributes of applications, service principals and groups."""

from collections.abc import Callable
from typing import Any

from entra_emulator.table import Row

Attributes = dict[str, Callable[[Row], Any]]
_USER = 20
_WEB, _PUBLIC, _SPA = 1, 2, 3


def _plain(name: str) -> Callable[[Row], Any]:
    return lambda row: row.get(name)


def _inside(outer: str, name: str) -> Callable[[Row], Any]:
    return lambda row: (row.get(outer) or {}).get(name)


def _addresses(row: Row) -> list[Any]:
    """Redirect URIs of all platforms and the logout URL, in one list."""
    found = [_address(0, uri, _WEB) for uri in row["web"]["redirectUris"]]
    found += [_address(0, uri, _PUBLIC) for uri in row["publicClient"]["redirectUris"]]
    found += [_address(0, uri, _SPA) for uri in row["spa"]["redirectUris"]]
    if row["web"]["logoutUrl"]:
        found.append(_address(4, row["web"]["logoutUrl"], 0))
    return found


def _address(kind: int, uri: str, client: int) -> dict[str, Any]:
    return {
        "AddressType": kind,
        "Address": uri,
        "ReplyAddressClientType": client,
        "ReplyAddressIndex": None,
        "IsReplyAddressDefault": False,
    }


def _required(row: Row) -> list[Any]:
    return [
        {
            "ResourceAppId": resource["resourceAppId"],
            "RequiredAppPermissions": [
                {
                    "EntitlementId": access["id"],
                    "DirectAccessGrant": access["type"] == "Role",
                    "ImpersonationAccessGrants": [] if access["type"] == "Role" else [_USER],
                }
                for access in resource["resourceAccess"]
            ],
            "EncodingVersion": 1,
        }
        for resource in row["requiredResourceAccess"]
    ]


def _entitlements(row: Row) -> list[Any]:
    scopes = [
        _entitlement(scope, scope["adminConsentDisplayName"], scope=True)
        for scope in row["api"]["oauth2PermissionScopes"]
    ]
    return scopes + [_entitlement(role, role["displayName"], scope=False) for role in row["appRoles"]]


def _entitlement(item: Row, name: str | None, *, scope: bool) -> dict[str, Any]:
    return {
        "EntitlementEncodingVersion": 2,
        "EntitlementId": item["id"],
        "IsDisabled": not item["isEnabled"],
        "Origin": 0,
        "Name": name,
        "Description": item["adminConsentDescription"] if scope else item["description"],
        "Definition": None,
        "ClaimValue": item["value"],
        "ResourceScopeType": 1 if scope else 0,
        "IsPrivate": False,
        "UserConsentDisplayName": item["userConsentDisplayName"] if scope else None,
        "UserConsentDescription": item["userConsentDescription"] if scope else None,
        "DirectAccessGrantTypes": [] if scope else [_USER],
        "ImpersonationAccessGrantTypes": [{"Impersonator": 29, "Impersonated": _USER}] if scope else [],
        "EntitlementCategory": 0,
        "DependentMicrosoftGraphPermissions": [],
    }


def _keys(row: Row) -> list[str]:
    certificates = [
        _key(item, "AsymmetricX509Cert", item.get("usage") or "Verify") for item in row["keyCredentials"]
    ]
    return certificates + [_key(item, "Password", "Verify") for item in row["passwordCredentials"]]


def _key(item: Row, kind: str, usage: str) -> str:
    # Neither secret nor dates.
    return (
        f"[KeyIdentifier={item['keyId']},KeyType={kind},KeyUsage={usage},DisplayName="
        f"{item['displayName'] or ''}]"
    )


def federated(rows: list[Row]) -> list[Any]:
    """Write an application's federated credentials, all of them."""
    return [
        {
            "Name": row["name"],
            "Issuer": row["issuer"],
            "Subject": row["subject"],
            "Id": row["id"],
            "Description": row["description"],
            "Audiences": row["audiences"],
            "ClaimsMatchingExpressionValue": (row.get("claimsMatchingExpression") or {}).get("value"),
            "ClaimsMatchingExpressionLanguageVersion": (row.get("claimsMatchingExpression") or {}).get(
                "languageVersion", 0
            ),
            "EncodingVersion": 2,
            "TrustedIssuer": None,
        }
        for row in rows
    ]


APPLICATION: Attributes = {
    "AppAddress": _addresses,
    "AppId": _plain("appId"),
    # True means any audience beyond the own tenant; it cannot tell which.
    "AvailableToOtherTenants": lambda row: [row["signInAudience"] != "AzureADMyOrg"],
    "DisplayName": _plain("displayName"),
    "Entitlement": _entitlements,
    "PublicClient": _plain("isFallbackPublicClient"),
    "WwwHomepage": _inside("web", "homePageUrl"),
    "RequiredResourceAccess": _required,
    "PublisherDomain": _plain("publisherDomain"),
    "AppIdentifierUri": _plain("identifierUris"),
    "OauthOidcResponsePolicyBitmap": lambda row: _bitmap(row["web"]["implicitGrantSettings"]),
    "PreAuthorizedApplications": _inside("api", "preAuthorizedApplications"),
    "KnownClientApplications": _inside("api", "knownClientApplications"),
    "AccessTokenAcceptedVersion": _inside("api", "requestedAccessTokenVersion"),
    "AcceptMappedClaims": _inside("api", "acceptMappedClaims"),
    "OptionalClaims": _plain("optionalClaims"),
    "GroupMembershipClaims": _plain("groupMembershipClaims"),
    "ApplicationTag": _plain("tags"),
    "Notes": _plain("notes"),
    "Description": _plain("description"),
    "ServiceManagementReference": _plain("serviceManagementReference"),
    "AppInformationalUrl": lambda row: [row["info"]] if any(row["info"].values()) else [],
    "AddIns": _plain("addIns"),
    "TokenEncryptionKeyId": _plain("tokenEncryptionKeyId"),
    "ServicePrincipalLockConfiguration": _plain("servicePrincipalLockConfiguration"),
    "IsDeviceOnlyAuthSupported": _plain("isDeviceOnlyAuthSupported"),
    "NativeAuthenticationApisEnabled": _plain("nativeAuthenticationApisEnabled"),
    "IsDisabled": _plain("isDisabled"),
    "RequestSignatureVerification": _plain("requestSignatureVerification"),
    "SamlMetadataUrl": _plain("samlMetadataUrl"),
    "DefaultRedirectUri": _plain("defaultRedirectUri"),
    "ParentalControlSettings": lambda row: (
        [row["parentalControlSettings"]]
        if row["parentalControlSettings"]["countriesBlockedForMinors"]
        else []
    ),
}
KEYS: Attributes = {"KeyDescription": _keys}
SERVICE_PRINCIPAL: Attributes = {
    "AccountEnabled": lambda row: [row["accountEnabled"]],
    "AppPrincipalId": _plain("appId"),
    "DisplayName": _plain("displayName"),
    "ServicePrincipalName": _plain("servicePrincipalNames"),
    "ExplicitAccessGrantRequired": lambda row: [row["appRoleAssignmentRequired"]],
    "ServicePrincipalTag": _plain("tags"),
    "Notes": _plain("notes"),
    "LoginUrl": _plain("loginUrl"),
    "NotificationEmailAddresses": _plain("notificationEmailAddresses"),
    "PreferredSingleSignOnMode": _plain("preferredSingleSignOnMode"),
    "SamlSingleSignOnSettings": _plain("samlSingleSignOnSettings"),
    "AlternativeNames": _plain("alternativeNames"),
    "Description": _plain("description"),
    "TokenEncryptionKeyId": _plain("tokenEncryptionKeyId"),
    "AppAddress": lambda row: [_address(0, uri, _WEB) for uri in row["replyUrls"]],
}
GROUP: Attributes = {
    "Description": _plain("description"),
    "DisplayName": _plain("displayName"),
    "Mail": _plain("mail"),
    "MailEnabled": lambda row: [row["mailEnabled"]],
    "MailNickname": _plain("mailNickname"),
    "SecurityEnabled": lambda row: [row["securityEnabled"]],
    "IsAssignableToRole": _plain("isAssignableToRole"),
}
USER: Attributes = {
    "AccountEnabled": lambda row: [row["accountEnabled"]],
    "DisplayName": _plain("displayName"),
    "MailNickname": _plain("mailNickname"),
    "UserPrincipalName": _plain("userPrincipalName"),
    "JobTitle": _plain("jobTitle"),
    "Department": _plain("department"),
}


def _bitmap(settings: Row) -> list[int]:
    return [bool(settings["enableIdTokenIssuance"]) + 2 * bool(settings["enableAccessTokenIssuance"])]
