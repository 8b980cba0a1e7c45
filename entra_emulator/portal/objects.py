"""An id of the directory in; its name and the page that shows it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from entra_emulator.portal.visit import Visit
from entra_emulator.tenant import Tenant

# In the order in which an id is looked for.
_KINDS = {
    "users": "users",
    "groups": "groups",
    "servicePrincipals": "enterprise",
    "applications": "registrations",
    "deletedItems": "deleted",
}


@dataclass(frozen=True)
class NamedObject:
    """An object as a page names it: a name, the address of its page, and a second word."""

    name: str
    address: str = ""
    more: str = ""
    id: str = ""


def row_of(tenant: Tenant, object_id: str) -> tuple[str, Mapping[str, Any]] | None:
    """Return the kind of page of an id, and the row; also of what is deleted and can be restored."""
    for table, kind in _KINDS.items():
        row = tenant.tables[table].get(object_id)
        if row is not None:
            return kind, row
    return None


def named(visit: Visit, object_id: str, otherwise: str = "") -> NamedObject:
    """Name an object; one that is gone by what was known of it."""
    found = row_of(visit.tenant, object_id)
    if found is None:
        return NamedObject(otherwise or "a removed object", id=object_id)
    kind, row = found
    more = str(row.get("userPrincipalName") or "") if kind == "users" else ""
    more = "deleted" if kind == "deleted" else more
    return NamedObject(name_of(row), visit.path(kind, object_id), more, object_id)


def name_of(row: Mapping[str, Any]) -> str:
    """Return what a row is called."""
    return str(row.get("displayName") or row.get("userPrincipalName") or row.get("appId") or row["id"])


def client(visit: Visit, app_id: str) -> NamedObject:
    """Name the application of an appId: its registration where it is at home here."""
    tenant = visit.tenant
    row = tenant.application_by_app_id(app_id)
    if row is not None:
        return NamedObject(name_of(row), visit.path("registrations", str(row["id"])), id=str(row["id"]))
    principal = tenant.service_principal_by_app_id(app_id)
    if principal is not None:
        return NamedObject(
            name_of(principal), visit.path("enterprise", str(principal["id"])), id=str(principal["id"])
        )
    return NamedObject(app_id)
