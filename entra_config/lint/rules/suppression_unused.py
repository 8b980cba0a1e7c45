"""An ignore comment that silences nothing."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import examples
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each comment with the rules that found nothing on its line, or that there are not."""
    for each in view.comments:
        idle = [
            name
            for name in each.ignore.rules
            if name in each.judged and name not in {*each.used, *each.refused}
        ]
        if idle and not each.ignore.problem:
            yield Hit(
                each.ignore.position,
                f"nothing on its line is for {', '.join(idle)}",
                what=", ".join(each.ignore.rules),
            )


RULE = Rule(
    id="suppression-unused",
    severity="W",
    confidence="high",
    on=("comments",),
    finds="An ignore comment that silences nothing.",
    why="What it was about is gone, or never was: the next finding on that line would go unseen.",
    fix="Remove the comment, or the name of the rule.",
    source="zizmor, unused-ignores; this project",
    bad=examples.commented("ignore[redirect-http] because the demo needs it", reported=True),
    good=examples.commented("ignore[redirect-localhost-prod] because the demo needs it"),
    check=check,
)
