"""`appRoleAssignments` in: who holds each role, checked against the roles that there are.

api: { Reader: … }   exactly these users and groups; a role that is left out, or that has nobody, has nobody
     servicePrincipals: [ … ]   of a role: exactly these applications of others; left out, they are shown,
     not touched
api: {}              nobody at all
api: unmanaged       not the manifest's business
api:                 an error, which offers the two above
hr: { Reader: { …,
additive: true } }   of an application of others: these besides whom others gave it; never takes away
(not there)          watched: whoever holds something is told
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from entra_config.manifest.environments.names import Names
from entra_config.manifest.fields.binder import Bound, bind
from entra_config.manifest.fields.records import HOLDERS, UNMANAGED
from entra_config.manifest.model import Application, Named, RoleAssignees
from entra_config.manifest.reading.node import Entry, Node, Scalar, is_null
from entra_config.manifest.reading.problems import near
from entra_config.manifest.sections.declared_applications import DeclaredApplications
from entra_config.manifest.sections.roles import DEFAULT_ACCESS

APPLICATIONS = "servicePrincipals"


@dataclass(frozen=True, slots=True)
class Read:
    """Who holds what, of which applications that is said in full, and which are left alone."""

    assignments: Mapping[tuple[str, str], RoleAssignees]
    listed: frozenset[str]
    unmanaged: frozenset[str]


def read(node: Node | None, directory: DeclaredApplications, names: Names, project: str) -> Read:
    """Read who holds which role, by application and label of role."""
    reader = directory.reader
    found: dict[tuple[str, str], RoleAssignees] = {}
    listed: set[str] = set()
    unmanaged: set[str] = set()
    for key, entry in reader.map(node, "appRoleAssignments").entries.items():
        _check_application(key, entry, directory)
        if is_null(entry.node):
            message = (
                f"`{key}:` says nothing: write `{key}: {{}}` for nobody, or `{key}: {UNMANAGED}` to "
                "leave it alone"
            )
            reader.problems.add(entry.position, message)
        elif isinstance(entry.node, Scalar) and entry.node.value == UNMANAGED:
            unmanaged.add(key)
        else:
            listed.add(key)
            for label, role in reader.map(entry.node, key).entries.items():
                found[key, label] = assignees = _assignees(key, role, directory, names, project)
                if key in directory.own:
                    _check_role(directory.own[key], role, assignees, directory)
    return Read(found, frozenset(listed), frozenset(unmanaged))


def _check_application(key: str, entry: Entry, directory: DeclaredApplications) -> None:
    problems = directory.reader.problems
    if key not in directory.own and key not in directory.external:
        known = (*directory.own, *directory.external)
        problems.add(
            entry.position,
            f"`{key}` is neither an application nor an enterprise application here.{near(key, known)}",
        )
    elif key in directory.own and directory.own[key].enterprise is None:
        message = (
            f"`{key}` has no enterprise application (`enterpriseApplication: null`), so nobody can be "
            "assigned"
        )
        problems.add(entry.position, message)


def _check_role(
    application: Application, entry: Entry, assignees: RoleAssignees, directory: DeclaredApplications
) -> None:
    problems, label = directory.reader.problems, entry.key
    roles = application.app_roles
    if label == DEFAULT_ACCESS:
        if roles:
            # Graph takes the default role only where the resource declares none.
            problems.add(
                entry.position,
                f"`{DEFAULT_ACCESS}` is for applications without roles; `{application.key}` has some",
            )
    elif label not in roles:
        message = f"`{label}` is not a role of `{application.key}`.{near(label, (*roles, DEFAULT_ACCESS))}"
        problems.add(entry.position, message)
    else:
        members = roles[label].allowed_member_types
        people = assignees.users or assignees.groups or assignees.service_principals is None
        if people and "User" not in members:
            message = "is for applications only: add `User` to its `allowedMemberTypes`"
            problems.add(entry.position, f"role `{label}` of `{application.key}` {message}")
        if assignees.service_principals and "Application" not in members:
            message = "is for users only: add `Application` to its `allowedMemberTypes`"
            problems.add(entry.position, f"role `{label}` of `{application.key}` {message}")


def _assignees(
    key: str, entry: Entry, directory: DeclaredApplications, names: Names, project: str
) -> RoleAssignees:
    reader = directory.reader
    fields = bind(entry.node, entry.key, HOLDERS, reader, noun=f"who holds `{entry.key}`")
    if fields["additive"] and key in directory.own:
        message = (
            f"`additive` is for applications of others: who holds a role of `{key}` is said here, and "
            "nowhere else"
        )
        reader.problems.add(fields.where("additive"), message)
    return RoleAssignees(
        key,
        entry.key,
        names.listed(fields["users"], "user", "users"),
        names.listed(fields["groups"], "group", "groups"),
        entry.position,
        fields["additive"] or False,
        _applications(key, fields, directory, names, project),
    )


def _applications(
    key: str, fields: Bound, directory: DeclaredApplications, names: Names, project: str
) -> tuple[Named, ...] | None:
    """Read the applications of others that hold a role of ours; None where nothing is said of them."""
    node, problems = fields[APPLICATIONS], directory.reader.problems
    if node is None or is_null(node):  # in `overrides` null clears what a file says
        return None
    if key in directory.external:
        message = (
            f"is for roles of this project's applications, and `{key}` is others': its owner says who "
            "holds them"
        )
        problems.add(fields.where(APPLICATIONS), f"`{APPLICATIONS}` {message}")
    listed = names.listed(node, "holder", APPLICATIONS)
    for named in listed:
        if is_ours(named, directory, project):
            where = named.position or fields.where(APPLICATIONS)
            problems.add(
                where,
                (
                    f"`{APPLICATIONS}`: `{named.name}` is of this project: its `apiPermissions` say what "
                    "it holds"
                ),
            )
    return listed


def is_ours(named: Named, directory: DeclaredApplications, project: str) -> bool:
    """Tell whether a name is that of an application of this project, by key, display name or marks."""
    word = named.name.casefold()
    marked = named.by_marks and word.startswith(f"{project.casefold()}/")
    return marked or any(word in _called(each) for each in directory.own.values())


def _called(application: Application) -> frozenset[str]:
    """Return what one of ours is called, in lower case: a list of others' applications is no way around
    its permissions.
    """
    shown = str(application.settings["displayName"].value)
    return frozenset({application.key.casefold(), shown.casefold()})
