"""Soft delete, restore and purge: what leaves with an object, and what comes back."""

from entra_emulator.graph import audit
from entra_emulator.graph.assignment_records import audit_gone
from entra_emulator.graph.call import Call
from entra_emulator.graph.entities import ENTITIES
from entra_emulator.graph.entities.application import APPLICATION
from entra_emulator.graph.entities.group import GROUP
from entra_emulator.graph.entities.service_principal import SERVICE_PRINCIPAL
from entra_emulator.graph.lookup import is_live
from entra_emulator.graph.properties import Entity
from entra_emulator.table import Row
from entra_emulator.tenant import LINKS

TABLES = {entity.name: entity.table for entity in ENTITIES if entity.restorable}
# What there is only as long as the object that it belongs to.
_PARTS = [entity for entity in ENTITIES if entity.parent]


def delete(call: Call, entity: Entity, row: Row) -> None:
    """Delete a directory object, its links and the service principal of an application, and write the audit
    records.
    """
    call.remove(entity.table, row["id"])
    assignments = _take(call, "appRoleAssignments", ("principalId", "resourceId"), row["id"])
    if _is_restorable(call, entity, row):
        grants = _take(call, "oauth2PermissionGrants", ("clientId", "resourceId", "principalId"), row["id"])
        parked = {**row, "deletedDateTime": call.stamp, "_type": entity.name}
        if entity is not APPLICATION:
            parked |= {"_assignments": assignments, "_grants": grants}
        call.put("deletedItems", parked)
    else:
        forget(call, row)
    audit_gone(call, assignments, row)
    audit.record(call, entity, entity.removal, row)
    principal = call.tenant.service_principal_by_app_id(row["appId"]) if entity is APPLICATION else None
    if principal is not None:
        delete(call, SERVICE_PRINCIPAL, principal)


def _is_restorable(call: Call, entity: Entity, row: Row) -> bool:
    if entity is not GROUP:
        return entity.restorable
    return call.graph.faults.plan.groups_soft_delete or "Unified" in row["groupTypes"]


def restore(call: Call, parked: Row) -> Row:
    """Bring an object back with those of its assignments and grants whose other ends live."""
    call.remove("deletedItems", parked["id"])
    row = {k: v for k, v in parked.items() if k not in {"_type", "_assignments", "_grants"}}
    row["deletedDateTime"] = None
    call.put(TABLES[parked["_type"]], row)
    for assignment in parked.get("_assignments", ()):
        ends = [assignment["principalId"], assignment["resourceId"]]
        _revive(call, "appRoleAssignments", "_assignments", assignment, ends)
    for grant in parked.get("_grants", ()):
        ends = [
            grant["clientId"],
            grant["resourceId"],
            *([grant["principalId"]] if grant["principalId"] else []),
        ]
        _revive(call, "oauth2PermissionGrants", "_grants", grant, ends)
    return row


def purge(call: Call, parked: Row) -> None:
    """Remove a deleted object for good."""
    call.remove("deletedItems", parked["id"])
    forget(call, parked)


def forget(call: Call, row: Row) -> None:
    """Drop what is linked to an object that is gone."""
    tenant = call.tenant
    for links in LINKS:
        getattr(tenant, links).drop(row["id"])
    for entity in _PARTS:
        for part in tenant.tables[entity.table].find(entity.index, row["id"]):
            tenant.tables[entity.table].remove(part["id"])
    for credential in row.get("passwordCredentials", ()):
        tenant.secrets.pop(credential["keyId"], None)


def _take(call: Call, table: str, indexes: tuple[str, ...], row_id: str) -> list[Row]:
    rows = {row["id"]: row for index in indexes for row in call.tenant.tables[table].find(index, row_id)}
    for taken in rows:
        call.remove(table, taken)
    return list(rows.values())


def _revive(call: Call, table: str, place: str, link: Row, ends: list[str]) -> None:
    """Bring a link back; while another end is still deleted, it waits there."""
    absent = [end for end in ends if not is_live(call, end)]
    if not absent:
        call.put(table, link)
        return
    parked = call.tenant.deleted_items.get(absent[0])
    if parked is not None:
        call.tenant.deleted_items.put({**parked, place: [*parked.get(place, ()), link]})
