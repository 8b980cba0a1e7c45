"""Directories to start from: the contoso example, and tenants made of names."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from entra_emulator.clock import Clock, seconds_stamp
from entra_emulator.directory import Tenants
from entra_emulator.graph.entities.app_role_assignment import make_assignment
from entra_emulator.graph.entities.application import make_app_role, make_application, make_scope
from entra_emulator.graph.entities.group import make_group
from entra_emulator.graph.entities.service_principal import make_service_principal, mirror_application
from entra_emulator.graph.entities.user import make_user
from entra_emulator.identifiers import Identifiers, link_id, secret_digest
from entra_emulator.seed_rows import (
    ADMIN,
    DEPLOYER,
    FIRST_PARTY,
    GROUPS,
    PEOPLE,
    READER,
    WRITER,
    graph_permissions,
)
from entra_emulator.table import Row
from entra_emulator.tenant import Tenant

CONTOSO = "11111111-1111-1111-1111-111111111111"
FABRIKAM = "22222222-2222-2222-2222-222222222222"
MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
DEPLOYER_APP_ID = "d0000000-0000-4000-8000-000000000001"
READER_APP_ID = "d0000000-0000-4000-8000-000000000002"
# For development on loopback only; the emulator is no place for secrets.
DEPLOYER_SECRET = "emulator-deployer-secret-not-for-production"  # noqa: S105  # it opens an emulator on this machine
READER_SECRET = "emulator-reader-secret-not-for-production"  # noqa: S105  # the same
ADMIN_APP_ID = "d0000000-0000-4000-8000-000000000003"
ADMIN_SECRET = "emulator-admin-secret-not-for-production"  # noqa: S105  # the same
# Where the registrations of clients of fleets are: none of a fleet's own tenants.
FLEET_HOME = "f1ee7000-0000-4000-8000-000000000001"
# Each environment's pipeline deploys as a service principal of its own: what one made proves nothing in the
# other.
WRITERS = {
    "dev": ("d0000000-0000-4000-8000-000000000004", "emulator-dev-writer-secret-not-for-production"),
    "prod": ("d0000000-0000-4000-8000-000000000005", "emulator-prod-writer-secret-not-for-production"),
}
SECRETS = {
    DEPLOYER_APP_ID: DEPLOYER_SECRET,
    READER_APP_ID: READER_SECRET,
    ADMIN_APP_ID: ADMIN_SECRET,
    **dict(WRITERS.values()),
}
DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000"

_NAMESPACE = uuid.UUID("e17ca0f1-6f0a-4b5e-9d5e-1b2f6a0c0de0")
_CREATED = "2025-01-01T00:00:00Z"


@lru_cache(maxsize=4096)
def fixed_id(*parts: str) -> str:
    """Derive an id from names, so that every seed gives the same object the same id."""
    return str(uuid.UUID(bytes=uuid.uuid5(_NAMESPACE, "/".join(parts).casefold()).bytes, version=4))


def empty(tenant_id: str, name: str, domains: Iterable[str]) -> Tenant:
    """Make a tenant that holds Microsoft's own service principals and nothing else."""
    tenant = Tenant(tenant_id, name, domains)
    tenant.service_principals.put(_graph_principal(tenant))
    for app_id, display_name in FIRST_PARTY:
        row = _first_party(tenant, app_id, display_name)
        if app_id == FIRST_PARTY[0][0]:
            # The one permission of this API, with its published id.
            text = ("Access Azure Service Management as organization users", "Acts as the signed-in user.")
            scope = make_scope(
                "41094075-9dad-400e-a0bd-54e686782033", "user_impersonation", text, admin=False
            )
            row["oauth2PermissionScopes"] = [scope]
        tenant.service_principals.put(row)
    return tenant


def contoso(*, clock: Clock | None = None, seed: str | None = None) -> Tenants:
    """Make the example directory: two tenants with people, groups, a deployer and a reader."""
    directory = Tenants(clock=clock, ids=Identifiers(seed))
    for tenant in _example():
        directory.add(tenant.fork())
    return directory


@cache
def _example() -> list[Tenant]:
    """Make the example's tenants once: each directory has forks of them, which share what nobody wrote."""
    made = []
    for tenant_id, name, domain in ((CONTOSO, "Contoso", "contoso"), (FABRIKAM, "Fabrikam", "fabrikam")):
        tenant = empty(tenant_id, name, (f"{domain}.onmicrosoft.com", f"{domain}.com"))
        made.append(tenant)
        for alias, display_name in PEOPLE:
            add_user(tenant, f"{alias}@{domain}.com", display_name)
        for group_name, members in GROUPS.items():
            group = add_group(tenant, group_name)
            for alias in members:
                tenant.members.add(group["id"], fixed_id(tenant_id, "user", f"{alias}@{domain}.com"))
        # Groups nest, and Entra gives roles to direct members only.
        nested = add_group(tenant, "MyApp Leads")
        tenant.members.add(nested["id"], fixed_id(tenant_id, "user", f"heidi@{domain}.com"))
        tenant.members.add(fixed_id(tenant_id, "group", "MyApp Admins"), nested["id"])
        for alias, role in (("grace", "Global Administrator"), ("alice", "Application Administrator")):
            tenant.directory_roles[fixed_id(tenant_id, "user", f"{alias}@{domain}.com")] = [role]
        add_operators(tenant)
        add_writers(tenant)
    return made


def add_operators(tenant: Tenant) -> None:
    """Add the deployer, reader and admin applications with their permissions and development secrets."""
    for app_id, name, secret, permissions in (
        (DEPLOYER_APP_ID, "Emulator deployer", DEPLOYER_SECRET, DEPLOYER),
        (READER_APP_ID, "Emulator reader", READER_SECRET, READER),
        (ADMIN_APP_ID, "Emulator admin", ADMIN_SECRET, ADMIN),
    ):
        _add_operator(tenant, name, app_id, secret, permissions)


def add_writers(tenant: Tenant) -> None:
    """Add the worked example's writers, one for each environment, as whom its GitHub environment signs in."""
    for environment, (app_id, secret) in WRITERS.items():
        app = _add_operator(tenant, f"MyApp Writer ({environment})", app_id, secret, WRITER)
        subject = (
            f"repo:example/myapp:environment:{environment}:"
            "job_workflow_ref:example/myapp/.github/workflows/entra-apply.yml@refs/heads/main"
        )
        add_federated_credential(
            tenant, app, "github", "https://token.actions.githubusercontent.com", subject
        )


def add_fleet_client(directory: Tenants, tenant_id: str, app_id: str) -> None:
    """Let the client of a fleet sign in to a tenant as it does in production: its registration is in another
    tenant, its service principal and permissions are in both. A client that the tenant has stays as it is.
    """
    tenant = directory.tenants[tenant_id]
    if tenant.service_principal_by_app_id(app_id) is not None:
        return
    home = directory.tenants.get(FLEET_HOME)
    if home is None:
        home = directory.add(empty(FLEET_HOME, "fleethome", ("fleethome.onmicrosoft.com",)))
    app = home.application_by_app_id(app_id)
    if app is None:
        app = add_application(
            home, f"Fleet client {app_id[:8]}", app_id=app_id, signInAudience="AzureADMultipleOrgs"
        )
        add_secret(home, app, DEPLOYER_SECRET)
    for each in (home, tenant):
        if each.service_principal_by_app_id(app_id) is None:
            key = fixed_id(each.tenant_id, "servicePrincipal", app_id)
            row = mirror_application(make_service_principal(key, app_id, _CREATED, FLEET_HOME), app)
            each.service_principals.put(row)
            for permission in WRITER:
                assign_graph_role(each, row, permission)


def for_names(
    directory: Tenants,
    tenant_ids: Iterable[str],
    *,
    users: Iterable[str] = (),
    groups: Iterable[str] = (),
    ids: Mapping[str, str] | None = None,
    applications: Mapping[str, str] | None = None,
    domains: Iterable[str] = (),
) -> None:
    """Add users, groups and applications to each tenant. `ids` are object ids by name, `applications` are
    names by appId.

    `domains` become verified ones, as those of `users` do.
    """
    pinned, users, domains = ids or {}, tuple(users), tuple(domains)
    for tenant_id in tenant_ids:
        tenant = directory.tenants.get(tenant_id)
        if tenant is None:
            name = f"t{tenant_id.split('-', 1)[0]}"
            tenant = directory.add(empty(tenant_id, name, (f"{name}.onmicrosoft.com",)))
            add_operators(tenant)
            add_writers(tenant)
        # A user's domain is verified itself; below a verified one, an identifier URI's host is too.
        own = (user.rpartition("@")[2].casefold() for user in users if "@" in user)
        for domain in (*own, *(host.casefold() for host in domains if not tenant.verifies(host.casefold()))):
            tenant.choices = tenant.choices.with_domain(domain)
        for user in users:
            if tenant.user_by_name(user) is None:
                add_user(tenant, user, user.split("@", 1)[0].title(), row_id=pinned.get(user))
        for group in groups:
            # Who deploys may be a group or a service principal: one of that name is enough, two would be no
            # name.
            if all(
                tenant.one(table, "displayName", group) is None for table in ("groups", "servicePrincipals")
            ):
                add_group(tenant, group, row_id=pinned.get(group))
        for app_id, name in (applications or {}).items():
            if tenant.service_principal_by_app_id(app_id) is None:
                row = _first_party(tenant, app_id, name)
                tenant.service_principals.put({**row, "id": pinned.get(name, row["id"])})


def publish_permissions(
    tenant: Tenant, app_id: str, scopes: Iterable[str], roles: Mapping[str, Iterable[str]]
) -> None:
    """Add scopes and app roles to an API's service principal, except those that it has. `roles` names the
    member types of each.
    """
    row = tenant.service_principal_by_app_id(app_id)
    if row is None:
        message = f"tenant {tenant.tenant_id} has no service principal of {app_id}"
        raise LookupError(message)
    published = {each["value"] for each in (*row["oauth2PermissionScopes"], *row["appRoles"])}
    new_scopes = [
        make_scope(fixed_id(app_id, "scope", value), value, (value, value), admin=False)
        for value in sorted(set(scopes) - published)
    ]
    new_roles = [
        make_app_role(fixed_id(app_id, "role", value), value, value, value, sorted(members))
        for value, members in sorted(roles.items())
        if value not in published
    ]
    tenant.service_principals.put(
        {
            **row,
            "oauth2PermissionScopes": [*row["oauth2PermissionScopes"], *new_scopes],
            "appRoles": [*row["appRoles"], *new_roles],
        }
    )


def add_managed_identity(directory: Tenants, tenant: Tenant, name: str, resource: str) -> Row:
    """Add the service principal of a managed identity as Azure makes it, without registration and owner.

    `resource` is the path of the Azure resource that has the identity, or of the identity itself if it is
    user-assigned. The form is that of azure-cli's recordings of 2022 to 2025; Azure keeps the certificate.
    """
    now = directory.clock.now()
    app_id, row_id, created = directory.ids.guid(), directory.ids.guid(), seconds_stamp(now)
    user_assigned = "/userassignedidentities/" in resource.casefold()
    row = make_service_principal(row_id, app_id, created, "")
    certificate = {
        "customKeyIdentifier": fixed_id(row_id, "thumbprint").replace("-", "").upper(),
        "displayName": f"CN={app_id}",
        "endDateTime": seconds_stamp(now + dt.timedelta(days=90)),
        "key": None,
        "keyId": fixed_id(row_id, "key"),
        "startDateTime": created,
        "type": "AsymmetricX509Cert",
        "usage": "Verify",
    }
    row.update(
        alternativeNames=[f"isExplicit={user_assigned}", resource],
        appOwnerOrganizationId=None,
        displayName=name,
        info=None,
        keyCredentials=[certificate],
        servicePrincipalNames=[app_id, f"https://identity.azure.net/{fixed_id(row_id, 'name')}"],
        servicePrincipalType="ManagedIdentity",
    )
    tenant.service_principals.put(row)
    return row


def add_user(tenant: Tenant, principal_name: str, display_name: str, *, row_id: str | None = None) -> Row:
    """Add a user."""
    row = make_user(
        row_id or fixed_id(tenant.tenant_id, "user", principal_name),
        principal_name,
        _CREATED,
        tenant.initial_domain,
    )
    given, _, surname = display_name.partition(" ")
    row.update(displayName=display_name, givenName=given, surname=surname or None, mail=principal_name)
    tenant.users.put(row)
    return row


def add_group(tenant: Tenant, display_name: str, *, row_id: str | None = None) -> Row:
    """Add a security group."""
    row = make_group(row_id or fixed_id(tenant.tenant_id, "group", display_name), _CREATED)
    row.update(
        displayName=display_name, mailNickname="".join(c for c in display_name.lower() if c.isalnum())[:64]
    )
    tenant.groups.put(row)
    return row


def add_application(
    tenant: Tenant,
    display_name: str,
    *,
    app_id: str | None = None,
    row_id: str | None = None,
    **properties: Any,
) -> Row:
    """Add an application registration; `properties` are Graph's, merged one level deep."""
    key = fixed_id(tenant.tenant_id, "application", app_id or display_name)
    app = make_application(row_id or key, app_id or fixed_id(key, "appId"), _CREATED, tenant.initial_domain)
    app["displayName"] = display_name
    for name, value in properties.items():
        app[name] = (
            {**app[name], **value} if isinstance(value, dict) and isinstance(app[name], dict) else value
        )
    tenant.applications.put(app)
    return app


def add_service_principal(tenant: Tenant, app: Row, *, row_id: str | None = None) -> Row:
    """Add the service principal of an application."""
    key = row_id or fixed_id(tenant.tenant_id, "servicePrincipal", app["appId"])
    row = mirror_application(make_service_principal(key, app["appId"], _CREATED, tenant.tenant_id), app)
    tenant.service_principals.put(row)
    return row


def add_secret(tenant: Tenant, app: Row, secret: str) -> None:
    """Give an application a client secret."""
    key_id = fixed_id(app["id"], "secret", secret)
    credential = {
        "customKeyIdentifier": None,
        "displayName": "emulator",
        "endDateTime": "2099-12-31T00:00:00Z",
        "hint": secret[:3],
        "keyId": key_id,
        "secretText": None,
        "startDateTime": _CREATED,
    }
    tenant.secrets[key_id] = secret_digest(secret)
    tenant.applications.put({**app, "passwordCredentials": [credential, *app["passwordCredentials"]]})


def add_federated_credential(tenant: Tenant, app: Row, name: str, issuer: str, subject: str) -> Row:
    """Let an application sign in with another issuer's tokens."""
    row: Row = {
        "id": fixed_id(app["id"], "federatedIdentityCredential", name),
        "name": name,
        "issuer": issuer,
        "subject": subject,
        "description": None,
        "audiences": ["api://AzureADTokenExchange"],
        "_application": app["id"],
    }
    tenant.federated_identity_credentials.put(row)
    return row


def assign_graph_role(tenant: Tenant, principal: Row, permission: str) -> Row:
    """Grant a Graph application permission to a service principal."""
    graph = tenant.service_principal_by_app_id(GRAPH_APP_ID)
    if graph is None:
        message = "the tenant has no service principal of Microsoft Graph"
        raise ValueError(message)
    role = next(role for role in graph["appRoles"] if role["value"] == permission)
    return assign(tenant, {**principal, "type": "ServicePrincipal"}, graph, role["id"])


def assign(tenant: Tenant, principal: Row, resource: Row, role_id: str = DEFAULT_ACCESS) -> Row:
    """Assign an app role; `principal` carries its `type`."""
    nonce = fixed_id(principal["id"], resource["id"], role_id)
    row = make_assignment(
        link_id(principal["id"], nonce), "2025-01-01T00:00:00.1234567Z", role_id, principal, resource
    )
    tenant.app_role_assignments.put(row)
    return row


def _add_operator(tenant: Tenant, name: str, app_id: str, secret: str, permissions: Iterable[str]) -> Row:
    app = add_application(tenant, name, app_id=app_id)
    principal = add_service_principal(tenant, app)
    add_secret(tenant, app, secret)
    for permission in permissions:
        assign_graph_role(tenant, principal, permission)
    return app


def _first_party(tenant: Tenant, app_id: str, name: str) -> Row:
    row_id = fixed_id(tenant.tenant_id, "servicePrincipal", app_id)
    row = make_service_principal(row_id, app_id, None, MICROSOFT)
    row.update(displayName=name, appDisplayName=name, signInAudience="AzureADMultipleOrgs")
    return row


def _graph_principal(tenant: Tenant) -> Row:
    scopes, roles = graph_permissions()
    row = _first_party(tenant, GRAPH_APP_ID, "Microsoft Graph")
    url = "https://graph.microsoft.com"
    names = [GRAPH_APP_ID, f"{GRAPH_APP_ID}/ags.windows.net", url, f"{url}/"]
    row.update(oauth2PermissionScopes=scopes, appRoles=roles, servicePrincipalNames=names)
    return row
