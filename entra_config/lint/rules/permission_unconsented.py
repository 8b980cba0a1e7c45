"""A permission that is asked for and that nobody consents to."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each application permission that is requested and not consented."""
    for subject in view.subjects:
        for each in subject.permissions:
            if each.kind == "application" and each.requested and not each.consented:
                message = f"nobody consents to `{each.value}` of {each.api}"
                yield Hit(each.position, message, subject.key, f"{each.api} {each.value}")


RULE = Rule(
    id="permission-unconsented",
    severity="I",
    confidence="medium",
    on=("manifest", "live"),
    finds="A permission that is asked for and that nobody consents to.",
    why=(
        "An application permission without consent is not in the token, and the first call ends with 403. "
        "People are "
        "asked for a delegated one, where the tenant lets them answer."
    ),
    fix="Write `adminConsent`, or drop what is not used.",
    source="Microsoft Learn, application-consent-experience",
    bad="""\
applications:
  app:
    type: daemon
    displayName: App
    apiPermissions:
      Microsoft Graph: { application: [«User.Read.All] }
""",
    good="""\
applications:
  app:
    type: daemon
    displayName: App
    apiPermissions:
      Microsoft Graph: { application: [User.Read.All], adminConsent: true }
""",
    check=check,
)
