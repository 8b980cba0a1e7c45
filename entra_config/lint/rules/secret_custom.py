"""A secret whose value somebody chose."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import each
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each secret of an application that Graph did not make, and say whether the policy would refuse
    another.
    """
    refused = {fact["application"]: fact["custom"] for fact in view.facts("restricted")}
    for subject, secret in each.credentials(view, "secret"):
        if secret.chosen:
            more = "; another one would be refused" if refused.get(subject.key) else ""
            yield each.hit(
                subject, secret, f"somebody chose the secret `{secret.name}` of `{subject.key}`{more}"
            )


RULE = Rule(
    id="secret-custom",
    severity="E",
    confidence="low",
    on=("live",),
    finds="A secret whose value somebody chose.",
    why=(
        "What people choose is guessed, used twice and known to whoever chose it. Graph makes a secret "
        "itself and keeps its "
        "first letters as `hint`; one without came in by an older door, with its value, or is older than "
        "the hint."
    ),
    fix=(
        "Remove it, let Graph make another, and restrict `customPasswordAddition` in the app management "
        "policy."
    ),
    source="App management policies, customPasswordAddition; Microsoft Graph, application-addpassword",
    bad="""\
application:
  displayName: App
  passwordCredentials:
    - keyId: 11111111-0000-4000-8000-000000000001
      displayName: ci
      «hint: null
      endDateTime: 2026-12-31T00:00:00Z
""",
    good="""\
application:
  displayName: App
  passwordCredentials:
    - keyId: 11111111-0000-4000-8000-000000000001
      displayName: ci
      hint: a1B
      endDateTime: 2026-12-31T00:00:00Z
""",
    check=check,
)
