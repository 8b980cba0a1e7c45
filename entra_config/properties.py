"""The one table of Graph's properties: a row for all that this tool knows about one.

Whoever compares, judges, prints or groups a value by its property asks here, so a new property is one row
(two, if the manifest gets a key for it). A property without a row is a value whose risk is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Owner = Literal[
    "application", "servicePrincipal", "federatedIdentityCredential", "appRole", "permissionScope"
]


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
    of         Graph's types that have it
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
    of: tuple[Owner, ...] = ("application",)
    risk: str = "setting"
    closed: Any = ...
    noun: str = ""
    detail: str = ""
    text: Literal["", "name", "prose"] = ""
    address: bool = False
    platform: str = ""
    logged: Logged | None = None
    elsewhere: bool = False


_BOTH: tuple[Owner, ...] = ("application", "servicePrincipal")
_PRINCIPAL: tuple[Owner, ...] = ("servicePrincipal",)
_TRUST: tuple[Owner, ...] = ("federatedIdentityCredential",)
_ROLE: tuple[Owner, ...] = ("appRole",)
_SCOPE: tuple[Owner, ...] = ("permissionScope",)
_ENTITLEMENT: tuple[Owner, ...] = ("appRole", "permissionScope")

_IMPLICIT = Logged("OauthOidcResponsePolicyBitmap", "bits")
_KEYS = Logged("KeyDescription", "entries", "KeyDescription")

PROPERTIES = (
    Property("displayName", _BOTH, risk="text", text="name", logged=Logged("DisplayName", verbatim=True)),
    Property("description", _BOTH, risk="text", text="prose", logged=Logged("Description")),
    Property("notes", _BOTH, risk="text", text="prose", logged=Logged("Notes")),
    Property(
        "tags", _BOTH, risk="text", noun="tag", logged=Logged("ApplicationTag", "tags", "ServicePrincipalTag")
    ),
    Property("info", risk="text"),
    Property("info.logoUrl", risk="text", address=True),
    Property("info.marketingUrl", risk="text", address=True),
    Property("info.privacyStatementUrl", risk="text", address=True),
    Property("info.supportUrl", risk="text", address=True),
    Property("info.termsOfServiceUrl", risk="text", address=True),
    Property("logo", risk="text", logged=Logged("AppInformationalUrl")),
    Property("serviceManagementReference", risk="text"),
    Property("certification", risk="text"),
    Property("uniqueName", risk="text"),
    Property(
        "signInAudience",
        risk="sign-in",
        closed="AzureADMyOrg",
        # The older records say only whether other tenants may sign in.
        logged=Logged("SignInAudience", also=(("AvailableToOtherTenants", "bits"),)),
    ),
    Property("signInAudienceRestrictions", risk="sign-in", noun="allowed tenant"),
    Property(
        "web.redirectUris",
        risk="redirect URI",
        noun="redirect URI",
        detail="web",
        address=True,
        platform="web",
        logged=Logged("AppAddress", "addresses", platform="1"),
    ),
    Property(
        "spa.redirectUris",
        risk="redirect URI",
        noun="redirect URI",
        detail="spa",
        address=True,
        platform="spa",
        logged=Logged("AppAddress", "addresses", platform="3"),
    ),
    Property(
        "publicClient.redirectUris",
        risk="redirect URI",
        noun="redirect URI",
        detail="mobile and desktop",
        address=True,
        platform="mobileAndDesktop",
        logged=Logged("AppAddress", "addresses", platform="2"),
    ),
    Property("web.redirectUriSettings", elsewhere=True),
    Property("web.homePageUrl", risk="text", address=True, logged=Logged("WwwHomepage", verbatim=True)),
    Property("web.logoutUrl", address=True, logged=Logged("AppAddress", "addresses")),
    Property(
        "web.implicitGrantSettings.enableAccessTokenIssuance", risk="flow", closed=False, logged=_IMPLICIT
    ),
    Property("web.implicitGrantSettings.enableIdTokenIssuance", risk="flow", closed=False, logged=_IMPLICIT),
    Property("isFallbackPublicClient", risk="flow", closed=False, logged=Logged("PublicClient")),
    Property(
        "identifierUris",
        risk="identifier URI",
        noun="identifier URI",
        # Often recorded on the service principal only.
        logged=Logged("AppIdentifierUri", "entries", also=(("ServicePrincipalName", "entries"),)),
    ),
    Property(
        "api.knownClientApplications",
        risk="who can consent",
        noun="known client",
        detail="its page consents for the client",
        logged=Logged("KnownClientApplications", "entries"),
    ),
    Property(
        "api.preAuthorizedApplications", noun="authorized client", logged=Logged("PreAuthorizedApplications")
    ),
    Property(
        "api.oauth2PermissionScopes", risk="offer", noun="scope", logged=Logged("Entitlement", "entitlements")
    ),
    Property("appRoles", risk="offer", noun="app role", logged=Logged("Entitlement", "entitlements")),
    Property(
        "requiredResourceAccess",
        risk="request",
        noun="requested permission",
        elsewhere=True,
        logged=Logged("RequiredResourceAccess", "entries"),
    ),
    Property(
        "keyCredentials",
        _BOTH,
        risk="credential",
        noun="certificate",
        detail="certificate",
        elsewhere=True,
        logged=_KEYS,
    ),
    Property("passwordCredentials", _BOTH, risk="credential", noun="secret", elsewhere=True, logged=_KEYS),
    Property("owners", _BOTH, risk="owner", noun="owner", elsewhere=True),
    Property(
        "federatedIdentityCredentials",
        risk="federated credential",
        elsewhere=True,
        logged=Logged("FederatedIdentityCredentials", "federated"),
    ),
    Property(
        "appRoleAssignmentRequired",
        _PRINCIPAL,
        risk="sign-in",
        closed=True,
        logged=Logged("ExplicitAccessGrantRequired", on_principal="ExplicitAccessGrantRequired"),
    ),
    Property(
        "accountEnabled",
        _PRINCIPAL,
        risk="sign-in",
        closed=False,
        logged=Logged("AccountEnabled", on_principal="AccountEnabled"),
    ),
    Property("homepage", _PRINCIPAL, risk="text"),
    Property("api.requestedAccessTokenVersion", logged=Logged("AccessTokenAcceptedVersion")),
    Property("api.acceptMappedClaims", logged=Logged("AcceptMappedClaims")),
    Property("optionalClaims", logged=Logged("OptionalClaims")),
    Property("groupMembershipClaims", logged=Logged("GroupMembershipClaims")),
    Property(
        "servicePrincipalNames",
        _PRINCIPAL,
        logged=Logged("ServicePrincipalName", on_principal="ServicePrincipalName"),
    ),
    Property("appRoleAssignedTo", _PRINCIPAL, risk="role"),
    Property("appRoleAssignments", _PRINCIPAL, risk="consent"),
    Property("oauth2PermissionGrants", _PRINCIPAL, risk="consent"),
    Property("issuer", _TRUST, risk="federated credential", logged=Logged("Issuer")),
    Property("subject", _TRUST, risk="federated credential", logged=Logged("Subject")),
    Property(
        "claimsMatchingExpression",
        _TRUST,
        risk="federated credential",
        logged=Logged("ClaimsMatchingExpressionValue"),
    ),
    Property("audiences", _TRUST, risk="federated credential", logged=Logged("Audiences")),
    Property("description", _TRUST, risk="text", text="prose", logged=Logged("Description")),
    Property("displayName", _ROLE, risk="text", text="name", logged=Logged("Name")),
    Property("description", _ROLE, risk="text", text="prose", logged=Logged("Description")),
    Property("value", _ENTITLEMENT, risk="role", logged=Logged("ClaimValue")),
    Property("isEnabled", _ENTITLEMENT, risk="role", closed=False, logged=Logged("IsDisabled")),
    Property("allowedMemberTypes", _ROLE, risk="role"),
    Property("type", _SCOPE, risk="who can consent"),
    Property("adminConsentDisplayName", _SCOPE, risk="text", text="name", logged=Logged("Name")),
    Property("adminConsentDescription", _SCOPE, risk="text", text="prose", logged=Logged("Description")),
    Property(
        "userConsentDisplayName", _SCOPE, risk="text", text="name", logged=Logged("UserConsentDisplayName")
    ),
    Property(
        "userConsentDescription", _SCOPE, risk="text", text="prose", logged=Logged("UserConsentDescription")
    ),
)

# Of types that have one of the same path the first counts: an application before a part of it.
BY_PATH: Mapping[str, Property] = {row.path: row for row in reversed(PROPERTIES)}
REDIRECT_URIS = tuple(row.path for row in PROPERTIES if row.platform)


def rows_of(*owners: Owner) -> tuple[Property, ...]:
    """Return the rows of some of Graph's types, in order."""
    return tuple(row for row in PROPERTIES if not set(owners).isdisjoint(row.of))


def log_names(*owners: Owner) -> Mapping[str, str]:
    """Return the audit log's name of each property of some of Graph's types."""
    return {row.path: row.logged.name for row in rows_of(*owners) if row.logged}


def find(path: str) -> Property:
    """Return the row of a path, else that of the nearest property around it, else one of unknown risk."""
    row, around = BY_PATH.get(path), path
    while row is None and (around := around.rpartition(".")[0]):
        row = BY_PATH.get(around)
    return row or Property(path)
