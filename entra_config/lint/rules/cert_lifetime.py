"""A certificate that is valid for longer than half a year."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import each, examples
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each certificate that holds for more than `days`."""
    for subject, certificate, long in each.lasting(view, "certificate", RULE):
        yield each.hit(subject, certificate, f"`{certificate.name}` is valid {long}")


RULE = Rule(
    id="cert-lifetime",
    severity="W",
    confidence="high",
    on=("manifest", "live"),
    finds="A certificate that is valid for longer than half a year.",
    why=(
        "A key that leaks is of use for as long as its certificate holds. Short ones are rotated by "
        "machines, and so "
        "are rotated at all."
    ),
    fix="Issue certificates for at most 180 days, or set `days` to what your policy says.",
    source=(
        "Zero Trust Assessment 21773; ScubaGear MS.AAD.5.7; app management policies, asymmetricKeyLifetime"
    ),
    bad=examples.certificate("two-years.pem", reported=True),
    good=examples.certificate("half-a-year.pem"),
    check=check,
    options={"days": 180},
)
