"""A secret that ends within a month."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import each, examples
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each secret that ends within `days`, unless another of the application lives on."""
    for subject, secret, left in each.expiring(view, "secret", RULE):
        yield each.hit(subject, secret, f"the secret `{secret.name}` of `{subject.key}` ends in {left} days")


RULE = Rule(
    id="secret-expiring",
    severity="W",
    confidence="high",
    on=("live",),
    finds="A secret that ends within a month.",
    why="On that day the application stops signing in.",
    fix="Make the next one, let the application use it, then remove this one.",
    source="Entra recommendations, applicationCredentialExpiry",
    bad=examples.secret("2026-09-01", "2026-12-10", reported=True),
    good=examples.secret("2026-09-01", "2027-01-31"),
    check=check,
    options={"days": 30},
)
