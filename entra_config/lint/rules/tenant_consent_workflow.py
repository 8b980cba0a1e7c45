"""People who need a consent have nobody to ask."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import each
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield the tenant without the workflow."""
    message = "nobody of this tenant can ask for an administrator's consent"
    return each.switched_off(view, "adminConsentRequestPolicy", message, "workflow")


RULE = Rule(
    id="tenant-consent-workflow",
    severity="W",
    confidence="high",
    on=("live",),
    finds="People who need a consent have nobody to ask.",
    why="They find another way: another tool, an administrator's account, a consent for all.",
    fix="Switch the admin consent workflow on, and name reviewers.",
    source="CIS Microsoft 365 5.1.5.2; ScubaGear MS.AAD.5.3",
    bad="""\
application: { displayName: App }
facts:
  adminConsentRequestPolicy: [{ «isEnabled: false }]
""",
    good="""\
application: { displayName: App }
facts:
  adminConsentRequestPolicy: [{ isEnabled: true }]
""",
    check=check,
)
