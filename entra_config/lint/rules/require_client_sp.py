"""Tokens for clients that the tenant does not have."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View

GUARD = "authenticationBehaviors.requireClientServicePrincipal"


def check(view: View) -> Iterator[Hit]:
    """Yield each API that takes clients without a service principal."""
    for subject in view.subjects:
        if (subject.scopes or subject.roles) and subject.value(GUARD) is not True:
            message = f"clients that this tenant does not have may get tokens for `{subject.key}`"
            yield Hit(subject.position, message, subject.key, GUARD)


RULE = Rule(
    id="require-client-sp",
    severity="I",
    confidence="medium",
    on=("manifest", "live"),
    finds="Tokens for clients that the tenant does not have.",
    why="Without a service principal of the client, no policy and no assignment of the tenant holds it.",
    fix="Write `properties: { authenticationBehaviors: { requireClientServicePrincipal: true } }`.",
    source="Microsoft Learn, authenticationBehaviors",
    bad="""\
applications:
  «api:
    type: api
    displayName: API
    scopes: { user.read: Read }
""",
    good="""\
applications:
  api:
    type: api
    displayName: API
    scopes: { user.read: Read }
    properties: { authenticationBehaviors: { requireClientServicePrincipal: true } }
""",
    check=check,
)
