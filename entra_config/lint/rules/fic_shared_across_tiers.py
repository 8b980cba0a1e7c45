"""One workload that opens development and production."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each workload of a protected environment that signs in to an unprotected one too."""
    if not view.manifest.protected:
        return
    others = [other for other in view.others if not other.protected]
    subjects = [(other.environment, subject) for other in others for subject in other.subjects]
    found = ((name, each) for name, subject in subjects for each in subject.federated)
    open_ = {(each.issuer, each.subject or each.expression): name for name, each in found}
    for subject in view.subjects:
        for each in subject.federated:
            other_ = open_.get((each.issuer, each.subject or each.expression))
            if other_:
                message = f"`{each.subject or each.expression}` is in `{other_}` too, which is not protected"
                yield Hit(each.spot("subject"), message, subject.key, each.name)


RULE = Rule(
    id="fic-shared-across-tiers",
    severity="E",
    confidence="high",
    on=("manifest",),
    finds="One workload that opens development and production.",
    why="Whoever changes what runs in development is then the application of production too.",
    fix="Put `${environment}` into the subject, so that each has a workload of its own.",
    source="zizmor; docs/workflows.md",
    bad="""\
project: myapp
environments:
  dev: { tenantId: 11111111-1111-1111-1111-111111111111 }
  prod: { tenantId: 11111111-1111-1111-1111-111111111111, protected: true }
applications:
  app:
    type: daemon
    displayName: App ${environment}
    federatedCredentials:
      github:
        issuer: "https://token.actions.githubusercontent.com"
        subject: «repo:example/myapp:environment:ci
""",
    good="""\
project: myapp
environments:
  dev: { tenantId: 11111111-1111-1111-1111-111111111111 }
  prod: { tenantId: 11111111-1111-1111-1111-111111111111, protected: true }
applications:
  app:
    type: daemon
    displayName: App ${environment}
    federatedCredentials:
      github:
        issuer: "https://token.actions.githubusercontent.com"
        subject: repo:example/myapp:environment:${environment}
""",
    check=check,
)
