"""Judge what roles, scopes and permissions allow: by the operations that need them, by their descriptions,
and by the words of their names where nothing else is known.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from entra_config.checks.dangers import leads_up
from entra_config.lint import flexible
from entra_config.lint.model import Hit, View
from entra_config.lint.subject import LintSubject, Permission, SubjectRole, SubjectScope
from entra_config.lint.words import split_words
from entra_config.manifest.targets import ApiRequest, Operation

_READS = frozenset({
    "auditor", "get", "list", "read", "reader", "reads", "see", "sees", "show", "shows", "view",
    "viewer", "views",
})  # fmt: skip
_POWER = frozenset({
    "admin", "administer", "administers", "administrate", "administrates", "administrator", "delete",
    "deletes", "full", "fullcontrol", "impersonate", "impersonates", "impersonation", "manage",
    "manages", "owner", "owns",
})  # fmt: skip
_WRITES = frozenset({
    "add", "adds", "approve", "approver", "approves", "assign", "assigns", "change", "changes",
    "command", "commands", "contributor", "create", "creates", "disable", "disables", "edit", "editor",
    "edits", "enable", "enables", "grant", "grants", "initiate", "invite", "invites", "join", "manager",
    "migrate", "modifies", "modify", "operator", "privileged", "readwrite", "remove", "removes",
    "revoke", "revokes", "send", "sends", "update", "updates", "write", "writer", "writes",
})  # fmt: skip
# People and not actions: `admin.read` reads administrators.
_NOUNS = frozenset({
    "admin", "administrator", "approver", "contributor", "editor", "manager", "operator", "owner",
    "writer",
})  # fmt: skip
_METHODS = {"GET": "read", "HEAD": "read", "OPTIONS": "read", "DELETE": "delete"}

Part = SubjectRole | SubjectScope


class Powers:
    """What the roles, scopes and permissions of one view allow."""

    def __init__(self, view: View) -> None:
        self._roles: dict[tuple[str, str], tuple[LintSubject, SubjectRole]] = {}
        for subject in view.subjects:
            for role in subject.roles:
                for name in (role.label, role.value or role.label):
                    self._roles[subject.key, name] = (subject, role)
        # The verbs of the operations that need a role or scope, by API, type and value.
        self._operations: dict[tuple[str, type[Part], str], set[str]] = defaultdict(set)
        for app in view.manifest.settings.apps:
            if app.section == "apis":
                for operation in app.operations:
                    self._add_operation(app.key, operation)
                for request in app.requests:
                    self._add_operation(app.key, request)

    def has_power(self, subject: LintSubject, part: Part) -> bool:
        """Return True if a role or scope lets its holder delete, administer, or act as somebody else."""
        return bool(self._find_verbs(subject, part) & _POWER)

    def can_write(self, subject: LintSubject, part: Part) -> bool:
        """Return True if a role or scope lets its holder change anything."""
        return bool(self._find_verbs(subject, part) & (_POWER | _WRITES))

    def writes(self, subject: LintSubject) -> Iterator[Permission]:
        """Yield the permissions with which an application itself can change something."""
        for permission in subject.permissions:
            if permission.kind == "application" and self._permission_writes(permission):
                yield permission

    def _permission_writes(self, permission: Permission) -> bool:
        if permission.own and (found := self._roles.get((permission.api, permission.value))):
            return self.can_write(*found)
        # Microsoft's names are Resource.Operation.Constraint: `RoleManagement.Read.All` reads.
        resource, _, operation = permission.value.partition(".")
        return bool(_verbs(operation or resource) & (_POWER | _WRITES))

    def _find_verbs(self, subject: LintSubject, part: Part) -> set[str]:
        """Return the verbs for what a role or scope allows, from the best source that has any."""
        name = part.value or (part.label if isinstance(part, SubjectRole) else "")
        operations = self._operations.get((subject.key, type(part), name))
        if operations is not None:
            return operations
        if described := _verbs(part.description) & (_READS | _POWER | _WRITES):
            return described
        # `Files.All` is everything that the API has.
        return _verbs(f"{name}.full" if split_words(name)[-1:] == ("all",) else name)

    def _add_operation(self, api: str, operation: Operation | ApiRequest) -> None:
        verbs = _verbs(operation.name)
        if isinstance(operation, ApiRequest):
            verbs.add(_METHODS.get(operation.method, "write"))
        for role in (*operation.roles, *(operation.application_roles or ())):
            self._operations[api, SubjectRole, role] |= verbs
        for scope in operation.scopes:
            # A scope alone is not enough if the operation needs a role too.
            self._operations[api, SubjectScope, scope] |= set() if operation.roles else verbs


def tier0(subject: LintSubject) -> Iterator[Permission]:
    """Yield the permissions that lead to Global Administrator as the application itself."""
    for each in subject.permissions:
        if each.kind == "application" and not each.own and leads_up(each.value, "application"):
            yield each


def workloads(view: View, subjects: re.Pattern[str], message: str) -> Iterator[Hit]:
    """Yield each workload of such a subject that is an application which writes, unless the subject names
    its workflow.
    """
    powers = Powers(view)
    for subject in view.subjects:
        power = next(powers.writes(subject), None)
        for each in subject.federated if power else ():
            hit = any(map(subjects.search, flexible.subjects(each)))
            if power and hit and "job_workflow_ref" not in f"{each.subject} {each.expression}":
                reported = message.format(application=subject.key, permission=power.value)
                yield Hit(each.spot("subject"), reported, subject.key, each.name)


def _verbs(text: str) -> set[str]:
    words = set(split_words(text))
    return words - _NOUNS if words & _READS else words
