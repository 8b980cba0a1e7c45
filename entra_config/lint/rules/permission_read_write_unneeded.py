"""Read and ReadWrite of the same thing."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each `X.Read…` beside `X.ReadWrite…` of the same API and kind."""
    for subject in view.subjects:
        known = {(each.api, each.kind, each.value) for each in subject.permissions if each.requested}
        for each in subject.permissions:
            head, dot, tail = each.value.partition(".Read")
            wider = f"{head}.ReadWrite{tail}"
            if (
                dot
                and not tail.startswith("Write")
                and each.requested
                and (each.api, each.kind, wider) in known
            ):
                message = f"`{each.value}` is in `{wider}`, which is asked for too"
                yield Hit(each.position, message, subject.key, f"{each.kind} {each.value}")


RULE = Rule(
    id="permission-read-write-unneeded",
    severity="W",
    confidence="high",
    on=("manifest",),
    finds="Read and ReadWrite of the same thing.",
    why="ReadWrite includes reading. The pair says that one of the two was meant, and consent shows both.",
    fix="Keep the one that the code needs; where it only reads, the smaller one.",
    source="Microsoft Learn, permissions-reference",
    bad="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris: [https://app.example.com/callback]
    apiPermissions:
      Microsoft Graph: { delegated: [«User.Read, User.ReadWrite] }
""",
    good="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris: [https://app.example.com/callback]
    apiPermissions:
      Microsoft Graph: { delegated: [User.Read, Mail.ReadWrite] }
""",
    check=check,
)
