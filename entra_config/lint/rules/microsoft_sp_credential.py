"""A credential on an application of Microsoft's."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each service principal of Microsoft's that has a key of this tenant's."""
    for each in view.facts("microsoft"):
        message = (
            f"`{each['displayName']}` ({each['appId']}), an application of Microsoft's, has a credential here"
        )
        yield Hit(None, message, what=each["appId"])


RULE = Rule(
    id="microsoft-sp-credential",
    severity="E",
    confidence="high",
    on=("live",),
    finds="A credential on an application of Microsoft's.",
    why="Whoever added it acts with the permissions of that application, which nobody reviews.",
    fix="Find out who added it (`auditLogs`), and remove it.",
    source="Zero Trust Assessment 21774",
    bad="""\
application: { displayName: App }
facts:
  microsoft:
    - appId: 00000002-0000-0ff1-ce00-000000000000
      displayName: Office 365 Exchange Online
      «passwordCredentials: [{ keyId: x }]
""",
    good="""\
application: { displayName: App }
facts:
  microsoft: []
""",
    check=check,
)
