"""The variable segment of a path in; the row that it names, or Graph's refusal, out."""

from entra_emulator.graph.call import AlternateKey, Call
from entra_emulator.graph.entities import DIRECTORY_OBJECTS
from entra_emulator.graph.entities.user import USER
from entra_emulator.graph.errors import bad_request, not_found
from entra_emulator.graph.properties import Entity
from entra_emulator.identifiers import is_guid
from entra_emulator.table import Row

KINDS = {entity.table: entity.name for entity in DIRECTORY_OBJECTS}
_ENTITIES = {entity.table.casefold(): entity for entity in DIRECTORY_OBJECTS}


def find(call: Call, table: str, key: str | AlternateKey) -> Row:
    """Give the row of an object id or an alternate key, as this read sees it."""
    row = seek(call, table, key)
    if row is None:
        raise not_found(key if isinstance(key, str) else key.value)
    return row


def user(call: Call) -> Row:
    """Give the user that a path names, or the caller where it is below `/me`."""
    return find(call, "users", call.params[0] if call.params else call.caller.oid)


def holder(call: Call) -> tuple[Entity, Row]:
    """Return the object below which a path continues, and its type; below `/me` that is the caller."""
    collection = str(call.segments[0]).casefold()
    if collection == "me":
        return USER, find(call, USER.table, call.caller.oid)
    entity = _ENTITIES[collection]
    return entity, find(call, entity.table, call.params[0])


def current(call: Call, table: str, row: Row) -> Row:
    """Give the leading copy of a row that was read: a write goes there, however old the copy that the read
    showed.
    """
    found = call.tenant.tables[table].get(row["id"])
    if found is None:
        raise not_found(row["id"])
    return found


def is_live(call: Call, object_id: str) -> bool:
    """Say whether the leading copy of an object of any type is there."""
    return any(object_id in call.tenant.tables[table] for table in KINDS)


def seek(call: Call, table: str, key: str | AlternateKey) -> Row | None:
    """Give the row of a key, or none."""
    if isinstance(key, AlternateKey):
        found = call.view(table).find(key.name, key.value.casefold())
        return found[0] if found else None
    if not is_guid(key):
        if table == "users":
            rows = call.view(table).find("userPrincipalName", key.casefold())
            return rows[0] if rows else None
        raise bad_request(f"Invalid object identifier '{key}'.")
    return call.view(table).get(key.casefold())


def prefers_create(call: Call) -> bool:
    """Return True for a request with the Prefer header of an upsert."""
    return "create-if-missing" in call.headers.get("prefer", "").casefold()


def any_object(call: Call, object_id: str) -> tuple[str, Row] | None:
    """Give the kind and row of a directory object of any type."""
    for table, kind in KINDS.items():
        rows = call.tenant.tables[table]
        row = call.view(table).get(object_id) if rows.history else rows.rows.get(object_id)
        if row is not None:
            return kind, row
    return None
