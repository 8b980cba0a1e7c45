"""Owners of applications, service principals and groups."""

from entra_emulator.graph import audit, lookup, permissions, references
from entra_emulator.graph.call import NO_CONTENT, Call, CollectionResponse
from entra_emulator.graph.errors import bad_request, reference_exists, reference_missing
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.table import Row

_TABLES = {"applications": "application", "serviceprincipals": "servicePrincipal", "groups": "group"}
_SPELLED = {"application": "applications", "servicePrincipal": "servicePrincipals", "group": "groups"}
_NAMES = {"application": "Application", "servicePrincipal": "ServicePrincipal", "group": "Group"}
_PHRASES = {"application": "application", "servicePrincipal": "service principal", "group": "group"}
_MOST = 100


def add_owner(call: Call) -> CollectionResponse:
    """Answer POST …/owners/$ref."""
    kind, row = _owned(call)
    permissions.require_ownership(call, row["id"])
    owner = references.referenced(call, "owners")
    if len(call.tenant.owners.targets(row["id"])) >= _MOST:
        raise bad_request(
            "The directory object quota limit for the owners has been exceeded.", "Directory_QuotaExceeded"
        )
    if not call.tenant.owners.add(row["id"], owner):
        raise reference_exists("owners")
    audit_owner(call, kind, row, owner, removed=False)
    return NO_CONTENT


def remove_owner(call: Call) -> CollectionResponse:
    """Answer DELETE …/owners/{id}/$ref: also the last one."""
    kind, row = _owned(call)
    permissions.require_ownership(call, row["id"])
    owner = str(call.params[1]).casefold()
    if not call.tenant.owners.remove(row["id"], owner):
        raise reference_missing("owners")
    audit_owner(call, kind, row, owner, removed=True)
    return NO_CONTENT


def audit_owner(call: Call, kind: str, row: Row, owner: str, *, removed: bool) -> None:
    """Write the record of an owner that came or went: the owner first, then what is owned."""
    found = lookup.any_object(call, owner)
    name = _NAMES[kind]
    changes = [
        audit.fact(f"{name}.ObjectID", row["id"], removed=removed),
        audit.fact(f"{name}.DisplayName", row["displayName"], removed=removed),
    ]
    if kind != "group":
        changes.append(audit.fact(f"{name}.AppId", row["appId"], removed=removed))
    owner_type = "ServicePrincipal" if found and found[0] == "servicePrincipal" else "User"
    principal = found[1].get("userPrincipalName") if found else None
    targets = [
        audit.AuditTarget(owner, owner_type, None, principal, changes),
        audit.AuditTarget(row["id"], name),
    ]
    verb = "Remove owner from" if removed else "Add owner to"
    category = audit.GROUPS if kind == "group" else audit.APPLICATIONS
    audit.write(
        call, f"{verb} {_PHRASES[kind]}", "Unassign" if removed else "Assign", targets, category=category
    )


def _owned(call: Call) -> tuple[str, Row]:
    kind = _TABLES[str(call.segments[0]).casefold()]
    return kind, lookup.find(call, _SPELLED[kind], call.params[0])


ROUTES: Routes = {
    **{
        (method, f"{table}/*/owners/{tail}"): Route(handler, permissions.OWNER_WRITE)
        for table in ("applications", "servicePrincipals")
        for method, tail, handler in (("POST", "$ref", add_owner), ("DELETE", "*/$ref", remove_owner))
    },
    ("POST", "groups/*/owners/$ref"): Route(add_owner, permissions.GROUP_WRITE),
    ("DELETE", "groups/*/owners/*/$ref"): Route(remove_owner, permissions.GROUP_WRITE),
}
