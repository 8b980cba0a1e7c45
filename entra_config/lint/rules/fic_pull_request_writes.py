"""A pull request that signs in as something that writes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from entra_config.lint import examples, power
from entra_config.lint.model import Hit, Rule, View

_PULL_REQUEST = re.compile(r":pull_request(:|$)")


def check(view: View) -> Iterator[Hit]:
    """Yield each subject of a pull request on an application that writes."""
    return power.workloads(
        view, _PULL_REQUEST, "a pull request signs in as `{application}`, which has `{permission}`"
    )


RULE = Rule(
    id="fic-pull-request-writes",
    severity="E",
    confidence="high",
    on=("manifest", "live"),
    finds="A pull request that signs in as something that writes.",
    why=(
        "Whoever may open a pull request runs what he wants in its workflow, with this identity's "
        "permissions."
    ),
    fix="Give pull requests an identity that only reads; bind the writer to an environment with reviewers.",
    source="zizmor, dangerous-triggers; checkov CKV_AZURE_249; GitHub, OpenID Connect reference",
    bad=examples.workload("repo:example/myapp:pull_request", "Writer", reported=True),
    good=examples.workload("repo:example/myapp:pull_request", "Reader"),
    check=check,
)
