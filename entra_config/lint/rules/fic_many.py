"""Nearly as many federated credentials as there can be."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each application with more than `most` of 20."""
    most = view.most(RULE.id, RULE.options["most"])
    for subject in view.subjects:
        if len(subject.federated) > most:
            message = f"`{subject.key}` has {len(subject.federated)} of 20 federated credentials"
            yield Hit(subject.federated[0].position, message, subject.key, "count")


RULE = Rule(
    id="fic-many",
    severity="W",
    confidence="high",
    on=("manifest", "live"),
    finds="Nearly as many federated credentials as there can be.",
    why="Graph takes 20. The next repository or cluster finds no place, and the apply stops.",
    fix="Give groups of workloads a registration each.",
    source="Microsoft Learn, workload-identity-federation-considerations",
    bad="""\
project: myapp
policy: { lint: { rules: { fic-many: { most: 1 } } } }
environments:
  dev: { tenantId: 11111111-1111-1111-1111-111111111111 }
applications:
  app:
    type: daemon
    displayName: App
    federatedCredentials:
      «one: { issuer: https://kubernetes.example.com/, subject: "system:serviceaccount:default:one" }
      two: { issuer: https://kubernetes.example.com/, subject: "system:serviceaccount:default:two" }
""",
    good="""\
project: myapp
policy: { lint: { rules: { fic-many: { most: 1 } } } }
environments:
  dev: { tenantId: 11111111-1111-1111-1111-111111111111 }
applications:
  app:
    type: daemon
    displayName: App
    federatedCredentials:
      one: { issuer: https://kubernetes.example.com/, subject: "system:serviceaccount:default:one" }
""",
    check=check,
    options={"most": 15},
)
