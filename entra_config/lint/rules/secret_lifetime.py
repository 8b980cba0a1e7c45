"""A secret that holds for longer than half a year."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each secret that holds for more than `days`, or without an end."""
    most = view.days(RULE.id, RULE.options["days"])
    for subject in view.subjects:
        for each in subject.credentials:
            days = (each.end - each.start).days if each.end and each.start else 0
            if each.sort == "secret" and days > most:
                message = f"the secret `{each.name}` of `{subject.key}` holds for {days} days, more than {most}"
                yield Hit(each.position, message, subject.key, each.key_id)


RULE = Rule(
    id="secret-lifetime",
    severity="W",
    confidence="high",
    on=("live",),
    finds="A secret that holds for longer than half a year.",
    why="What leaks is of use until the end, and nobody rotates what ends in two years.",
    fix="Issue secrets for at most 180 days, or set `days` to what your policy says.",
    source="App management policies, passwordLifetime; ScubaGear MS.AAD.5.6",
    bad="""\
application:
  displayName: App
  passwordCredentials:
    - «keyId: 11111111-0000-4000-8000-000000000001
      displayName: ci
      startDateTime: 2026-09-01T00:00:00Z
      endDateTime: 2028-09-01T00:00:00Z
""",
    good="""\
application:
  displayName: App
  passwordCredentials:
    - keyId: 11111111-0000-4000-8000-000000000001
      displayName: ci
      startDateTime: 2026-09-01T00:00:00Z
      endDateTime: 2027-02-28T00:00:00Z
""",
    check=check,
    options={"days": 180},
)
