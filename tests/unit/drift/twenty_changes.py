"""Twenty changes of the worked example made by hand, by three actors."""

from __future__ import annotations

from typing import Any

from entra_emulator import seed
from tests.unit.drift.edited import GRAPH, Tenant

REQUIRED = "requiredResourceAccess"


async def twenty_changes(tenant: Tenant) -> None:
    """Change twenty things of the deployed example, as people and an application."""
    api, api_principal = await tenant.named("API")
    spa, spa_principal = await tenant.named("SPA")
    client, _ = await tenant.named("Dev Client")
    nightly, nightly_principal = await tenant.named("Nightly")
    apps = {
        each: f"/applications/{app['id']}"
        for each, app in {"api": api, "spa": spa, "client": client, "nightly": nightly}.items()
    }
    uris = spa["spa"]["redirectUris"]
    kept = [uri for uri in uris if not uri.endswith("/redirect.html")]

    await tenant.change(
        "alice",
        "added redirect URI https://evil.example/cb",
        "PATCH",
        apps["spa"],
        {"spa": {"redirectUris": [*uris, "https://evil.example/cb"]}},
    )
    await tenant.change(
        "grace",
        "removed redirect URI https://localhost:5173/redirect.html",
        "PATCH",
        apps["spa"],
        {"spa": {"redirectUris": [*kept, "https://evil.example/cb"]}},
    )
    await tenant.change(
        "alice",
        "changed displayName of devClient",
        "PATCH",
        apps["client"],
        {"displayName": "Somebody's client"},
    )
    scopes = api["api"]["oauth2PermissionScopes"]
    more = {**scopes[0], "id": "5c0be000-0000-4000-8000-000000000001", "value": "user.delete"}
    await tenant.change(
        "grace",
        "added scope user.delete",
        "PATCH",
        apps["api"],
        {"api": {"oauth2PermissionScopes": [*scopes, more]}},
    )
    await tenant.change(
        "alice",
        "added identifier URI api://",
        "PATCH",
        apps["api"],
        {"identifierUris": [*api["identifierUris"], f"api://{seed.CONTOSO}/old"]},
    )
    await tenant.change(
        "Emulator admin",
        "changed web.implicitGrantSettings.enableIdTokenIssuance of spa",
        "PATCH",
        apps["spa"],
        {"web": {"implicitGrantSettings": {"enableIdTokenIssuance": True}}},
    )
    await tenant.change(
        "alice",
        "added secret backdoor",
        "POST",
        f"{apps['spa']}/addPassword",
        {"passwordCredential": {"displayName": "backdoor"}},
    )
    bob = seed.fixed_id(seed.CONTOSO, "user", "bob@contoso.com")
    await tenant.change(
        "grace",
        "added owner bob@contoso.com",
        "POST",
        f"{apps['api']}/owners/$ref",
        {"@odata.id": f"{GRAPH}/directoryObjects/{bob}"},
    )
    user_read = {
        "resourceAppId": seed.GRAPH_APP_ID,
        "resourceAccess": [{"id": "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "type": "Scope"}],
    }
    await tenant.change(
        "Emulator admin",
        "added requested permission Microsoft Graph/User.Read",
        "PATCH",
        apps["client"],
        {REQUIRED: [*client[REQUIRED], user_read]},
    )
    await _changes_of_links(tenant, apps, api_principal, spa_principal, nightly_principal)
    await _changes_of_parts(tenant, apps, api)


async def _changes_of_links(tenant: Tenant, apps: dict[str, str], api: Any, spa: Any, nightly: Any) -> None:
    roles = {role["value"]: role["id"] for role in api["appRoles"]}
    bob = seed.fixed_id(seed.CONTOSO, "user", "bob@contoso.com")
    held = f"/servicePrincipals/{api['id']}/appRoleAssignedTo"
    await tenant.change(
        "alice",
        'added api/Admin assigned to user "',
        "POST",
        held,
        {"principalId": bob, "resourceId": api["id"], "appRoleId": roles["Admin"]},
    )
    entries = (await tenant.read(held))["value"]
    staff = next(entry["id"] for entry in entries if entry["principalDisplayName"] == "All Staff")
    await tenant.change(
        "grace", 'removed api/Reader taken from group "All Staff"', "DELETE", f"{held}/{staff}"
    )
    robot = next(entry["id"] for entry in entries if entry["principalId"] == nightly["id"])
    await tenant.change(
        "Emulator admin", "removed api/Writer taken from nightly", "DELETE", f"{held}/{robot}"
    )
    grants = (await tenant.read(f"/oauth2PermissionGrants?$filter=clientId eq '{spa['id']}'"))["value"]
    graph_grant, api_grant = sorted(grants, key=lambda grant: grant["resourceId"] == api["id"])
    await tenant.change(
        "alice",
        "added admin consent to email given",
        "PATCH",
        f"/oauth2PermissionGrants/{graph_grant['id']}",
        {"scope": graph_grant["scope"] + " email"},
    )
    await tenant.change(
        "Emulator admin",
        "removed admin consent to user.write taken away",
        "PATCH",
        f"/oauth2PermissionGrants/{api_grant['id']}",
        {"scope": "user.read"},
    )
    await tenant.change(
        "grace",
        "changed appRoleAssignmentRequired of api",
        "PATCH",
        f"/servicePrincipals/{api['id']}",
        {"appRoleAssignmentRequired": False},
    )


async def _changes_of_parts(tenant: Tenant, apps: dict[str, str], api: Any) -> None:
    credentials = f"{apps['nightly']}/federatedIdentityCredentials"
    (github,) = (await tenant.read(credentials))["value"]
    await tenant.change(
        "alice",
        "changed subject of nightly/github",
        "PATCH",
        f"{credentials}/{github['id']}",
        {"subject": "repo:evil/repo:ref:x"},
    )
    other = {
        "name": "other",
        "issuer": "https://evil.example",
        "subject": "me",
        "audiences": ["api://AzureADTokenExchange"],
    }
    await tenant.change("grace", "added federated credential nightly/other", "POST", credentials, other)
    await tenant.change(
        "Emulator admin",
        "changed signInAudience of devClient",
        "PATCH",
        apps["client"],
        {"signInAudience": "AzureADMultipleOrgs"},
    )
    roles = [{**role, "isEnabled": role["value"] != "Reader"} for role in api["appRoles"]]
    for role in roles:
        role.pop("origin", None)
    await tenant.change(
        "alice",
        "changed app role Reader of api changed (isEnabled)",
        "PATCH",
        apps["api"],
        {"appRoles": roles},
    )
    left = [
        entry
        for entry in api["api"]["preAuthorizedApplications"]
        if entry["appId"] != (await tenant.read(apps["client"]))["appId"]
    ]
    await tenant.change(
        "grace",
        "removed authorized client devClient → api",
        "PATCH",
        apps["api"],
        {"api": {"preAuthorizedApplications": left}},
    )
