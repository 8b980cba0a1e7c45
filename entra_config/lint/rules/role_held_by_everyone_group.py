"""A role of power that a group of everybody holds."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View
from entra_config.lint.power import Powers

EVERYBODY = frozenset({
    "all users", "all company", "all employees", "all members", "all staff", ("domain "
"users"), "everybody", "everyone",
})  # fmt: skip


def check(view: View) -> Iterator[Hit]:
    """Yield each group that means everybody by its name, at a role that can change something."""
    powers = Powers(view)
    for subject in view.subjects:
        for role in subject.roles:
            powerful = powers.can_write(subject, role)
            for each in role.held.get("groups", ()) if powerful else ():
                if str(each.value).casefold() in EVERYBODY:
                    message = f"`{each.value}` holds `{role.label}` of `{subject.key}`"
                    yield Hit(each.position, message, subject.key, f"{role.label} {each.value}")


RULE = Rule(
    id="role-held-by-everyone-group",
    severity="W",
    confidence="medium",
    on=("manifest", "live"),
    finds="A role of power that a group of everybody holds.",
    why="Every new account has it on its first day, guests and test accounts too.",
    fix="Name the group of those who need it.",
    source="Maester, service principals for all users",
    bad="""\
applications:
  api:
    type: api
    displayName: API
    appRoles:
      Admin: { displayName: R, description: Does it., allowedMemberTypes: [User] }
appRoleAssignments: { api: { Admin: { groups: [«All Users] } } }
""",
    good="""\
applications:
  api:
    type: api
    displayName: API
    appRoles:
      Reader: { displayName: R, description: Does it., allowedMemberTypes: [User] }
appRoleAssignments: { api: { Reader: { groups: [All Users] } } }
""",
    check=check,
)
