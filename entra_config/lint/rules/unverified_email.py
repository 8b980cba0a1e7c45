"""An `email` claim that nobody verified."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View

GUARD = "authenticationBehaviors.removeUnverifiedEmailClaim"


def check(view: View) -> Iterator[Hit]:
    """Yield each application that asks for `email` without the guard."""
    for subject in view.subjects:
        claims = subject.value("optionalClaims") or {}
        listed = (claim for token in claims.values() for claim in token or ())
        names = {claim.get("name") for claim in listed if isinstance(claim, dict)}
        if "email" in names and subject.value(GUARD) is not True:
            message = f"`{subject.key}` gets an `email` that anybody may have written"
            yield Hit(subject.spot("optionalClaims"), message, subject.key, "email")


RULE = Rule(
    id="unverified-email",
    severity="W",
    confidence="high",
    on=("manifest", "live"),
    finds="An `email` claim that nobody verified.",
    why=(
        "An administrator of any tenant writes any address into a user's profile. Whoever finds accounts "
        "by `email` "
        "hands them over."
    ),
    fix=(
        "Write `properties: { authenticationBehaviors: { removeUnverifiedEmailClaim: true } }`, and find "
        "people by "
        "`oid` and `tid`."
    ),
    source="Microsoft Learn, authenticationBehaviors; Descope, nOAuth",
    bad="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris: [https://app.example.com/callback]
    «optionalClaims: { idToken: [email] }
""",
    good="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris: [https://app.example.com/callback]
    optionalClaims: { idToken: [email] }
    properties: { authenticationBehaviors: { removeUnverifiedEmailClaim: true } }
""",
    check=check,
)
