"""A secret that ended and is still there."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each secret whose end is past."""
    for subject in view.subjects:
        for each in subject.credentials:
            if each.sort == "secret" and each.end and each.end < view.now:
                message = f"the secret `{each.name}` of `{subject.key}` ended on {each.end:%Y-%m-%d}"
                yield Hit(each.position, message, subject.key, each.key_id)


RULE = Rule(
    id="secret-expired-kept",
    severity="I",
    confidence="high",
    on=("live",),
    finds="A secret that ended and is still there.",
    why="It opens nothing, and hides among its like the one that does.",
    fix="Remove it.",
    source="Entra recommendations, staleAppCreds",
    bad="""\
application:
  displayName: App
  passwordCredentials:
    - «keyId: 11111111-0000-4000-8000-000000000001
      displayName: ci
      startDateTime: 2025-09-01T00:00:00Z
      endDateTime: 2026-03-01T00:00:00Z
""",
    good="""\
application:
  displayName: App
  passwordCredentials:
    - keyId: 11111111-0000-4000-8000-000000000001
      displayName: ci
      startDateTime: 2026-09-01T00:00:00Z
      endDateTime: 2026-12-31T00:00:00Z
""",
    check=check,
)
