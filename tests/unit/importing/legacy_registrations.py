"""Registrations as years leave them: dangling references, hostile names, traps of YAML, hundreds of roles."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from entra_emulator import seed
from tests.unit.importing.importer import Ground
from tests.unit.importing.registrations import GRAPH, guid, role, scope

Story = Callable[[Ground], Awaitable[None]]
CERTIFICATE = {
    "type": "AsymmetricX509Cert",
    "usage": "Verify",
    "keyId": guid("certificate"),
    "customKeyIdentifier": "0123456789ABCDEF0123456789ABCDEF01234567",
    "displayName": "CN=saml signing",
    "startDateTime": "2020-01-01T00:00:00Z",
    "endDateTime": "2021-01-01T00:00:00Z",
    "key": None,
}


async def register(ground: Ground, name: str, **changes: Any) -> tuple[Any, Any]:
    """Register an application with its service principal."""
    app = await ground.post("/applications", {"displayName": name, **changes})
    return app, await ground.post("/servicePrincipals", {"appId": app["appId"]})


def overwrite(ground: Ground, table: str, row: Any, **changes: Any) -> None:
    """Change a row behind Graph's back: years leave what no call of today could make."""
    rows = ground.embedded.directory.default.tables[table]
    rows.put({**(rows.get(row["id"]) or {}), **changes})


async def certificates(ground: Ground) -> None:
    """Sign in by SAML, with certificates that have ended."""
    app, principal = await register(
        ground, "SAML app", identifierUris=[f"https://contoso.com/{seed.CONTOSO}/saml"]
    )
    sign = {**CERTIFICATE, "keyId": guid("sign"), "usage": "Sign"}
    overwrite(ground, "applications", app, keyCredentials=[CERTIFICATE])
    overwrite(
        ground,
        "servicePrincipals",
        principal,
        keyCredentials=[CERTIFICATE, sign],
        preferredSingleSignOnMode="saml",
        loginUrl="https://contoso.com/login",
        notificationEmailAddresses=["it@contoso.com"],
        notes="a\nb: ${c}",
    )


async def many_credentials(ground: Ground) -> None:
    """Have as many federated credentials as Graph takes."""
    app, _ = await register(ground, "Many federated credentials")
    for number in range(20):
        subject = {
            "name": f"branch-{number}",
            "issuer": "https://token.actions.githubusercontent.com",
            "subject": f"repo:a/b:ref:{number}",
        }
        await ground.post(
            f"/applications/{app['id']}/federatedIdentityCredentials",
            {
                **subject,
                "audiences": ["api://AzureADTokenExchange"],
                "description": f"number {number}: ${{x}}",
            },
        )


ROLE, SESSION = "arn:aws:iam::123456789012:role/bff", "arn:aws:sts::123456789012:assumed-role/bff/x"
WORKFLOW = "job_workflow_ref:a/b/.github/x@y"
TASK = "https://0a1b2c3d-1111-2222-3333-444455556666.tokens.sts.global.api.aws"
GITHUB = "https://token.actions.githubusercontent.com"
BY_ID = "claims['repository_id'] eq '2'"
# By name: what the tenant has, and what is written of it.
WORKLOADS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "task": (TASK, {"subject": ROLE}, {"aws": {"issuer": TASK, "role": ROLE}}),
    "session": (
        TASK,
        {"subject": SESSION},
        {"issuer": TASK, "subject": SESSION},
    ),
    "old": (GITHUB, {"subject": "repo:a/b:pull_request"}, {"github": {"repository": ("a/"
"b"), "pullRequest": True}}),
    "ids": (GITHUB, {"subject": "repo:a@1/b@2:environment:p"}, {"github": {"repository": ("a@1/"
"b@2"), "environment": "p"}}),
    "custom": (GITHUB, {"subject": WORKFLOW}, {"issuer": GITHUB, "subject": WORKFLOW}),
    "slash": (f"{GITHUB}/", {"subject": "repo:a/b:pull_request"}, {"issuer": f"{GITHUB}/", "subject": ("repo:"
"a/"
"b:"
"pull_request")}),
    "identity": (
        f"https://login.microsoftonline.com/{seed.CONTOSO}/v2.0",
        {"subject": guid("identity")},
        {"managedIdentity": {"objectId": guid("identity")}},
    ),
    "branches": (
        GITHUB,
        {"claimsMatchingExpression": {"value": ("claims['sub'] matches 'repo:a/b:*' and "
f"{BY_ID}"), "languageVersion": 1}},
        {"github": {"matches": f"claims['sub'] matches 'repo:a/b:*' and {BY_ID}"}},
    ),
    # As it was taken before the ids had to be asked for.
    "early": (
        GITHUB,
        {"claimsMatchingExpression": {"value": "claims['sub'] matches 'repo:a/b:*'", "languageVersion": 1}},
        {"issuer": GITHUB, "matches": "claims['sub'] matches 'repo:a/b:*'"},
    ),
}  # fmt: skip


async def every_workload(ground: Ground) -> None:
    """Have a federated credential of each kind of workload."""
    app, _ = await register(ground, "Every workload")
    for name, (issuer, said, _) in WORKLOADS.items():
        row = {
            "id": guid(name),
            "name": name,
            "issuer": issuer,
            "subject": None,
            "description": None,
            "_application": app["id"],
        }
        row |= {"audiences": ["api://AzureADTokenExchange"], **said}
        ground.embedded.directory.default.federated_identity_credentials.put(row)


async def unknown_clients(ground: Ground) -> None:
    """Authorize clients beforehand that no tenant here knows."""
    scopes = [scope("u.read")]
    clients = [guid(f"client {number}") for number in range(3)]
    azure_cli = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
    app, _ = await register(ground, "Unknown clients", api={"oauth2PermissionScopes": scopes})
    listed = [{"appId": each, "delegatedPermissionIds": [guid("u.read")]} for each in (*clients, azure_cli)]
    overwrite(ground, "applications", app, api={**app["api"], "preAuthorizedApplications": listed})


async def dangling_client(ground: Ground) -> None:
    """Authorize a client beforehand for a scope that is gone."""
    app, _ = await register(ground, "Dangling client", api={"oauth2PermissionScopes": [scope("d.read")]})
    dangling = [{"appId": guid("client 1"), "delegatedPermissionIds": [guid("gone")]}]
    overwrite(ground, "applications", app, api={**app["api"], "preAuthorizedApplications": dangling})


async def multi_tenant(ground: Ground) -> None:
    """Have an address and roles of an application of several tenants."""
    uris = ["https://contoso.com/multi"]
    roles = [role("Access", "User", "Application")]
    app, _ = await register(
        ground, "Multi", signInAudience="AzureADMultipleOrgs", identifierUris=uris, appRoles=roles
    )
    rows = [{**each, "origin": "Application"} for each in app["appRoles"]]
    overwrite(ground, "applications", app, appRoles=rows)


async def missing_api(ground: Ground) -> None:
    """Request permissions of an API that is not here, and one that Graph has no more."""
    access = [{"id": guid("p"), "type": "Scope"}, {"id": guid("q"), "type": "Role"}]
    graph = {"resourceAppId": GRAPH, "resourceAccess": [{"id": guid("retired permission"), "type": "Scope"}]}
    await register(
        ground,
        "API that is not here",
        requiredResourceAccess=[{"resourceAppId": guid("nowhere"), "resourceAccess": access}, graph],
    )


async def api_without_principal(ground: Ground) -> None:
    """Request a scope of an application that has no service principal."""
    api = await ground.post(
        "/applications", {"displayName": "No principal", "api": {"oauth2PermissionScopes": [scope("n.read")]}}
    )
    requested = [{"resourceAppId": api["appId"], "resourceAccess": [{"id": guid("n.read"), "type": "Scope"}]}]
    await register(ground, "Client of no principal", requiredResourceAccess=requested)


async def many_roles(ground: Ground) -> None:
    """Have seven hundred roles."""
    await register(
        ground, "Seven hundred roles", appRoles=[role(f"R{n}", id=guid(f"many {n}")) for n in range(700)]
    )


async def hostile_names(ground: Ground) -> None:
    """Have names and texts that YAML, file systems, terminals and workflows read as something else."""
    names = [
        "null",
        "~",
        "y",
        "1e3",
        "0x1F",
        "2020-01-01",
        "- a",
        "{a: b}",
        "!!int 1",
        "&a",
        "*a",
        "%",
        "@all",
        "`x`",
    ]
    names += [
        "../../etc/passwd",
        "CON",
        "a/b",
        "İstanbul",
        "\u202egnp.exe",
        "😀",
        "::add-mask::x",
        "=1+1",
        "x" * 120,
        "'",
        '"',
    ]
    names += [
        "Microsoft Graph",
        "microsoft-graph",
        "${appId}",
        "$${x}",
        "trailing\\",
        "tab\tname",
        "a\u00a0b",
        "\u2028line",
    ]
    for name in names:
        texts = {"description": name, "notes": f"{name}\n{name}"}
        await register(
            ground,
            name,
            **texts,
            appRoles=[role("Reader", id=guid(f"r{name}"), displayName=name, description=name)],
        )


async def odd_properties(ground: Ground) -> None:
    """Have tags, claims and keys that no manifest would set."""
    app, principal = await register(ground, "Odd properties")
    overwrite(
        ground,
        "applications",
        app,
        tags=["x" * 250, "HideApp", "WindowsAzureActiveDirectoryIntegratedApp"],
        isFallbackPublicClient=True,
        isDeviceOnlyAuthSupported=True,
        groupMembershipClaims="All, ApplicationGroup",
        optionalClaims={"idToken": None, "accessToken": [], "saml2Token": []},
        uniqueName="unique",
        tokenEncryptionKeyId=guid("certificate"),
        keyCredentials=[CERTIFICATE],
    )
    overwrite(
        ground,
        "servicePrincipals",
        principal,
        accountEnabled=False,
        appRoleAssignmentRequired=True,
        tags=["HideApp", "x"],
    )
