"""A secret that ends within a month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each secret that ends within `days`, unless another of the application lives on."""
    most = timedelta(days=view.days(RULE.id, RULE.options["days"]))
    for subject in view.subjects:
        secrets = [each for each in subject.credentials if each.sort == "secret" and each.end]
        lasting = any(each.end and each.end - view.now > most for each in secrets)
        for each in secrets if not lasting else ():
            if each.end and view.now <= each.end <= view.now + most:
                left = (each.end - view.now).days
                message = f"the secret `{each.name}` of `{subject.key}` ends in {left} days"
                yield Hit(each.position, message, subject.key, each.key_id)


RULE = Rule(
    id="secret-expiring",
    severity="W",
    confidence="high",
    on=("live",),
    finds="A secret that ends within a month.",
    why="On that day the application stops signing in.",
    fix="Make the next one, let the application use it, then remove this one.",
    source="Entra recommendations, applicationCredentialExpiry",
    bad="""\
application:
  displayName: App
  passwordCredentials:
    - «keyId: 11111111-0000-4000-8000-000000000001
      displayName: ci
      startDateTime: 2026-09-01T00:00:00Z
      endDateTime: 2026-12-10T00:00:00Z
""",
    good="""\
application:
  displayName: App
  passwordCredentials:
    - keyId: 11111111-0000-4000-8000-000000000001
      displayName: ci
      startDateTime: 2026-09-01T00:00:00Z
      endDateTime: 2027-01-31T00:00:00Z
""",
    check=check,
    options={"days": 30},
)
