"""A tenant in; what its pages list out: registrations, who has which role, grants, audit entries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from entra_config.emulator.login.parties import DEFAULT_ROLE
from entra_config.emulator.tenant import Tenant

Row = Mapping[str, Any]

# A page is for a person; whoever has more asks Graph.
LISTED = 100


@dataclass(frozen=True)
class RoleHolder:
    """Who holds a role: a user, a group or an application."""

    type: str
    name: str
    members: int | None = None


@dataclass(frozen=True)
class Enterprise:
    """An enterprise application with the holders of its roles."""

    row: Row
    roles: list[tuple[str, list[RoleHolder]]]


@dataclass(frozen=True)
class GrantRow:
    """A delegated permission grant with the names of its ends."""

    client: str
    resource: str
    scopes: list[str]
    who: str


def registrations(tenant: Tenant, words: str) -> list[Row]:
    """Return the registrations whose name or id matches, by name."""
    return _matching(tenant.applications, words)


def enterprise_applications(tenant: Tenant, words: str) -> list[Enterprise]:
    """Return the service principals of the organization's own applications, and others that somebody holds
    a role of.
    """
    own = {row["appId"] for row in tenant.applications}
    found = []
    for row in _matching(tenant.service_principals, words):
        roles = holders(tenant, row)
        if roles or row["appId"] in own:
            found.append(Enterprise(row, roles))
    return found


def holders(tenant: Tenant, resource: Row) -> list[tuple[str, list[RoleHolder]]]:
    """Return role by role who holds it, the default access last."""
    names = {
        role["id"]: str(role.get("value") or role["displayName"]) for role in resource.get("appRoles") or ()
    }
    names[DEFAULT_ROLE] = "Default access"
    by_role: dict[str, list[RoleHolder]] = {}
    for row in tenant.app_role_assignments.find("resourceId", str(resource["id"])):
        name = names.get(row["appRoleId"], f"removed role {row['appRoleId']}")
        members = len(tenant.members.targets(row["principalId"])) if row["principalType"] == "Group" else None
        by_role.setdefault(name, []).append(
            RoleHolder(row["principalType"], str(row["principalDisplayName"]), members)
        )
    return sorted(by_role.items(), key=lambda item: (item[0] == "Default access", item[0]))


def grants(tenant: Tenant) -> list[GrantRow]:
    """Return the delegated permission grants."""
    found = []
    for row in islice(tenant.oauth2_permission_grants, LISTED):
        user = tenant.users.get(str(row.get("principalId") or ""))
        who = "everybody (admin consent)" if row["consentType"] == "AllPrincipals" else _name(user)
        found.append(
            GrantRow(
                _name(tenant.service_principals.get(row["clientId"])),
                _name(tenant.service_principals.get(row["resourceId"])),
                str(row.get("scope") or "").split(),
                who,
            )
        )
    return found


def authorized_clients(tenant: Tenant) -> list[GrantRow]:
    """Return the clients that APIs authorize themselves."""
    found = []
    for api in tenant.applications:
        values = {scope["id"]: scope["value"] for scope in api["api"].get("oauth2PermissionScopes") or ()}
        for entry in api["api"].get("preAuthorizedApplications") or ():
            client = tenant.application_by_app_id(entry["appId"]) or tenant.service_principal_by_app_id(
                entry["appId"]
            )
            scopes = [
                values.get(scope, "removed scope") for scope in entry.get("delegatedPermissionIds") or ()
            ]
            found.append(
                GrantRow(
                    _name(client) if client else entry["appId"], str(api["displayName"]), scopes, "everybody"
                )
            )
    return found[:LISTED]


def audit(tenant: Tenant) -> list[tuple[str, str, str, str]]:
    """Return the last audit entries, newest first: when, what, by whom, on what."""
    entries = []
    for record in reversed(tenant.audit[-LISTED:]):
        by = record["initiatedBy"].get("user") or record["initiatedBy"].get("app") or {}
        targets = ", ".join(
            str(target.get("displayName") or target.get("id")) for target in record["targetResources"]
        )
        actor = str(by.get("userPrincipalName") or by.get("displayName") or "")
        entries.append(
            (str(record["activityDateTime"]), str(record["activityDisplayName"]).strip(), actor, targets)
        )
    return entries


def _matching(rows: Iterable[Row], words: str) -> list[Row]:
    wanted = words.casefold()
    found = (row for row in rows if wanted in f"{row['displayName']} {row['appId']}".casefold())
    return sorted(islice(found, LISTED), key=lambda row: str(row["displayName"]).casefold())


def _name(row: Row | None) -> str:
    return str(row["displayName"]) if row else "a removed object"
