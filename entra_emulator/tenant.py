"""One tenant of plain rows with indexes, read from and written to JSON."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from entra_emulator.choices import Choices
from entra_emulator.table import Keys, Links, Row, Table


def _one(name: str) -> Keys:
    def keys(row: Row) -> Iterable[str]:
        value = row.get(name)
        return (value.casefold(),) if isinstance(value, str) else ()

    return keys


def _each(name: str) -> Keys:
    def keys(row: Row) -> Iterable[str]:
        return tuple(value.casefold() for value in row.get(name) or ())

    return keys


_APPLICATION: dict[str, Keys] = {
    "appId": _one("appId"),
    "uniqueName": _one("uniqueName"),
    "displayName": _one("displayName"),
    "tags": _each("tags"),
    "identifierUris": _each("identifierUris"),
}


_SERVICE_PRINCIPAL: dict[str, Keys] = {
    "appId": _one("appId"),
    "displayName": _one("displayName"),
    "tags": _each("tags"),
    "servicePrincipalNames": _each("servicePrincipalNames"),
}


_GROUP: dict[str, Keys] = {name: _one(name) for name in ("displayName", "uniqueName", "mailNickname")}


_USER: dict[str, Keys] = {name: _one(name) for name in ("userPrincipalName", "displayName", "mail")}


_DEVICE: dict[str, Keys] = {name: _one(name) for name in ("deviceId", "displayName")}


_ASSIGNMENT: dict[str, Keys] = {name: _one(name) for name in ("principalId", "resourceId")}


_GRANT: dict[str, Keys] = {name: _one(name) for name in ("clientId", "resourceId", "principalId")}


_CREDENTIAL: dict[str, Keys] = {"application": _one("_application")}


_DELETED: dict[str, Keys] = {**_APPLICATION, "type": _one("_type")}


TABLES: dict[str, dict[str, Keys]] = {
    "applications": _APPLICATION,
    "servicePrincipals": _SERVICE_PRINCIPAL,
    "groups": _GROUP,
    "users": _USER,
    "devices": _DEVICE,
    "appRoleAssignments": _ASSIGNMENT,
    "oauth2PermissionGrants": _GRANT,
    "federatedIdentityCredentials": _CREDENTIAL,
    "deletedItems": _DELETED,
    "extensionProperties": _CREDENTIAL,
    "classifications": {"principal": _one("_principal")},
    "permissionGrantPolicies": {},
    "claimsMappingPolicies": {},
    "homeRealmDiscoveryPolicies": {},
    "tokenIssuancePolicies": {},
    "tokenLifetimePolicies": {},
    "appManagementPolicies": {},
    "schemaExtensions": {},
}


# The links of a tenant, and what plain data calls them.
LINKS = {
    "owners": "owners",
    "members": "members",
    "managers": "managers",
    "policies": "policies",
    "app_policies": "appPolicies",
    "device_owners": "deviceOwners",
    "device_users": "deviceUsers",
}
# What plain data has of a tenant besides its tables.
PARTS = frozenset(LINKS.values()) | {
    "tenantId",
    "displayName",
    "choices",
    "secrets",
    "directoryRoles",
    "organization",
    "audit",
    "signIn",
}


class Tables(dict[str, Table]):
    """Tables by name. A table without indexes is made when it is first used."""

    def __missing__(self, name: str) -> Table:
        table = self[name] = Table()
        return table


class Tenant:
    """One tenant. Rows hold Graph's properties; keys that begin with `_` are the emulator's own."""

    def __init__(self, tenant_id: str, display_name: str, domains: Iterable[str]) -> None:
        self.tenant_id = tenant_id
        self.display_name = display_name
        self.choices = Choices(verified_domains=tuple(domains))
        self.tables = Tables({name: Table(indexes) for name, indexes in TABLES.items()})
        self.owners = Links()
        self.members = Links()
        # From a user to whom he answers.
        self.managers = Links()
        # From an application or a service principal to the policies on sign-in and tokens that it was given.
        self.policies = Links()
        # From an application or a service principal to its app management policy.
        self.app_policies = Links()
        # From a device to who registered it, and to who uses it.
        self.device_owners = Links()
        self.device_users = Links()
        # Hashes of client secrets by key id; the directory never holds a secret in clear.
        self.secrets: dict[str, str] = {}
        # Names of the directory roles that a user holds, by object id.
        self.directory_roles: dict[str, list[str]] = {}
        self.audit: list[Row] = []
        # Who really did what, where a test has it kept (see `deeds`); never saved, never shown.
        self.deeds: list[Any] | None = None
        # What administrators wrote of the organization.
        self.organization: Row = {}
        # When each application was last used, by appId and kind: since the process began, as nothing is
        # written by signing in.
        self.activity: dict[str, dict[str, str]] = {}
        # When each secret was last signed in with, by key id, likewise.
        self.key_uses: dict[str, str] = {}
        # The wrong passwords of each user, by object id, likewise.
        self.wrong_passwords: dict[str, Any] = {}
        # The rounds of delta queries by number: they end with the process.
        self.deltas: OrderedDict[str, Any] = OrderedDict()
        # What the sign-in half keeps: sessions, refresh tokens, codes.
        self.sign_in: dict[str, Any] = {}

    def fork(self) -> "Tenant":
        """Give a tenant of the same objects that goes its own way; delta queries begin anew there."""
        twin = Tenant(self.tenant_id, self.display_name, ())
        twin.choices = self.choices
        twin.tables = Tables({name: table.fork() for name, table in self.tables.items()})
        for name in LINKS:
            setattr(twin, name, getattr(self, name).fork())
        twin.secrets = dict(self.secrets)
        twin.directory_roles = {user: list(roles) for user, roles in self.directory_roles.items()}
        twin.audit = list(self.audit)
        twin.organization = dict(self.organization)
        twin.activity = {app_id: dict(times) for app_id, times in self.activity.items()}
        twin.key_uses = dict(self.key_uses)
        twin.sign_in = dict(self.sign_in)
        return twin

    @property
    def applications(self) -> Table:
        """Give the application registrations."""
        return self.tables["applications"]

    @property
    def service_principals(self) -> Table:
        """Give the service principals."""
        return self.tables["servicePrincipals"]

    @property
    def groups(self) -> Table:
        """Give the groups."""
        return self.tables["groups"]

    @property
    def users(self) -> Table:
        """Give the users."""
        return self.tables["users"]

    @property
    def app_role_assignments(self) -> Table:
        """Give the app role assignments."""
        return self.tables["appRoleAssignments"]

    @property
    def oauth2_permission_grants(self) -> Table:
        """Give the delegated permission grants."""
        return self.tables["oauth2PermissionGrants"]

    @property
    def federated_identity_credentials(self) -> Table:
        """Give the federated credentials of applications."""
        return self.tables["federatedIdentityCredentials"]

    @property
    def deleted_items(self) -> Table:
        """Give the soft-deleted objects."""
        return self.tables["deletedItems"]

    @property
    def domains(self) -> tuple[str, ...]:
        """Give the verified domains: first the one that the tenant was made with (….onmicrosoft.com), last
        the default one.
        """
        return self.choices.verified_domains

    @property
    def initial_domain(self) -> str:
        """Give the domain that the tenant was made with."""
        return self.domains[0]

    def verifies(self, host: str) -> bool:
        """Tell whether a host is a verified domain or lies below one."""
        return any(host == domain or host.endswith(f".{domain}") for domain in self.domains)

    def one(self, table: str, index: str, key: str) -> Row | None:
        """Give the single row under a key, or none."""
        rows = self.tables[table].find(index, key.casefold())
        return rows[0] if rows else None

    def application_by_app_id(self, app_id: str) -> Row | None:
        """Give the registration of an appId."""
        return self.one("applications", "appId", app_id)

    def service_principal_by_app_id(self, app_id: str) -> Row | None:
        """Give the service principal of an appId."""
        return self.one("servicePrincipals", "appId", app_id)

    def user_by_name(self, name: str) -> Row | None:
        """Give the user of a principal name or an object id."""
        return self.users.get(name) or self.one("users", "userPrincipalName", name)

    def direct_groups(self, object_id: str) -> list[Row]:
        """Give the groups of which an object is a direct member."""
        groups = (self.groups.get(group) for group in self.members.sources(object_id))
        return [group for group in groups if group is not None]

    def all_groups(self, object_id: str) -> list[Row]:
        """Give the groups of which an object is a member, directly or through other groups."""
        seen: dict[str, None] = {}
        waiting = [object_id]
        while waiting:
            for group in self.members.sources(waiting.pop()):
                if group not in seen and group in self.groups:
                    seen[group] = None
                    waiting.append(group)
        return [self.groups.rows[group] for group in seen]

    def dump(self) -> dict[str, Any]:
        """Give the tenant as plain data."""
        return {
            "tenantId": self.tenant_id,
            "displayName": self.display_name,
            "choices": self.choices.describe(),
            **{name: list(table) for name, table in self.tables.items()},
            **{part: getattr(self, name).dump() for name, part in LINKS.items()},
            "secrets": dict(self.secrets),
            "directoryRoles": dict(self.directory_roles),
            "organization": dict(self.organization),
            "audit": list(self.audit),
            "signIn": self.sign_in,
        }

    @classmethod
    def load(cls, data: dict[str, Any]) -> "Tenant":
        """Make a tenant from plain data."""
        # Directories that were saved before there were choices have the domains alone.
        chosen = data["choices"] if "choices" in data else {"verifiedDomains": data["domains"]}
        tenant = cls(data["tenantId"], data["displayName"], ())
        tenant.choices = Choices().changed(chosen)
        for table, rows in data.items():
            if table not in PARTS and table != "domains":
                for row in rows:
                    tenant.tables[table].put(row)
        for name, part in LINKS.items():
            getattr(tenant, name).load(data.get(part, {}))
        tenant.secrets = data["secrets"]
        tenant.directory_roles = data["directoryRoles"]
        tenant.organization = data.get("organization", {})
        tenant.audit = data["audit"]
        tenant.sign_in = data["signIn"]
        return tenant
