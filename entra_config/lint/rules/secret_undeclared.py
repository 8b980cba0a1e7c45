"""A secret that nobody accepted."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each secret whose key id the lock file does not name."""
    for subject in view.subjects:
        accepted = view.manifest.accepted.get(subject.app_id, frozenset())
        for each in subject.credentials:
            if each.sort == "secret" and each.key_id not in accepted:
                message = f"nobody accepted the secret `{each.name}` of `{subject.key}`"
                yield Hit(each.position, message, subject.key, each.key_id)


RULE = Rule(
    id="secret-undeclared",
    severity="E",
    confidence="high",
    on=("live",),
    finds="A secret that nobody accepted.",
    why=(
        "The manifest declares no secrets; the lock file names those that somebody looked at. Another one was added "
        "by hand, by whom the audit log says."
    ),
    fix="Remove it, or accept it with `entra-config lock --accept`.",
    source="this project; drift tells who made it",
    bad="""\
application:
  displayName: App
  passwordCredentials:
    - «keyId: 11111111-0000-4000-8000-000000000001
      displayName: ci
      startDateTime: 2026-09-01T00:00:00Z
      endDateTime: 2026-12-31T00:00:00Z
""",
    good="""\
application:
  displayName: App
  passwordCredentials:
    - keyId: 22222222-0000-4000-8000-000000000002
      displayName: ci
      startDateTime: 2026-09-01T00:00:00Z
      endDateTime: 2026-12-31T00:00:00Z
""",
    check=check,
)
