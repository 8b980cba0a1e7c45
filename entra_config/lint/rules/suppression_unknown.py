"""An ignore comment that nobody can read."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import examples
from entra_config.lint.model import Hit, Rule, View
from entra_config.manifest.reading.problems import near


def check(view: View) -> Iterator[Hit]:
    """Yield each comment that cannot be read, and each with a rule that there is not."""
    known = view.rules
    for each in view.comments:
        problem = each.ignore.problem
        unknown = [name for name in each.ignore.rules if name not in known]
        if not problem and unknown:
            problem = f"`{unknown[0]}` is not a rule.{near(unknown[0], known)}"
        if problem:
            yield Hit(each.ignore.position, problem, what=", ".join(each.ignore.rules))


RULE = Rule(
    id="suppression-unknown",
    severity="W",
    confidence="high",
    on=("comments",),
    finds="An ignore comment that nobody can read.",
    why=(
        "It names a rule that there is not, or is written in another way: it silences nothing, and whoever "
        "wrote it "
        "thinks it does."
    ),
    fix="Write `# entra-config: ignore[RULE] until YYYY-MM-DD because REASON`.",
    source="this project",
    bad=examples.commented("ignore[redirect-localhost-prd] because the demo needs it", reported=True),
    good=examples.commented("ignore[redirect-localhost-prod] because the demo needs it"),
    check=check,
)
