"""What the audit log says of app role assignments that come, go, and vanish with an end of theirs."""

from __future__ import annotations

import pytest

from entra_emulator.graph import assignment_records, audit
from entra_emulator.graph.audit import AuditTarget
from entra_emulator.table import Row

ROLE = {"id": "r", "value": "Read", "displayName": "Reader"}
OTHER = {"id": "x", "value": "X"}
API: Row = {"id": "api", "displayName": "API", "appId": "api-app", "appRoles": [OTHER, ROLE],
            "servicePrincipalNames": ["api-app", "api://api"]}  # fmt: skip
ENDS: dict[str, Row] = {
    "User": {"id": "u", "userPrincipalName": "u@a.test"},
    "Group": {"id": "g", "displayName": "G"},
    "ServicePrincipal": {"id": "s", "displayName": "S", "appId": "s-app"},
}
FACTS: dict[str, dict[str, str]] = {
    "User": {"User.ObjectID": "u", "User.UPN": "u@a.test"},
    "Group": {"Group.ObjectID": "g", "Group.DisplayName": "G"},
    "ServicePrincipal": {
        "ServicePrincipal.ObjectID": "s",
        "ServicePrincipal.DisplayName": "S",
        "ServicePrincipal.AppId": "s-app",
        "ServicePrincipal.Name": "s-app",
    },
}
TARGETS = {
    "User": AuditTarget("u", "User", None, "u@a.test"),
    "Group": AuditTarget("g", "Group", "G"),
    "ServicePrincipal": AuditTarget("s", "ServicePrincipal", "s-app"),
}
WORDS = {
    "User": (
        "Add app role assignment grant to user",
        "Remove app role assignment from user",
        "UserManagement",
    ),
    "Group": ("Add app role assignment to group", "Remove app role assignment from group", "GroupManagement"),
    "ServicePrincipal": (
        "Add app role assignment to service principal",
        "Remove app role assignment from service principal",
        "ApplicationManagement",
    ),
}


def assignment(kind: str, role: str = "r") -> Row:
    """Return an assignment to one of the ends."""
    row = {"id": "a", "appRoleId": role, "principalType": kind, "principalId": ENDS[kind]["id"]}
    return {**row, "resourceId": "api", "createdDateTime": "2026-01-01T00:00:00Z"}


@pytest.mark.parametrize("removed", [False, True])
@pytest.mark.parametrize("kind", ENDS)
@pytest.mark.parametrize(("role", "value", "name"), [("r", "Read", "Reader"), ("gone", None, None)])
def test_what_a_record_says(
    kind: str, role: str, value: str | None, name: str | None, *, removed: bool
) -> None:
    """Hold its activity, its category, and the facts about resource and principal."""
    row = assignment(kind, role)
    sided = {
        "AppRole.Id": role,
        "AppRole.Value": value,
        "AppRole.DisplayName": name,
        "AppRoleAssignment.CreatedDateTime": row["createdDateTime"],
        "AppRoleAssignment.LastModifiedDateTime": row["createdDateTime"],
    }
    changes = [audit.fact(key, text, removed=removed) for key, text in sided.items()]
    changes += [audit.fact(key, text) for key, text in FACTS[kind].items()]
    changes.append(audit.fact("TargetId.ServicePrincipalNames", "api-app;api://api"))
    first = AuditTarget("api", "ServicePrincipal", "API", changes=changes)
    expected = (WORDS[kind][removed], WORDS[kind][2], [first, TARGETS[kind]])
    assert assignment_records.recorded(row, API, ENDS[kind], removed=removed) == expected
