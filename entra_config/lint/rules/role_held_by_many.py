"""A role that many people hold one by one."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import examples
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each role with more than `most` people directly."""
    most = view.most(RULE.id, RULE.options["most"])
    for subject in view.subjects:
        for each in subject.roles:
            people = len(each.held.get("users", ()))
            if people > most:
                message = f"{people} people hold `{each.label}` of `{subject.key}` one by one"
                yield Hit(each.position, message, subject.key, each.label)


RULE = Rule(
    id="role-held-by-many",
    severity="W",
    confidence="medium",
    on=("manifest", "live"),
    finds="A role that many people hold one by one.",
    why="Nobody reviews a long list of names, and who leaves a team stays in it.",
    fix="Assign a group, whose members somebody owns.",
    source="Microsoft Learn, what-is-access-management",
    bad=examples.limited(
        "role-held-by-many",
        2,
        """\
applications:
  api:
    type: api
    displayName: API
    appRoles:
      «Reader: { displayName: Reader, description: Reads., allowedMemberTypes: [User] }
appRoleAssignments:
  api: { Reader: { users: [a@contoso.com, b@contoso.com, c@contoso.com] } }
""",
    ),
    good=examples.limited(
        "role-held-by-many",
        2,
        """\
applications:
  api:
    type: api
    displayName: API
    appRoles:
      Reader: { displayName: Reader, description: Reads., allowedMemberTypes: [User] }
appRoleAssignments:
  api: { Reader: { users: [a@contoso.com, b@contoso.com], groups: [Readers] } }
""",
    ),
    check=check,
    options={"most": 20},
)
