"""A GitHub subject without the ids of owner and repository."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import examples
from entra_config.lint.model import Hit, Rule, View

ISSUER = "https://token.actions.githubusercontent.com"


def check(view: View) -> Iterator[Hit]:
    """Yield each subject that names owner and repository by name alone."""
    for subject in view.subjects:
        for each in subject.federated:
            repository = each.subject.removeprefix("repo:").partition(":")[0]
            if each.issuer.startswith(ISSUER) and each.subject.startswith("repo:") and "@" not in repository:
                yield Hit(
                    each.spot("repository", "subject"),
                    f"`{repository}` is a name, which changes hands",
                    subject.key,
                    each.name,
                )


RULE = Rule(
    id="fic-github-old-subject",
    severity="W",
    confidence="low",
    on=("manifest", "live"),
    finds="A GitHub subject without the ids of owner and repository.",
    why=(
        "Repositories made, renamed or moved since 2026-07-15 have ids in their subjects; the old form "
        "then matches "
        "nothing. And a name that is given up can be registered by somebody else."
    ),
    fix="Take the prefix that GitHub's OIDC page shows: `repo:OWNER@ID/REPO@ID:…`.",
    source="GitHub changelog 2026, immutable subject claims",
    bad=examples.federated(
        '"https://token.actions.githubusercontent.com"', "«repo:example/myapp:environment:prod"
    ),
    good=examples.federated(
        '"https://token.actions.githubusercontent.com"', "repo:example@1234/myapp@5678:environment:prod"
    ),
    check=check,
)
