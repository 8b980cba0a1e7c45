"""A service principal whose credentials others may change."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.kinds.application import locks_at_creation
from entra_config.lint.model import Hit, Rule, View

PATH = "servicePrincipalLockConfiguration.isEnabled"


def check(view: View) -> Iterator[Hit]:
    """Yield each application without the lock: grave where other tenants have it, a habit where only its
    own does.
    """
    for subject in view.subjects:
        if subject.value(PATH) is True or subject.enterprise is None:
            continue
        declared = {path: placed.value for path, placed in subject.settings.items()}
        if not view.live and locks_at_creation(declared):
            continue
        if subject.multitenant:
            where = subject.spot("signInAudience")
            yield Hit(
                where, f"other tenants may add keys to their `{subject.key}`", subject.key, PATH, severity="E"
            )
        else:
            message = f"keys may be added to the service principal of `{subject.key}`"
            yield Hit(subject.position, message, subject.key, PATH, persona="pedantic")


RULE = Rule(
    id="sp-lock-missing",
    severity="W",
    confidence="high",
    on=("manifest", "live"),
    finds="A service principal whose credentials others may change.",
    why=(
        "In the tenant of a customer an administrator, or who took his place, adds a key to the service "
        "principal and "
        "is the application there. The lock refuses it."
    ),
    fix=(
        "Write `properties: { servicePrincipalLockConfiguration: { isEnabled: true, allProperties: "
        "true } }`. An application that entra-config creates for several tenants has the lock without it."
    ),
    source="Zero Trust Assessment 21777; Microsoft Learn, howto-configure-app-instance-property-locks",
    bad="""\
applications:
  «app:
    type: web
    displayName: App
    redirectUris: [https://app.example.com/callback]
""",
    good="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris: [https://app.example.com/callback]
    signInAudience: AzureADMultipleOrgs
    properties: { servicePrincipalLockConfiguration: { isEnabled: true, allProperties: true } }
""",
    check=check,
)
