"""What Microsoft itself recommends for an application."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each active recommendation about an application of ours."""
    places = view.places
    for each in view.facts("recommended"):
        key = each["application"]
        yield Hit(
            places.get(key), f"Microsoft recommends for `{key}`: {each['says']}", key, str(each["type"])
        )


RULE = Rule(
    id="microsoft-recommends",
    severity="W",
    confidence="medium",
    on=("live",),
    finds="What Microsoft itself recommends for an application.",
    why=(
        "Microsoft looks at what nobody else sees: sign-ins, libraries, what is retired. It is quoted as "
        "it is."
    ),
    fix="Open it in the portal under Recommendations, and mend it or dismiss it there.",
    source="Microsoft Learn, overview-recommendations",
    bad="""\
application: { displayName: App }
facts:
  recommended:
    - application: app
      type: applicationCredentialExpiry
      «says: Renew expiring application credentials
""",
    good="""\
application: { displayName: App }
facts:
  recommended: []
""",
    check=check,
)
