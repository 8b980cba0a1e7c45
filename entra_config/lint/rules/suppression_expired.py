"""An ignore comment whose day is over."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import examples
from entra_config.lint.model import Hit, Rule, View
from entra_config.manifest.until import format_day, over


def check(view: View) -> Iterator[Hit]:
    """Yield each comment that still has something to be silent of after its day, and each rule of the
    policy after its own.
    """
    for each in view.comments:
        until = each.ignore.until
        if until is not None and over(until, view.now) and each.used:
            message = f"it was to hold until {format_day(until)}"
            yield Hit(
                each.ignore.position, message, what=f"{', '.join(each.ignore.rules)} {each.ignore.because}"
            )
    for name, options in view.policy.rules.items():
        if options.until is not None and over(options.until, view.now):
            yield Hit(
                options.position,
                f"what the policy says of `{name}` was to hold until {format_day(options.until)}",
                what=name,
            )


RULE = Rule(
    id="suppression-expired",
    severity="W",
    confidence="high",
    on=("comments",),
    finds="An ignore comment whose day is over.",
    why="It said until when, and silences nothing any more.",
    fix="Mend what it was about, or agree on another day.",
    source="zizmor; this project",
    bad=examples.commented(
        "ignore[redirect-localhost-prod] until 2026-11-25 because the demo needs it", reported=True
    ),
    good=examples.commented("ignore[redirect-localhost-prod] until 2026-11-26 because the demo needs it"),
    check=check,
)
