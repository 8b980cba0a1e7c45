"""Access as years leave it: holders who are gone, equal names, consents that nobody asks for any more."""

from __future__ import annotations

from entra_emulator import seed
from tests.unit.importing.importer import Ground
from tests.unit.importing.legacy_registrations import overwrite, register
from tests.unit.importing.registrations import GRAPH, guid, role, scope


async def deleted_holders(ground: Ground) -> None:
    """Assign a role to a user who is deleted, to nobody, and one role that is none."""
    _, principal = await register(
        ground, "Holders who left", appRoles=[role("Reader", "User", "Application")]
    )
    user = {
        "accountEnabled": True,
        "displayName": "Gone",
        "mailNickname": "gone",
        "userPrincipalName": "gone@contoso.com",
    }
    gone = await ground.post("/users", {**user, "passwordProfile": {"password": "Long-enough-1234"}})
    for number, who in enumerate((gone, None)):
        body = {"principalId": gone["id"], "resourceId": principal["id"], "appRoleId": guid("role Reader")}
        if who is not None:
            made = await ground.post(f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", body)
            rows = ground.embedded.directory.default.tables["appRoleAssignments"]
            rows.put(
                {**(rows.get(made["id"]) or {}), "id": f"dangling{number}", "principalId": guid("nobody")}
            )
            rows.put({**(rows.get(made["id"]) or {}), "id": "dangling-role", "appRoleId": guid("no role")})
    await ground.send("DELETE", f"/users/{gone['id']}", None)


async def equal_groups(ground: Ground) -> None:
    """Assign a role to groups of one name, and to names that are traps of YAML."""
    _, principal = await register(ground, "Equal groups", appRoles=[role("Reader")])
    for name in ("Same", "Same", "yes", "012", "${x}", "a: b # c", "<b>|@all"):
        body = {"displayName": name, "mailEnabled": False, "mailNickname": "same", "securityEnabled": True}
        group = await ground.post("/groups", body)
        given = {"principalId": group["id"], "resourceId": principal["id"], "appRoleId": guid("role Reader")}
        await ground.post(f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", given)


async def names_of_apis(ground: Ground) -> None:
    """Call own applications as Microsoft calls its own, and consent to a scope that is gone."""
    own, principal = await register(
        ground,
        "Microsoft Graph",
        api={"oauth2PermissionScopes": [scope("own.read")]},
        appRoles=[role("own", "Application")],
    )
    wanted = [
        {
            "resourceAppId": own["appId"],
            "resourceAccess": [
                {"id": guid("own.read"), "type": "Scope"},
                {"id": guid("role own"), "type": "Role"},
            ],
        },
        {
            "resourceAppId": GRAPH,
            "resourceAccess": [{"id": "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "type": "Scope"}],
        },
    ]
    _, client = await register(ground, "Azure CLI", requiredResourceAccess=wanted)
    grant = {
        "clientId": client["id"],
        "consentType": "AllPrincipals",
        "resourceId": principal["id"],
        "scope": "own.read gone.scope",
    }
    await ground.post("/oauth2PermissionGrants", grant)


async def consents(ground: Ground) -> None:
    """Consented to what is no longer asked for, per user, and twice."""
    _, client = await register(ground, "Consents")
    graph = ground.embedded.directory.default.service_principal_by_app_id(GRAPH)
    assert graph
    user = seed.fixed_id(seed.CONTOSO, "user", "li@contoso.com")
    for kind, who in (("AllPrincipals", None), ("Principal", user)):
        body = {
            "clientId": client["id"],
            "consentType": kind,
            "principalId": who,
            "resourceId": graph["id"],
            "scope": "User.Read  Mail.Read",
        }
        await ground.post("/oauth2PermissionGrants", {key: value for key, value in body.items() if value})
    body = {
        "principalId": client["id"],
        "resourceId": graph["id"],
        "appRoleId": "7ab1d382-f21e-4acd-a863-ba3e13f7da61",
    }
    await ground.post(f"/servicePrincipals/{client['id']}/appRoleAssignments", body)


async def consents_at_ours(ground: Ground) -> None:
    """Held at an API that is imported too and not asked for: scopes, one of OpenID, roles, and what
    nothing names any more.
    """
    roles = [role("Job", "Application"), role("Person", "User", "Application"), role("Gone", "Application")]
    own, principal = await register(
        ground, "API", api={"oauth2PermissionScopes": [scope("u.read"), scope("u.write")]}, appRoles=roles
    )
    _, client = await register(ground, "Client that asks for nothing")
    grant = {"clientId": client["id"], "consentType": "AllPrincipals", "resourceId": principal["id"]}
    await ground.post("/oauth2PermissionGrants", {**grant, "scope": " u.read openid gone.scope"})
    for name in ("Job", "Person", "Gone"):
        body = {"principalId": client["id"], "resourceId": principal["id"], "appRoleId": guid(f"role {name}")}
        await ground.post(f"/servicePrincipals/{client['id']}/appRoleAssignments", body)
    kept = [role("Job", "Application"), role("Person", "User")]
    overwrite(ground, "applications", own, appRoles=kept)
    overwrite(ground, "servicePrincipals", principal, appRoles=kept)


async def holders_of_others(ground: Ground) -> None:
    """Applications of others hold a role and act for everybody; one has a name that no YAML wants."""
    api = {"oauth2PermissionScopes": [scope("h.read")]}
    _, principal = await register(ground, "Held by others", api=api, appRoles=[role("Job", "Application")])
    for number, name in enumerate(("Partner", "null: \u202e${x}")):
        body = {
            "id": guid(f"partner {number}"),
            "appId": guid(f"app {number}"),
            "displayName": name,
            "appRoles": [],
        }
        stranger = {**body, "oauth2PermissionScopes": [], "servicePrincipalType": "Application", "tags": []}
        overwrite(ground, "servicePrincipals", stranger, **stranger)
        given = {"principalId": stranger["id"], "resourceId": principal["id"], "appRoleId": guid("role Job")}
        await ground.post(f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", given)
        grant = {
            "clientId": stranger["id"],
            "consentType": "AllPrincipals",
            "resourceId": principal["id"],
            "scope": "h.read old",
        }
        await ground.post("/oauth2PermissionGrants", grant)


async def holders_beside_who_left(ground: Ground) -> None:
    """Somebody holds a role beside somebody who is gone."""
    await deleted_holders(ground)
    principal = next(
        row
        for row in ground.embedded.directory.default.service_principals
        if row["displayName"] == "Holders who left"
    )
    body = {
        "principalId": seed.fixed_id(seed.CONTOSO, "user", "li@contoso.com"),
        "resourceId": principal["id"],
    }
    await ground.post(
        f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", {**body, "appRoleId": guid("role Reader")}
    )
