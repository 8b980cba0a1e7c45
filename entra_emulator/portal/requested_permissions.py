"""A registration in; which permissions of other APIs it asks for, and which of them it was given, out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from entra_emulator.portal import holders
from entra_emulator.portal.objects import NamedObject, client
from entra_emulator.portal.visit import Visit
from entra_emulator.portal.words import count

Row = Mapping[str, Any]


@dataclass(frozen=True)
class RequestedPermission:
    """One permission that a registration asks for: whether it was given, and where a change begins."""

    value: str
    api: NamedObject
    type: str
    given: str
    act: str = ""
    verb: str = ""


def of(visit: Visit, app: Row, principal: Row | None) -> list[RequestedPermission]:
    """Return what a registration asks for, API by API."""
    found = []
    for entry in app["requiredResourceAccess"]:
        api = visit.tenant.service_principal_by_app_id(str(entry["resourceAppId"]))
        name = client(visit, str(entry["resourceAppId"]))
        for each in entry["resourceAccess"]:
            make = _role if each["type"] == "Role" else _scope
            found.append(make(visit, str(each["id"]), name, api, principal))
    return found


def _scope(
    visit: Visit, scope_id: str, name: NamedObject, api: Row | None, principal: Row | None
) -> RequestedPermission:
    scopes = api["oauth2PermissionScopes"] if api else ()
    value = next(
        (str(each["value"]) for each in scopes if each["id"] == scope_id), f"removed scope {scope_id}"
    )
    if api is None or principal is None:
        return RequestedPermission(value, name, "delegated", "no: there is no enterprise application")
    rows = visit.tenant.oauth2_permission_grants.find("clientId", str(principal["id"]))
    given = [
        row for row in rows if row["resourceId"] == api["id"] and value in str(row.get("scope") or "").split()
    ]
    if any(row["consentType"] == "AllPrincipals" for row in given):
        return RequestedPermission(value, name, "delegated", "for everybody")
    act = visit.path("edit", "consent", client=principal["id"], api=api["id"])
    words = f"by {count(len(given), 'person', 'people')}" if given else "no"
    return RequestedPermission(value, name, "delegated", words, act, "Consent…")


def _role(
    visit: Visit, role_id: str, name: NamedObject, api: Row | None, principal: Row | None
) -> RequestedPermission:
    value = holders.role_name(api, role_id)
    if api is None or principal is None:
        return RequestedPermission(value, name, "application", "no: there is no enterprise application")
    rows = visit.tenant.app_role_assignments.find("principalId", str(principal["id"]))
    if any((row["resourceId"], row["appRoleId"]) == (api["id"], role_id) for row in rows):
        return RequestedPermission(value, name, "application", "yes")
    act = visit.path("edit", "assign", resource=api["id"], role=role_id, holder=principal["id"])
    return RequestedPermission(value, name, "application", "no", act, "Assign…")
