"""An API with access tokens of version 1."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Fix, Hit, Rule, View

PATH = "api.requestedAccessTokenVersion"


def check(view: View) -> Iterator[Hit]:
    """Yield each application that offers something and whose tokens are not of version 2; the edit says 2
    where it is written.
    """
    for subject in view.subjects:
        offers = subject.scopes or subject.roles or subject.identifier_uris
        if not offers or subject.value(PATH) == 2:
            continue
        placed = subject.settings.get(PATH)
        written = placed is not None and placed.position is not None
        fix = (Fix("set", ("applications", subject.key, "accessTokenVersion"), new=2),) if written else ()
        yield Hit(
            subject.spot(PATH), f"tokens for `{subject.key}` are of version 1", subject.key, PATH, fix=fix
        )


RULE = Rule(
    id="token-v1",
    severity="W",
    confidence="high",
    on=("manifest", "live"),
    finds="An API with access tokens of version 1.",
    why=(
        "Their issuer and audience are others than the documentation of today says: validators refuse "
        "them, or are "
        "loosened until they take anything."
    ),
    fix=(
        "Write `accessTokenVersion: 2`, together with the validator's issuer `…/v2.0` and the client id "
        "as audience."
    ),
    source="Microsoft Learn, access-tokens",
    bad="""\
applications:
  api:
    type: api
    displayName: API
    scopes: { user.read: Read }
    «accessTokenVersion: 1
""",
    good="""\
applications:
  api:
    type: api
    displayName: API
    scopes: { user.read: Read }
    accessTokenVersion: 2
""",
    check=check,
)
