"""A server that is not told when people sign out."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each server that people sign in to, without the address."""
    for subject in view.subjects:
        if subject.type == "web" and subject.redirects and not subject.value("web.logoutUrl"):
            yield Hit(
                subject.position,
                f"`{subject.key}` is not told when somebody signs out",
                subject.key,
                "logoutUrl",
            )


RULE = Rule(
    id="logout-url-missing",
    severity="I",
    confidence="low",
    on=("manifest",),
    finds="A server that is not told when people sign out.",
    why="Who signs out at Microsoft stays signed in there until the session ends, on a shared machine too.",
    fix="Write `logoutUrl` with the address of the front-channel sign-out.",
    source="Microsoft Learn, v2-protocols-oidc, single sign-out",
    bad="""\
applications:
  «app:
    type: web
    displayName: App
    redirectUris: [https://app.example.com/callback]
""",
    good="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris: [https://app.example.com/callback]
    logoutUrl: https://app.example.com/signout
""",
    check=check,
)
