"""A permission that leads to Global Administrator."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.checks.dangers import danger, leads_up
from entra_config.lint import power
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each such permission that an application has by itself, one of others by `grants` too."""
    for subject in view.subjects:
        for each in power.tier0(subject):
            says = danger(each.value, "application")
            yield Hit(
                each.position,
                f"with `{each.value}` `{subject.key}` {says}",
                subject.key,
                each.value,
            )
    for given in view.manifest.grants if view.tenant is None else ():
        name = given.named.name
        for value in given.application:
            if not leads_up(value, "application"):
                continue
            says = danger(value, "application")
            yield Hit(given.position, f"with `{value}` `{name}` {says}", name, value)


RULE = Rule(
    id="permission-tier0",
    severity="E",
    confidence="high",
    on=("manifest", "live"),
    finds="A permission that leads to Global Administrator.",
    why=(
        "Whoever gets one credential of this application, or owns it, makes himself anything in the "
        "tenant, without a "
        "person and without a second factor."
    ),
    fix=(
        "Ask for less (`.OwnedBy`, `Selected`, a directory role with a scope), or say in the root file's "
        "`policy.lint` for which applications it must be."
    ),
    source="Maester, high-risk application permissions; emiliensocchi/azure-tiering; docs/security.md",
    bad="""\
applications:
  app:
    type: daemon
    displayName: App
    apiPermissions:
      Microsoft Graph: { application: [User.Read.All, «AppRoleAssignment.ReadWrite.All] }
""",
    good="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris: [https://app.example.com/callback]
    apiPermissions:
      Microsoft Graph: { application: [User.Read.All], delegated: [Directory.AccessAsUser.All] }
""",
    check=check,
)
