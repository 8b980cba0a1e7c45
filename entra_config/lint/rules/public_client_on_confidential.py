"""Flows without a secret on an application that has one."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View

PATH = "isFallbackPublicClient"


def check(view: View) -> Iterator[Hit]:
    """Yield each public client that is a server too, or signs in with a key of its own."""
    for subject in view.subjects:
        confidential = next(subject.on("web"), None) or subject.credentials or subject.federated
        if subject.public and confidential:
            message = f"`{subject.key}` keeps a secret, and lets others sign in without one"
            yield Hit(subject.spot(PATH), message, subject.key, PATH)


RULE = Rule(
    id="public-client-on-confidential",
    severity="E",
    confidence="high",
    on=("manifest", "live"),
    finds="Flows without a secret on an application that has one.",
    why=(
        "With public client flows allowed, its client id is enough to ask for tokens in its name: device "
        "code "
        "phishing, passwords tried one by one."
    ),
    fix="Set `allowPublicClientFlows: false`, and register the device's client on its own.",
    source="Microsoft Learn, msal-client-applications",
    bad="""\
applications:
  app:
    type: application
    displayName: App
    «allowPublicClientFlows: true
    platforms: { web: [https://app.example.com/signin-oidc] }
""",
    good="""\
applications:
  app:
    type: application
    displayName: App
    allowPublicClientFlows: true
    platforms: { mobileAndDesktop: [http://localhost] }
""",
    check=check,
)
