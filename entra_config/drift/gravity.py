"""A finding in, how grave it is out, by the table of what gives power: what lets somebody do most comes
first.

What somebody lost stands between what somebody may do more and mere texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from entra_config.drift.model import Finding
from entra_config.kinds.table import TRACES
from entra_config.plan.effects import SORTS, Risk

Gravity = Literal["grave", "serious", "slight"]
ORDER: tuple[Gravity, ...] = ("grave", "serious", "slight")

_RISKS: Mapping[str, Risk] = {sort.name: sort.risk for sort in SORTS}
_GRAVITY: Mapping[Risk, Gravity] = {"high": "grave", "medium": "serious", "low": "slight"}
# By the path of a property: what it is in that table. What a kind gives, it says itself.
_PATHS = {
    "owners": "owner",
    "passwordCredentials": "credential",
    "keyCredentials": "credential",
    "federatedIdentityCredentials": "federated credential",
    "oauth2PermissionGrants": "consent",
    "appRoleAssignments": "consent",
    "appRoleAssignedTo": "role",
    "web.redirectUris": "redirect URI",
    "spa.redirectUris": "redirect URI",
    "publicClient.redirectUris": "redirect URI",
    "api.knownClientApplications": "who can consent",
    "identifierUris": "identifier URI",
    "signInAudience": "sign-in",
    "signInAudienceRestrictions": "sign-in",
    "appRoleAssignmentRequired": "sign-in",
    "accountEnabled": "sign-in",
    "isFallbackPublicClient": "flow",
    "web.implicitGrantSettings.enableAccessTokenIssuance": "flow",
    "web.implicitGrantSettings.enableIdTokenIssuance": "flow",
    "issuer": "federated credential",
    "subject": "federated credential",
    "claimsMatchingExpression": "federated credential",
    "audiences": "federated credential",
}
# Of a role or a scope that changed: what decides about tokens.
_CARRIED = {"value": "role", "isEnabled": "role", "allowedMemberTypes": "role", "type": "who can consent"}
_TEXTS = frozenset({"displayName", "notes", "description", "web.homePageUrl", "tags"})


def gravity(finding: Finding) -> Gravity:
    """Return how grave a finding is."""
    if finding.path in _TEXTS:
        return "slight"
    if finding.sign == "removed":
        return "serious"
    if finding.sign == "changed" and isinstance(finding.live, Mapping):
        return min(
            (_of(_CARRIED.get(name, "setting")) for name in finding.live), key=ORDER.index, default="slight"
        )
    found = TRACES[finding.address.kind].gives if finding.sign == "added" else ""
    sort = found or _PATHS.get(finding.path, "")
    # A role or a scope that came is something to hold, and nobody holds it yet.
    return _of(sort) if sort else "serious"


def rank(finding: Finding) -> int:
    """Return where a finding stands among others: the gravest is 0."""
    return ORDER.index(gravity(finding))


def _of(sort: str) -> Gravity:
    return _GRAVITY[_RISKS[sort]]
