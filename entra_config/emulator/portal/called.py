"""Who or what a manifest names, and the manifest's mark, in; what it calls them out."""

from collections.abc import Mapping
from typing import Any

from entra_config.emulator.portal import declared
from entra_config.emulator.portal.marks import Mark, mark_of
from entra_config.emulator.portal.visit import Visit

Row = Mapping[str, Any]


def holder_of(visit: Visit, mark: Mark, principal_id: str) -> tuple[str, str] | None:
    """Return under which key whoever has a role stands, and what the manifest calls it."""
    tenant = visit.tenant
    if (user := tenant.users.get(principal_id)) is not None:
        return "users", str(user.get("userPrincipalName"))
    if (group := tenant.groups.get(principal_id)) is not None:
        name = str(group.get("displayName"))
        alone = len(tenant.groups.find("displayName", name.casefold())) == 1
        return "groups", name if alone else principal_id
    principal = tenant.service_principals.get(principal_id)
    if principal is None:
        return None
    own = mark_of(tenant.application_by_app_id(str(principal.get("appId"))))
    if own.owner == mark.owner:
        return "applications", own.key
    return "servicePrincipals", f"{own.owner}/{own.key}" if own else principal_id


def api_of(visit: Visit, mark: Mark, api: Row) -> tuple[str, Mark]:
    """Return what a client's manifest calls an API, and its mark where it is of the same project."""
    own = mark_of(visit.tenant.application_by_app_id(str(api.get("appId"))))
    if own and own.owner == mark.owner:
        return own.key, own
    others = api.get("appOwnerOrganizationId") != visit.tenant.tenant_id
    return str(api["displayName"] if others else api["appId"]), Mark()


def label_of(visit: Visit, mark: Mark, noun: str, value: str) -> str:
    """Return what the manifest calls a role or scope by its value."""
    applied = declared.applied_of(visit, mark)
    key, written = (each.replace("%", "%25").replace("/", "%2F") for each in (mark.key, value))
    return applied.labels.get(f"application.{key}/{noun}/{written}", value) if applied else value
