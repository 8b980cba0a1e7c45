"""Owners of applications, service principals and groups."""

from collections.abc import Iterable

from entra_emulator.graph import audit, lookup
from entra_emulator.graph.call import Call
from entra_emulator.graph.entities import DIRECTORY_OBJECTS
from entra_emulator.graph.entities.user import USER
from entra_emulator.graph.errors import bad_request
from entra_emulator.graph.properties import Entity
from entra_emulator.table import Row

_RESOURCES = {entity.name: entity.resource for entity in DIRECTORY_OBJECTS}
_MOST = 100


def check_room(call: Call, row: Row, _owner: str) -> None:
    """Refuse an owner more than an object can have."""
    if len(call.tenant.owners.targets(row["id"])) >= _MOST:
        raise bad_request(
            "The directory object quota limit for the owners has been exceeded.", "Directory_QuotaExceeded"
        )


def add_owners(call: Call, entity: Entity, row: Row, owners: Iterable[str]) -> None:
    """Give a new object its owners, and write the audit records."""
    for owner in owners:
        call.tenant.owners.add(row["id"], owner)
        audit_owner(call, entity, row, owner, removed=False)


def audit_owner(call: Call, entity: Entity, row: Row, owner: str, *, removed: bool) -> None:
    """Write the record of an owner that came or went: the owner first, then what is owned."""
    facts = {"ObjectID": row["id"], "DisplayName": row["displayName"]}
    if "appId" in row:
        facts["AppId"] = row["appId"]
    audit_link(call, "owner", entity, facts, owner, removed=removed)


def audit_link(call: Call, word: str, entity: Entity, facts: Row, other: str, *, removed: bool) -> None:
    """Write the record of an object that was linked with another, or is no longer: the other comes first."""
    found = lookup.any_object(call, other)
    kind = _RESOURCES[found[0]] if found else USER.resource
    changes = [
        audit.fact(f"{entity.resource}.{name}", value, removed=removed) for name, value in facts.items()
    ]
    principal = found[1].get("userPrincipalName") if found else None
    targets = [
        audit.AuditTarget(other, kind, None, principal, changes),
        audit.AuditTarget(facts["ObjectID"], entity.resource),
    ]
    activity = f"Remove {word} from" if removed else f"Add {word} to"
    operation = "Unassign" if removed else "Assign"
    audit.write(call, f"{activity} {entity.phrase}", operation, targets, category=entity.category)
