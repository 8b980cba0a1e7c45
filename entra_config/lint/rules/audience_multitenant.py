"""Accounts of every organization may sign in."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each application that is of all organizations."""
    for subject in view.subjects:
        if subject.value("signInAudience") == "AzureADMultipleOrgs":
            message = f"people of every organization may sign in to `{subject.key}`"
            yield Hit(subject.spot("signInAudience"), message, subject.key, "signInAudience")


RULE = Rule(
    id="audience-multitenant",
    severity="E",
    confidence="high",
    on=("manifest", "live"),
    finds="Accounts of every organization may sign in.",
    why=(
        "Anybody with a Microsoft work account gets a token then, and the application alone decides who "
        "that is. It "
        "is meant seldom and set often."
    ),
    fix=(
        "Write `signInAudience: AzureADMyOrg`, or say in the root file's `policy.lint` who the other "
        "organizations are."
    ),
    source="App management policies, audiences; Microsoft Learn, howto-convert-app-to-be-multi-tenant",
    bad="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris: [https://app.example.com/callback]
    «signInAudience: AzureADMultipleOrgs
""",
    good="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris: [https://app.example.com/callback]
    signInAudience: AzureADMyOrg
""",
    check=check,
)
