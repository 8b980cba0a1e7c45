"""Nearly as many federated credentials as there can be."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import each, examples
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each application with more than `most` of 20."""
    return each.crowded(view, RULE, lambda subject: subject.federated, "of 20 federated credentials")


RULE = Rule(
    id="fic-many",
    severity="W",
    confidence="high",
    on=("manifest", "live"),
    finds="Nearly as many federated credentials as there can be.",
    why="Graph takes 20. The next repository or cluster finds no place, and the apply stops.",
    fix="Give groups of workloads a registration each.",
    source="Microsoft Learn, workload-identity-federation-considerations",
    bad=examples.limited(
        "fic-many",
        1,
        """\
applications:
  app:
    type: daemon
    displayName: App
    federatedCredentials:
      «one: { issuer: https://kubernetes.example.com/, subject: "system:serviceaccount:default:one" }
      two: { issuer: https://kubernetes.example.com/, subject: "system:serviceaccount:default:two" }
""",
    ),
    good=examples.limited(
        "fic-many",
        1,
        """\
applications:
  app:
    type: daemon
    displayName: App
    federatedCredentials:
      one: { issuer: https://kubernetes.example.com/, subject: "system:serviceaccount:default:one" }
""",
    ),
    check=check,
    options={"most": 15},
)
