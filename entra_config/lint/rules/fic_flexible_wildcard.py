"""An expression that takes tokens of more than one repository."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import examples, flexible
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each expression with a wildcard before the repository's end, where no id binds it to one."""
    for subject in view.subjects:
        for each in subject.federated:
            if not flexible.bound(each):
                message = (
                    f"`{each.expression}` takes tokens of more than one repository, project or workspace"
                )
                yield Hit(each.spot("subject"), message, subject.key, each.name)


RULE = Rule(
    id="fic-flexible-wildcard",
    severity="E",
    confidence="high",
    on=("manifest", "live"),
    finds="An expression that takes tokens of more than one repository.",
    why=(
        "A wildcard before the end of the repository's name matches repositories that somebody makes "
        "tomorrow: "
        "`repo:example/myapp*` matches `myapp-of-somebody`, and `repo:example/*` whatever anyone of that "
        "owner runs."
    ),
    fix=(
        "Write the repository out, up to the colon behind it, or bind it by id: `and "
        "claims['repository_id'] eq '5678'`."
    ),
    source="Microsoft Learn, flexible federated identity credentials",
    bad=examples.matching(
        (
            "claims['sub'] matches 'repo:example/myapp*:ref:refs/heads/main' and "
            "claims['repository_owner_id'] eq '1234'"
        ),
        reported=True,
    ),
    good=examples.matching(
        "claims['sub'] matches 'repo:example/myapp:ref:refs/heads/*' and claims['repository_id'] eq '5678'"
    ),
    check=check,
)
