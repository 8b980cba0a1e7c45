"""The properties of an application, and what Graph does with them.

Types and null: microsoftgraph/msgraph-metadata, schemas/v1.0-Prod.csdl, commit f54f11b6, 2026-08-20.
"""

from typing import Any

from entra_emulator.graph import permissions
from entra_emulator.graph.properties import ADVANCED, GRAPH, Entity, Property
from entra_emulator.table import Row

AUDIENCES = frozenset(
    {"AzureADMyOrg", "AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount", "PersonalMicrosoftAccount"}
)
# What an application has that nobody restricted (signInAudienceRestrictionsBase documentation).
UNRESTRICTED = {"@odata.type": "#microsoft.graph.unrestrictedAudience", "kind": "unrestricted"}
# Its service principal has both too.
INFO = dict.fromkeys(("logoUrl", "marketingUrl", "privacyStatementUrl", "supportUrl", "termsOfServiceUrl"))
PUBLISHER = dict.fromkeys(("displayName", "verifiedPublisherId", "addedDateTime"))
_USER = 20
_WEB, _PUBLIC, _SPA = 1, 2, 3


def make_application(row_id: str, app_id: str, created: str, publisher: str) -> Row:
    """Make an application with Graph's defaults (an azure-cli recording of 2025-04, an answer of 2026-06)."""
    return APPLICATION.make(id=row_id, appId=app_id, createdDateTime=created, publisherDomain=publisher)


def make_app_role(
    role_id: str, value: str | None, display_name: str, description: str, members: list[str]
) -> Row:
    """Make an app role as reads show it."""
    return {
        "allowedMemberTypes": members,
        "description": description,
        "displayName": display_name,
        "id": role_id,
        "isEnabled": True,
        "origin": "Application",
        "value": value,
    }


def make_scope(scope_id: str, value: str, texts: tuple[str, str], *, admin: bool) -> Row:
    """Make a delegated permission as reads show it."""
    return {
        "adminConsentDescription": texts[1],
        "adminConsentDisplayName": texts[0],
        "id": scope_id,
        "isEnabled": True,
        "type": "Admin" if admin else "User",
        "userConsentDescription": None if admin else texts[1],
        "userConsentDisplayName": None if admin else texts[0],
        "value": value,
    }


def with_settings(row: Row) -> Row:
    """Add the settings of an application's redirect URIs: one for each, in their order, with the index that a
    client gave it (azure-cli recordings of 2024-09 and 2024-11).
    """
    web = row.get("web")
    if not web:
        return row
    indexes = {each["uri"]: each["index"] for each in web.get("redirectUriSettings") or ()}
    settings = [{"uri": uri, "index": indexes.get(uri)} for uri in web["redirectUris"]]
    return {**row, "web": {**web, "redirectUriSettings": settings}}


def _addresses(row: Row) -> list[Any]:
    """Redirect URIs of all platforms and the logout URL, in one list."""
    found = [write_address(0, uri, _WEB) for uri in row["web"]["redirectUris"]]
    found += [write_address(0, uri, _PUBLIC) for uri in row["publicClient"]["redirectUris"]]
    found += [write_address(0, uri, _SPA) for uri in row["spa"]["redirectUris"]]
    if row["web"]["logoutUrl"]:
        found.append(write_address(4, row["web"]["logoutUrl"], 0))
    return found


def write_address(kind: int, uri: str, client: int) -> dict[str, Any]:
    """Write a reply URL as the audit log does."""
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


def _is_multi_tenant(row: Row) -> list[bool]:
    """Return whether other tenants may use it: the log does not tell which audience."""
    return [row["signInAudience"] != "AzureADMyOrg"]


def _implicit_grants(row: Row) -> list[int]:
    settings = row["web"]["implicitGrantSettings"]
    return [bool(settings["enableIdTokenIssuance"]) + 2 * bool(settings["enableAccessTokenIssuance"])]


def _page_urls(row: Row) -> list[Row]:
    return [row["info"]] if any(row["info"].values()) else []


def _parental_controls(row: Row) -> list[Row]:
    settings = row["parentalControlSettings"]
    return [settings] if settings["countriesBlockedForMinors"] else []


APPLICATION = Entity(
    "application",
    "Application",
    "applications",
    (
        Property("id", nullable=False, set_by=GRAPH, filter="eq in"),
        Property("deletedDateTime", "Edm.DateTimeOffset", set_by=GRAPH, order=ADVANCED),
        Property("appId", set_by=GRAPH, filter="eq in", key=True),
        Property("applicationTemplateId", set_by=GRAPH, filter="eq in"),
        Property("disabledByMicrosoftStatus", set_by=GRAPH, filter="eq in", since="2022-05"),
        Property("createdByAppId", set_by=GRAPH, since="2026-05"),
        Property("createdDateTime", "Edm.DateTimeOffset", set_by=GRAPH, filter="eq in ge le", order=ADVANCED),
        Property("displayName", filter="eq in startswith ge le", order=ADVANCED, longest=256),
        Property("description", filter=ADVANCED, longest=1024),
        Property("groupMembershipClaims"),
        Property("identifierUris", "Collection(Edm.String)", filter="eq startswith", reversed=True),
        Property("isDeviceOnlyAuthSupported", "Edm.Boolean"),
        Property("isDisabled", "Edm.Boolean", since="2026-05"),
        Property("isFallbackPublicClient", "Edm.Boolean", filter=ADVANCED),
        Property("nativeAuthenticationApisEnabled", "nativeAuthenticationApisEnabled", since="2024-05"),
        Property("notes"),
        Property("publisherDomain", set_by=GRAPH, filter="eq in startswith ge le"),
        Property("serviceManagementReference", filter="eq", since="2022-05"),
        Property(
            "signInAudience",
            default="AzureADMyOrg",
            filter="eq in startswith",
            choices=AUDIENCES,
            former_default=("2024-03", "AzureADandPersonalMicrosoftAccount"),
        ),
        Property(
            "signInAudienceRestrictions",
            "signInAudienceRestrictionsBase",
            default=UNRESTRICTED,
            beta=True,
            selected=True,
        ),
        Property("tags", "Collection(Edm.String)", filter="eq startswith", reversed=True),
        Property("tokenEncryptionKeyId", "Edm.Guid"),
        Property("uniqueName", key=True, upserts=True, since="2024-03"),
        Property("samlMetadataUrl", since="2022-08"),
        Property("defaultRedirectUri", since="2022-05"),
        Property("certification", "certification", set_by=GRAPH, since="2022-05"),
        Property(
            "optionalClaims",
            "optionalClaims",
            after_if_set="keyCredentials",
            former_place=("2022-05", "notes"),
        ),
        Property(
            "servicePrincipalLockConfiguration",
            "servicePrincipalLockConfiguration",
            after_if_set="web",
            since="2023-02",
        ),
        Property("requestSignatureVerification", "requestSignatureVerification", since="2022-12"),
        Property("addIns", "Collection(addIn)"),
        Property(
            "api",
            "apiApplication",
            default={
                "acceptMappedClaims": None,
                "knownClientApplications": [],
                "requestedAccessTokenVersion": None,
                "oauth2PermissionScopes": [],
                "preAuthorizedApplications": [],
            },
            merges=True,
            reverses=("oauth2PermissionScopes", "preAuthorizedApplications"),
        ),
        Property("appRoles", "Collection(appRole)", reversed=True),
        Property("info", "informationalUrl", default=INFO, merges=True),
        Property(
            "keyCredentials",
            "Collection(keyCredential)",
            inside={"any/endDateTime": ADVANCED, "any/keyId": ADVANCED},
        ),
        Property(
            "parentalControlSettings",
            "parentalControlSettings",
            default={"countriesBlockedForMinors": [], "legalAgeGroupRule": "Allow"},
            merges=True,
        ),
        Property(
            "passwordCredentials", "Collection(passwordCredential)", inside={"any/endDateTime": ADVANCED}
        ),
        Property(
            "publicClient",
            "publicClientApplication",
            default={"redirectUris": []},
            merges=True,
            reverses=("redirectUris",),
        ),
        Property(
            "requiredResourceAccess",
            "Collection(requiredResourceAccess)",
            inside={"any/resourceAppId": ADVANCED},
            reversed=True,
        ),
        Property("verifiedPublisher", "verifiedPublisher", default=PUBLISHER, set_by=GRAPH, since="2022-05"),
        Property(
            "web",
            "webApplication",
            default={
                "homePageUrl": None,
                "logoutUrl": None,
                "redirectUris": [],
                "implicitGrantSettings": {"enableAccessTokenIssuance": False, "enableIdTokenIssuance": False},
                "redirectUriSettings": [],
            },
            inside={"homePageUrl": ADVANCED},
            merges=True,
            reverses=("redirectUris",),
            parts_since={"redirectUriSettings": "2022-11"},
        ),
        Property(
            "spa",
            "spaApplication",
            default={"redirectUris": []},
            merges=True,
            reverses=("redirectUris",),
            former_place=("2022-05", "tokenEncryptionKeyId"),
        ),
        Property("authenticationBehaviors", "authenticationBehaviors", selected=True),
        Property("managerApplications", "Collection(Edm.Guid)", selected=True),
        Property("oauth2RequirePostResponse", "Edm.Boolean", nullable=False, selected=True),
    ),
    read=permissions.APPLICATION_READ,
    create=permissions.APPLICATION_CREATE,
    update=permissions.APPLICATION_WRITE,
    delete=permissions.APPLICATION_WRITE,
    others=(Property("logo", "Edm.Stream", nullable=False),),
    navigation=frozenset(
        [
            "appManagementPolicies",
            "createdOnBehalfOf",
            "extensionProperties",
            "federatedIdentityCredentials",
            "homeRealmDiscoveryPolicies",
            "owners",
            "synchronization",
            "tokenIssuancePolicies",
            "tokenLifetimePolicies",
        ]
    ),
    counted=("federatedIdentityCredentials", "owners"),
    searchable=True,
    audited={
        "AppAddress": _addresses,
        "AppId": "appId",
        "AvailableToOtherTenants": _is_multi_tenant,
        "DisplayName": "displayName",
        "Entitlement": _entitlements,
        "PublicClient": "isFallbackPublicClient",
        "WwwHomepage": "web/homePageUrl",
        "RequiredResourceAccess": _required,
        "PublisherDomain": "publisherDomain",
        "AppIdentifierUri": "identifierUris",
        "OauthOidcResponsePolicyBitmap": _implicit_grants,
        "PreAuthorizedApplications": "api/preAuthorizedApplications",
        "KnownClientApplications": "api/knownClientApplications",
        "AccessTokenAcceptedVersion": "api/requestedAccessTokenVersion",
        "AcceptMappedClaims": "api/acceptMappedClaims",
        "OptionalClaims": "optionalClaims",
        "GroupMembershipClaims": "groupMembershipClaims",
        "ApplicationTag": "tags",
        "Notes": "notes",
        "Description": "description",
        "ServiceManagementReference": "serviceManagementReference",
        "AppInformationalUrl": _page_urls,
        "AddIns": "addIns",
        "TokenEncryptionKeyId": "tokenEncryptionKeyId",
        "ServicePrincipalLockConfiguration": "servicePrincipalLockConfiguration",
        "IsDeviceOnlyAuthSupported": "isDeviceOnlyAuthSupported",
        "NativeAuthenticationApisEnabled": "nativeAuthenticationApisEnabled",
        "IsDisabled": "isDisabled",
        "RequestSignatureVerification": "requestSignatureVerification",
        "SamlMetadataUrl": "samlMetadataUrl",
        "DefaultRedirectUri": "defaultRedirectUri",
        "ParentalControlSettings": _parental_controls,
    },
    complete=with_settings,
    restorable=True,
    extensible=True,
    phrase="application",
)
