"""A secret that the manifest declares, and nobody said why."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each declared secret; a comment that silences the rule is the answer."""
    for subject in view.subjects:
        application = view.manifest.applications.get(subject.key)
        for secret in application.secrets.values() if application else ():
            message = (
                f"`{subject.key}` declares the secret `{secret.label}`: why not a federated credential, "
                "or a certificate?"
            )
            yield Hit(secret.position, message, subject.key, secret.label)


RULE = Rule(
    id="secret-declared",
    severity="W",
    confidence="medium",
    on=("manifest",),
    finds="A secret that the manifest declares, and nobody said why.",
    why=(
        "A federated credential is bound to a workload and holds nothing to steal; a certificate's key "
        "need not leave the "
        "machine. A secret is whoever has it, even where its life is short and its place is known."
    ),
    fix=(
        "Use one of the two, or say why not: `# entra-config: ignore[secret-declared] because the load "
        "balancer takes no other`."
    ),
    source="Microsoft Learn, security-best-practices-for-app-registration",
    bad="""\
project: myapp
environments:
  dev: { tenantId: 11111111-1111-1111-1111-111111111111, sinks: { web: { file: /run/secrets/web } } }
applications:
  app:
    type: web
    displayName: App
    credentials:
      secrets:
        «web: { sink: web }
""",
    good="""\
applications:
  app:
    type: web
    displayName: App
    federatedCredentials:
      github: { issuer: https://token.actions.githubusercontent.com, subject: \
"repo:example/myapp:environment:prod" }
""",
    check=check,
)
