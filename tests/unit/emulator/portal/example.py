"""An example tenant in which all that the portal shows is there once: tests of its pages read it."""

import asyncio
import json
from typing import Any

from entra_emulator import seed
from entra_emulator.callers import Caller
from entra_emulator.graph.call import HttpCall
from entra_emulator.seed_rows import ADMIN
from tests.conformance.login.login_world import ORIGIN, World
from tests.unit.emulator.portal.browsing import Browser
from tests.unit.emulator.portal.labelling import put
from tests.unit.emulator.portal.showing import names

DAY = 86400


def browser() -> Browser:
    """Return the portal of an API of ours with roles that come by every way, clients and consents."""
    made = World()
    owners = {"api": "myapp/prod", "spa": "myapp/prod", "other": "others/prod"}
    for name, owner in {**owners, "middle": "zeta/dev", "foreign": "alpha/dev"}.items():
        made.set(name, tags=[f"entra-config:owner={owner}", f"entra-config:key={name}"])
        made.set_principal(name, tags=made.application(name)["tags"])
    made.set("public", createdDateTime="2025-06-01T00:00:00Z")
    (secret,) = made.application("web")["passwordCredentials"]
    made.set("web", passwordCredentials=[{**secret, "endDateTime": "2026-01-20T00:00:00Z"}])
    _people(made)
    _assignments(made)
    _consents(made)
    _orphans(made)
    _policies(made)
    return Browser(made)


def _policies(made: World) -> None:
    tenant = made.tenant
    for row_id, name in (("no-secrets", "No secrets"), ("unused", "Unused")):
        held = {"passwordCredentials": [{"restrictionType": "passwordAddition", "state": "enabled"}]}
        policy = {"id": row_id, "displayName": name, "isEnabled": True, "restrictions": held}
        tenant.tables["appManagementPolicies"].put({**policy, "description": "", "deletedDateTime": None})
    tenant.app_policies.add(made.application("api")["id"], "no-secrets")
    tenant.app_policies.add(made.principal("spa")["id"], "no-secrets")
    tenant.tables["permissionGrantPolicies"].put(
        {"id": "mine", "displayName": "Mine", "description": "", "includes": [], "excludes": []}
    )
    tenant.tables["homeRealmDiscoveryPolicies"].put({"id": "realm", "displayName": "Realm"})
    tenant.policies.add(made.principal("spa")["id"], "realm")
    tenant.directory_roles[made.user("frank")["id"]] = ["Made up", "Application Administrator"]


def _orphans(made: World) -> None:
    """Leave what no request to Graph leaves, but a snapshot file can: links whose API is gone."""
    tenant = made.tenant
    ghost = seed.add_service_principal(tenant, seed.add_application(tenant, "Ghost"))
    seed.assign(tenant, {**made.user("heidi"), "type": "User"}, ghost)
    seed.assign(tenant, {**made.principal("public"), "type": "ServicePrincipal"}, ghost)
    ends = {"clientId": made.principal("public")["id"], "resourceId": ghost["id"], "principalId": None}
    consent = {"id": "ghost", "consentType": "AllPrincipals", "scope": "all"}
    tenant.oauth2_permission_grants.put({**consent, **ends})
    tenant.service_principals.remove(ghost["id"])
    tenant.applications.remove(tenant.application_by_app_id(ghost["appId"])["id"])


def used() -> Browser:
    """Return the same after a manifest was applied, people signed in, and somebody changed this and that."""
    shown = browser()
    world = shown.world
    applied(shown, **_places(world))
    world.sign_in("spa", "bob", "openid api://api/user.read")
    world.app_only("daemon", "api://api/.default")
    world.app_only("daemon", "api://nowhere/.default")
    world.sign_in("spa", "carol", "openid api://api/user.read")
    world.clock.advance(DAY)
    api, role = world.principal("api")["id"], seed.fixed_id("api", "role", "Reader")
    change(shown, "PATCH", f"/groups/{group(world, 'Audit')}", {"description": "Reads and writes"})
    given = {"principalId": world.user("dave")["id"], "resourceId": api, "appRoleId": role}
    change(shown, "POST", f"/servicePrincipals/{api}/appRoleAssignedTo", given)
    change(shown, "PATCH", f"/applications/{world.application('daemon')['id']}", {"displayName": "Nightly"})
    grant = {"clientId": world.principal("daemon")["id"], "resourceId": api, "consentType": "AllPrincipals"}
    change(shown, "POST", "/oauth2PermissionGrants", {**grant, "scope": "user.read"})
    made = {"displayName": "By hand", "tags": ["entra-config:owner=myapp/prod"]}
    change(shown, "POST", "/applications", made)
    change(shown, "PATCH", f"/users/{world.user('erin')['id']}", {"jobTitle": "Engineer"})
    link = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{world.user('oscar')['id']}"}
    change(shown, "POST", f"/groups/{group(world, 'MyApp Writers')}/members/$ref", link)
    return shown


def _places(made: World) -> dict[str, str]:
    writers, staff = group(made, "MyApp Writers"), group(made, "All Staff")
    return {
        "application.api": "api.yaml:3",
        "application.api/appRole/Admin": "api.yaml:15",
        "application.api/appRole/Writer": "api.yaml:16",
        "application.api/scope/user.read": "api.yaml:9",
        "application.api/identifierUri/api:%2F%2Fapi": "api.yaml:7",
        "application.api/redirectUri/https:%2F%2Fdeclared.example%2F": "api.yaml:20",
        "enterpriseApplication.api": "api.yaml:30",
        "enterpriseApplication.api/property/appRoleAssignmentRequired": "api.yaml:31",
        "authorizedClient.spa/api/user.write": "api.yaml:40",
        "permissionGrant.spa/api/user.read": "clients.yaml:11",
        "application.spa": "clients.yaml:3",
        f"appRoleAssignment.api/Writer/group:{writers}": "access.yaml:4",
        f"appRoleAssignment.api/Reader/group:{staff}": "access.yaml:6",
        "appRoleAssignment.api/Writer/user:bob@contoso.com": "access.yaml:5",
    }


def change(shown: Browser, method: str, path: str, body: Any = None) -> None:
    """Change something by Graph, as the emulator's admin."""
    world = shown.world
    admin = world.tenant.service_principal_by_app_id(seed.ADMIN_APP_ID)
    assert admin
    caller = Caller("app", world.tenant.tenant_id, admin["id"], seed.ADMIN_APP_ID, roles=frozenset(ADMIN))
    headers = {
        "authorization": f"Bearer {shown.portal.token_of(caller)}",
        "content-type": "application/json",
    }
    sent = b"" if body is None else json.dumps(body).encode()
    call = HttpCall(method, ["v1.0", *path.strip("/").split("/")], "", headers, sent, ORIGIN)
    reply = asyncio.run(shown.emulator.call_graph(call))
    assert reply.status < 300, reply.body


def group(made: World, name: str) -> str:
    """Return the id of a group."""
    (row,) = made.directory.default.groups.find("displayName", name.casefold())
    return str(row["id"])


def _people(made: World) -> None:
    tenant = made.tenant
    made.set_user("carol", accountEnabled=False)
    seed.add_group(tenant, "Nobody")
    tenant.members.add(group(made, "MyApp Deploy"), made.user("oscar")["id"])
    tenant.members.add(group(made, "On call"), group(made, "MyApp Deploy"))
    tenant.members.add(group(made, "MyApp Writers"), made.principal("daemon")["id"])
    made.set_group("Audit", description="Reads alone")
    for owner in ("bob", "alice"):
        tenant.owners.add(made.application("api")["id"], made.user(owner)["id"])
    tenant.owners.add(group(made, "Audit"), made.user("bob")["id"])


def _assignments(made: World) -> None:
    for holder, label in (
        ("group:MyApp Writers", "Writer"),
        ("group:On call", "Reader"),
        ("group:MyApp Admins", "Admin"),
        ("group:Nobody", "Admin"),
        ("user:bob", "Writer"),
        ("user:carol", "Writer"),
        ("user:alice", "default"),
        ("app:daemon", "Writer"),
    ):
        made.assign(holder, "api", label)
    made.assign("user:bob", "other", "Reader")
    made.assign("app:daemon", "other", "NoValue")
    gone = seed.fixed_id("a role that is gone")
    seed.assign(made.tenant, {**made.user("frank"), "type": "User"}, made.principal("api"), gone)


def _consents(made: World) -> None:
    made.grant("spa", "api", "user.read user.gone")
    ends = {"clientId": made.principal("middle")["id"], "resourceId": made.principal("api")["id"]}
    empty = {"id": "empty", "consentType": "AllPrincipals", "principalId": None, "scope": None}
    made.tenant.oauth2_permission_grants.put({**empty, **ends})
    made.grant("spa", "api", "user.write", user="bob")
    made.grant("web", "api", "user.old", user="alice")
    made.preauthorize("api", "spa", "user.write")
    made.preauthorize("api", "web", "user.read", "user.admin")
    ids = {value: seed.fixed_id("api", value) for value in ("user.read", "user.write", "user.admin")}
    access = [{"id": each, "type": "Scope"} for each in ids.values()]
    roles = [{"id": seed.fixed_id("api", "role", each), "type": "Role"} for each in ("Reader", "Writer")]
    requested = [{"resourceAppId": made.app_ids["api"], "resourceAccess": [*access, *roles]}]
    for name in ("spa", "daemon"):
        made.set(name, requiredResourceAccess=requested)
    seed.add_federated_credential(
        made.tenant, made.application("daemon"), "pipeline", "https://issuer.example", "repo:x"
    )


def through_groups() -> Browser:
    """Return the portal of an API whose roles come directly and through groups, and of nothing else."""
    made = World()
    made.assign("group:MyApp Admins", "api", "Admin")
    made.assign("group:All Staff", "api", "Reader")
    made.assign("user:alice", "api", "Writer")
    made.grant("spa", "api", "user.read")
    return Browser(made)


def applied(shown: Browser, **places: Any) -> None:
    """Send labels, as `apply` does."""
    assert put(shown, places).status_code == 200


def with_deleted() -> Browser:
    """Return the same after somebody deleted a person, long ago and of late, both halves of an application
    and a group.
    """
    shown = browser()
    world, tenant = shown.world, shown.world.tenant
    seed.add_application(tenant, "Alone")
    world.grant("web", "api", "user.write", user="judy")
    tenant.owners.add(world.application("web")["id"], world.user("bob")["id"])
    world.set_group("On call", groupTypes=["Unified"])
    change(shown, "DELETE", f"/users/{world.user('li')['id']}")
    world.clock.advance(31 * DAY)
    change(shown, "DELETE", f"/users/{world.user('judy')['id']}")
    change(shown, "DELETE", f"/applications/{world.application('web')['id']}")
    change(shown, "DELETE", f"/groups/{group(world, 'MyApp Admins')}")
    return shown


def changed() -> Browser:
    """Return the portal after a snapshot `then` and one change of each sort."""
    shown = used()
    world, tenant = shown.world, shown.world.tenant
    shown.emulator.snapshots.save("then")
    world.clock.advance(DAY)
    api, spa, daemon = (f"/applications/{world.application(name)['id']}" for name in ("api", "spa", "daemon"))
    row = world.application("api")
    reader, writer, *others = row["appRoles"]
    auditor = {"id": seed.fixed_id("new role"), "value": "Auditor", "displayName": "Auditor"}
    auditor |= {"description": "Audits", "isEnabled": True, "allowedMemberTypes": ["User"]}
    left = [each for each in row["api"]["oauth2PermissionScopes"] if each["isEnabled"]]
    world.set("api", appRoles=[{**reader, "displayName": "Reads"}, writer, *others, auditor])
    world.set("api", api={"oauth2PermissionScopes": left}, notes="Changed by hand")
    change(shown, "PATCH", spa, {"spa": {"redirectUris": ["https://elsewhere.example/"]}})
    change(shown, "POST", f"{daemon}/addPassword", {"passwordCredential": {"displayName": "by hand"}})
    federated = tenant.federated_identity_credentials.find("application", daemon.rpartition("/")[2])
    change(shown, "DELETE", f"{daemon}/federatedIdentityCredentials/{federated[0]['id']}")
    dev = world.tenant.one("applications", "displayName", "myapp writer (dev)")
    assert dev
    (pipeline,) = tenant.federated_identity_credentials.find("application", dev["id"])
    tenant.federated_identity_credentials.put({**pipeline, "subject": "repo:elsewhere"})
    seed.add_federated_credential(tenant, dev, "new", "https://new.example", "repo:new")
    seed.add_service_principal(tenant, seed.add_application(tenant, "New"))
    world.clock.advance(3600)
    change(shown, "DELETE", f"{api}/owners/{world.user('bob')['id']}/$ref")
    link = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{world.user('carol')['id']}"}
    change(shown, "POST", f"{spa}/owners/$ref", link)
    change(shown, "POST", f"/groups/{group(world, 'Audit')}/members/$ref", link)
    change(shown, "DELETE", f"/groups/{group(world, 'MyApp Writers')}/members/{world.user('bob')['id']}/$ref")
    required = {"appRoleAssignmentRequired": True}
    change(shown, "PATCH", f"/servicePrincipals/{world.principal('api')['id']}", required)
    change(shown, "PATCH", f"/users/{world.user('judy')['id']}", {"accountEnabled": False})
    change(shown, "DELETE", f"/users/{world.user('li')['id']}")
    change(shown, "DELETE", f"/applications/{world.application('other')['id']}")
    _links(shown)
    return shown


def _links(shown: Browser) -> None:
    world, tenant = shown.world, shown.world.tenant
    world.clock.advance(3600)
    ids = {name: row_id for row_id, name in names(world).items()}
    change(shown, "DELETE", f"/oauth2PermissionGrants/{ids['grant:Nightly/Api']}")
    more = {"scope": "user.read user.admin"}
    change(shown, "PATCH", f"/oauth2PermissionGrants/{ids['grant:Spa/Api']}", more)
    api = world.principal("api")["id"]
    grant = {"clientId": world.principal("web")["id"], "resourceId": api, "consentType": "AllPrincipals"}
    change(shown, "POST", "/oauth2PermissionGrants", {**grant, "scope": "user.write"})
    role = seed.fixed_id("api", "role", "Writer")
    given = {"principalId": world.user("judy")["id"], "resourceId": api, "appRoleId": role}
    change(shown, "POST", f"/servicePrincipals/{api}/appRoleAssignedTo", given)
    change(shown, "DELETE", f"/servicePrincipals/{api}/appRoleAssignedTo/{ids['Carol Clark→Api/Writer']}")
    assert len(tenant.deleted_items) == 3
