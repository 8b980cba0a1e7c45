"""A tenant in; who holds what of which API, in the values that tokens carry, out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from entra_emulator.table import Row
    from entra_emulator.tenant import Tenant

DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, order=True, slots=True)
class Holding:
    """Somebody (`holder`, an object id) holds a role, a tenant-wide consent or an authorization at an API
    (its appId).
    """

    holder: str
    resource: str
    type: str
    value: str


def holdings(tenant: Tenant) -> set[Holding]:
    """Return all that is held of any API."""
    return {*_roles(tenant), *_consents(tenant), *_authorizations(tenant)}


def _roles(tenant: Tenant) -> Iterator[Holding]:
    for row in tenant.app_role_assignments:
        api = tenant.service_principals.get(row["resourceId"])
        if api is None:
            continue
        id_ = row["appRoleId"]
        role = next((role for role in api["appRoles"] if role["id"] == id_), None)
        if role is not None or id_ == DEFAULT_ACCESS:
            yield Holding(
                row["principalId"], api["appId"], "role", (role["value"] or id_) if role else "default access"
            )


def _consents(tenant: Tenant) -> Iterator[Holding]:
    for row in tenant.oauth2_permission_grants:
        api = tenant.service_principals.get(row["resourceId"])
        if api is not None and row["consentType"] == "AllPrincipals":
            yield from (
                Holding(row["clientId"], api["appId"], "consent", scope)
                for scope in (row["scope"] or "").split()
            )


def _authorizations(tenant: Tenant) -> Iterator[Holding]:
    for app in tenant.applications:
        scopes = {scope["id"]: scope["value"] for scope in app["api"]["oauth2PermissionScopes"]}
        for entry in app["api"]["preAuthorizedApplications"]:
            client = _holder(tenant, entry["appId"])
            for id_ in entry["delegatedPermissionIds"]:
                yield Holding(client, app["appId"], "authorization", scopes.get(id_, id_))


def _holder(tenant: Tenant, app_id: str) -> str:
    """Return the object id by which a client is known: its service principal, live or deleted, else its
    registration, else its appId.
    """
    deleted = (row for row in tenant.deleted_items.find("appId", app_id) if "servicePrincipalType" in row)
    row: Row | None = (
        tenant.service_principal_by_app_id(app_id)
        or next(iter(deleted), None)
        or tenant.application_by_app_id(app_id)
    )
    return str(row["id"]) if row else app_id
