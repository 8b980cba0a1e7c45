"""A finding in, how grave it is out: what lets somebody do more comes first.

| gravity | what |
|---|---|
| grave | somebody got power: owner, credential, holder, consent, redirect URI, client, audience, or what tokens carry |
| serious | somebody lost something, or a role, a scope, a requested permission or an identifier of an API came |
| slight | names and texts |
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from entra_config.drift.model import Finding

Gravity = Literal["grave", "serious", "slight"]
ORDER: tuple[Gravity, ...] = ("grave", "serious", "slight")

_GIVES = frozenset({"appRoleAssignment", "permissionGrant", "authorizedClient", "federatedCredential", "owner"})
_OPENS = frozenset(
    {
        "owners", "passwordCredentials", "keyCredentials", "federatedIdentityCredentials", "oauth2PermissionGrants",
        "appRoleAssignments", "appRoleAssignedTo", "web.redirectUris", "spa.redirectUris", "publicClient.redirectUris",
        "api.knownClientApplications",
    }
)  # fmt: skip
_SWITCHES = frozenset(
    {
        "signInAudience", "appRoleAssignmentRequired", "accountEnabled", "isFallbackPublicClient", "api.acceptMappedClaims",
        "web.implicitGrantSettings.enableAccessTokenIssuance", "web.implicitGrantSettings.enableIdTokenIssuance",
        "issuer", "subject", "audiences",
    }
)  # fmt: skip
_CARRIED = frozenset({"value", "isEnabled", "allowedMemberTypes", "type"})
_TEXTS = frozenset({"displayName", "notes", "description", "web.homePageUrl", "tags", "serviceManagementReference"})


def gravity(finding: Finding) -> Gravity:
    """Return how grave a finding is."""
    if finding.sign == "changed":
        if finding.path in _SWITCHES or (isinstance(finding.live, Mapping) and _CARRIED & finding.live.keys()):
            return "grave"
        texts = finding.path in _TEXTS or isinstance(finding.live, Mapping)
        return "slight" if texts else "serious"
    gives = finding.address.kind in _GIVES or finding.path in _OPENS
    if finding.path in _TEXTS:
        return "slight"
    return "grave" if gives and finding.sign == "added" else "serious"


def rank(finding: Finding) -> int:
    """Return where a finding stands among others: the gravest is 0."""
    return ORDER.index(gravity(finding))
