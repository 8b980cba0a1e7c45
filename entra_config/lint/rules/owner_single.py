"""An application that one person owns."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each application with one owner, who is a person."""
    for subject in view.subjects:
        owners = subject.owners or ()
        if len(owners) == 1 and owners[0].type == "user":
            yield Hit(
                owners[0].position,
                f"one person alone owns `{subject.key}`",
                subject.key,
                "owner",
            )


RULE = Rule(
    id="owner-single",
    severity="I",
    confidence="medium",
    on=("manifest", "live"),
    finds="An application that one person owns.",
    why="He leaves, and it is an orphan.",
    fix="Name a second person, or a service principal.",
    source="Zero Trust Assessment 21867",
    bad="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris: [https://app.example.com/callback]
    owners: [«alice@contoso.com]
""",
    good="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris: [https://app.example.com/callback]
    owners: [alice@contoso.com, bob@contoso.com]
""",
    check=check,
)
