"""Permissions on Azure AD Graph, which is gone."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View

APP_ID = "00000002-0000-0000-c000-000000000000"


def check(view: View) -> Iterator[Hit]:
    """Yield each permission of the retired API."""
    for subject in view.subjects:
        for each in subject.permissions:
            if each.app_id == APP_ID:
                message = f"`{each.value}` is of Azure AD Graph, which is gone"
                yield Hit(each.position, message, subject.key, each.value)


RULE = Rule(
    id="aad-graph",
    severity="E",
    confidence="high",
    on=("manifest", "live"),
    finds="Permissions on Azure AD Graph, which is gone.",
    why=(
        "Azure AD Graph answers nobody since 2025. What is granted there is still granted, and of "
        "use to whoever finds a way in."
    ),
    fix="Ask Microsoft Graph for what is needed, and drop the API.",
    source="Microsoft Learn, migrate-azure-ad-graph-overview; Entra recommendations",
    bad="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris: [https://app.example.com/callback]
    apiPermissions:
      Windows Azure Active Directory: { delegated: [«User.Read] }
""",
    good="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris: [https://app.example.com/callback]
    apiPermissions:
      Microsoft Graph: { delegated: [User.Read] }
""",
    check=check,
)
