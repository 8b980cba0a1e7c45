"""An ignore comment without a reason."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import examples
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each comment that can be read and says no reason."""
    for each in view.comments:
        if not each.ignore.because and not each.ignore.problem:
            yield Hit(each.ignore.position, "nobody says why", what=", ".join(each.ignore.rules))


RULE = Rule(
    id="suppression-without-reason",
    severity="W",
    confidence="high",
    on=("comments",),
    finds="An ignore comment without a reason.",
    why="In a year nobody knows whether it still holds.",
    fix="Write `because …` behind it.",
    source="zizmor; this project",
    bad=examples.commented("ignore[redirect-localhost-prod] until 2027-01-31", reported=True),
    good=examples.commented("ignore[redirect-localhost-prod] until 2027-01-31 because the demo needs it"),
    check=check,
)
