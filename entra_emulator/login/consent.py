"""A client, a resource and a user in; which delegated permissions hold, and which still need consent, out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, Protocol

from entra_emulator import grant_policies
from entra_emulator.clock import fine_stamp
from entra_emulator.directory import Tenants
from entra_emulator.graph.entities.app_role_assignment import make_assignment
from entra_emulator.identifiers import link_id
from entra_emulator.login.errors import LoginError
from entra_emulator.login.parties import Party, Row, assigned, find_party, find_resource
from entra_emulator.login.scopes import DEFAULT, GRAPH, ScopeRequest, Scopes
from entra_emulator.tenant import Tenant

AZURE_CLI_APP_ID = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
# Microsoft's own clients are pre-authorized for Microsoft's own APIs; no grant row shows it.
_FIRST_PARTY = {
    AZURE_CLI_APP_ID: (
        "AuditLog.Read.All",
        "Directory.AccessAsUser.All",
        "email",
        "Group.ReadWrite.All",
        "openid",
        "profile",
        "User.ReadWrite.All",
        "offline_access",
        "user_impersonation",
        "Application.ReadWrite.All",
        "AppRoleAssignment.ReadWrite.All",
        "DelegatedPermissionGrant.ReadWrite.All",
    )
}
CONSENTING_ROLES = {
    "Global Administrator",
    "Privileged Role Administrator",
    "Cloud Application Administrator",
    "Application Administrator",
}


class Assigning(Protocol):
    """What an assignment needs of the token service: the directory, the time, and ids."""

    directory: Tenants

    def now(self) -> datetime:
        """Return the emulator's time."""
        ...

    def guid(self) -> str:
        """Make a random GUID."""
        ...


@dataclass(frozen=True)
class Need:
    """The scopes of one resource that nobody has consented to yet; the client is another where consent is
    combined.
    """

    client: Party
    resource: Party
    names: tuple[str, ...]

    @property
    def rows(self) -> list[Row]:
        """Return the permissions' own descriptions."""
        return [scope for scope in self.resource.scopes if scope["value"] in self.names]


@dataclass(frozen=True)
class ConsentedGrant:
    """A grant that a consent wrote, and its scope before."""

    row: Row
    resource: Party
    before: str


def granted(tenant: Tenant, client: Party, resource: Party, user: Row) -> list[str]:
    """Return the scopes that hold: everyone's grants, the user's own, and pre-authorization."""
    return list(dict.fromkeys([*consented(tenant, client, resource, user), *preauthorized(client, resource)]))


def consented(tenant: Tenant, client: Party, resource: Party, user: Row) -> list[str]:
    """Return the scopes that somebody consented to: everyone's grants and the user's own."""
    names: dict[str, None] = {}
    for row in tenant.oauth2_permission_grants.find("clientId", client.id.casefold()) if client.id else ():
        if row["resourceId"] == resource.id and row.get("principalId") in (None, user["id"]):
            names |= dict.fromkeys(str(row.get("scope") or "").split())
    return list(names)


def preauthorized(client: Party, resource: Party) -> list[str]:
    """Return the scopes for which the resource itself lists the client."""
    values = {scope["id"]: scope["value"] for scope in resource.scopes}
    listed = (resource.application.get("api") or {}).get("preAuthorizedApplications") or ()
    names = []
    for entry in listed:
        if str(entry["appId"]).lower() == client.app_id:
            ids = entry.get("delegatedPermissionIds") or entry.get("permissionIds") or ()
            # An entry may outlive its scope (azure-docs#121168).
            names += [values[id_] for id_ in ids if id_ in values]
    if not client.application and not resource.application:
        names += _FIRST_PARTY.get(client.app_id, ())
    return names


def resolve(
    directory: Tenants, tenant: Tenant, client: Party, scope_request: ScopeRequest, user: Row
) -> tuple[Party, tuple[str, ...]]:
    """Return a resource and the token's scopes: all that was granted, asked or not; 65001 where consent
    lacks.
    """
    resource = find_resource(directory, tenant, scope_request.resource)
    check_exists(client, resource, scope_request)
    held = granted(tenant, client, resource, user)
    wanted = set(scope_request.names)
    if scope_request.is_default:
        # Pre-authorization is no grant: without one, all that the client lists is asked for.
        wanted = set() if consented(tenant, client, resource, user) else set(_listed(client, resource))
    if not held or wanted - set(held):
        raise LoginError(65001, app_id=client.app_id, name=client.name)
    return resource, tuple(held)


def check_exists(client: Party, resource: Party, scope_request: ScopeRequest) -> None:
    """Refuse with 650053 a scope that the resource does not offer, or has disabled."""
    offered = {scope["value"] for scope in resource.scopes if scope.get("isEnabled", True)}
    for name in scope_request.names:
        if name != DEFAULT and name not in offered:
            raise LoginError(650053, name=client.name, scope=name, resource=resource.app_id)


def needed(
    directory: Tenants, tenant: Tenant, client: Party, scopes: Scopes, user: Row, *, again: bool = False
) -> list[Need]:
    """Return what a consent page has to ask; `again` asks although all was granted (`prompt=consent`)."""
    wanted = [
        need
        for scope_request in scopes.by_resource
        for need in _wanted(directory, tenant, client, scope_request, user, again=again)
    ]
    if scopes.oidc:
        wanted.append(Need(client, find_resource(directory, tenant, GRAPH), scopes.oidc))
    needs: dict[tuple[str, str], Need] = {}
    for need in wanted:
        held = [] if again else granted(tenant, need.client, need.resource, user)
        key = (need.client.app_id, need.resource.app_id)
        names = [
            *(needs[key].names if key in needs else ()),
            *(name for name in need.names if name not in held),
        ]
        if names:
            needs[key] = Need(need.client, need.resource, tuple(dict.fromkeys(names)))
    return list(needs.values())


def _wanted(
    directory: Tenants, tenant: Tenant, client: Party, scope_request: ScopeRequest, user: Row, *, again: bool
) -> list[Need]:
    resource = find_resource(directory, tenant, scope_request.resource)
    check_exists(client, resource, scope_request)
    if not scope_request.is_default:
        return [Need(client, resource, scope_request.names)]
    if consented(tenant, client, resource, user) and not again:
        # `.default` never asks for what was added to the registration after the first consent.
        return []
    needs = _registered(directory, tenant, client)
    if client.app_id in (resource.application.get("api") or {}).get("knownClientApplications", ()):
        # One page asks for the client and for the API behind it, whose client knows it alone.
        needs += _registered(directory, tenant, resource)
    return needs


def _registered(directory: Tenants, tenant: Tenant, client: Party) -> list[Need]:
    wanted = []
    for entry in client.application.get("requiredResourceAccess") or ():
        resource = find_party(directory, tenant, entry["resourceAppId"])
        if resource is None or not resource.id:
            raise LoginError(500011, resource=entry["resourceAppId"], tenant=tenant.display_name)
        names = _listed(client, resource)
        if names:
            wanted.append(Need(client, resource, names))
    return wanted


def _listed(client: Party, resource: Party) -> tuple[str, ...]:
    entries = client.application.get("requiredResourceAccess") or ()
    of_resource = [entry["resourceAccess"] for entry in entries if entry["resourceAppId"] == resource.app_id]
    ids = {access["id"] for access in chain.from_iterable(of_resource) if access["type"] == "Scope"}
    return tuple(scope["value"] for scope in resource.scopes if scope["id"] in ids)


def may_consent(tenant: Tenant, client: Party, needs: Iterable[Need], user: Row) -> bool:
    """Tell whether the user may consent; where assignment is required only an administrator may."""
    if is_administrator(tenant, user):
        return True
    if not tenant.choices.users_may_consent:
        return False
    return not client.requires_assignment and all(
        not need.resource.requires_assignment and all(_for_users(tenant, need, name) for name in need.names)
        for need in needs
    )


def is_administrator(tenant: Tenant, user: Row) -> bool:
    """Tell whether the user holds a directory role that may consent for everybody."""
    return bool(CONSENTING_ROLES & set(tenant.directory_roles.get(str(user["id"]), ())))


def record(tenant: Tenant, client: Party, needs: Iterable[Need], user: Row | None) -> list[ConsentedGrant]:
    """Write the grants that a consent makes: the user's own, or everyone's where `user` is None."""
    written = []
    principal = None if user is None else str(user["id"])
    for need in needs:
        # Where the client is new here, its service principal was made after the need was found.
        client_id = client.id if need.client.app_id == client.app_id else need.client.id
        rows = tenant.oauth2_permission_grants.find("clientId", client_id.casefold())
        same = [
            row
            for row in rows
            if row["resourceId"] == need.resource.id and row.get("principalId") == principal
        ]
        before = str(same[0].get("scope") or "").split() if same else []
        ids = (client_id, need.resource.id, *((principal,) if principal else ()))
        row = {
            "clientId": client_id,
            "consentType": "AllPrincipals" if principal is None else "Principal",
            "id": same[0]["id"] if same else link_id(*ids),
            "principalId": principal,
            "resourceId": need.resource.id,
            "scope": " ".join(dict.fromkeys([*before, *need.names])),
        }
        tenant.oauth2_permission_grants.put(row)
        written.append(ConsentedGrant(row, need.resource, " ".join(before)))
    return written


def _for_users(tenant: Tenant, need: Need, name: str) -> bool:
    """Tell whether one of the policies that the tenant chose for its people covers a permission."""
    scope = next((each for each in need.resource.scopes if each["value"] == name), None)
    if scope is None:
        return False
    permission = str(scope["id"])
    classified = tenant.tables["classifications"].find("principal", need.resource.id)
    registered = tenant.application_by_app_id(need.client.app_id) is not None
    event = grant_policies.ConsentRequest(
        client_id=need.client.app_id,
        client_tenant=tenant.tenant_id
        if registered
        else str(need.client.service_principal.get("appOwnerOrganizationId") or ""),
        publisher=str(
            (need.client.application.get("verifiedPublisher") or {}).get("verifiedPublisherId") or ""
        ),
        resource_id=need.resource.app_id,
        permission_id=permission,
        classification=next(
            (row["classification"] for row in classified if row["permissionId"] == permission), ""
        ),
        needs_administrator=scope.get("type") != "User",
    )
    return grant_policies.covered(tenant, tenant.choices.user_consent_policies, event)


def assign(service: Assigning, tenant: Tenant, client: Party) -> list[tuple[dict[str, Any], Row]]:
    """Assign the roles that a client asks for and does not hold; give each assignment with its resource."""
    made: list[tuple[dict[str, Any], Row]] = []
    for entry in client.application.get("requiredResourceAccess") or ():
        resource = find_party(service.directory, tenant, entry["resourceAppId"])
        if resource is None:
            continue
        requested = {access["id"] for access in entry["resourceAccess"] if access["type"] == "Role"}
        principal = {**client.service_principal, "type": "ServicePrincipal"}
        for role in sorted(requested - set(assigned(tenant, {client.id}, resource))):
            row_id = link_id(client.id, service.guid())
            row = make_assignment(
                row_id, fine_stamp(service.now()), role, principal, dict(resource.service_principal)
            )
            tenant.app_role_assignments.put(row)
            made.append((row, resource.service_principal))
    return made
