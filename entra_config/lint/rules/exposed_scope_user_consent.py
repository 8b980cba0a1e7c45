"""A scope of power that every person may consent to."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View
from entra_config.lint.power import Powers


def check(view: View) -> Iterator[Hit]:
    """Yield each scope of power; that a scope can write is a habit of many APIs."""
    powers = Powers(view)
    for subject in view.subjects:
        for each in subject.scopes:
            if not (each.user_consent and each.enabled):
                continue
            message = f"everybody may let any client use `{each.value}` of `{subject.key}`"
            if powers.has_power(subject, each):
                yield Hit(each.position, message, subject.key, each.value)
            elif powers.can_write(subject, each):
                yield Hit(each.position, message, subject.key, each.value, persona="pedantic")


RULE = Rule(
    id="exposed-scope-user-consent",
    severity="W",
    confidence="medium",
    on=("manifest", "live"),
    finds="A scope of power that every person may consent to.",
    why="A page of anybody's asks for it, and one click of one person lets that page act as him at your API.",
    fix="Write `whoCanConsent: admins`, and name your own clients under `authorizedClients`.",
    source="CIS Microsoft 365 5.1.5.1; ScubaGear MS.AAD.5.2",
    bad="""\
applications:
  api:
    type: api
    displayName: API
    scopes:
      «files.manage: { displayName: Manage, description: Manages files., whoCanConsent: adminsAndUsers }
""",
    good="""\
applications:
  api:
    type: api
    displayName: API
    scopes:
      files.manage: { displayName: Manage, description: Manages files., whoCanConsent: admins }
      user.read: { displayName: Read, description: Reads., whoCanConsent: adminsAndUsers }
""",
    check=check,
)
