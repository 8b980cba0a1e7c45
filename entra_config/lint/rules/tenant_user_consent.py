"""Everybody may consent to any application."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View

LEGACY = "ManagePermissionGrantsForSelf.microsoft-user-default-legacy"


def check(view: View) -> Iterator[Hit]:
    """Yield the tenant whose people consent to anything."""
    for each in view.facts("authorizationPolicy"):
        if LEGACY in (
            (each.get("defaultUserRolePermissions") or {}).get("permissionGrantPoliciesAssigned") or ()
        ):
            yield Hit(None, "everybody of this tenant may consent to any application", what="consent")


RULE = Rule(
    id="tenant-user-consent",
    severity="W",
    confidence="high",
    on=("live",),
    finds="Everybody may consent to any application.",
    why="One click gives an application of a stranger somebody's mail and files.",
    fix=(
        "Let people consent to verified publishers and low permissions at most "
        "(`microsoft-user-default-low`), or to nothing."
    ),
    source="CIS Microsoft 365 5.1.5.1; ScubaGear MS.AAD.5.2",
    bad="""\
application: { displayName: App }
facts:
  authorizationPolicy:
    - defaultUserRolePermissions:
        allowedToCreateApps: false
        «permissionGrantPoliciesAssigned: [ManagePermissionGrantsForSelf.microsoft-user-default-legacy]
""",
    good="""\
application: { displayName: App }
facts:
  authorizationPolicy:
    - defaultUserRolePermissions:
        allowedToCreateApps: false
        permissionGrantPoliciesAssigned: [ManagePermissionGrantsForSelf.microsoft-user-default-low]
""",
    check=check,
)
