"""A person owns an application that may take the tenant over."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import power
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each person among the owners of such an application."""
    for subject in view.subjects:
        path = next(power.tier0(subject), None)
        for each in subject.owners or () if path else ():
            if path and each.type == "user":
                message = f"`{each.name}` has `{path.value}` of `{subject.key}` whenever he likes"
                yield Hit(each.position, message, subject.key, each.id or each.name)


RULE = Rule(
    id="owner-on-privileged-app",
    severity="E",
    confidence="high",
    on=("manifest", "live"),
    finds="A person owns an application that may take the tenant over.",
    why=(
        "An owner adds a secret and signs in as the application: he is Global Administrator when he wants, "
        "without "
        "anybody activating anything."
    ),
    fix="Take the people out of `owners`; let a privileged administrator's pipeline own it.",
    source="Maester; Microsoft Security Exposure Management",
    bad="""\
applications:
  app:
    type: daemon
    displayName: App
    owners: [«alice@contoso.com]
    apiPermissions:
      Microsoft Graph: { application: [RoleManagement.ReadWrite.Directory] }
""",
    good="""\
applications:
  app:
    type: daemon
    displayName: App
    owners: [alice@contoso.com]
    apiPermissions:
      Microsoft Graph: { application: [User.Read.All] }
""",
    check=check,
)
