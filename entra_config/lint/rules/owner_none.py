"""An application that nobody owns."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Persona, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each application without an owner; where the environment names deployers, they are who to ask."""
    known = bool(view.manifest.deployers)
    for subject in view.subjects:
        known_owners = subject.owners is not None
        if subject.owners or (view.live and not known_owners):
            continue
        declared = view.manifest.applications.get(subject.key)
        where = declared.positions.get("owners") if declared else None
        persona: Persona = "pedantic" if known else "regular"
        yield Hit(
            where or subject.position, f"nobody owns `{subject.key}`", subject.key, "owners", persona=persona
        )


RULE = Rule(
    id="owner-none",
    severity="W",
    confidence="medium",
    on=("manifest", "live"),
    finds="An application that nobody owns.",
    why="When its certificate ends or it is found on a list, there is nobody to ask.",
    fix="Name `owners`: the team's lead, or a service principal of the pipeline.",
    source="Zero Trust Assessment 21867",
    bad="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris: [https://app.example.com/callback]
    «owners: []
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
