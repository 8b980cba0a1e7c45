"""Anybody of the tenant may sign in."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import power
from entra_config.lint.model import Hit, Persona, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each application without it: grave with power over the tenant, a habit where it offers no
    role.
    """
    for subject in view.subjects:
        if subject.assignment_required or subject.enterprise is None or not subject.signs_in:
            continue
        where = subject.enterprise.get("appRoleAssignmentRequired")
        place = (where.position if where else None) or subject.position
        message = f"everybody of the tenant gets a token for `{subject.key}`"
        if subject.redirects and any(power.tier0(subject)):
            yield Hit(
                place, f"{message}, which may take the tenant over", subject.key, "assignment", severity="E"
            )
        else:
            persona: Persona = (
                "regular" if any("User" in role.members for role in subject.roles) else "pedantic"
            )
            yield Hit(place, message, subject.key, "assignment", persona=persona)


RULE = Rule(
    id="assignment-not-required",
    severity="W",
    confidence="high",
    on=("manifest", "live"),
    finds="Anybody of the tenant may sign in.",
    why=(
        "Without required assignment everybody gets a token, without a role in it. Whether that is nobody "
        "or a guest "
        "of the API is decided by code that forgot the case."
    ),
    fix="Write `enterpriseApplication: { assignmentRequired: true }`.",
    source="Zero Trust Assessment 21869; Maester, high-privilege service principals for all users",
    bad="""\
applications:
  «api:
    type: api
    displayName: API
    appRoles:
      Reader: { displayName: Reader, description: Reads., allowedMemberTypes: [User] }
""",
    good="""\
applications:
  api:
    type: api
    displayName: API
    appRoles:
      Reader: { displayName: Reader, description: Reads., allowedMemberTypes: [User] }
    enterpriseApplication: { assignmentRequired: true }
""",
    check=check,
)
