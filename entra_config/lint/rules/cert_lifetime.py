"""A certificate that is valid for longer than half a year."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each certificate that holds for more than `days`."""
    most = view.days(RULE.id, RULE.options["days"])
    for subject in view.subjects:
        for each in subject.credentials:
            days = (each.end - each.start).days if each.sort == "certificate" and each.start and each.end else 0
            if days > most:
                message = f"`{each.name}` is valid for {days} days, more than {most}"
                yield Hit(each.position or subject.position, message, subject.key, each.key_id or each.name)


RULE = Rule(
    id="cert-lifetime",
    severity="W",
    confidence="high",
    on=("manifest", "live"),
    finds="A certificate that is valid for longer than half a year.",
    why=(
        "A key that leaks is of use for as long as its certificate holds. Short ones are rotated by machines, and so "
        "are rotated at all."
    ),
    fix="Issue certificates for at most 180 days, or set `days` to what your policy says.",
    source="Zero Trust Assessment 21773; ScubaGear MS.AAD.5.7; app management policies, asymmetricKeyLifetime",
    bad="""\
applications:
  app:
    type: daemon
    displayName: App
    certificates:
      «ci: { file: certificates/two-years.pem }
""",
    good="""\
applications:
  app:
    type: daemon
    displayName: App
    certificates:
      ci: { file: certificates/half-a-year.pem }
""",
    check=check,
    options={"days": 180},
)
