"""A tenant in; of each application and service principal all that a write could change, out."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from entra_emulator.table import Row
    from entra_emulator.tenant import Tenant

MARK = "entra-config:"
_APART = {"_type", "_assignments", "_grants"}
# What follows the application is no write of its own.
_MIRRORED = {
    "appRoles",
    "oauth2PermissionScopes",
    "replyUrls",
    "servicePrincipalNames",
    "displayName",
    "appDisplayName",
    "_tags",
    "tags",
}


@dataclass(frozen=True, slots=True)
class Body:
    """One object: its own properties, which are replaced and never changed in place, and what hangs on it."""

    row: Row
    owners: tuple[str, ...]
    federated: tuple[Row, ...]
    holders: tuple[Row, ...]

    @property
    def name(self) -> str:
        """Return what people call it."""
        return str(self.row["displayName"])

    @property
    def app_id(self) -> str:
        """Return the appId that it shares with its other half."""
        return str(self.row["appId"])

    @property
    def deleted(self) -> bool:
        """Tell whether it is among the deleted."""
        return self.row.get("deletedDateTime") is not None


def of(tenant: Tenant, ours: AbstractSet[str] = frozenset()) -> Mapping[str, Body]:
    """Return the footprint of each application and service principal, deleted ones too.

    What `ours`, service principals, hold of others' APIs is no part of those.
    """
    return {row["id"]: _body(tenant, row, ours) for row in rows(tenant)}


def rows(tenant: Tenant) -> Iterator[Row]:
    """Yield each application and service principal, deleted ones too."""
    yield from tenant.applications
    yield from tenant.service_principals
    yield from (row for row in tenant.deleted_items if row["_type"] in {"application", "servicePrincipal"})


def marks(row: Row) -> list[str]:
    """Return the marks that an object bears."""
    return [tag for tag in row["tags"] if tag.startswith(MARK)]


def difference(was: Body, now: Body | None) -> list[str]:
    """Name what differs."""
    if now is None:
        return ["gone"]
    around = [each for each in ("owners", "federated", "holders") if getattr(was, each) != getattr(now, each)]
    if was.row is now.row:
        return around
    hidden = _APART | (_MIRRORED if "servicePrincipalType" in was.row else set())
    return around + [
        name for name in sorted(was.row) if name not in hidden and was.row[name] != now.row.get(name)
    ]


def _body(tenant: Tenant, row: Row, ours: AbstractSet[str]) -> Body:
    id_ = row["id"]
    holders = [
        *(
            each
            for each in tenant.app_role_assignments.find("resourceId", id_)
            if each["principalId"] not in ours
        ),
        *(
            each
            for each in tenant.oauth2_permission_grants.find("resourceId", id_)
            if each["clientId"] not in ours
        ),
    ]
    federated = tenant.federated_identity_credentials.find("application", id_)
    return Body(row, tuple(tenant.owners.targets(id_)), tuple(federated), tuple(holders))
