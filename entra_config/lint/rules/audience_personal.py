"""Personal Microsoft accounts may sign in."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View

PERSONAL = frozenset({"AzureADandPersonalMicrosoftAccount", "PersonalMicrosoftAccount"})


def check(view: View) -> Iterator[Hit]:
    """Yield each application that is of everybody."""
    for subject in view.subjects:
        if subject.value("signInAudience") in PERSONAL:
            message = f"anybody may make an account and sign in to `{subject.key}`"
            yield Hit(subject.spot("signInAudience"), message, subject.key, "signInAudience")


RULE = Rule(
    id="audience-personal",
    severity="E",
    confidence="high",
    on=("manifest", "live"),
    finds="Personal Microsoft accounts may sign in.",
    why="An account is made in a minute, by anybody, with any name that is free.",
    fix=(
        "Write `signInAudience: AzureADMyOrg`, or say in the root file's `policy.lint` why it is for the "
        "public."
    ),
    source="App management policies, audiences",
    bad="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris: [https://app.example.com/callback]
    accessTokenVersion: 2
    «signInAudience: AzureADandPersonalMicrosoftAccount
""",
    good="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris: [https://app.example.com/callback]
    accessTokenVersion: 2
    signInAudience: AzureADMyOrg
""",
    check=check,
)
