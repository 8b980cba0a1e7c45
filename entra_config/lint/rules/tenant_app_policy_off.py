"""No application is held to what the tenant says of credentials."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import each
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield the tenant whose default policy is off."""
    message = "this tenant's default app management policy is off"
    return each.switched_off(view, "defaultAppManagementPolicy", message, "isEnabled")


RULE = Rule(
    id="tenant-app-policy-off",
    severity="I",
    confidence="high",
    on=("live",),
    finds="A default app management policy that is off.",
    why=(
        "It is what refuses secrets that live for years, and identifier URIs that somebody else may have: "
        "off, it holds for "
        "no application but those with a policy of their own."
    ),
    fix=(
        "Write `isEnabled: true` in the tenant's default app management policy, and in it what you want "
        "refused."
    ),
    source="Maester AppManagementPolicyEnabled; Microsoft Graph, tenantAppManagementPolicy",
    bad="""\
application: { displayName: App }
facts:
  defaultAppManagementPolicy: [{ «isEnabled: false }]
""",
    good="""\
application: { displayName: App }
facts:
  defaultAppManagementPolicy: [{ isEnabled: true, applicationRestrictions: { passwordCredentials: [] } }]
""",
    check=check,
)
