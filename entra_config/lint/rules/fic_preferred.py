"""A secret or certificate where a workload identity could do."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each application that signs in with keys and with no workload identity."""
    for subject in view.subjects:
        keys = [each for each in subject.credentials if each.usage == "Verify"]
        if keys and not subject.federated:
            message = f"`{subject.key}` signs in with a key that can be copied"
            yield Hit(keys[0].position, message, subject.key, "keys")


RULE = Rule(
    id="fic-preferred",
    severity="I",
    confidence="medium",
    on=("manifest", "live"),
    finds="A secret or certificate where a workload identity could do.",
    why=(
        "Whoever has the key is the application, from anywhere. A federated credential is bound to a "
        "workload and holds no key."
    ),
    fix=(
        "Declare `federatedCredentials` for GitHub Actions, AWS, Kubernetes or a managed identity, and "
        "remove the key."
    ),
    source="Microsoft Learn, workload-identity-federation",
    bad="""\
applications:
  app:
    type: daemon
    displayName: App
    certificates:
      «ci: { file: certificates/good.pem }
""",
    good="""\
applications:
  app:
    type: daemon
    displayName: App
    certificates:
      ci: { file: certificates/good.pem }
    federatedCredentials:
      github: { issuer: https://token.actions.githubusercontent.com, subject: \
"repo:example/myapp:environment:prod" }
""",
    check=check,
)
