"""A writer bound to a branch, not to a GitHub environment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from entra_config.lint import power
from entra_config.lint.model import Hit, Rule, View

_BRANCH = re.compile(r"repo:[^:]+:ref:refs/(heads|tags)/")


def check(view: View) -> Iterator[Hit]:
    """Yield each subject of a branch or tag on an application that writes."""
    for subject in view.subjects:
        power_ = next(power.writes(subject), None)
        for each in subject.federated if power_ else ():
            if power_ and _BRANCH.match(each.subject) and "job_workflow_ref:" not in each.subject:
                message = f"every workflow there is `{subject.key}`, which has `{power_.value}`"
                yield Hit(each.spot("subject"), message, subject.key, each.name)


RULE = Rule(
    id="fic-ref-instead-of-environment",
    severity="W",
    confidence="medium",
    on=("manifest", "live"),
    finds="A writer bound to a branch, not to a GitHub environment.",
    why=(
        "Whatever runs on that branch is the writer, every workflow of it, without a reviewer. An environment has "
        "rules of its own and asks first."
    ),
    fix="Use the subject `repo:OWNER/REPO:environment:NAME`, with required reviewers on that environment.",
    source="docs/workflows.md; GitHub, OpenID Connect reference",
    bad="""\
applications:
  app:
    type: daemon
    displayName: App
    federatedCredentials:
      github:
        issuer: "https://token.actions.githubusercontent.com"
        subject: «repo:example/myapp:ref:refs/heads/main
    apiPermissions:
      api: { application: [Writer] }
  api:
    type: api
    displayName: API
    appRoles:
      Reader: { displayName: Reader, description: Reads., allowedMemberTypes: [Application] }
      Writer: { displayName: Writer, description: Writes., allowedMemberTypes: [Application] }
""",
    good="""\
applications:
  app:
    type: daemon
    displayName: App
    federatedCredentials:
      github:
        issuer: "https://token.actions.githubusercontent.com"
        subject: repo:example/myapp:environment:prod
    apiPermissions:
      api: { application: [Writer] }
  api:
    type: api
    displayName: API
    appRoles:
      Reader: { displayName: Reader, description: Reads., allowedMemberTypes: [Application] }
      Writer: { displayName: Writer, description: Writes., allowedMemberTypes: [Application] }
""",
    check=check,
)
