"""The one table of Graph's properties: a row for all that this tool knows about one.

Whoever reads, compares, judges, prints or groups a value by its property asks here, so a new property is one
row (two, if the manifest gets a key for it). A property without a row is a value whose risk is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

# An `id` is a text that is never null or empty; a property of type "" is never looked into.
Type = Literal["", "id", "text", "flag", "whole", "texts", "object", "objects"]
# One value; a list of texts; the one list of scopes and roles; the one list of all redirect URIs and the
# logout URL; federated credentials by name; requested permissions by API; authorized clients; keys, a text
# each; tags; bits that no source explains.
Reads = Literal[
    "value",
    "entries",
    "entitlements",
    "addresses",
    "federated",
    "requested",
    "clients",
    "keys",
    "tags",
    "bits",
]


@dataclass(frozen=True, slots=True)
class Property:
    """One property of Graph's.

    path          its path in the object that has it
    type          what Graph's reference says that it is
    of            Graph's types that have it; `credential` is a secret or a certificate
    cls           how a manifest has it: always compared (`kept`), reported where undeclared (`watched`),
                  compared where declared (`free`), or not at all
    default       what Graph makes of it where nobody says
    since         the month of the first recorded response of Graph's that has it, if it was added after 2020
                  (recordings of azure-cli, 2020-08 to 2025-02, and pasted responses until 2026-06)
    defaults      what an absent key of a manifest means for each type of application, `*` for all others
    read          those types of which it is always read; of others only what the manifest declares is;
                  `api` is a service principal whose roles and scopes are granted
    identity      the field that tells an entry of this list of objects from the others
    required      what else no entry of it is without
    risk          class of `risk.json` of an entry that comes and of a value that changes; what goes is `lost`
    closed        the value by which fewer people may more: a change to it is `lost` too
    noun          what people call an entry of the list that it is; empty if it is not a list of entries
    detail        which of several lists with this noun it is, or what an entry does, for a plan's effects
    text          people read it and no program decides by it: a `name` of something, or `prose`
    address       an address of the application: the fleet compares its host, not what a variable fills
    platform      the manifest's name of the platform whose redirect URIs these are
    offered       an application that has it is an API: clients ask for something of it
    elsewhere     the warning about ignored properties skips it: another check reports what is undeclared, or
                  it repeats another property
    logged        the audit log's name of it, from exported records and Microsoft's lists of tracked
                  attributes; where none is known, nobody is named for a change
    reads         how its values before and after read there
    also          other names that some records have it under, and how those read
    on_principal  its name on a service principal; what has none there mirrors the application
    log_platform  the number of the platform in the list of addresses
    verbatim      the log is known to write the very text that Graph shows: another text is another value
    of_key        it names a key of the object by the id that Entra gave to it
    """

    path: str
    type: Type = ""
    of: str = "application"
    cls: Literal["", "kept", "watched", "free"] = ""
    default: Any = None
    since: str = ""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    read: str = ""
    identity: str = ""
    required: tuple[str, ...] = ()
    risk: str = "setting"
    closed: Any = ...
    noun: str = ""
    detail: str = ""
    text: Literal["", "name", "prose"] = ""
    address: bool = False
    platform: str = ""
    offered: bool = False
    elsewhere: bool = False
    logged: str = ""
    reads: Reads = "value"
    also: tuple[tuple[str, Reads], ...] = ()
    on_principal: str = ""
    log_platform: str = ""
    verbatim: bool = False
    of_key: bool = False

    @property
    def present(self) -> tuple[str, ...]:
        """Return what no entry of the list is without."""
        return (self.identity, *self.required) if self.identity else self.required

    def entry(self, item: Any) -> str:
        """Return what tells an entry of the list from the others."""
        return str(item[self.identity] if self.identity else item)


PROPERTIES = (
    # Applications and their service principals.
    Property("id", "id", "application servicePrincipal", read="application servicePrincipal api"),
    Property("appId", "id", "application servicePrincipal", read="application servicePrincipal api"),
    Property(
        "displayName",
        "text",
        "application servicePrincipal",
        cls="kept",
        read="application servicePrincipal api",
        risk="text",
        text="name",
        logged="DisplayName",
        verbatim=True,
    ),
    Property("createdDateTime", "text", "application servicePrincipal", read="application"),
    Property("deletedDateTime", "text", "application servicePrincipal", read="application servicePrincipal"),
    Property("uniqueName", "text", read="application", since="2024-03", risk="text"),
    Property(
        "tags",
        "texts",
        "application servicePrincipal",
        cls="free",
        read="application servicePrincipal api",
        risk="text",
        noun="tag",
        logged="ApplicationTag",
        reads="tags",
        on_principal="ServicePrincipalTag",
    ),
    Property(
        "identifierUris",
        "texts",
        cls="kept",
        read="application",
        defaults={"*": []},
        risk="identifier URI",
        noun="identifier URI",
        offered=True,
        # Often recorded on the service principal only.
        logged="AppIdentifierUri",
        reads="entries",
        also=(("ServicePrincipalName", "entries"),),
    ),
    Property(
        "signInAudience",
        "text",
        cls="kept",
        read="application",
        defaults={"*": "AzureADMyOrg"},
        risk="sign-in",
        closed="AzureADMyOrg",
        # The older records say only whether other tenants may sign in.
        logged="SignInAudience",
        also=(("AvailableToOtherTenants", "bits"),),
    ),
    Property("signInAudienceRestrictions", cls="free", risk="sign-in", noun="allowed tenant"),
    Property("api", "object", read="application"),
    Property(
        "api.knownClientApplications",
        "texts",
        cls="free",
        risk="who can consent",
        noun="known client",
        detail="its page consents for the client",
        logged="KnownClientApplications",
        reads="entries",
    ),
    Property(
        "api.preAuthorizedApplications",
        "objects",
        cls="kept",
        identity="appId",
        required=("delegatedPermissionIds",),
        risk="authorized client",
        noun="authorized client",
        offered=True,
        logged="PreAuthorizedApplications",
        reads="clients",
    ),
    Property(
        "api.oauth2PermissionScopes",
        "objects",
        cls="kept",
        identity="id",
        risk="offer",
        noun="scope",
        offered=True,
        logged="Entitlement",
        reads="entitlements",
    ),
    Property(
        "api.requestedAccessTokenVersion",
        "whole",
        cls="kept",
        defaults={"*": 2, "application": None},
        logged="AccessTokenAcceptedVersion",
    ),
    Property(
        "appRoles",
        "objects",
        cls="kept",
        read="application api",
        identity="id",
        risk="offer",
        noun="app role",
        offered=True,
        logged="Entitlement",
        reads="entitlements",
    ),
    Property(
        "requiredResourceAccess",
        "objects",
        cls="kept",
        read="application",
        identity="resourceAppId",
        required=("resourceAccess",),
        risk="request",
        noun="requested permission",
        logged="RequiredResourceAccess",
        reads="requested",
        elsewhere=True,
    ),
    Property("oauth2PermissionScopes", "", "servicePrincipal", read="api"),
    Property("appOwnerOrganizationId", "text", "servicePrincipal", read="api"),
    Property("servicePrincipalType", "text", "servicePrincipal", read="servicePrincipal"),
    Property(
        "accountEnabled",
        "flag",
        "servicePrincipal",
        cls="free",
        default=True,
        read="servicePrincipal",
        risk="sign-in",
        closed=False,
        logged="AccountEnabled",
        on_principal="AccountEnabled",
    ),
    Property(
        "appRoleAssignmentRequired",
        "flag",
        "servicePrincipal",
        cls="free",
        default=False,
        read="servicePrincipal",
        risk="sign-in",
        closed=True,
        logged="ExplicitAccessGrantRequired",
        on_principal="ExplicitAccessGrantRequired",
    ),
    Property(
        "keyCredentials",
        "objects",
        "application servicePrincipal",
        cls="watched",
        read="application servicePrincipal",
        identity="keyId",
        risk="credential",
        noun="certificate",
        detail="certificate",
        logged="KeyDescription",
        reads="keys",
        on_principal="KeyDescription",
        elsewhere=True,
    ),
    Property(
        "passwordCredentials",
        "objects",
        "application servicePrincipal",
        cls="watched",
        read="application servicePrincipal",
        identity="keyId",
        risk="credential",
        noun="secret",
        logged="KeyDescription",
        reads="keys",
        on_principal="KeyDescription",
        elsewhere=True,
    ),
    Property(
        "federatedIdentityCredentials",
        cls="kept",
        risk="federated credential",
        logged="FederatedIdentityCredentials",
        reads="federated",
        elsewhere=True,
    ),
    Property(
        "owners",
        "",
        "application servicePrincipal",
        cls="watched",
        risk="owner",
        noun="owner",
        elsewhere=True,
    ),
    Property("web", "object", read="application"),
    Property(
        "web.redirectUris",
        "texts",
        cls="kept",
        risk="redirect URI",
        noun="redirect URI",
        detail="web",
        address=True,
        platform="web",
        logged="AppAddress",
        reads="addresses",
        log_platform="1",
    ),
    Property("web.redirectUriSettings", "objects", cls="free", since="2022-11", elsewhere=True),
    Property(
        "web.homePageUrl", "text", cls="free", risk="text", address=True, logged="WwwHomepage", verbatim=True
    ),
    Property("web.logoutUrl", "text", cls="free", address=True, logged="AppAddress", reads="addresses"),
    Property("spa", "object", read="application"),
    Property(
        "spa.redirectUris",
        "texts",
        cls="kept",
        risk="redirect URI",
        noun="redirect URI",
        detail="spa",
        address=True,
        platform="spa",
        logged="AppAddress",
        reads="addresses",
        log_platform="3",
    ),
    Property("publicClient", "object", read="application"),
    Property(
        "publicClient.redirectUris",
        "texts",
        cls="kept",
        risk="redirect URI",
        noun="redirect URI",
        detail="mobile and desktop",
        address=True,
        platform="mobileAndDesktop",
        logged="AppAddress",
        reads="addresses",
        log_platform="2",
    ),
    Property("optionalClaims", "object", cls="free", read="application", logged="OptionalClaims"),
    Property("optionalClaims.accessToken", "objects", identity="name"),
    Property("optionalClaims.idToken", "objects", identity="name"),
    Property("optionalClaims.saml2Token", "objects", identity="name"),
    Property("groupMembershipClaims", "text", cls="free", read="application", logged="GroupMembershipClaims"),
    Property(
        "isFallbackPublicClient",
        "flag",
        cls="kept",
        defaults={"*": False, "publicClient": True, "application": None},
        read="application",
        risk="flow",
        closed=False,
        logged="PublicClient",
    ),
    Property(
        "notes",
        "text",
        "application servicePrincipal",
        cls="free",
        read="application",
        risk="text",
        text="prose",
        logged="Notes",
    ),
    Property(
        "description",
        "text",
        "application servicePrincipal",
        cls="free",
        read="application",
        risk="text",
        text="prose",
        logged="Description",
    ),
    Property("createdByAppId", "text", read="application", since="2026-05"),
    Property("isDisabled", "flag", "application servicePrincipal", read="application", since="2026-05"),
    Property("serviceManagementReference", "text", cls="free", since="2022-05", risk="text"),
    Property("certification", since="2022-05", risk="text"),
    Property("defaultRedirectUri", "text", cls="free", since="2022-05"),
    Property("samlMetadataUrl", "text", cls="free", since="2022-08"),
    Property("web.implicitGrantSettings", "object"),
    Property(
        "web.implicitGrantSettings.enableAccessTokenIssuance",
        "flag",
        cls="kept",
        default=False,
        risk="flow",
        closed=False,
        logged="OauthOidcResponsePolicyBitmap",
        reads="bits",
    ),
    Property(
        "web.implicitGrantSettings.enableIdTokenIssuance",
        "flag",
        cls="kept",
        default=False,
        risk="flow",
        closed=False,
        logged="OauthOidcResponsePolicyBitmap",
        reads="bits",
    ),
    Property("api.acceptMappedClaims", "flag", cls="free", logged="AcceptMappedClaims"),
    Property("logo", cls="free", risk="text", logged="AppInformationalUrl"),
    Property("info", "object", risk="text"),
    Property("info.logoUrl", "text", risk="text", address=True),
    Property("info.marketingUrl", "text", cls="free", risk="text", address=True),
    Property("info.privacyStatementUrl", "text", cls="free", risk="text", address=True),
    Property("info.supportUrl", "text", cls="free", risk="text", address=True),
    Property("info.termsOfServiceUrl", "text", cls="free", risk="text", address=True),
    Property("authenticationBehaviors.removeUnverifiedEmailClaim", "flag", cls="free"),
    Property("authenticationBehaviors.requireClientServicePrincipal", "flag", cls="free"),
    Property("servicePrincipalLockConfiguration.isEnabled", "flag", cls="free", since="2023-02"),
    Property("servicePrincipalLockConfiguration.allProperties", "flag", cls="free", since="2023-02"),
    Property(
        "servicePrincipalLockConfiguration.credentialsWithUsageSign", "flag", cls="free", since="2023-02"
    ),
    Property(
        "servicePrincipalLockConfiguration.credentialsWithUsageVerify", "flag", cls="free", since="2023-02"
    ),
    Property("servicePrincipalLockConfiguration.tokenEncryptionKeyId", "flag", cls="free", since="2023-02"),
    Property("requestSignatureVerification", "object", since="2022-12"),
    Property("nativeAuthenticationApisEnabled", "text", since="2024-05"),
    Property("parentalControlSettings", "object"),
    Property("parentalControlSettings.legalAgeGroupRule", "text", default="Allow"),
    Property("tokenEncryptionKeyId", "text", "application servicePrincipal", of_key=True),
    Property("preferredTokenSigningKeyThumbprint", "text", "servicePrincipal", of_key=True),
    Property("homepage", "text", "servicePrincipal", risk="text"),
    Property("loginUrl", "text", "servicePrincipal", cls="free"),
    Property("notificationEmailAddresses", "texts", "servicePrincipal", cls="free"),
    Property("preferredSingleSignOnMode", "text", "servicePrincipal", cls="free"),
    Property("alternativeNames", "texts", "servicePrincipal", cls="free"),
    Property(
        "servicePrincipalNames",
        "texts",
        "servicePrincipal",
        logged="ServicePrincipalName",
        on_principal="ServicePrincipalName",
    ),
    Property("appRoleAssignedTo", "", "servicePrincipal", risk="role"),
    Property("appRoleAssignments", "", "servicePrincipal", risk="consent"),
    Property("oauth2PermissionGrants", "", "servicePrincipal", risk="consent"),
    # Federated credentials, and entries of lists.
    Property(
        "issuer",
        "text",
        "federatedIdentityCredential",
        cls="kept",
        risk="federated credential",
        logged="Issuer",
    ),
    Property(
        "subject",
        "text",
        "federatedIdentityCredential",
        cls="kept",
        risk="federated credential",
        logged="Subject",
    ),
    Property(
        "claimsMatchingExpression",
        "",
        "federatedIdentityCredential",
        cls="kept",
        risk="federated credential",
        logged="ClaimsMatchingExpressionValue",
    ),
    Property(
        "audiences",
        "texts",
        "federatedIdentityCredential",
        cls="kept",
        risk="federated credential",
        logged="Audiences",
    ),
    Property(
        "description",
        "text",
        "federatedIdentityCredential",
        cls="kept",
        risk="text",
        text="prose",
        logged="Description",
    ),
    Property("displayName", "text", "appRole", risk="text", text="name", logged="Name"),
    Property("description", "text", "appRole", risk="text", text="prose", logged="Description"),
    Property("value", "text", "appRole permissionScope", risk="role", logged="ClaimValue"),
    Property("isEnabled", "flag", "appRole permissionScope", risk="role", closed=False, logged="IsDisabled"),
    Property("allowedMemberTypes", "texts", "appRole", risk="role"),
    Property("type", "text", "permissionScope", risk="who can consent"),
    Property("adminConsentDisplayName", "text", "permissionScope", risk="text", text="name", logged="Name"),
    Property(
        "adminConsentDescription", "text", "permissionScope", risk="text", text="prose", logged="Description"
    ),
    Property(
        "userConsentDisplayName",
        "text",
        "permissionScope",
        risk="text",
        text="name",
        logged="UserConsentDisplayName",
    ),
    Property(
        "userConsentDescription",
        "text",
        "permissionScope",
        risk="text",
        text="prose",
        logged="UserConsentDescription",
    ),
    Property("appId", "id", "preAuthorizedApplication"),
    Property("delegatedPermissionIds", "texts", "preAuthorizedApplication"),
    Property("resourceAppId", "id", "requiredResourceAccess"),
    Property("resourceAccess", "objects", "requiredResourceAccess", identity="id", required=("type",)),
    Property("keyId", "id", "credential"),
    Property("customKeyIdentifier", "text", "credential"),
    Property("startDateTime", "text", "credential"),
    Property("endDateTime", "text", "credential"),
    Property("usage", "text", "credential"),
    Property("name", "text", "optionalClaim"),
    Property("source", "text", "optionalClaim"),
    Property("essential", "flag", "optionalClaim"),
    Property("additionalProperties", "texts", "optionalClaim"),
    # Who holds what, and who is who.
    Property("principalId", "text", "appRoleAssignment oAuth2PermissionGrant"),
    Property("principalType", "id", "appRoleAssignment"),
    Property("principalDisplayName", "text", "appRoleAssignment"),
    Property("resourceId", "id", "appRoleAssignment oAuth2PermissionGrant"),
    Property("resourceDisplayName", "text", "appRoleAssignment"),
    Property("appRoleId", "id", "appRoleAssignment"),
    Property("clientId", "id", "oAuth2PermissionGrant"),
    Property("consentType", "id", "oAuth2PermissionGrant"),
    Property("scope", "text", "oAuth2PermissionGrant"),
    Property("@odata.type", "text", "directoryObject"),
    Property("userPrincipalName", "text", "directoryObject"),
    Property("members", "objects", "directoryObject", identity="id"),
    Property("verifiedDomains", "objects", "directoryObject", identity="name"),
    Property("isInitial", "flag", "directoryObject"),
    Property("isDefault", "flag", "directoryObject"),
    Property("origin", "text", "appRole permissionScope"),
    Property("url", "text", "directoryObject"),
)

# Of types that have one of the same path the first counts: an application before a part of it.
BY_PATH: Mapping[str, Property] = {row.path: row for row in reversed(PROPERTIES)}
_BY_TYPE = {(type_, row.path): row for row in PROPERTIES for type_ in row.of.split()}
REDIRECT_URIS = tuple(row.path for row in PROPERTIES if row.platform)
# Graph's type of who has a role; an engine's word as well, so other modules have it from here.
ROLE_ASSIGNMENT = "appRoleAssignment"
_OF_BOTH = (
    "id appId displayName tags description deletedDateTime isDisabled tokenEncryptionKeyId "
    "keyCredentials.keyId keyCredentials.startDateTime keyCredentials.endDateTime "
    "keyCredentials.displayName passwordCredentials.keyId passwordCredentials.startDateTime "
    "passwordCredentials.endDateTime passwordCredentials.displayName"
)
_ROLE = "id value displayName description isEnabled allowedMemberTypes origin"
_SCOPE = (
    "id value type isEnabled origin adminConsentDisplayName adminConsentDescription userConsentDisplayName "
    "userConsentDescription"
)
_RESTRICTIONS = "passwordCredentials.* keyCredentials.* identifierUris.* audiences.*"


def _below(place: str, names: str) -> str:
    return " ".join(f"{place}.{name}" for name in names.split())


# What a snapshot keeps of each of Graph's types, by path; `*` is all that is below. What is not in the list
# is not written, so a new property is not either: no `hint`, `key`, `notes` or `info`.
SNAPSHOT: Mapping[str, tuple[str, ...]] = {
    type_: tuple(paths.split())
    for type_, paths in {
        "application": (
            f"{_OF_BOTH} createdDateTime uniqueName createdByAppId identifierUris signInAudience "
            "signInAudienceRestrictions.* groupMembershipClaims isFallbackPublicClient "
            "serviceManagementReference defaultRedirectUri samlMetadataUrl nativeAuthenticationApisEnabled "
            "api.knownClientApplications api.requestedAccessTokenVersion api.acceptMappedClaims "
            "api.preAuthorizedApplications.appId api.preAuthorizedApplications.delegatedPermissionIds "
            f"{_below('api.oauth2PermissionScopes', _SCOPE)} {_below('appRoles', _ROLE)} "
            "requiredResourceAccess.resourceAppId requiredResourceAccess.resourceAccess.id "
            "requiredResourceAccess.resourceAccess.type web.redirectUris web.redirectUriSettings.uri "
            "web.redirectUriSettings.index web.homePageUrl web.logoutUrl web.implicitGrantSettings.* "
            "spa.redirectUris publicClient.redirectUris optionalClaims.accessToken.* "
            "optionalClaims.idToken.* optionalClaims.saml2Token.* authenticationBehaviors.* "
            "servicePrincipalLockConfiguration.* parentalControlSettings.* requestSignatureVerification.*"
        ),
        "servicePrincipal": (
            f"{_OF_BOTH} servicePrincipalType accountEnabled appRoleAssignmentRequired "
            "appOwnerOrganizationId preferredTokenSigningKeyThumbprint homepage loginUrl "
            "preferredSingleSignOnMode alternativeNames servicePrincipalNames "
            f"{_below('appRoles', _ROLE)} {_below('oauth2PermissionScopes', _SCOPE)}"
        ),
        "federatedIdentityCredential": (
            "id name issuer subject audiences description claimsMatchingExpression.*"
        ),
        ROLE_ASSIGNMENT: (
            "id appRoleId principalId principalType principalDisplayName resourceId resourceDisplayName "
            "createdDateTime"
        ),
        "oAuth2PermissionGrant": "id clientId consentType principalId resourceId scope",
        "directoryObject": "@odata.type id displayName userPrincipalName accountEnabled",
        "user": "id displayName userPrincipalName accountEnabled",
        "group": "id displayName securityEnabled",
        "organization": (
            "id displayName verifiedDomains.name verifiedDomains.isInitial verifiedDomains.isDefault "
            "directorySizeQuota.used directorySizeQuota.total"
        ),
        "domain": "id isVerified isDefault isInitial authenticationType",
        "subscribedSku": (
            "id skuId skuPartNumber capabilityStatus servicePlans.servicePlanId servicePlans.servicePlanName"
        ),
        "authorizationPolicy": "id defaultUserRolePermissions.*",
        "appManagementPolicy": (
            f"id displayName isEnabled {_below('applicationRestrictions', _RESTRICTIONS)} "
            f"{_below('servicePrincipalRestrictions', _RESTRICTIONS)} "
            f"{_below('restrictions', _RESTRICTIONS)} "
            f"{_below('restrictions.applicationRestrictions', _RESTRICTIONS)} "
            f"{_below('restrictions.servicePrincipalRestrictions', _RESTRICTIONS)}"
        ),
    }.items()
}


def rows_of(*types: str) -> tuple[Property, ...]:
    """Return the rows of some of Graph's types, in order."""
    return tuple(row for row in PROPERTIES if not set(types).isdisjoint(row.of.split()))


def row_of(type_: str, path: str) -> Property:
    """Return the row of a property of one of Graph's types."""
    return _BY_TYPE[type_, path]


def log_names(*types: str) -> Mapping[str, str]:
    """Return the audit log's name of each property of some of Graph's types."""
    return {row.path: row.logged for row in rows_of(*types) if row.logged}


def find(path: str) -> Property:
    """Return the row of a path, else that of the nearest property around it, else one of unknown risk."""
    row, around = BY_PATH.get(path), path
    while row is None and (around := around.rpartition(".")[0]):
        row = BY_PATH.get(around)
    return row or Property(path)
