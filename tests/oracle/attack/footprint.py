"""A tenant in; of each application and service principal all that a write could change, out."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from entra_config.emulator.directory import Tenant

MARK = "entra-config:"
_APART = {"tags", "deletedDateTime", "_assignments", "_grants"}
# What follows the application is no write of its own.
_MIRRORED = {"appRoles", "oauth2PermissionScopes", "replyUrls", "servicePrincipalNames", "displayName", "appDisplayName", "_tags"}


@dataclass(frozen=True, slots=True)
class Body:
    """One object: its own properties as text, and what hangs on it."""

    name: str
    app_id: str
    tags: tuple[str, ...]
    deleted: bool
    properties: str
    owners: tuple[str, ...]
    federated: tuple[str, ...]
    holders: tuple[str, ...]


def of(tenant: Tenant) -> Mapping[str, Body]:
    """Return the footprint of each application and service principal, deleted ones too."""
    live = [*tenant.applications, *tenant.service_principals]
    gone = [row for row in tenant.deleted_items if row["_type"] in {"application", "servicePrincipal"}]
    return {row["id"]: _body(tenant, row) for row in (*live, *gone)}


def marks(body: Body) -> tuple[str, ...]:
    """Return the marks that an object bears."""
    return tuple(tag for tag in body.tags if tag.startswith(MARK))


def difference(was: Body, now: Body | None) -> str:
    """Name the fields that differ."""
    if now is None:
        return "gone"
    return ", ".join(each.name for each in fields(Body) if getattr(was, each.name) != getattr(now, each.name))


def _body(tenant: Tenant, row: Mapping[str, Any]) -> Body:
    id_ = row["id"]
    hidden = _APART | (_MIRRORED if "servicePrincipalType" in row else set())
    credentials = tenant.federated_identity_credentials.find("application", id_)
    return Body(
        name=str(row["displayName"]),
        app_id=row["appId"],
        tags=tuple(row["tags"]),
        deleted=row.get("deletedDateTime") is not None,
        properties=json.dumps({name: value for name, value in row.items() if name not in hidden}, sort_keys=True),
        owners=tuple(tenant.owners.targets(id_)),
        federated=tuple(json.dumps(each, sort_keys=True) for each in credentials),
        holders=tuple(
            sorted(
                [f"{each['principalId']} {each['appRoleId']}" for each in tenant.app_role_assignments.find("resourceId", id_)]
                + [f"{each['clientId']} {each['scope']}" for each in tenant.oauth2_permission_grants.find("resourceId", id_)]
            )
        ),
    )
