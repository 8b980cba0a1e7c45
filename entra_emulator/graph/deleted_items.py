"""Soft-deleted objects: list by type, read, restore, purge."""

from datetime import timedelta

from entra_emulator.clock import read_stamp
from entra_emulator.graph import (
    audit,
    authorization,
    counting,
    lifecycle,
    lookup,
    permissions,
    queries,
    render,
)
from entra_emulator.graph.call import NO_CONTENT, Call, CollectionResponse
from entra_emulator.graph.entities import ENTITIES
from entra_emulator.graph.entities.service_principal import mirror_application
from entra_emulator.graph.errors import bad_request, no_segment, not_found
from entra_emulator.graph.properties import Entity
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.graph.service_principals import in_use, no_backing
from entra_emulator.graph.unserved import unserved
from entra_emulator.identifiers import is_guid
from entra_emulator.table import Row

RETENTION = timedelta(days=30)
_CASTS = {f"microsoft.graph.{entity.name}".casefold(): entity for entity in ENTITIES if entity.restorable}
_OF_NAME = {entity.name: entity for entity in _CASTS.values()}
_WRITE = {
    "application": permissions.APPLICATION_WRITE,
    "servicePrincipal": permissions.APPLICATION_WRITE,
    "group": permissions.GROUP_WRITE,
    "user": permissions.USER_WRITE,
}


def list_cast(call: Call) -> CollectionResponse:
    """Answer GET /directory/deletedItems/microsoft.graph.application and its kin."""
    _expire(call)
    counted = str(call.segments[-1]).casefold() == "$count"
    entity = _CASTS[str(call.segments[2]).casefold()]
    view = call.view("deletedItems", listing=True)
    ids = list(view.table.ids("type", entity.name.casefold()))
    if counted:
        return counting.table(call, entity.rules, "deletedItems", within=ids)
    found = queries.page(call, entity.rules, view, within=ids)
    return CollectionResponse(200, render.listed(call, entity.name, entity.table, found))


def list_bare(_call: Call) -> CollectionResponse:
    """Refuse GET /directory/deletedItems: the cast is required."""
    raise bad_request("The request must be for a single type of directory object.")


def get(call: Call) -> CollectionResponse:
    """Answer GET /directory/deletedItems/{id}."""
    row = _find(call)
    body = {
        "@odata.context": call.context("directoryObjects/$entity"),
        **render.mixed(call, row["_type"], row),
    }
    return CollectionResponse(200, body)


def restore(call: Call) -> CollectionResponse:
    """Answer POST /directory/deletedItems/{id}/restore: an application's service principal stays where it
    is.
    """
    parked = lookup.current(call, "deletedItems", _find(call))
    _check_caller(call, parked)
    kind = parked["_type"]
    if kind == "servicePrincipal":
        _check_application(call, parked)
    row = lifecycle.restore(call, parked)
    application = call.tenant.application_by_app_id(parked["appId"]) if kind == "servicePrincipal" else None
    if application is not None:
        # What changed on its application meanwhile reaches it now, as at any other time (no source).
        row = mirror_application(row, application)
        call.put("servicePrincipals", row)
    _audit(call, row, _OF_NAME[kind], "Restore", "Update")
    return CollectionResponse(200, render.mixed_entity(call, kind, row))


def purge(call: Call) -> CollectionResponse:
    """Answer DELETE /directory/deletedItems/{id}: for good; the names are free again."""
    parked = lookup.current(call, "deletedItems", _find(call))
    _check_caller(call, parked)
    lifecycle.purge(call, parked)
    entity = _OF_NAME[parked["_type"]]
    _audit(call, parked, entity, entity.purge, "Delete")
    return NO_CONTENT


def _check_application(call: Call, parked: Row) -> None:
    """Refuse what has a successor, and what has no application any more (howto-restore-app; which error
    was not recorded).
    """
    if call.tenant.service_principal_by_app_id(parked["appId"]) is not None:
        raise in_use(parked["appId"])
    home = call.graph.directory.tenants.get(parked["appOwnerOrganizationId"])
    if home is call.tenant:
        # Also while the application is still on its way to this replica.
        seen = any(
            app["id"] in call.tenant.applications
            for app in call.view("applications").find("appId", parked["appId"])
        )
    else:
        seen = home is None or home.application_by_app_id(parked["appId"]) is not None
    if not seen:
        raise no_backing(parked["appId"])


def _check_caller(call: Call, parked: Row) -> None:
    authorization.check(call, _WRITE[parked["_type"]])
    authorization.require_ownership(call, parked["id"])


def _audit(call: Call, row: Row, entity: Entity, verb: str, operation: str) -> None:
    target = audit.AuditTarget(row["id"], entity.resource, row["displayName"], row.get("userPrincipalName"))
    activity, app_id = f"{verb} {entity.phrase}", row.get("appId", "")
    audit.write(call, activity, operation, [target], category=entity.category, app_id=app_id)


def _find(call: Call) -> Row:
    _expire(call)
    object_id = str(call.params[0]).casefold()
    if object_id.startswith("microsoft.graph."):
        raise unserved(call.segments) or no_segment(str(call.params[0]))
    if not is_guid(object_id):
        raise bad_request(f"Invalid object identifier '{call.params[0]}'.")
    row = call.view("deletedItems").get(object_id)
    if row is None:
        raise not_found(object_id)
    return row


def _expire(call: Call) -> None:
    """Forget what was deleted more than thirty days ago."""
    due = [
        row for row in call.tenant.deleted_items if call.now - read_stamp(row["deletedDateTime"]) > RETENTION
    ]
    for row in due:
        lifecycle.purge(call, row)


_BASE = "directory/deletedItems"
ROUTES: Routes = {
    ("GET", _BASE): Route(list_bare, permissions.OBJECT_READ),
    **{
        ("GET", f"{_BASE}/{cast}{tail}"): Route(list_cast, permissions.OBJECT_READ)
        for cast in _CASTS
        for tail in ("", "/$count")
    },
    ("GET", f"{_BASE}/*"): Route(get, permissions.OBJECT_READ),
    ("POST", f"{_BASE}/*/restore"): Route(restore, permissions.OBJECT_READ),
    ("DELETE", f"{_BASE}/*"): Route(purge, permissions.OBJECT_READ),
}
