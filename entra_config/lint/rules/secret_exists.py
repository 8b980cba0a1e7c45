"""An application that has a client secret."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import each, examples
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each secret that still holds; of one with a life, which the manifest declares,
    `secret-declared` asks why.
    """
    for subject, secret in each.credentials(view, "secret"):
        rotated = view.manifest.rotated.get(subject.app_id, {}).values()
        if not any(secret.key_id in ids for ids in rotated) and not (secret.end and secret.end < view.now):
            yield each.hit(subject, secret, f"`{subject.key}` has the secret `{secret.name}`")


RULE = Rule(
    id="secret-exists",
    severity="E",
    confidence="high",
    on=("live",),
    finds="An application that has a client secret.",
    why=(
        "A secret is copied into a file, a chat, a build log, and whoever has it is the application, "
        "from anywhere."
    ),
    fix="Let the workload sign in by a federated credential or a certificate, and remove the secret.",
    source="Zero Trust Assessment 21772; Maester AppRegistrationsWithSecrets; ScubaGear MS.AAD.5.5",
    bad=examples.secret("2026-09-01", "2026-12-31", reported=True),
    good="""\
application:
  displayName: App
  passwordCredentials: []
""",
    check=check,
)
