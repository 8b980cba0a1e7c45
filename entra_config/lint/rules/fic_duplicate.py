"""Two federated credentials that differ in the case of a letter."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield the second of two that mean the same."""
    for subject in view.subjects:
        seen: dict[tuple[str, str], str] = {}
        # Of one that matches by an expression which nobody could read, nothing is known.
        for each in (each for each in subject.federated if each.subject or each.expression):
            first = seen.setdefault(
                (each.issuer.rstrip("/").casefold(), (each.subject or each.expression).casefold()), each.name
            )
            if first != each.name:
                message = f"`{each.name}` means what `{first}` means, and is written otherwise"
                yield Hit(each.spot("subject"), message, subject.key, each.name)


RULE = Rule(
    id="fic-duplicate",
    severity="E",
    confidence="high",
    on=("manifest", "live"),
    finds="Two federated credentials that differ in the case of a letter.",
    why=(
        "Entra compares issuer and subject letter by letter, so at most one of the two matches what the "
        "workload sends."
    ),
    fix="Keep the one that `sub` of a token has.",
    source="Microsoft Learn, workload-identity-federation-considerations",
    bad="""\
applications:
  app:
    type: daemon
    displayName: App
    federatedCredentials:
      one:
        issuer: "https://token.actions.githubusercontent.com"
        subject: repo:example/myapp:environment:prod
      two:
        issuer: "https://token.actions.githubusercontent.com"
        subject: «repo:Example/myapp:environment:prod
""",
    good="""\
applications:
  app:
    type: daemon
    displayName: App
    federatedCredentials:
      one:
        issuer: "https://token.actions.githubusercontent.com"
        subject: repo:example/myapp:environment:dev
      two:
        issuer: "https://token.actions.githubusercontent.com"
        subject: repo:example/myapp:environment:prod
""",
    check=check,
)
