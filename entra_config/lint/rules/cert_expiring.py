"""A certificate that ends within a month."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import each, examples
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each certificate that ends within `days` and has not ended yet, unless another of it lives on."""
    for subject, certificate, left in each.expiring(view, "certificate", RULE):
        yield each.hit(
            subject, certificate, f"`{certificate.name}` ends in {left} days, and no other follows"
        )


RULE = Rule(
    id="cert-expiring",
    severity="W",
    confidence="high",
    on=("manifest", "live"),
    finds="A certificate that ends within a month.",
    why="On that day the application stops signing in, at midnight UTC, whoever is asleep.",
    fix="Add the next certificate beside it, let the application use it, then remove this one.",
    source="Entra recommendations, servicePrincipalKeyExpiry",
    bad=examples.certificate("next-week.pem", reported=True),
    good=examples.certificate("good.pem"),
    check=check,
    options={"days": 30},
)
