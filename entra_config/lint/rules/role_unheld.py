"""A role that nobody holds."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each role of an application whose holders the manifest lists, and lists none."""
    for subject in view.subjects:
        for each in subject.roles if subject.key in view.manifest.listed else ():
            if each.enabled and not any(each.held.values()):
                yield Hit(
                    each.position, f"nobody holds `{each.label}` of `{subject.key}`", subject.key, each.label
                )


RULE = Rule(
    id="role-unheld",
    severity="I",
    confidence="medium",
    on=("manifest",),
    finds="A role that nobody holds.",
    why="Code asks for it, and nobody passes. Or nobody asks, and it is left over.",
    fix="Assign somebody, or remove the role.",
    source="this project",
    bad="""\
applications:
  api:
    type: api
    displayName: API
    appRoles:
      «Auditor: { displayName: R, description: Does it., allowedMemberTypes: [User] }
appRoleAssignments: { api: {} }
""",
    good="""\
applications:
  api:
    type: api
    displayName: API
    appRoles:
      Auditor: { displayName: R, description: Does it., allowedMemberTypes: [User] }
appRoleAssignments: { api: { Auditor: { groups: [Audit] } } }
""",
    check=check,
)
