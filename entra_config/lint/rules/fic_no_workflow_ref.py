"""An expression that any workflow of a repository meets."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import examples, flexible
from entra_config.lint.model import Hit, Rule, View
from entra_config.manifest.fields.workloads import language_of

_BY_ID = "claims['sub'] matches 'repo:example/myapp:ref:refs/heads/*' and claims['repository_id'] eq '5678'"


def check(view: View) -> Iterator[Hit]:
    """Yield each expression on GitHub's tokens that says no workflow."""
    for subject in view.subjects:
        for each in subject.federated:
            language = language_of(each.issuer) if each.expression else None
            clauses = flexible.clauses_of(each)
            named = any("job_workflow_ref" in f"{clause.claim} {clause.value}" for clause in clauses)
            if language and "job_workflow_ref" in language.claims and clauses and not named:
                message = f"`{each.expression}` holds for every workflow of the repository"
                yield Hit(each.spot("subject"), message, subject.key, each.name)


RULE = Rule(
    id="fic-no-workflow-ref",
    severity="I",
    confidence="medium",
    on=("manifest", "live"),
    finds="An expression that any workflow of a repository meets.",
    why=(
        "With a wildcard for the branch, whoever may push a branch writes a workflow that signs in. One "
        "that says "
        "`job_workflow_ref` takes the tokens of a workflow that somebody reviewed."
    ),
    fix=(
        "Add `and claims['job_workflow_ref'] matches "
        "'OWNER/REPO/.github/workflows/FILE.yml@refs/heads/main'`."
    ),
    source="Microsoft Learn, flexible federated identity credentials; GitHub, OpenID Connect reference",
    bad=examples.matching(_BY_ID, reported=True),
    good=examples.matching(
        f"{_BY_ID} and claims['job_workflow_ref'] eq "
        "'example/myapp/.github/workflows/deploy.yml@refs/heads/main'"
    ),
    check=check,
)
