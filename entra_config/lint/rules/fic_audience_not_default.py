"""A federated credential with an audience of its own."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import examples
from entra_config.lint.model import Hit, Rule, View

# Of the national clouds too.
AUDIENCES = (
    "api://AzureADTokenExchange",
    "api://AzureADTokenExchangeUSGov",
    "api://AzureADTokenExchangeChina",
)


def check(view: View) -> Iterator[Hit]:
    """Yield each audience that is no cloud's own."""
    for subject in view.subjects:
        for each in subject.federated:
            if each.audience not in AUDIENCES:
                message = f"`{each.audience}` is not the audience of the exchange"
                yield Hit(each.spot("audience"), message, subject.key, each.name)


RULE = Rule(
    id="fic-audience-not-default",
    severity="E",
    confidence="medium",
    on=("manifest", "live"),
    finds="A federated credential with an audience of its own.",
    why=(
        "The audience is what keeps a token for another service from being a sign-in here. What GitHub, "
        "AWS and "
        "Kubernetes are asked for is `api://AzureADTokenExchange`."
    ),
    fix="Leave `audience` out, and let the workload ask for `api://AzureADTokenExchange`.",
    source="Microsoft Learn, workload-identity-federation-create-trust",
    bad=examples.federated(
        '"https://token.actions.githubusercontent.com"',
        "repo:example/myapp:environment:prod",
        "«https://github.com/example",
    ),
    good=examples.federated(
        '"https://token.actions.githubusercontent.com"',
        "repo:example/myapp:environment:prod",
        "api://AzureADTokenExchange",
    ),
    check=check,
)
