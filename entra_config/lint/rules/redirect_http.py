"""A redirect URI without TLS."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config import uris
from entra_config.lint.model import Fix, Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each redirect URI that is http beyond the machine itself; the edit writes https."""
    for subject in view.subjects:
        for each in subject.redirects:
            if uris.scheme(each.uri) == "http" and not uris.is_local(each.uri):
                fix = (Fix("replace", each.path, each.uri, f"https{each.uri[4:]}"),)
                message = f"`{each.uri}` sends codes over a connection that others read"
                yield Hit(each.position, message, subject.key, each.uri, fix=fix)


RULE = Rule(
    id="redirect-http",
    severity="E",
    confidence="high",
    on=("manifest", "live"),
    finds="A redirect URI without TLS.",
    why=(
        "Whoever is on the way reads the code. Entra takes http for localhost only, and old "
        "registrations still have others."
    ),
    fix="Write https; http stands only on localhost and 127.0.0.1.",
    source="Zero Trust Assessment 21885; Microsoft Learn, reply-url",
    bad="""\
applications:
  app:
    type: application
    displayName: App
    platforms:
      web:
        - «http://app.example.com/callback
""",
    good="""\
applications:
  app:
    type: publicClient
    displayName: App
    redirectUris:
      - http://localhost
      - http://127.0.0.1:8080/callback
""",
    check=check,
)
