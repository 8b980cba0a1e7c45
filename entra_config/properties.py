"""The one table of Graph's properties: a row for all that this tool knows about one.

Whoever compares, judges, prints or groups a value by its property asks here, so a new property is one row
(two, if the manifest gets a key for it). A property without a row is a value whose risk is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Owner = Literal[
    "application",
    "servicePrincipal",
    "federatedIdentityCredential",
    "appRole",
    "permissionScope",
    "preAuthorizedApplication",
    "requiredResourceAccess",
    "resourceAccess",
    "credential",
    "optionalClaim",
    "appRoleAssignment",
    "oAuth2PermissionGrant",
    "directoryObject",
]
# An `id` is a text that is never null or empty; a property of type "" is never looked into.
Type = Literal["", "id", "text", "flag", "whole", "texts", "object", "objects"]


@dataclass(frozen=True, slots=True)
class Logged:
    """What the directory audit log calls a property, and how its values before and after read there.

    name          its name, from exported records and Microsoft's lists of tracked attributes
    reads         one value, a list of entries with ids, the one list of scopes and roles, the one list of all
                  redirect URIs and the logout URL, credentials by name, tags, or bits that no source explains
    on_principal  its name on a service principal; what has none there is a mirror of the application
    also          other names that some records have it under, and how those read
    platform      the number of the platform in the list of addresses
    verbatim      the log is known to write the very text that Graph shows: another text is another value
    """

    name: str
    reads: Literal["value", "entries", "entitlements", "addresses", "federated", "tags", "bits"] = "value"
    on_principal: str = ""
    also: tuple[tuple[str, Literal["entries", "bits"]], ...] = ()
    platform: str = ""
    verbatim: bool = False


@dataclass(frozen=True, slots=True)
class Property:
    """One property of Graph's.

    path       its path in the object that has it
    type       what Graph's reference says that it is
    of         Graph's types that have it; `credential` is a secret or a certificate
    cls        how a manifest has it: always compared (`kept`), reported where it is undeclared (`watched`),
               compared where it is declared (`free`), or not at all
    default    what Graph makes of it where nobody says
    read       those of which it is always read; else only what the manifest declares is
    key        what no entry of this list of objects is without
    risk       class of `risk.json` of an entry that comes and of a value that changes; what goes is `lost`
    closed     the value by which fewer people may more: a change to it is `lost` too
    noun       what people call an entry of the list that it is; empty if it is not a list of named entries
    detail     which of several lists with this noun it is, or what an entry does, for the effects of a plan
    text       people read it and no program decides by it: a `name` that something is called by, or `prose`
    address    an address of the application: the fleet compares its host, not the text that a variable fills
    platform   the manifest's name of the platform whose redirect URIs these are
    logged     how the audit log has it; None where it may call it nothing, or something else: then nobody is
               named for a change
    elsewhere  the warning about ignored properties skips it: another check reports what is undeclared, or it
               repeats another property
    """

    path: str
    type: Type = ""
    of: tuple[Owner, ...] = ("application",)
    cls: Literal["", "kept", "watched", "free"] = ""
    default: Any = None
    read: tuple[Owner, ...] = ()
    key: tuple[str, ...] = ()
    risk: str = "setting"
    closed: Any = ...
    noun: str = ""
    detail: str = ""
    text: Literal["", "name", "prose"] = ""
    address: bool = False
    platform: str = ""
    logged: Logged | None = None
    elsewhere: bool = False

    @property
    def name(self) -> str:
        """Return the last part of the path."""
        return self.path if self.path.startswith("@") else self.path.rpartition(".")[2]


_APPLICATION: tuple[Owner, ...] = ("application",)
_BOTH: tuple[Owner, ...] = ("application", "servicePrincipal")
_PRINCIPAL: tuple[Owner, ...] = ("servicePrincipal",)
_TRUST: tuple[Owner, ...] = ("federatedIdentityCredential",)
_ROLE: tuple[Owner, ...] = ("appRole",)
_SCOPE: tuple[Owner, ...] = ("permissionScope",)
_CREDENTIAL: tuple[Owner, ...] = ("credential",)
_CLAIM: tuple[Owner, ...] = ("optionalClaim",)
_ASSIGNMENT: tuple[Owner, ...] = ("appRoleAssignment",)
_GRANT: tuple[Owner, ...] = ("oAuth2PermissionGrant",)
_LINKS: tuple[Owner, ...] = ("appRoleAssignment", "oAuth2PermissionGrant")
_DIRECTORY: tuple[Owner, ...] = ("directoryObject",)
_ENTITLEMENT: tuple[Owner, ...] = ("appRole", "permissionScope")

_IMPLICIT = Logged("OauthOidcResponsePolicyBitmap", "bits")
_KEYS = Logged("KeyDescription", "entries", "KeyDescription")

PROPERTIES = (
    # Applications and their service principals.
    Property("id", "id", _BOTH, read=_BOTH),
    Property("appId", "id", _BOTH, read=_BOTH),
    Property(
        "displayName",
        "text",
        _BOTH,
        cls="kept",
        read=_BOTH,
        risk="text",
        text="name",
        logged=Logged("DisplayName", verbatim=True),
    ),
    Property("createdDateTime", "text", read=_APPLICATION),
    Property("deletedDateTime", "text", _BOTH, read=_BOTH),
    Property("uniqueName", "text", read=_APPLICATION, risk="text"),
    Property(
        "tags",
        "texts",
        _BOTH,
        cls="free",
        read=_BOTH,
        risk="text",
        noun="tag",
        logged=Logged("ApplicationTag", "tags", "ServicePrincipalTag"),
    ),
    Property(
        "identifierUris",
        "texts",
        cls="kept",
        read=_APPLICATION,
        risk="identifier URI",
        noun="identifier URI",
        logged=Logged("AppIdentifierUri", "entries", also=(("ServicePrincipalName", "entries"),)),
    ),
    Property(
        "signInAudience",
        "text",
        cls="kept",
        read=_APPLICATION,
        risk="sign-in",
        closed="AzureADMyOrg",
        logged=Logged("SignInAudience", also=(("AvailableToOtherTenants", "bits"),)),
    ),
    Property("signInAudienceRestrictions", cls="free", risk="sign-in", noun="allowed tenant"),
    Property("api", "object", read=_APPLICATION),
    Property(
        "api.knownClientApplications",
        "texts",
        cls="free",
        risk="who can consent",
        noun="known client",
        detail="its page consents for the client",
        logged=Logged("KnownClientApplications", "entries"),
    ),
    Property(
        "api.preAuthorizedApplications",
        "objects",
        cls="kept",
        key=("appId", "delegatedPermissionIds"),
        noun="authorized client",
        logged=Logged("PreAuthorizedApplications"),
    ),
    Property(
        "api.oauth2PermissionScopes",
        "objects",
        cls="kept",
        key=("id",),
        risk="offer",
        noun="scope",
        logged=Logged("Entitlement", "entitlements"),
    ),
    Property(
        "api.requestedAccessTokenVersion", "whole", cls="kept", logged=Logged("AccessTokenAcceptedVersion")
    ),
    Property(
        "appRoles",
        "objects",
        cls="kept",
        read=_APPLICATION,
        key=("id",),
        risk="offer",
        noun="app role",
        logged=Logged("Entitlement", "entitlements"),
    ),
    Property(
        "requiredResourceAccess",
        "objects",
        cls="kept",
        read=_APPLICATION,
        key=("resourceAppId", "resourceAccess"),
        risk="request",
        noun="requested permission",
        logged=Logged("RequiredResourceAccess", "entries"),
        elsewhere=True,
    ),
    Property("servicePrincipalType", "text", _PRINCIPAL, read=_PRINCIPAL),
    Property(
        "accountEnabled",
        "flag",
        _PRINCIPAL,
        cls="free",
        default=True,
        read=_PRINCIPAL,
        risk="sign-in",
        closed=False,
        logged=Logged("AccountEnabled", on_principal="AccountEnabled"),
    ),
    Property(
        "appRoleAssignmentRequired",
        "flag",
        _PRINCIPAL,
        cls="free",
        default=False,
        read=_PRINCIPAL,
        risk="sign-in",
        closed=True,
        logged=Logged("ExplicitAccessGrantRequired", on_principal="ExplicitAccessGrantRequired"),
    ),
    Property(
        "keyCredentials",
        "objects",
        _BOTH,
        cls="watched",
        read=_BOTH,
        key=("keyId",),
        risk="credential",
        noun="certificate",
        detail="certificate",
        logged=_KEYS,
        elsewhere=True,
    ),
    Property(
        "passwordCredentials",
        "objects",
        _BOTH,
        cls="watched",
        read=_BOTH,
        key=("keyId",),
        risk="credential",
        noun="secret",
        logged=_KEYS,
        elsewhere=True,
    ),
    Property(
        "federatedIdentityCredentials",
        cls="kept",
        risk="federated credential",
        logged=Logged("FederatedIdentityCredentials", "federated"),
        elsewhere=True,
    ),
    Property("owners", "", _BOTH, cls="watched", risk="owner", noun="owner", elsewhere=True),
    Property("web", "object", read=_APPLICATION),
    Property(
        "web.redirectUris",
        "texts",
        cls="kept",
        risk="redirect URI",
        noun="redirect URI",
        detail="web",
        address=True,
        platform="web",
        logged=Logged("AppAddress", "addresses", platform="1"),
    ),
    Property("web.redirectUriSettings", "objects", cls="free", elsewhere=True),
    Property(
        "web.homePageUrl",
        "text",
        cls="free",
        risk="text",
        address=True,
        logged=Logged("WwwHomepage", verbatim=True),
    ),
    Property("web.logoutUrl", "text", cls="free", address=True, logged=Logged("AppAddress", "addresses")),
    Property("spa", "object", read=_APPLICATION),
    Property(
        "spa.redirectUris",
        "texts",
        cls="kept",
        risk="redirect URI",
        noun="redirect URI",
        detail="spa",
        address=True,
        platform="spa",
        logged=Logged("AppAddress", "addresses", platform="3"),
    ),
    Property("publicClient", "object", read=_APPLICATION),
    Property(
        "publicClient.redirectUris",
        "texts",
        cls="kept",
        risk="redirect URI",
        noun="redirect URI",
        detail="mobile and desktop",
        address=True,
        platform="mobileAndDesktop",
        logged=Logged("AppAddress", "addresses", platform="2"),
    ),
    Property("optionalClaims", "object", cls="free", read=_APPLICATION, logged=Logged("OptionalClaims")),
    Property("optionalClaims.accessToken", "objects", key=("name",)),
    Property("optionalClaims.idToken", "objects", key=("name",)),
    Property("optionalClaims.saml2Token", "objects", key=("name",)),
    Property(
        "groupMembershipClaims", "text", cls="free", read=_APPLICATION, logged=Logged("GroupMembershipClaims")
    ),
    Property(
        "isFallbackPublicClient",
        "flag",
        cls="kept",
        read=_APPLICATION,
        risk="flow",
        closed=False,
        logged=Logged("PublicClient"),
    ),
    Property(
        "notes",
        "text",
        _BOTH,
        cls="free",
        read=_APPLICATION,
        risk="text",
        text="prose",
        logged=Logged("Notes"),
    ),
    Property(
        "description",
        "text",
        _BOTH,
        cls="free",
        read=_APPLICATION,
        risk="text",
        text="prose",
        logged=Logged("Description"),
    ),
    Property("createdByAppId", "text", read=_APPLICATION),
    Property("isDisabled", "flag", _BOTH, read=_APPLICATION),
    Property("serviceManagementReference", "text", cls="free", risk="text"),
    Property("certification", risk="text"),
    Property("defaultRedirectUri", "text", cls="free"),
    Property("samlMetadataUrl", "text", cls="free"),
    Property("web.implicitGrantSettings", "object"),
    Property(
        "web.implicitGrantSettings.enableAccessTokenIssuance",
        "flag",
        cls="kept",
        risk="flow",
        closed=False,
        logged=_IMPLICIT,
    ),
    Property(
        "web.implicitGrantSettings.enableIdTokenIssuance",
        "flag",
        cls="kept",
        risk="flow",
        closed=False,
        logged=_IMPLICIT,
    ),
    Property("api.acceptMappedClaims", "flag", cls="free", logged=Logged("AcceptMappedClaims")),
    Property("logo", cls="free", risk="text", logged=Logged("AppInformationalUrl")),
    Property("info", "object", risk="text"),
    Property("info.logoUrl", "text", risk="text", address=True),
    Property("info.marketingUrl", "text", cls="free", risk="text", address=True),
    Property("info.privacyStatementUrl", "text", cls="free", risk="text", address=True),
    Property("info.supportUrl", "text", cls="free", risk="text", address=True),
    Property("info.termsOfServiceUrl", "text", cls="free", risk="text", address=True),
    Property("authenticationBehaviors.removeUnverifiedEmailClaim", "flag", cls="free"),
    Property("authenticationBehaviors.requireClientServicePrincipal", "flag", cls="free"),
    Property("servicePrincipalLockConfiguration.isEnabled", "flag", cls="free"),
    Property("servicePrincipalLockConfiguration.allProperties", "flag", cls="free"),
    Property("servicePrincipalLockConfiguration.credentialsWithUsageSign", "flag", cls="free"),
    Property("servicePrincipalLockConfiguration.credentialsWithUsageVerify", "flag", cls="free"),
    Property("servicePrincipalLockConfiguration.tokenEncryptionKeyId", "flag", cls="free"),
    Property("parentalControlSettings", "object"),
    Property("homepage", "text", _PRINCIPAL, risk="text"),
    Property("loginUrl", "text", _PRINCIPAL, cls="free"),
    Property("notificationEmailAddresses", "texts", _PRINCIPAL, cls="free"),
    Property("preferredSingleSignOnMode", "text", _PRINCIPAL, cls="free"),
    Property("alternativeNames", "texts", _PRINCIPAL, cls="free"),
    Property(
        "servicePrincipalNames",
        "texts",
        _PRINCIPAL,
        logged=Logged("ServicePrincipalName", on_principal="ServicePrincipalName"),
    ),
    Property("appRoleAssignedTo", "", _PRINCIPAL, risk="role"),
    Property("appRoleAssignments", "", _PRINCIPAL, risk="consent"),
    Property("oauth2PermissionGrants", "", _PRINCIPAL, risk="consent"),
    # Federated credentials, and entries of lists.
    Property("issuer", "text", _TRUST, cls="kept", risk="federated credential", logged=Logged("Issuer")),
    Property("subject", "text", _TRUST, cls="kept", risk="federated credential", logged=Logged("Subject")),
    Property(
        "claimsMatchingExpression",
        "",
        _TRUST,
        cls="kept",
        risk="federated credential",
        logged=Logged("ClaimsMatchingExpressionValue"),
    ),
    Property(
        "audiences", "texts", _TRUST, cls="kept", risk="federated credential", logged=Logged("Audiences")
    ),
    Property(
        "description", "text", _TRUST, cls="kept", risk="text", text="prose", logged=Logged("Description")
    ),
    Property("displayName", "text", _ROLE, risk="text", text="name", logged=Logged("Name")),
    Property("description", "text", _ROLE, risk="text", text="prose", logged=Logged("Description")),
    Property("value", "text", _ENTITLEMENT, risk="role", logged=Logged("ClaimValue")),
    Property("isEnabled", "flag", _ENTITLEMENT, risk="role", closed=False, logged=Logged("IsDisabled")),
    Property("allowedMemberTypes", "texts", _ROLE, risk="role"),
    Property("type", "text", _SCOPE, risk="who can consent"),
    Property("adminConsentDisplayName", "text", _SCOPE, risk="text", text="name", logged=Logged("Name")),
    Property(
        "adminConsentDescription", "text", _SCOPE, risk="text", text="prose", logged=Logged("Description")
    ),
    Property(
        "userConsentDisplayName",
        "text",
        _SCOPE,
        risk="text",
        text="name",
        logged=Logged("UserConsentDisplayName"),
    ),
    Property(
        "userConsentDescription",
        "text",
        _SCOPE,
        risk="text",
        text="prose",
        logged=Logged("UserConsentDescription"),
    ),
    Property("appId", "id", ("preAuthorizedApplication",)),
    Property("delegatedPermissionIds", "texts", ("preAuthorizedApplication",)),
    Property("resourceAppId", "id", ("requiredResourceAccess",)),
    Property("resourceAccess", "objects", ("requiredResourceAccess",), key=("id", "type")),
    Property("keyId", "id", _CREDENTIAL),
    Property("customKeyIdentifier", "text", _CREDENTIAL),
    Property("startDateTime", "text", _CREDENTIAL),
    Property("endDateTime", "text", _CREDENTIAL),
    Property("usage", "text", _CREDENTIAL),
    Property("name", "text", _CLAIM),
    Property("source", "text", _CLAIM),
    Property("essential", "flag", _CLAIM),
    Property("additionalProperties", "texts", _CLAIM),
    # Who holds what, and who is who.
    Property("principalId", "text", _LINKS),
    Property("principalType", "id", _ASSIGNMENT),
    Property("principalDisplayName", "text", _ASSIGNMENT),
    Property("resourceId", "id", _LINKS),
    Property("resourceDisplayName", "text", _ASSIGNMENT),
    Property("appRoleId", "id", _ASSIGNMENT),
    Property("clientId", "id", _GRANT),
    Property("consentType", "id", _GRANT),
    Property("scope", "text", _GRANT),
    Property("@odata.type", "text", _DIRECTORY),
    Property("userPrincipalName", "text", _DIRECTORY),
    Property("members", "objects", _DIRECTORY, key=("id",)),
    Property("verifiedDomains", "objects", _DIRECTORY, key=("name",)),
    Property("isInitial", "flag", _DIRECTORY),
    Property("isDefault", "flag", _DIRECTORY),
    Property("origin", "text", _ENTITLEMENT),
    Property("url", "text", _DIRECTORY),
)

# Of types that have one of the same path the first counts: an application before a part of it.
BY_PATH: Mapping[str, Property] = {row.path: row for row in reversed(PROPERTIES)}
_BY_OWNER = {(owner, row.path): row for row in PROPERTIES for owner in row.of}
REDIRECT_URIS = tuple(row.path for row in PROPERTIES if row.platform)


def row_of(owner: Owner, path: str) -> Property:
    """Return the row of a property of one of Graph's types."""
    return _BY_OWNER[owner, path]


def rows_of(*owners: Owner) -> tuple[Property, ...]:
    """Return the rows of some of Graph's types, in order."""
    return tuple(row for row in PROPERTIES if not set(owners).isdisjoint(row.of))


def read_of(owner: Owner) -> tuple[str, ...]:
    """Return the properties that are always read of one of Graph's types, in the order of requests."""
    return tuple(row.path for row in PROPERTIES if owner in row.read)


def log_names(*owners: Owner) -> Mapping[str, str]:
    """Return the audit log's name of each property of some of Graph's types."""
    return {row.path: row.logged.name for row in rows_of(*owners) if row.logged}


def find(path: str) -> Property:
    """Return the row of a path, else that of the nearest property around it, else one of unknown risk."""
    row, around = BY_PATH.get(path), path
    while row is None and (around := around.rpartition(".")[0]):
        row = BY_PATH.get(around)
    return row or Property(path)
