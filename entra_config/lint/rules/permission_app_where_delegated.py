"""An application permission beside the same for a signed-in person."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each value that an application people sign in to asks for both ways."""
    for subject in view.subjects:
        delegated = {(each.api, each.value) for each in subject.permissions if each.kind == "delegated"}
        for each in subject.permissions if subject.redirects else ():
            if each.kind == "application" and not each.own and (each.api, each.value) in delegated:
                yield Hit(
                    each.position,
                    f"`{each.value}` is asked for as a person and for everybody",
                    subject.key,
                    each.value,
                )


RULE = Rule(
    id="permission-app-where-delegated",
    severity="W",
    confidence="medium",
    on=("manifest",),
    finds="An application permission beside the same for a signed-in person.",
    why=(
        "Where people sign in, the delegated permission does it for each of them and no more; the other "
        "reads "
        "everybody's, whoever asks."
    ),
    fix="Drop the application permission, or move the work without a person into a daemon of its own.",
    source="Microsoft Learn, best-practices-least-privileged-access",
    bad="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris: [https://app.example.com/callback]
    apiPermissions:
      Microsoft Graph: { delegated: [Mail.Read], application: [«Mail.Read] }
""",
    good="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris: [https://app.example.com/callback]
    apiPermissions:
      Microsoft Graph: { delegated: [Mail.Read], application: [User.Read.All] }
""",
    check=check,
)
