"""`appRoleAssignments` in: the users and groups of each role, checked against the roles that there are.

api: { Reader: … }   exactly these; a role that is left out, or that has nobody, has nobody
api: {}              nobody at all
api: unmanaged       not the manifest's business
api:                 an error, which offers the two above
hr: { Reader: { …, additive: true } }   of an application of others: these besides whom others gave it; never takes away
(not there)          watched: whoever holds something is told
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from entra_config.manifest.environments.names import Names
from entra_config.manifest.model import Application, RoleAssignees
from entra_config.manifest.reading.node import Entry, Node, Scalar, is_null
from entra_config.manifest.reading.problems import near
from entra_config.manifest.sections.permissions import DeclaredApplications
from entra_config.manifest.sections.roles import DEFAULT_ACCESS

UNMANAGED = "unmanaged"


@dataclass(frozen=True, slots=True)
class Read:
    """Who holds what, of which applications that is said in full, and which are left alone."""

    assignments: Mapping[tuple[str, str], RoleAssignees]
    listed: frozenset[str]
    unmanaged: frozenset[str]


def read(node: Node | None, directory: DeclaredApplications, names: Names) -> Read:
    """Read who holds which role, by application and label of role."""
    reader = directory.reader
    found: dict[tuple[str, str], RoleAssignees] = {}
    listed: set[str] = set()
    unmanaged: set[str] = set()
    for key, entry in reader.map(node, "appRoleAssignments").entries.items():
        _check_application(key, entry, directory)
        if is_null(entry.node):
            message = f"`{key}:` says nothing: write `{key}: {{}}` for nobody, or `{key}: {UNMANAGED}` to leave it alone"
            reader.problems.add(entry.position, message)
        elif isinstance(entry.node, Scalar) and entry.node.value == UNMANAGED:
            unmanaged.add(key)
        else:
            listed.add(key)
            for label, role in reader.map(entry.node, key).entries.items():
                if key in directory.own:
                    _check_role(directory.own[key], role, directory)
                found[key, label] = _assignees(key, role, directory, names)
    return Read(found, frozenset(listed), frozenset(unmanaged))


def _check_application(key: str, entry: Entry, directory: DeclaredApplications) -> None:
    problems = directory.reader.problems
    if key not in directory.own and key not in directory.foreign:
        known = (*directory.own, *directory.foreign)
        problems.add(entry.position, f"`{key}` is no application and no enterprise application here.{near(key, known)}")
    elif key in directory.own and directory.own[key].enterprise is None:
        message = f"`{key}` has no enterprise application (`enterpriseApplication: null`), so nobody can be assigned"
        problems.add(entry.position, message)


def _check_role(application: Application, entry: Entry, directory: DeclaredApplications) -> None:
    problems, label = directory.reader.problems, entry.key
    roles = application.app_roles
    if label == DEFAULT_ACCESS:
        if roles:
            # Graph takes the default role only where the resource declares none.
            problems.add(entry.position, f"`{DEFAULT_ACCESS}` is for applications without roles; `{application.key}` has some")
    elif label not in roles:
        message = f"`{label}` is no role of `{application.key}`.{near(label, (*roles, DEFAULT_ACCESS))}"
        problems.add(entry.position, message)
    elif "User" not in roles[label].allowed_member_types:
        message = "is for applications only: add `User` to its `allowedMemberTypes`"
        problems.add(entry.position, f"role `{label}` of `{application.key}` {message}")


def _assignees(key: str, entry: Entry, directory: DeclaredApplications, names: Names) -> RoleAssignees:
    reader = directory.reader
    fields = reader.map(entry.node, entry.key)
    if not is_null(entry.node):
        reader.only(fields, ("users", "groups", "additive"), f"who holds `{entry.key}`")
    additive = reader.flag(fields.node("additive"), "additive") or False
    if additive and key in directory.own:
        message = f"`additive` is for applications of others: who holds a role of `{key}` is said here, and nowhere else"
        reader.problems.add(fields.where("additive"), message)
    return RoleAssignees(
        key,
        entry.key,
        names.listed(fields.node("users"), "user", "users"),
        names.listed(fields.node("groups"), "group", "groups"),
        entry.position,
        additive,
    )
