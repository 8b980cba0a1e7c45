"""Permissions of an application in; whether they write, for whom, and whether they lead to Global
Administrator, out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from entra_config.checks.dangers import danger
from entra_config.lint import flexible
from entra_config.lint.model import Hit, View
from entra_config.lint.subject import LintSubject, Permission

_WRITES = re.compile(
    r"(?i)(write|manage|fullcontrol|full_access|send|create|delete|update|grant|admin|enable|approve)"
)
# On the list of dangerous permissions for what they read, not for whom they make an administrator.
_READS = frozenset({"BitlockerKey.Read.All", "Sites.FullControl.All"})


def writes(subject: LintSubject) -> Iterator[Permission]:
    """Yield what it may write as itself, judged by the permission's name."""
    return (each for each in subject.permissions if each.kind == "application" and _WRITES.search(each.value))


def tier0(subject: LintSubject) -> Iterator[Permission]:
    """Yield the permissions that lead to Global Administrator as the application itself."""
    for each in subject.permissions:
        if each.kind == "application" and not each.own and leads_up(each.value):
            yield each


def leads_up(permission: str) -> bool:
    """Tell whether a permission of Microsoft's leads to Global Administrator."""
    return permission not in _READS and danger(permission, "delegated") is not None


def workloads(view: View, subjects: re.Pattern[str], message: str) -> Iterator[Hit]:
    """Yield each workload of such a subject that is an application which writes, unless the subject names
    its workflow.
    """
    for subject in view.subjects:
        power = next(writes(subject), None)
        for each in subject.federated if power else ():
            hit = any(map(subjects.search, flexible.subjects(each)))
            if power and hit and "job_workflow_ref" not in f"{each.subject} {each.expression}":
                reported = message.format(application=subject.key, permission=power.value)
                yield Hit(each.spot("subject"), reported, subject.key, each.name)
