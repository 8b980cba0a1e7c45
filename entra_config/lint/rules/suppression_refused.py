"""An ignore comment at what only the root file may silence."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import examples
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each comment with the rules that it may not silence."""
    for each in view.comments:
        if each.refused:
            reported = ", ".join(sorted(each.refused))
            yield Hit(
                each.ignore.position,
                f"no comment silences {reported} here",
                what=", ".join(each.ignore.rules),
            )


RULE = Rule(
    id="suppression-refused",
    severity="W",
    confidence="high",
    on=("comments",),
    finds="An ignore comment at what only the root file may silence.",
    why=(
        "Errors, and in a protected environment the rules that `policy.lint.locked` names, are silenced by "
        "whoever "
        "owns the root file."
    ),
    fix="Mend it, or write it into the root file's `policy.lint.rules`, with a reason.",
    source="this project",
    bad="""\
project: myapp
environments:
  prod: { tenantId: 11111111-1111-1111-1111-111111111111 }
applications:
  app:
    type: web
    displayName: App
    redirectUris:
      - https://*.example.com/    «# entra-config: ignore[redirect-wildcard] because the demo needs it
""",
    good=examples.commented("ignore[redirect-localhost-prod] because the demo needs it"),
    check=check,
)
