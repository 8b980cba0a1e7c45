"""An app role assignment that came or went in; what the audit log says of it out."""

from collections.abc import Iterable

from entra_emulator.graph import audit, lookup
from entra_emulator.graph.call import Call
from entra_emulator.graph.entities.group import GROUP
from entra_emulator.graph.entities.service_principal import SERVICE_PRINCIPAL
from entra_emulator.graph.entities.user import USER
from entra_emulator.table import Row

_WORDS = {"User": "user", "Group": "group", "ServicePrincipal": "service principal"}


def audit_gone(call: Call, rows: Iterable[Row], *ends: Row) -> None:
    """Write a record for each assignment that vanished with one of these ends (ACT names it; its shape was
    not seen).
    """
    gone = {end["id"]: end for end in ends}
    for row in rows:
        resource = gone.get(row["resourceId"]) or call.tenant.service_principals.get(row["resourceId"])
        found = lookup.any_object(call, row["principalId"])
        principal = gone.get(row["principalId"]) or (found[1] if found else None)
        if resource is not None and principal is not None:
            write(call, row, resource, principal, removed=True, marked=True)


def write(
    call: Call, row: Row, resource: Row, principal: Row, *, removed: bool, marked: bool = False
) -> None:
    """Write a record of one assignment that came or went."""
    activity, category, targets = recorded(row, resource, principal, removed=removed)
    if marked:
        kind = _WORDS[row["principalType"]]
        activity = f"Add a deletion-marked app role assignment grant to {kind} as part of link removal"
    operation = "Unassign" if removed else "Assign"
    audit.write(call, activity, operation, targets, category=category, app_id=resource["appId"])


def recorded(
    row: Row, resource: Row, principal: Row, *, removed: bool
) -> tuple[str, str, list[audit.AuditTarget]]:
    """Give what a record of an assignment says: its activity, its category, the resource and the
    principal.
    """
    role: Row = next((r for r in resource["appRoles"] if r["id"] == row["appRoleId"]), {})
    changes = [
        audit.fact("AppRole.Id", row["appRoleId"], removed=removed),
        audit.fact("AppRole.Value", role.get("value"), removed=removed),
        audit.fact("AppRole.DisplayName", role.get("displayName"), removed=removed),
        audit.fact("AppRoleAssignment.CreatedDateTime", row["createdDateTime"], removed=removed),
        audit.fact("AppRoleAssignment.LastModifiedDateTime", row["createdDateTime"], removed=removed),
    ]
    match row["principalType"]:
        case "User":
            changes += [
                audit.fact("User.ObjectID", principal["id"]),
                audit.fact("User.UPN", principal["userPrincipalName"]),
            ]
            activity = ("Add app role assignment grant to user", "Remove app role assignment from user")
            target = audit.AuditTarget(principal["id"], "User", None, principal["userPrincipalName"])
            category = USER.category
        case "Group":
            changes += [
                audit.fact("Group.ObjectID", principal["id"]),
                audit.fact("Group.DisplayName", principal["displayName"]),
            ]
            activity = ("Add app role assignment to group", "Remove app role assignment from group")
            target = audit.AuditTarget(principal["id"], "Group", principal["displayName"])
            category = GROUP.category
        case _:
            changes += client_facts(principal)
            activity = (
                "Add app role assignment to service principal",
                "Remove app role assignment from service principal",
            )
            target = audit.AuditTarget(principal["id"], "ServicePrincipal", principal["appId"])
            category = SERVICE_PRINCIPAL.category
    changes.append(audit.principal_names(resource))
    first = audit.AuditTarget(resource["id"], "ServicePrincipal", resource["displayName"], changes=changes)
    return activity[removed], category, [first, target]


def client_facts(principal: Row) -> list[audit.Change]:
    """Write the facts that name the client of an assignment or a grant."""
    return [
        audit.fact("ServicePrincipal.ObjectID", principal["id"]),
        audit.fact("ServicePrincipal.DisplayName", principal["displayName"]),
        audit.fact("ServicePrincipal.AppId", principal["appId"]),
        audit.fact("ServicePrincipal.Name", principal["appId"]),
    ]
