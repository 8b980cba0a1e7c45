"""An application that nobody used for a quarter of a year."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View
from entra_config.moments import read_moment


def check(view: View) -> Iterator[Hit]:
    """Yield each application whose last use, or without one its birth, is more than `days` ago."""
    most, places = view.days(RULE.id, RULE.options["days"]), view.places
    for each in view.facts("used"):
        since = read_moment(each["last"] or each["created"], None)
        if since is not None and (view.now - since).days > most:
            reported = f"last used on {since:%Y-%m-%d}" if each["last"] else "never used"
            yield Hit(
                places.get(each["application"]),
                f"`{each['application']}` was {reported}",
                each["application"],
                "use",
            )


RULE = Rule(
    id="app-inactive",
    severity="W",
    confidence="medium",
    on=("live",),
    finds="An application that nobody used for a quarter of a year.",
    why=(
        "What is not used is not missed when somebody else uses it. Its permissions and credentials are "
        "still there."
    ),
    fix="Disable it (`enterpriseApplication: { enabled: false }`), and remove it when nobody calls.",
    source="Zero Trust Assessment 21770 and 21771; Entra recommendations, staleApps",
    bad="""\
application: { displayName: App }
facts:
  used:
    - application: app
      created: 2025-01-01T00:00:00Z
      «last: 2026-08-01T00:00:00Z
""",
    good="""\
application: { displayName: App }
facts:
  used:
    - application: app
      created: 2026-11-01T00:00:00Z
      last: null
""",
    check=check,
    options={"days": 90},
)
