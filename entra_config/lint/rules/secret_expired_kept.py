"""A secret that ended and is still there."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import each, examples
from entra_config.lint.model import Hit, Rule, View
from entra_config.manifest.until import format_end


def check(view: View) -> Iterator[Hit]:
    """Yield each secret whose end is past."""
    for subject, secret in each.credentials(view, "secret"):
        if secret.end and secret.end < view.now:
            message = f"the secret `{secret.name}` of `{subject.key}` ended on {format_end(secret.end)}"
            yield each.hit(subject, secret, message)


RULE = Rule(
    id="secret-expired-kept",
    severity="I",
    confidence="high",
    on=("live",),
    finds="A secret that ended and is still there.",
    why="It opens nothing, and hides among its like the one that does.",
    fix="Remove it.",
    source="Entra recommendations, staleAppCreds",
    bad=examples.secret("2025-09-01", "2026-03-01", reported=True),
    good=examples.secret("2026-09-01", "2026-12-31"),
    check=check,
)
