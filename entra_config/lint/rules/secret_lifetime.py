"""A secret that holds for longer than half a year."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import each, examples
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each secret that holds for more than `days`."""
    for subject, secret, long in each.lasting(view, "secret", RULE):
        yield each.hit(subject, secret, f"the secret `{secret.name}` of `{subject.key}` holds {long}")


RULE = Rule(
    id="secret-lifetime",
    severity="W",
    confidence="high",
    on=("live",),
    finds="A secret that holds for longer than half a year.",
    why="What leaks is of use until the end, and nobody rotates what ends in two years.",
    fix="Issue secrets for at most 180 days, or set `days` to what your policy says.",
    source="App management policies, passwordLifetime; ScubaGear MS.AAD.5.6",
    bad=examples.secret("2026-09-01", "2028-09-01", reported=True),
    good=examples.secret("2026-09-01", "2027-02-28"),
    check=check,
    options={"days": 180},
)
