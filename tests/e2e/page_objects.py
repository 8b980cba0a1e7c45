"""What an emulator holds whose pages are all opened: clients, an API with a role and a consent, policies."""

from entra_emulator import seed
from entra_emulator.clock import seconds_stamp
from entra_emulator.directory import Tenants

CLIENT, WITH_APPROVAL = "9a9e0000-0000-4000-8000-000000000001", "9a9e0000-0000-4000-8000-000000000002"
REDIRECT = "http://localhost/callback"
TASKS, ROLE, GRANT, POLICY, GONE = (f"9a9e0000-0000-4000-8000-00000000000{number}" for number in range(3, 8))
USER_READ, DIRECTORY_READ = "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "06da0dbc-49e2-44d2-8312-53f166ab848a"


def prepare(directory: Tenants) -> None:
    """Add a client that anybody may consent to, and one that asks for what an administrator must grant."""
    tenant = directory.default
    for app_id, name, scope in (
        (CLIENT, "Notebook", USER_READ),
        (WITH_APPROVAL, "Directory browser", DIRECTORY_READ),
    ):
        access = [{"resourceAppId": seed.GRAPH_APP_ID, "resourceAccess": [{"id": scope, "type": "Scope"}]}]
        app = seed.add_application(
            tenant, name, app_id=app_id, publicClient={"redirectUris": [REDIRECT]},
            requiredResourceAccess=access,
            isFallbackPublicClient=True,
        )  # fmt: skip
        principal = seed.add_service_principal(tenant, app)
        seed.assign(
            tenant,
            {**tenant.users.rows[seed.fixed_id(seed.CONTOSO, "user", "bob@contoso.com")], "type": "User"},
            principal,
        )
    _more_objects(directory)


def _more_objects(directory: Tenants) -> None:
    """Add an API with a role and a consent, an app management policy that refuses, and what is deleted."""
    tenant = directory.default
    scope = {
        "id": GONE, "value": "tasks.read", "type": "User", "isEnabled": True,
        "adminConsentDisplayName": "Read tasks", "adminConsentDescription": "Reads tasks.",
        "userConsentDisplayName": None, "userConsentDescription": None,
    }  # fmt: skip
    role = {
        "id": ROLE, "value": "Editor", "displayName": "Editor", "description": "Edits tasks.",
        "isEnabled": True, "allowedMemberTypes": ["User"],
    }  # fmt: skip
    tags = ["entra-config:owner=tasks/dev", "entra-config:key=api"]
    app = seed.add_application(
        tenant, "Tasks API", app_id=TASKS, appRoles=[role], api={"oauth2PermissionScopes": [scope]}, tags=tags
    )
    api = seed.add_service_principal(tenant, app)
    admins = tenant.one("groups", "displayName", "myapp admins")
    alice = tenant.user_by_name("alice@contoso.com")
    client = tenant.service_principal_by_app_id(CLIENT)
    assert admins
    assert alice
    assert client
    seed.assign(tenant, {**admins, "type": "Group"}, api, ROLE)
    seed.assign(tenant, {**alice, "type": "User"}, api, ROLE)
    ends = {"clientId": client["id"], "resourceId": api["id"], "principalId": None}
    grant = {"id": GRANT, "consentType": "AllPrincipals", "scope": "tasks.read tasks.gone", **ends}
    tenant.oauth2_permission_grants.put(grant)
    tenant.tables["appManagementPolicies"].put(
        {
            "id": POLICY, "displayName": "No secrets that live long", "description": "For what is new.",
            "deletedDateTime": None, "isEnabled": True,
            "restrictions": {
                "passwordCredentials": [
                    {"restrictionType": "passwordLifetime", "maxLifetime": "P90D", "state": "enabled"},
                    {"restrictionType": "customPasswordAddition", "state": "enabled"},
                ]
            },
        }
    )  # fmt: skip
    tenant.app_policies.add(app["id"], POLICY)
    erin = tenant.user_by_name("erin@contoso.com")
    assert erin
    assignment = seed.assign(tenant, {**erin, "type": "User"}, api, ROLE)
    tenant.app_role_assignments.remove(assignment["id"])
    tenant.users.remove(erin["id"])
    stamp = seconds_stamp(directory.clock.now())
    parked = {**erin, "_type": "user", "_assignments": [assignment], "_grants": []}
    tenant.deleted_items.put({**parked, "deletedDateTime": stamp})
