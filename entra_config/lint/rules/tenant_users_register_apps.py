"""Everybody may register applications."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield the tenant that allows it."""
    for each in view.facts("authorizationPolicy"):
        if (each.get("defaultUserRolePermissions") or {}).get("allowedToCreateApps"):
            yield Hit(None, "everybody of this tenant may register applications", what="allowedToCreateApps")


RULE = Rule(
    id="tenant-users-register-apps",
    severity="W",
    confidence="high",
    on=("live",),
    finds="Everybody may register applications.",
    why="A registration of anybody's looks like one of yours, and asks your people for consent.",
    fix="Let administrators register: `allowedToCreateApps: false` in the authorization policy.",
    source="CIS Microsoft 365 5.1.2.2; ScubaGear MS.AAD.5.1",
    bad="""\
application: { displayName: App }
facts:
  authorizationPolicy:
    - defaultUserRolePermissions:
        «allowedToCreateApps: true
        permissionGrantPoliciesAssigned: []
""",
    good="""\
application: { displayName: App }
facts:
  authorizationPolicy:
    - defaultUserRolePermissions:
        allowedToCreateApps: false
        permissionGrantPoliciesAssigned: []
""",
    check=check,
)
