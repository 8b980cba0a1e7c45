"""A pull request that signs in as something that writes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from entra_config.lint import power
from entra_config.lint.model import Hit, Rule, View

_PULL_REQUEST = re.compile(r":pull_request(:|$)")


def check(view: View) -> Iterator[Hit]:
    """Yield each subject of a pull request on an application that writes."""
    for subject in view.subjects:
        power_ = next(power.writes(subject), None)
        for each in subject.federated if power_ else ():
            if power_ and _PULL_REQUEST.search(each.subject) and "job_workflow_ref:" not in each.subject:
                message = f"a pull request signs in as `{subject.key}`, which has `{power_.value}`"
                yield Hit(each.spot("subject"), message, subject.key, each.name)


RULE = Rule(
    id="fic-pull-request-writes",
    severity="E",
    confidence="high",
    on=("manifest", "live"),
    finds="A pull request that signs in as something that writes.",
    why="Whoever may open a pull request runs what he wants in its workflow, with this identity's permissions.",
    fix="Give pull requests an identity that only reads; bind the writer to an environment with reviewers.",
    source="zizmor, dangerous-triggers; checkov CKV_AZURE_249; GitHub, OpenID Connect reference",
    bad="""\
applications:
  app:
    type: daemon
    displayName: App
    federatedCredentials:
      github:
        issuer: "https://token.actions.githubusercontent.com"
        subject: «repo:example/myapp:pull_request
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
        subject: repo:example/myapp:pull_request
    apiPermissions:
      api: { application: [Reader] }
  api:
    type: api
    displayName: API
    appRoles:
      Reader: { displayName: Reader, description: Reads., allowedMemberTypes: [Application] }
      Writer: { displayName: Writer, description: Writes., allowedMemberTypes: [Application] }
""",
    check=check,
)
