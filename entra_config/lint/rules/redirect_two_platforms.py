"""One redirect URI as web and as spa."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each URI that stands on a second platform."""
    for subject in view.subjects:
        seen: dict[str, str] = {}
        for each in subject.redirects:
            first = seen.setdefault(each.uri, each.platform)
            if first != each.platform:
                message = f"`{each.uri}` stands on `{first}` and on `{each.platform}`"
                yield Hit(each.position, message, subject.key, each.uri)


RULE = Rule(
    id="redirect-two-platforms",
    severity="E",
    confidence="high",
    on=("manifest",),
    finds="One redirect URI as web and as spa.",
    why=(
        "Entra redeems a code by the platform of its URI: with a secret for web, without one and with CORS "
        "for spa. "
        "On two platforms, which one holds is chance."
    ),
    fix="Leave the URI on the platform that the code at that address is written for.",
    source="Microsoft Learn, reply-url; AADSTS9002326",
    bad="""\
applications:
  app:
    type: application
    displayName: App
    platforms:
      web: [https://app.example.com/]
      spa: [«https://app.example.com/]
""",
    good="""\
applications:
  app:
    type: application
    displayName: App
    platforms:
      web: [https://app.example.com/signin-oidc]
      spa: [https://app.example.com/]
""",
    check=check,
)
