"""A tenant and a name in; the client, resource or user behind it out, as sign-in sees them."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from entra_emulator.callers import GRAPH_APP_ID, is_graph_audience
from entra_emulator.directory import Tenants
from entra_emulator.identifiers import is_guid
from entra_emulator.login import urls
from entra_emulator.login.errors import LoginError
from entra_emulator.tenant import Tenant

Row = Mapping[str, Any]

MULTI_TENANT = ("AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount")
MANAGEMENT_APP_ID = "797f4846-ba00-4fd7-ba43-dac1f8f63013"
_MANAGEMENT = (MANAGEMENT_APP_ID, "https://management.azure.com", "https://management.core.windows.net")
DEFAULT_ROLE = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Party:
    """An application as client or resource: its registration, its service principal, or both."""

    app_id: str
    application: Row
    service_principal: Row

    @property
    def name(self) -> str:
        """Return what errors and pages call it."""
        return str(
            self.service_principal.get("displayName") or self.application.get("displayName") or self.app_id
        )

    @property
    def id(self) -> str:
        """Return the service principal's object id, empty where there is none."""
        return str(self.service_principal.get("id", ""))

    @property
    def azure_resource(self) -> str:
        """Return the path of the Azure resource that has this managed identity, or is it; empty for all
        others.
        """
        if self.service_principal.get("servicePrincipalType") != "ManagedIdentity":
            return ""
        names = self.service_principal["alternativeNames"]
        return next((str(name) for name in names if name.startswith("/")), "")

    @property
    def is_graph(self) -> bool:
        """Tell whether this is Microsoft Graph."""
        return self.app_id == GRAPH_APP_ID

    @property
    def token_version(self) -> int:
        """Return the version of access tokens *for* this application; null means 1."""
        return 2 if (self.application.get("api") or {}).get("requestedAccessTokenVersion") == 2 else 1

    @property
    def scopes(self) -> list[Row]:
        """Return the delegated permissions that it offers."""
        own = (self.application.get("api") or {}).get("oauth2PermissionScopes")
        return list(own if own is not None else self.service_principal.get("oauth2PermissionScopes") or ())

    @property
    def app_roles(self) -> list[Row]:
        """Return its app roles, disabled ones included."""
        own = self.application.get("appRoles")
        return list(own if own is not None else self.service_principal.get("appRoles") or ())

    @property
    def requires_assignment(self) -> bool:
        """Tell whether a user needs an assignment to sign in to it."""
        return bool(self.service_principal.get("appRoleAssignmentRequired"))

    def redirect_uris(self) -> dict[str, list[str]]:
        """Return by platform the registered redirect URIs that a browser may be sent to."""
        return {
            platform: [
                uri
                for uri in (self.application.get(platform) or {}).get("redirectUris") or ()
                if not urls.runs_in_browser(uri)
            ]
            for platform in ("web", "spa", "publicClient")
        }

    @property
    def identifiers(self) -> list[str]:
        """Return the appId and the application ID URIs."""
        uris = (
            self.application.get("identifierUris")
            or self.service_principal.get("servicePrincipalNames")
            or ()
        )
        return [self.app_id, *uris]


@dataclass(frozen=True)
class SignedIn:
    """A user at a moment of signing in."""

    user: Row
    session_id: str
    auth_time: int
    address: str = "127.0.0.1"


def find_tenant(directory: Tenants, segment: str, *, error: str | None = None) -> Tenant:
    """Return the tenant of a path segment; `common` and `organizations` mean the default one."""
    if is_alias(segment):
        return directory.default
    tenant = directory.find(segment)
    if tenant is not None:
        return tenant
    if is_guid(segment) or "." in segment:
        raise LoginError(90002, error=error, tenant=segment)
    raise LoginError(900023, tenant=segment)


def is_alias(segment: str) -> bool:
    """Tell whether a path segment names no tenant in particular."""
    return segment.lower() in ("common", "organizations")


def find_client(directory: Tenants, tenant: Tenant, app_id: str, *, anywhere: bool = False) -> Party:
    """Return a client that may sign in here; LoginError 700016 or 7000112 where it may not.

    `anywhere`: whose tenant this becomes is not known yet, so its restrictions wait for that.
    """
    if not app_id:
        raise LoginError(900144, parameter="client_id")
    if app_id == str(uuid.UUID(int=0)):
        raise LoginError(700038, app_id=app_id)
    party = find_party(directory, tenant, app_id)
    if party is None or not (anywhere or is_allowed(tenant, party)):
        raise LoginError(700016, app_id=app_id, tenant=tenant.display_name)
    if is_stopped(party):
        raise LoginError(7000112, app_id=app_id, name=party.name)
    return party


def is_stopped(party: Party) -> bool:
    """Tell whether an application gets no token, and nobody one for it: switched off in this tenant, or at
    home for all.

    Microsoft documents that `isDisabled` denies tokens, and not by which code: uncertain, taken for that of
    the other switch.
    """
    principal = party.service_principal
    return principal.get("accountEnabled") is False or True in {
        principal.get("isDisabled"),
        party.application.get("isDisabled"),
    }


def is_allowed(tenant: Tenant, party: Party) -> bool:
    """Tell whether an application may be used in this tenant, as client or as resource: at home always,
    elsewhere where `signInAudienceRestrictions` have the tenant.

    Microsoft documents what is allowed, and not how the rest is refused: uncertain, taken for that of an
    application of one other tenant.
    """
    restrictions = party.application.get("signInAudienceRestrictions") or {}
    ids = restrictions.get("allowedTenantIds")
    if ids is None or tenant.application_by_app_id(party.app_id) is not None:
        return True
    return tenant.tenant_id.casefold() in {id_.casefold() for id_ in ids}


def find_party(directory: Tenants, tenant: Tenant, app_id: str) -> Party | None:
    """Return an application known to the tenant, at home here or multi-tenant from elsewhere."""
    principal = tenant.service_principal_by_app_id(app_id)
    application = tenant.application_by_app_id(app_id)
    if application is None:
        for other in directory.tenants.values():
            found = other.application_by_app_id(app_id)
            if found is not None and found.get("signInAudience") in MULTI_TENANT:
                application = found
    if principal is None and application is None:
        return None
    return Party(app_id.lower(), application or {}, principal or {})


def find_resource(directory: Tenants, tenant: Tenant, requested: str) -> Party:
    """Return the resource that a client asks for; LoginError 500011 for an unknown one, 500014 for a
    disabled one.
    """
    party = known_resource(directory, tenant, requested)
    if not is_allowed(tenant, party):
        raise LoginError(500011, resource=requested, tenant=tenant.display_name)
    if is_stopped(party):
        # msal-dotnet#4905 names the resource as it was asked for; which OAuth error comes with it was not
        # recorded.
        raise LoginError(500014, resource=requested)
    return party


def known_resource(directory: Tenants, tenant: Tenant, requested: str) -> Party:
    """Return the resource of an appId or URI, enabled or not; LoginError 500011 for an unknown one."""
    key = requested.rstrip("/")
    if key == "" or (urls.split(key) != urls.NOTHING and is_graph_audience(key)):
        # Clients that were pointed here by URL ask for the emulator's own URL, with or without
        # port or slash, and mean Graph.
        graph = find_party(directory, tenant, GRAPH_APP_ID)
        return graph or Party(GRAPH_APP_ID, {}, {"displayName": "Microsoft Graph"})
    if key in _MANAGEMENT:
        return Party(MANAGEMENT_APP_ID, {}, {"displayName": "Windows Azure Service Management API"})
    principal = _resource_principal(tenant, key)
    if principal is None:
        raise LoginError(500011, resource=requested, tenant=tenant.display_name)
    party = find_party(directory, tenant, principal["appId"])
    assert party is not None  # its service principal was just found
    return party


def _resource_principal(tenant: Tenant, key: str) -> Row | None:
    if is_guid(key):
        return tenant.service_principal_by_app_id(key)
    for name in (key, f"{key}/"):
        principal = tenant.one("servicePrincipals", "servicePrincipalNames", name)
        if principal is not None:
            return principal
        application = tenant.one("applications", "identifierUris", name)
        if application is not None:
            return tenant.service_principal_by_app_id(application["appId"])
    return None


def assigned(tenant: Tenant, principal_ids: set[str], resource: Party) -> list[str]:
    """Return the ids of the roles that these principals hold on a resource."""
    held = tenant.app_role_assignments
    rows = (
        row for principal in sorted(principal_ids) for row in held.find("principalId", principal.casefold())
    )
    return [str(row["appRoleId"]) for row in rows if row["resourceId"] == resource.id]


def role_values(tenant: Tenant, principal_ids: set[str], resource: Party) -> list[str]:
    """Return the values of the roles that these principals hold; a role without value adds nothing.

    A disabled role cannot be newly assigned but stays in the tokens of those who hold it.
    """
    held = set(assigned(tenant, principal_ids, resource))
    return [role["value"] for role in resource.app_roles if role["id"] in held and role.get("value")]


def principals_of(tenant: Tenant, user: Row) -> set[str]:
    """Return a user and the groups of which it is a *direct* member: nested groups give no role."""
    return {str(user["id"]), *(str(group["id"]) for group in tenant.direct_groups(user["id"]))}


def check_assignment(tenant: Tenant, user: Row, party: Party) -> None:
    """Refuse with 50105 a user whom an application that requires assignment does not list."""
    if party.requires_assignment and not assigned(tenant, principals_of(tenant, user), party):
        raise LoginError(
            50105, name=party.name, app_id=party.app_id, user=str(user.get("userPrincipalName", ""))
        )


def external(origin: str, home: Tenant, user: Row, tenant: Tenant, client: Party) -> LoginError:
    """Refuse with 50020 a user of another tenant."""
    return LoginError(
        50020,
        user=str(user.get("userPrincipalName", "")),
        provider=f"{origin}/{home.tenant_id}/",
        tenant=tenant.display_name,
        app_id=client.app_id,
        name=client.name,
    )
