"""An application of several tenants that every tenant may use."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each application for several organizations of which no list says which."""
    for subject in view.subjects:
        if subject.value("signInAudience") == "AzureADMultipleOrgs" and subject.limited is False:
            message = f"every tenant there is may use `{subject.key}`: no list says which"
            yield Hit(subject.spot("signInAudience"), message, subject.key, "signInAudience")


RULE = Rule(
    id="audience-unrestricted",
    severity="W",
    confidence="medium",
    on=("manifest", "live"),
    finds="An application of several tenants that every tenant may use.",
    why=(
        "Who makes a tenant, which is free, is an administrator there and consents to the application for "
        "everybody in it. An API that does not look at `tid` then takes their tokens."
    ),
    fix=(
        "Write `signInAudienceRestrictions: { allowedTenants: […] }` (beta), which Entra holds sign-ins to, "
        "and an API's settings too: it looks at `tid` itself. With `allowedTenants` there alone it does that "
        "alone."
    ),
    source="Microsoft Graph, allowedTenantsAudience (beta): no replacement for validation by the application",
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
    signInAudience: AzureADMultipleOrgs
    signInAudienceRestrictions: { allowedTenants: [818ce016-78c2-457c-91d7-c02c2faaa5fe] }
""",
    check=check,
)
