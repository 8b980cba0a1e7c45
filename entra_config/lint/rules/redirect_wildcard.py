"""A redirect URI with a wildcard."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each redirect URI that matches more than itself."""
    for subject in view.subjects:
        for each in subject.redirects:
            if "*" in each.uri:
                yield Hit(
                    each.position,
                    f"`{each.uri}` lets any page below the wildcard receive tokens",
                    subject.key,
                    each.uri,
                )


RULE = Rule(
    id="redirect-wildcard",
    severity="E",
    confidence="high",
    on=("manifest", "live"),
    finds="A redirect URI with a wildcard.",
    why=(
        "Whoever gets any page below the wildcard, by a dangling subdomain or a hosted page, receives the "
        "codes and "
        "tokens of everybody who signs in."
    ),
    fix="List each host and path that the application really has.",
    source="Zero Trust Assessment 21885 and 23183; RFC 9700, 4.1",
    bad="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris:
      - «https://*.example.com/callback
""",
    good="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris:
      - https://app.example.com/callback
      - https://admin.example.com/callback
""",
    check=check,
)
