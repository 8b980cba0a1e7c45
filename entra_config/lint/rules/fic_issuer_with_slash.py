"""An issuer with a slash at its end, where the tokens have none."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config import uris
from entra_config.lint import examples
from entra_config.lint.model import Hit, Rule, View

KNOWN = ("token.actions.githubusercontent.com", "gitlab.com", "app.terraform.io", "accounts.google.com")


def check(view: View) -> Iterator[Hit]:
    """Yield each issuer of a known service with a slash behind its host."""
    for subject in view.subjects:
        for each in subject.federated:
            name = uris.host(each.issuer)
            if uris.path(each.issuer) == "/" and (
                name in KNOWN or name.endswith(".tokens.sts.global.api.aws")
            ):
                yield Hit(
                    each.spot("issuer"),
                    f"`{name}` writes its issuer without the slash",
                    subject.key,
                    each.name,
                )


RULE = Rule(
    id="fic-issuer-with-slash",
    severity="W",
    confidence="medium",
    on=("manifest", "live"),
    finds="An issuer with a slash at its end, where the tokens have none.",
    why=(
        "Issuers are compared letter by letter; GitHub, GitLab and AWS write theirs without a slash, and "
        "then no "
        "token matches (AADSTS700211)."
    ),
    fix="Write the issuer as `iss` of a token has it.",
    source="Microsoft Learn, workload-identity-federation-create-trust; AADSTS700211",
    bad=examples.federated(
        "«https://token.actions.githubusercontent.com/", "repo:example/myapp:environment:prod"
    ),
    good=examples.federated("https://kubernetes.example.com/", "system:serviceaccount:default:app"),
    check=check,
)
