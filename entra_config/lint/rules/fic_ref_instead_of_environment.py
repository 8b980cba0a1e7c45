"""A writer bound to a branch, not to a GitHub environment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from entra_config.lint import examples, power
from entra_config.lint.model import Hit, Rule, View

_BRANCH = re.compile(r"\Arepo:[^:]+:ref:refs/(heads|tags)/")


def check(view: View) -> Iterator[Hit]:
    """Yield each subject of a branch or tag on an application that writes."""
    return power.workloads(view, _BRANCH, "every workflow there is `{application}`, which has `{permission}`")


RULE = Rule(
    id="fic-ref-instead-of-environment",
    severity="W",
    confidence="medium",
    on=("manifest", "live"),
    finds="A writer bound to a branch, not to a GitHub environment.",
    why=(
        "Whatever runs on that branch is the writer, every workflow of it, without a reviewer. An "
        "environment has "
        "rules of its own and asks first."
    ),
    fix="Use the subject `repo:OWNER/REPO:environment:NAME`, with required reviewers on that environment.",
    source="docs/workflows.md; GitHub, OpenID Connect reference",
    bad=examples.workload("repo:example/myapp:ref:refs/heads/main", "Writer", reported=True),
    good=examples.workload("repo:example/myapp:environment:prod", "Writer"),
    check=check,
)
