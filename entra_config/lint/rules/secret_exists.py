"""An application that has a client secret."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each secret that still holds."""
    for subject in view.subjects:
        for each in subject.credentials:
            if each.sort == "secret" and not (each.end and each.end < view.now):
                yield Hit(each.position, f"`{subject.key}` has the secret `{each.name}`", subject.key, each.key_id)


RULE = Rule(
    id="secret-exists",
    severity="E",
    confidence="high",
    on=("live",),
    finds="An application that has a client secret.",
    why="A secret is copied into a file, a chat, a build log, and whoever has it is the application, from anywhere.",
    fix="Let the workload sign in by a federated credential or a certificate, and remove the secret.",
    source="Zero Trust Assessment 21772; Maester AppRegistrationsWithSecrets; ScubaGear MS.AAD.5.5",
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
  passwordCredentials: []
""",
    check=check,
)
