"""A wildcard in the subject of a federated credential."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import examples
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each subject with a star in it."""
    for subject in view.subjects:
        for each in subject.federated:
            if "*" in each.subject:
                message = f"`{each.subject}` matches no token: there are no wildcards here"
                yield Hit(each.spot("subject"), message, subject.key, each.name)


RULE = Rule(
    id="fic-subject-wildcard",
    severity="E",
    confidence="high",
    on=("manifest", "live"),
    finds="A wildcard in the subject of a federated credential.",
    why=(
        "Entra compares subjects letter by letter: a `*` matches a `*`, and so nothing. The sign-in "
        "ends with AADSTS700213."
    ),
    fix=(
        "Write each subject out, one credential each (at most 20), or an expression at `matches` of "
        "GitHub or GitLab."
    ),
    source="Microsoft Learn, workload-identity-federation-considerations; AADSTS700213",
    bad=examples.federated(
        '"https://token.actions.githubusercontent.com"', "«repo:example/myapp:ref:refs/heads/*"
    ),
    good=examples.federated(
        '"https://token.actions.githubusercontent.com"', "repo:example/myapp:ref:refs/heads/main"
    ),
    check=check,
)
