"""A certificate that ends within a month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each certificate that ends within `days` and has not ended yet, unless another of it lives on."""
    most = timedelta(days=view.days(RULE.id, RULE.options["days"]))
    for subject in view.subjects:
        signing = [each for each in subject.credentials if each.sort == "certificate" and each.usage == "Verify" and each.end]
        lasting = any(each.end and each.end - view.now > most for each in signing)
        for each in signing if not lasting else ():
            if each.end and view.now <= each.end <= view.now + most:
                left = (each.end - view.now).days
                message = f"`{each.name}` ends in {left} days, and no other follows"
                yield Hit(each.position or subject.position, message, subject.key, each.key_id or each.name)


RULE = Rule(
    id="cert-expiring",
    severity="W",
    confidence="high",
    on=("manifest", "live"),
    finds="A certificate that ends within a month.",
    why="On that day the application stops signing in, at midnight UTC, whoever is asleep.",
    fix="Add the next certificate beside it, let the application use it, then remove this one.",
    source="Entra recommendations, servicePrincipalKeyExpiry",
    bad="""\
applications:
  app:
    type: daemon
    displayName: App
    certificates:
      «ci: { file: certificates/next-week.pem }
""",
    good="""\
applications:
  app:
    type: daemon
    displayName: App
    certificates:
      ci: { file: certificates/good.pem }
""",
    check=check,
    options={"days": 30},
)
