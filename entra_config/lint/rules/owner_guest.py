"""A guest owns an application."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each owner who is a guest."""
    for subject in view.subjects:
        for each in subject.owners or ():
            if each.guest:
                yield Hit(
                    each.position, f"the guest `{each.name}` owns `{subject.key}`", subject.key, each.id
                )


RULE = Rule(
    id="owner-guest",
    severity="E",
    confidence="high",
    on=("live",),
    finds="A guest owns an application.",
    why=(
        "He adds a secret and is the application, and it is another organization that decides "
        "whether he still works there."
    ),
    fix="Take him out of `owners`.",
    source="Zero Trust Assessment 21868",
    bad="""\
application: { displayName: App }
owners:
  - «{ id: 11111111-0000-4000-8000-000000000001, userPrincipalName: "mallory_fabrikam.com#EXT#@contoso.com", \
userType: Guest }
""",
    good="""\
application: { displayName: App }
owners:
  - { id: 11111111-0000-4000-8000-000000000001, userPrincipalName: alice@contoso.com, userType: Member }
""",
    check=check,
)
