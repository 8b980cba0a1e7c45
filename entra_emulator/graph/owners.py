"""Owners of applications, service principals and groups."""

from collections.abc import Iterable

from entra_emulator.graph import audit, lookup, permissions, references
from entra_emulator.graph.call import NO_CONTENT, Call, CollectionResponse
from entra_emulator.graph.entities import DIRECTORY_OBJECTS
from entra_emulator.graph.entities.application import APPLICATION
from entra_emulator.graph.entities.group import GROUP
from entra_emulator.graph.entities.service_principal import SERVICE_PRINCIPAL
from entra_emulator.graph.entities.user import USER
from entra_emulator.graph.errors import bad_request, reference_exists, reference_missing
from entra_emulator.graph.properties import Entity
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.table import Row

_OWNED = {entity.table.casefold(): entity for entity in (APPLICATION, SERVICE_PRINCIPAL, GROUP)}
_RESOURCES = {entity.name: entity.resource for entity in DIRECTORY_OBJECTS}
_MOST = 100


def add_owner(call: Call) -> CollectionResponse:
    """Answer POST …/owners/$ref."""
    entity, row = _owned(call)
    permissions.require_ownership(call, row["id"])
    owner = references.referenced(call, "owners")
    if len(call.tenant.owners.targets(row["id"])) >= _MOST:
        raise bad_request(
            "The directory object quota limit for the owners has been exceeded.", "Directory_QuotaExceeded"
        )
    if not call.tenant.owners.add(row["id"], owner):
        raise reference_exists("owners")
    audit_owner(call, entity, row, owner, removed=False)
    return NO_CONTENT


def remove_owner(call: Call) -> CollectionResponse:
    """Answer DELETE …/owners/{id}/$ref: also the last one."""
    entity, row = _owned(call)
    permissions.require_ownership(call, row["id"])
    owner = str(call.params[1]).casefold()
    if not call.tenant.owners.remove(row["id"], owner):
        raise reference_missing("owners")
    audit_owner(call, entity, row, owner, removed=True)
    return NO_CONTENT


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


def _owned(call: Call) -> tuple[Entity, Row]:
    entity = _OWNED[str(call.segments[0]).casefold()]
    return entity, lookup.find(call, entity.table, call.params[0])


ROUTES: Routes = {
    **{
        (method, f"{table}/*/owners/{tail}"): Route(handler, permissions.OWNER_WRITE)
        for table in ("applications", "servicePrincipals")
        for method, tail, handler in (("POST", "$ref", add_owner), ("DELETE", "*/$ref", remove_owner))
    },
    ("POST", "groups/*/owners/$ref"): Route(add_owner, permissions.GROUP_WRITE),
    ("DELETE", "groups/*/owners/*/$ref"): Route(remove_owner, permissions.GROUP_WRITE),
}
