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
    elsewhere: bool = False


_BOTH: tuple[Owner, ...] = ("application", "servicePrincipal")
_PRINCIPAL: tuple[Owner, ...] = ("servicePrincipal",)
_TRUST: tuple[Owner, ...] = ("federatedIdentityCredential",)
_ROLE: tuple[Owner, ...] = ("appRole",)
_SCOPE: tuple[Owner, ...] = ("permissionScope",)
_ENTITLEMENT: tuple[Owner, ...] = ("appRole", "permissionScope")

PROPERTIES = (
    Property("displayName", _BOTH, risk="text", text="name"),
    Property("description", _BOTH, risk="text", text="prose"),
    Property("notes", _BOTH, risk="text", text="prose"),
    Property("tags", _BOTH, risk="text", noun="tag"),
    Property("info", risk="text"),
    Property("info.logoUrl", risk="text", address=True),
    Property("info.marketingUrl", risk="text", address=True),
    Property("info.privacyStatementUrl", risk="text", address=True),
    Property("info.supportUrl", risk="text", address=True),
    Property("info.termsOfServiceUrl", risk="text", address=True),
    Property("logo", risk="text"),
    Property("serviceManagementReference", risk="text"),
    Property("certification", risk="text"),
    Property("uniqueName", risk="text"),
    Property("signInAudience", risk="sign-in", closed="AzureADMyOrg"),
    Property("signInAudienceRestrictions", risk="sign-in", noun="allowed tenant"),
    Property(
        "web.redirectUris", risk="redirect URI", noun="redirect URI", detail="web",
        address=True, platform="web",
    ),
    Property(
        "spa.redirectUris", risk="redirect URI", noun="redirect URI", detail="spa",
        address=True, platform="spa",
    ),
    Property(
        "publicClient.redirectUris", risk="redirect URI", noun="redirect URI", detail="mobile and desktop",
        address=True, platform="mobileAndDesktop",
    ),
    Property("web.redirectUriSettings", elsewhere=True),
    Property("web.homePageUrl", risk="text", address=True),
    Property("web.logoutUrl", address=True),
    Property("web.implicitGrantSettings.enableAccessTokenIssuance", risk="flow", closed=False),
    Property("web.implicitGrantSettings.enableIdTokenIssuance", risk="flow", closed=False),
    Property("isFallbackPublicClient", risk="flow", closed=False),
    Property("identifierUris", risk="identifier URI", noun="identifier URI"),
    Property(
        "api.knownClientApplications", risk="who can consent", noun="known client",
        detail="its page consents for the client",
    ),
    Property("api.preAuthorizedApplications", noun="authorized client"),
    Property("api.oauth2PermissionScopes", risk="offer", noun="scope"),
    Property("appRoles", risk="offer", noun="app role"),
    Property("requiredResourceAccess", risk="request", noun="requested permission", elsewhere=True),
    Property(
        "keyCredentials", _BOTH, risk="credential", noun="certificate", detail="certificate",
        elsewhere=True,
    ),
    Property("passwordCredentials", _BOTH, risk="credential", noun="secret", elsewhere=True),
    Property("owners", _BOTH, risk="owner", noun="owner", elsewhere=True),
    Property("federatedIdentityCredentials", risk="federated credential", elsewhere=True),
    Property("appRoleAssignmentRequired", _PRINCIPAL, risk="sign-in", closed=True),
    Property("accountEnabled", _PRINCIPAL, risk="sign-in", closed=False),
    Property("homepage", _PRINCIPAL, risk="text"),
    Property("appRoleAssignedTo", _PRINCIPAL, risk="role"),
    Property("appRoleAssignments", _PRINCIPAL, risk="consent"),
    Property("oauth2PermissionGrants", _PRINCIPAL, risk="consent"),
    Property("issuer", _TRUST, risk="federated credential"),
    Property("subject", _TRUST, risk="federated credential"),
    Property("claimsMatchingExpression", _TRUST, risk="federated credential"),
    Property("audiences", _TRUST, risk="federated credential"),
    Property("value", _ENTITLEMENT, risk="role"),
    Property("isEnabled", _ENTITLEMENT, risk="role", closed=False),
    Property("allowedMemberTypes", _ROLE, risk="role"),
    Property("type", _SCOPE, risk="who can consent"),
    Property("adminConsentDisplayName", _SCOPE, risk="text", text="name"),
    Property("adminConsentDescription", _SCOPE, risk="text", text="prose"),
    Property("userConsentDisplayName", _SCOPE, risk="text", text="name"),
    Property("userConsentDescription", _SCOPE, risk="text", text="prose"),
)  # fmt: skip

BY_PATH: Mapping[str, Property] = {row.path: row for row in PROPERTIES}
REDIRECT_URIS = tuple(row.path for row in PROPERTIES if row.platform)


def find(path: str) -> Property:
    """Return the row of a path, else that of the nearest property around it, else one of unknown risk."""
    row, around = BY_PATH.get(path), path
    while row is None and (around := around.rpartition(".")[0]):
        row = BY_PATH.get(around)
    return row or Property(path)
