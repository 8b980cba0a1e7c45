"""A consent to what is not asked for."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View
from entra_config.manifest.sections.microsoft import OPENID_SCOPES


def check(view: View) -> Iterator[Hit]:
    """Yield each consent beside the request; OpenID scopes never count."""
    for subject in view.subjects:
        for each in subject.permissions:
            if each.consented and not each.requested and each.value not in OPENID_SCOPES:
                message = f"`{each.value}` of {each.api} is granted and not asked for"
                yield Hit(each.position, message, subject.key, f"{each.api} {each.value}")


RULE = Rule(
    id="consent-unasked",
    severity="I",
    confidence="medium",
    on=("manifest", "live"),
    finds="A consent to what is not asked for.",
    why=(
        "The registration says what an application needs; what is granted beside it is found by nobody who "
        "reads the "
        "registration."
    ),
    fix="Ask for it under `delegated` or `application`, or take it out of `adminConsent`.",
    source="Microsoft Learn, grant-admin-consent",
    bad="""\
applications:
  app:
    type: daemon
    displayName: App
    apiPermissions:
      Microsoft Graph: { application: [User.Read.All], adminConsent: { application: [User.Read.All, \
«Group.Read.All] } }
""",
    good="""\
applications:
  app:
    type: daemon
    displayName: App
    apiPermissions:
      Microsoft Graph: { application: [User.Read.All], adminConsent: { application: [User.Read.All] } }
""",
    check=check,
)
