"""Find what in a manifest would let a refused sign-in pass."""

from __future__ import annotations

from entra_config.claimants import key_of
from entra_emulator.api import RefusedSignIn, Remedy

_NOT_ASSIGNED = 50105
# The key of a manifest that decides, by AADSTS code.
_CHANGED_BY = {
    50011: "applications.{key}.redirectUris",
    500113: "applications.{key}.redirectUris",
    50020: "applications.{key}.signInAudience",
    65001: "applications.{key}.apiPermissions.API.adminConsent",
    90094: "applications.{key}.apiPermissions.API.adminConsent",
    650053: "applications.API.scopes",
    7000112: "applications.{key}.enterpriseApplication",
}


def find_remedy(refused: RefusedSignIn) -> Remedy:
    """Return the keys of the manifest that decide, and the command that assigns a role."""
    key = key_of(refused.application)
    if not key:
        decides = refused.code in _CHANGED_BY or refused.code == _NOT_ASSIGNED
        return Remedy({"Declared in": "no manifest: it has no ownership tag"} if decides else {})
    if refused.code == _NOT_ASSIGNED and refused.upn:
        role, *others = refused.roles or ("default",)
        more = f" (or {', or '.join(others)})" if others else ""
        return Remedy(
            {
                "Set at": f"applications.{key}.enterpriseApplication.assignmentRequired",
                "Would change it": f"appRoleAssignments.{key}.{role}.users{more}",
            },
            f"entra-config app-role assign {key}/{role} --user {refused.upn}",
        )
    if refused.code in _CHANGED_BY:
        return Remedy({"Would change it": _CHANGED_BY[refused.code].format(key=key)})
    return Remedy()
