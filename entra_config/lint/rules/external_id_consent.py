"""A permission of an application of an External ID tenant that nobody consents to for its users."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each delegated permission that is requested and not consented, in an External ID tenant."""
    for subject in view.subjects if view.manifest.authority else ():
        for each in subject.permissions:
            if each.kind == "delegated" and each.requested and not each.consented:
                message = f"no customer can consent to `{each.value}` of {each.api} himself"
                yield Hit(each.position, message, subject.key, f"{each.api} {each.value}")


RULE = Rule(
    id="external-id-consent",
    severity="W",
    confidence="high",
    on=("manifest", "live"),
    finds="A permission of an application of an External ID tenant that nobody consents to for its users.",
    why=(
        "Users of an External ID tenant are never asked: an administrator consents, or nobody signs in "
        "(AADSTS65001)."
    ),
    fix="Write `adminConsent: true` beside it.",
    source="Microsoft Learn, quickstart-register-app (external tenants): grant admin consent",
    bad="""\
project: myapp
environments:
  dev: { tenantId: 11111111-1111-1111-1111-111111111111, authority: https://contoso.ciamlogin.com }
applications:
  app:
    type: spa
    displayName: App
    apiPermissions:
      api: { delegated: [«read] }
  api:
    type: api
    displayName: API
    scopes:
      read: { displayName: Read, description: Reads., whoCanConsent: admins }
""",
    good="""\
project: myapp
environments:
  dev: { tenantId: 11111111-1111-1111-1111-111111111111, authority: https://contoso.ciamlogin.com }
applications:
  app:
    type: spa
    displayName: App
    apiPermissions:
      api: { delegated: [read], adminConsent: true }
  api:
    type: api
    displayName: API
    scopes:
      read: { displayName: Read, description: Reads., whoCanConsent: admins }
""",
    check=check,
)
