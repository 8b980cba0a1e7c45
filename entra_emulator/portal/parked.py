"""A deleted object in; until when it can be restored, and what comes back with it, out."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from entra_emulator.clock import read_stamp
from entra_emulator.graph.deleted_items import RETENTION
from entra_emulator.portal import holders
from entra_emulator.portal.objects import NamedObject, named, row_of
from entra_emulator.portal.visit import Visit
from entra_emulator.portal.words import count

Row = Mapping[str, Any]
WORDS = {
    "application": "registration",
    "servicePrincipal": "enterprise application",
    "group": "group",
    "user": "user",
}
BACK, WAITS, LOST = "comes back", "waits", "does not come back"


@dataclass(frozen=True)
class Returning:
    """An assignment or a consent that went with a deleted object: what, with whom, and what becomes of it."""

    what: str
    ends: list[NamedObject]
    state: str
    why: str = ""


def until(row: Row) -> dt.datetime:
    """Return until when a deleted object can be restored."""
    return read_stamp(str(row["deletedDateTime"])) + RETENTION


def is_over(visit: Visit, row: Row) -> bool:
    """Tell whether it is too late: the next request to Graph about deleted objects forgets it."""
    return visit.now > until(row)


def returning(visit: Visit, row: Row) -> Iterator[Returning]:
    """Yield what went with a deleted object, as a restore brings it back or not."""
    row_id = str(row["id"])
    for each in row.get("_assignments") or ():
        resource = row_of(visit.tenant, str(each["resourceId"]))
        role = holders.role_name(resource[1] if resource else None, str(each["appRoleId"]))
        names = {
            str(each["principalId"]): str(each.get("principalDisplayName") or ""),
            str(each["resourceId"]): str(each.get("resourceDisplayName") or ""),
        }
        yield _link(visit, f"role {role}", names, row_id)
    for each in row.get("_grants") or ():
        ends = (each["clientId"], each["resourceId"], each.get("principalId"))
        yield _link(visit, f"scopes {each.get('scope') or ''}", {str(end): "" for end in ends if end}, row_id)


def kept(visit: Visit, row: Row) -> list[str]:
    """Return what stayed with a deleted object and comes back whole, in words."""
    tenant, row_id = visit.tenant, str(row["id"])
    secrets = len(row.get("passwordCredentials") or ())
    certificates = len(row.get("keyCredentials") or ())
    federated = len(tenant.federated_identity_credentials.ids("application", row_id.casefold()))
    members, owners = len(tenant.members.targets(row_id)), len(tenant.owners.targets(row_id))
    within = len(tenant.members.sources(row_id))
    numbers = (
        (secrets, "secret", ""),
        (certificates, "certificate", ""),
        (federated, "federated credential", ""),
        (members, "member", ""),
        (owners, "owner", ""),
    )
    found = [count(number, one, many) for number, one, many in numbers if number]
    return [*found, *([f"its place in {count(within, 'group')}"] if within else [])]


def other_half(visit: Visit, row: Row) -> Row | None:
    """Return the deleted enterprise application of a deleted registration, or the other way round."""
    if row["_type"] not in ("application", "servicePrincipal"):
        return None
    for each in visit.tenant.deleted_items.find("appId", str(row["appId"]).casefold()):
        if each["_type"] != row["_type"]:
            return each
    return None


def comes_with(row: Row, other: Row) -> bool:
    """Return True for an enterprise application that one request deleted with its registration.

    Graph restores each by itself; Entra's portal restores both
    (https://learn.microsoft.com/entra/identity/enterprise-apps/restore-application).
    """
    return str(row["_type"]) == "application" and bool(row["deletedDateTime"] == other["deletedDateTime"])


def _link(visit: Visit, what: str, names: Mapping[str, str], own: str) -> Returning:
    tenant = visit.tenant
    ends = [named(visit, end, name) for end, name in names.items() if end != own]
    found = {end.id: row_of(tenant, end.id) for end in ends}
    gone = [end.name for end in ends if found[end.id] is None]
    parked = [end.name for end in ends if (row := found[end.id]) is not None and row[0] == "deleted"]
    if gone:
        return Returning(what, ends, LOST, f"{', '.join(gone)} is gone for good")
    if parked:
        return Returning(what, ends, WAITS, f"until {', '.join(parked)} is restored too")
    return Returning(what, ends, BACK)
