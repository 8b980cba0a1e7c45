"""An `until` that is over, or will be soon."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View
from entra_config.manifest import ending
from entra_config.manifest.until import format_day, over, soon


def check(view: View) -> Iterator[Hit]:
    """Yield each entry of the manifest whose day is over, and, as a note, each that ends within two weeks;
    the days of what lint is silent of count too, until they are over.
    """
    for each in ending.endings(view.manifest):
        if over(each.day, view.now):
            message = f"{each.what}: its last day was {format_day(each.day)}; nothing expires by itself"
            yield Hit(each.position, message, what=str(each.what))
    for each in ending.ending_soon(view.manifest, view.now):
        message = f"{each.what} until {format_day(each.day)}"
        yield Hit(each.position, message, what=str(each.what), severity="I")
    options = view.policy.rules.items()
    silent = [
        *((name, each.until, each.position) for name, each in options),
        *((", ".join(each.rules), each.until, each.position) for each in view.manifest.ignores),
    ]
    for name, until, position in silent:
        if until is not None and soon(until, view.now):
            yield Hit(
                position,
                f"lint is told otherwise of {name} until {format_day(until)}",
                what=name,
                severity="I",
            )


RULE = Rule(
    id="until-over",
    severity="W",
    confidence="high",
    on=("manifest",),
    finds="An entry whose last day is over, or comes within two weeks.",
    why=(
        "Entra keeps what it was given: until an apply after that day, who was to lose it has it. The entry "
        "says something that is not so any more."
    ),
    fix="Run `entra-config apply --expired`, then take the entry out; or agree on a later day.",
    source="this project; docs/until.md",
    bad="""\
applications:
  api:
    type: api
    displayName: API
    appRoles:
      Reader: { displayName: Reader, description: Reads., allowedMemberTypes: [User] }
appRoleAssignments:
  api:
    Reader:
      users: [«{ name: alice@contoso.com, until: 2026-11-25 }]
""",
    good="""\
applications:
  api:
    type: api
    displayName: API
    appRoles:
      Reader: { displayName: Reader, description: Reads., allowedMemberTypes: [User] }
appRoleAssignments:
  api:
    Reader:
      users: [{ name: alice@contoso.com, until: 2027-11-25 }]
""",
    check=check,
)
