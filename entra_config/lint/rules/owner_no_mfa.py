"""An owner without a second factor."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each owner of whom the report says that none is registered."""
    for subject in view.subjects:
        for each in subject.owners or ():
            if each.second_factor is False:
                yield Hit(
                    each.position,
                    f"`{each.name}`, who owns `{subject.key}`, has no second factor",
                    subject.key,
                    each.id,
                )


RULE = Rule(
    id="owner-no-mfa",
    severity="W",
    confidence="high",
    on=("live",),
    finds="An owner without a second factor.",
    why="His password is enough to add a secret and be the application.",
    fix="Have him register one, or take him out of `owners`.",
    source="Maester, owners without MFA; Microsoft Learn, userRegistrationDetails",
    bad="""\
application: { displayName: App }
owners:
  - «{ id: 11111111-0000-4000-8000-000000000001, userPrincipalName: alice@contoso.com }
secondFactors: { 11111111-0000-4000-8000-000000000001: false }
""",
    good="""\
application: { displayName: App }
owners:
  - { id: 11111111-0000-4000-8000-000000000001, userPrincipalName: alice@contoso.com }
secondFactors: { 11111111-0000-4000-8000-000000000001: true }
""",
    check=check,
)
