"""A group in a group that holds a role."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each assigned group with groups in it."""
    places = view.places
    for each in view.facts("nested"):
        inside = ", ".join(each["inside"])
        message = (
            f"who is in {inside} holds nothing of `{each['application']}`: only direct members of "
            f"`{each['group']}` do"
        )
        yield Hit(places.get(each["application"]), message, each["application"], f"{each['group']} {inside}")


RULE = Rule(
    id="assign-nested-group",
    severity="W",
    confidence="high",
    on=("live",),
    finds="A group in a group that holds a role.",
    why=(
        "Entra gives a role to the direct members of an assigned group only: who is in the inner one gets "
        "in without "
        "it, or not at all."
    ),
    fix="Assign the inner group too, or put its people into the outer one.",
    source="Microsoft Learn, assign-user-or-group-access-portal",
    bad="""\
application: { displayName: App }
facts:
  nested: [{ application: app, group: Admins, «inside: [On call] }]
""",
    good="""\
application: { displayName: App }
facts:
  nested: []
""",
    check=check,
)
