"""A permission of Microsoft Graph that this version does not know."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.kinds import microsoft_graph
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each permission of Microsoft Graph whose name the kept copy lacks."""
    for subject in view.subjects:
        for each in subject.permissions:
            if each.app_id == microsoft_graph.APP_ID:
                message = microsoft_graph.describe_unknown(each.value, each.kind)
                if message is not None:
                    yield Hit(each.position, message, subject.key, f"{each.kind} {each.value}")


RULE = Rule(
    id="permission-unknown",
    severity="W",
    confidence="high",
    on=("manifest",),
    finds="A permission of Microsoft Graph that this version does not know.",
    why=(
        "A mistyped name is neither requested nor granted, and the permissions that the application "
        "requests stay as they are. A plan asks the tenant, which may know a newer permission."
    ),
    fix="Correct the name, or install a newer version if Microsoft added the permission.",
    source="merill/microsoft-info, the permissions of Microsoft Graph",
    bad="""\
applications:
  app:
    type: daemon
    displayName: App
    apiPermissions:
      Microsoft Graph: { application: [User.Read.All, «Usr.Read.All] }
""",
    good="""\
applications:
  app:
    type: daemon
    displayName: App
    apiPermissions:
      Microsoft Graph: { application: [User.Read.All] }
""",
    check=check,
)
