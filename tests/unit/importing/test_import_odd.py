"""Import of what years leave behind: dangling references, hostile names, traps of YAML, hundreds of roles."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from entra_config.emulator import seed
from entra_config.errors import UsageError
from entra_config.importing import application, links
from entra_config.importing.manifest import Written
from entra_config.importing.tenant import Export, Registration, WantedRegistrations
from entra_config.plan.model import Plan
from tests.unit.importing.importer import EVERYTHING, Ground, assert_marks_only
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


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    """Return a fresh tenant."""
    return Ground(tmp_path)


async def _app(ground: Ground, name: str, **changes: Any) -> tuple[Any, Any]:
    """Register an application with its service principal."""
    app = await ground.post("/applications", {"displayName": name, **changes})
    return app, await ground.post("/servicePrincipals", {"appId": app["appId"]})


def _put(ground: Ground, table: str, row: Any, **changes: Any) -> None:
    """Change a row behind Graph's back: years leave what no call of today could make."""
    rows = ground.embedded.directory.default.tables[table]
    rows.put({**(rows.get(row["id"]) or {}), **changes})


async def _certificates(ground: Ground) -> None:
    app, principal = await _app(
        ground, "SAML app", identifierUris=[f"https://contoso.com/{seed.CONTOSO}/saml"]
    )
    sign = {**CERTIFICATE, "keyId": guid("sign"), "usage": "Sign"}
    _put(ground, "applications", app, keyCredentials=[CERTIFICATE])
    _put(
        ground,
        "servicePrincipals",
        principal,
        keyCredentials=[CERTIFICATE, sign],
        preferredSingleSignOnMode="saml",
        loginUrl="https://contoso.com/login",
        notificationEmailAddresses=["it@contoso.com"],
        notes="a\nb: ${c}",
    )


async def _many_credentials(ground: Ground) -> None:
    app, _ = await _app(ground, "Many federated credentials")
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


async def _every_workload(ground: Ground) -> None:
    app, _ = await _app(ground, "Every workload")
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


async def _unknown_clients(ground: Ground) -> None:
    scopes = [scope("u.read")]
    clients = [guid(f"client {number}") for number in range(3)]
    azure_cli = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
    app, _ = await _app(ground, "Unknown clients", api={"oauth2PermissionScopes": scopes})
    listed = [{"appId": each, "delegatedPermissionIds": [guid("u.read")]} for each in (*clients, azure_cli)]
    _put(ground, "applications", app, api={**app["api"], "preAuthorizedApplications": listed})


async def _dangling_client(ground: Ground) -> None:
    app, _ = await _app(ground, "Dangling client", api={"oauth2PermissionScopes": [scope("d.read")]})
    dangling = [{"appId": guid("client 1"), "delegatedPermissionIds": [guid("gone")]}]
    _put(ground, "applications", app, api={**app["api"], "preAuthorizedApplications": dangling})


async def _deleted_holders(ground: Ground) -> None:
    _, principal = await _app(ground, "Holders who left", appRoles=[role("Reader", "User", "Application")])
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


async def _equal_groups(ground: Ground) -> None:
    _, principal = await _app(ground, "Equal groups", appRoles=[role("Reader")])
    for name in ("Same", "Same", "yes", "012", "${x}", "a: b # c", "<b>|@all"):
        body = {"displayName": name, "mailEnabled": False, "mailNickname": "same", "securityEnabled": True}
        group = await ground.post("/groups", body)
        given = {"principalId": group["id"], "resourceId": principal["id"], "appRoleId": guid("role Reader")}
        await ground.post(f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", given)


async def _multi_tenant(ground: Ground) -> None:
    uris = ["https://contoso.com/multi"]
    roles = [role("Access", "User", "Application")]
    app, _ = await _app(
        ground, "Multi", signInAudience="AzureADMultipleOrgs", identifierUris=uris, appRoles=roles
    )
    rows = [{**each, "origin": "Application"} for each in app["appRoles"]]
    _put(ground, "applications", app, appRoles=rows)


async def _missing_api(ground: Ground) -> None:
    access = [{"id": guid("p"), "type": "Scope"}, {"id": guid("q"), "type": "Role"}]
    graph = {"resourceAppId": GRAPH, "resourceAccess": [{"id": guid("retired permission"), "type": "Scope"}]}
    await _app(
        ground,
        "API that is not here",
        requiredResourceAccess=[{"resourceAppId": guid("nowhere"), "resourceAccess": access}, graph],
    )


async def _api_without_principal(ground: Ground) -> None:
    api = await ground.post(
        "/applications", {"displayName": "No principal", "api": {"oauth2PermissionScopes": [scope("n.read")]}}
    )
    requested = [{"resourceAppId": api["appId"], "resourceAccess": [{"id": guid("n.read"), "type": "Scope"}]}]
    await _app(ground, "Client of no principal", requiredResourceAccess=requested)


async def _many_roles(ground: Ground) -> None:
    await _app(
        ground, "Seven hundred roles", appRoles=[role(f"R{n}", id=guid(f"many {n}")) for n in range(700)]
    )


async def _hostile_names(ground: Ground) -> None:
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
        await _app(
            ground,
            name,
            **texts,
            appRoles=[role("Reader", id=guid(f"r{name}"), displayName=name, description=name)],
        )


async def _names_of_apis(ground: Ground) -> None:
    own, principal = await _app(
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
    _, client = await _app(ground, "Azure CLI", requiredResourceAccess=wanted)
    grant = {
        "clientId": client["id"],
        "consentType": "AllPrincipals",
        "resourceId": principal["id"],
        "scope": "own.read gone.scope",
    }
    await ground.post("/oauth2PermissionGrants", grant)


async def _consents(ground: Ground) -> None:
    """Consented to what is no longer asked for, per user, and twice."""
    _, client = await _app(ground, "Consents")
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


async def _consents_at_ours(ground: Ground) -> None:
    """Held at an API that is imported too and not asked for: scopes, one of OpenID, roles, and what
    nothing names any more.
    """
    roles = [role("Job", "Application"), role("Person", "User", "Application"), role("Gone", "Application")]
    own, principal = await _app(
        ground, "API", api={"oauth2PermissionScopes": [scope("u.read"), scope("u.write")]}, appRoles=roles
    )
    _, client = await _app(ground, "Client that asks for nothing")
    grant = {"clientId": client["id"], "consentType": "AllPrincipals", "resourceId": principal["id"]}
    await ground.post("/oauth2PermissionGrants", {**grant, "scope": " u.read openid gone.scope"})
    for name in ("Job", "Person", "Gone"):
        body = {"principalId": client["id"], "resourceId": principal["id"], "appRoleId": guid(f"role {name}")}
        await ground.post(f"/servicePrincipals/{client['id']}/appRoleAssignments", body)
    kept = [role("Job", "Application"), role("Person", "User")]
    _put(ground, "applications", own, appRoles=kept)
    _put(ground, "servicePrincipals", principal, appRoles=kept)


async def _holders_of_others(ground: Ground) -> None:
    """Applications of others hold a role and act for everybody; one has a name that no YAML wants."""
    api = {"oauth2PermissionScopes": [scope("h.read")]}
    _, principal = await _app(ground, "Held by others", api=api, appRoles=[role("Job", "Application")])
    for number, name in enumerate(("Partner", "null: \u202e${x}")):
        body = {
            "id": guid(f"partner {number}"),
            "appId": guid(f"app {number}"),
            "displayName": name,
            "appRoles": [],
        }
        stranger = {**body, "oauth2PermissionScopes": [], "servicePrincipalType": "Application", "tags": []}
        _put(ground, "servicePrincipals", stranger, **stranger)
        given = {"principalId": stranger["id"], "resourceId": principal["id"], "appRoleId": guid("role Job")}
        await ground.post(f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", given)
        grant = {
            "clientId": stranger["id"],
            "consentType": "AllPrincipals",
            "resourceId": principal["id"],
            "scope": "h.read old",
        }
        await ground.post("/oauth2PermissionGrants", grant)


async def _holders_beside_who_left(ground: Ground) -> None:
    """Somebody holds a role beside somebody who is gone."""
    await _deleted_holders(ground)
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


async def _odd_properties(ground: Ground) -> None:
    app, principal = await _app(ground, "Odd properties")
    _put(
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
    _put(
        ground,
        "servicePrincipals",
        principal,
        accountEnabled=False,
        appRoleAssignmentRequired=True,
        tags=["HideApp", "x"],
    )


STORIES: list[Story] = [
    _certificates,
    _many_credentials,
    _every_workload,
    _unknown_clients,
    _dangling_client,
    _deleted_holders,
    _equal_groups,
    _multi_tenant,
    _missing_api,
    _api_without_principal,
    _many_roles,
    _hostile_names,
    _names_of_apis,
    _consents,
    _consents_at_ours,
    _holders_of_others,
    _holders_beside_who_left,
    _odd_properties,
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__.strip("_"))
def test_what_years_leave_behind_is_adopted_with_marks_alone(ground: Ground, story: Story) -> None:
    """What no name can express is left to whoever made it; nothing else changes, and the second plan is
    empty.
    """

    async def tell() -> tuple[Plan, Plan]:
        await story(ground)
        return await ground.imported(EVERYTHING), await ground.applied()

    first, second = asyncio.run(tell())

    assert first.changes
    assert_marks_only(first)
    assert second.empty


def test_workloads_are_written_by_the_names_that_they_have(ground: Ground) -> None:
    """Where a form makes just that; what none makes is written out."""

    async def tell() -> None:
        await _every_workload(ground)
        await ground.imported(EVERYTHING)

    asyncio.run(tell())
    ((_, entry),) = yaml.safe_load(ground.text("applications/every-workload.yaml"))["applications"].items()
    assert entry["federatedCredentials"] == {name: written for name, (_, _, written) in WORKLOADS.items()}


def test_what_is_held_at_ours_is_written_by_name(ground: Ground) -> None:
    """Consents that nobody asks for are listed, what no name says is told and stays, and others' holders
    are acknowledged.
    """

    async def tell() -> Written:
        await _consents_at_ours(ground)
        await _holders_of_others(ground)
        await _holders_beside_who_left(ground)
        await ground.imported(EVERYTHING)
        await ground.applied()
        assert ground.written is not None
        return ground.written

    written = asyncio.run(tell())
    entry = yaml.safe_load(ground.text("applications/client-that-asks-for-nothing.yaml"))["applications"]
    (client,) = entry.values()
    assert client["apiPermissions"] == {
        "api": {"adminConsent": {"delegated": ["openid", "u.read"], "application": ["Job"]}}
    }
    assert client["ignoreChanges"] == ["apiPermissions"]
    (left,) = written.left_alone["client-that-asks-for-nothing"]
    words = (
        "the consent to gone.scope of api",
        f"the role {guid('role Person')} of api",
        f"the role {guid('role Gone')} of api",
    )
    assert all(each in left for each in words)
    assert "holders or roles that are gone" in written.left_alone["holders-who-left"][0]
    environment = yaml.safe_load(ground.text("entra-config.yaml"))["environments"]["prod"]
    assert [each["id"] for each in environment["acknowledged"]["held-by-others"]] == [
        guid("app 0"),
        guid("app 1"),
    ]
    grants = ground.embedded.directory.default.oauth2_permission_grants
    assert " u.read openid gone.scope" in {row["scope"] for row in grants}


def test_applications_of_others_that_hold_a_role_are_listed_by_name_or_by_id(ground: Ground) -> None:
    """A name that means one of ours, or that nobody can read, is left to the id; who holds a scope only is
    acknowledged.
    """

    async def tell() -> Plan:
        await _holders_of_others(ground)
        return await ground.imported(EVERYTHING)

    assert_marks_only(asyncio.run(tell()))
    held = yaml.safe_load(ground.text("access.yaml"))["appRoleAssignments"]["held-by-others"]
    assert held == {"Job": {"servicePrincipals": [guid("partner 1"), "Partner"]}}
    pins = yaml.safe_load(ground.text("entra-config.prod.lock.yaml"))
    assert pins["servicePrincipals"] == {"Partner": guid("partner 0")}
    (entry, _) = yaml.safe_load(ground.text("entra-config.yaml"))["environments"]["prod"]["acknowledged"][
        "held-by-others"
    ]
    assert "application" not in entry
    assert entry["delegated"] == ["h.read", "old"]


def test_what_no_manifest_can_say_stays_outside(ground: Ground) -> None:
    """A registration with a scope that has no value is left out and told; a client of it is adopted all
    the same.
    """

    async def tell() -> tuple[Plan, Plan, Written]:
        app, _ = await _app(ground, "Odd scopes", api={"oauth2PermissionScopes": [scope("ok")]})
        odd = [scope("ok"), {**scope("none"), "value": None, "isEnabled": False}]
        _put(ground, "applications", app, api={**app["api"], "oauth2PermissionScopes": odd})
        requested = [{"resourceAppId": app["appId"], "resourceAccess": [{"id": guid("ok"), "type": "Scope"}]}]
        await _app(ground, "Its client", requiredResourceAccess=requested)
        plan = await ground.imported(EVERYTHING)
        written = ground.written
        assert written is not None
        return plan, await ground.applied(), written

    first, second, written = asyncio.run(tell())

    assert_marks_only(first)
    assert second.empty
    assert [(name.split(" (")[0], "cannot be null" in why) for name, why in written.left_out.items()] == [
        ("Odd scopes", True)
    ]
    assert "its-client" in written.keys.values()
    assert not (ground.folder / "applications/odd-scopes.yaml").exists()


def test_nothing_that_can_be_said_is_an_error(ground: Ground) -> None:
    """The one registration that was asked for cannot be written: the error says what of it."""

    async def tell() -> None:
        app, _ = await _app(ground, "Odd scopes", api={"oauth2PermissionScopes": [scope("ok")]})
        odd = [{**scope("none"), "value": None, "isEnabled": False}]
        _put(ground, "applications", app, api={**app["api"], "oauth2PermissionScopes": odd})
        await ground.imported(WantedRegistrations(names=("Odd scopes",)))

    with pytest.raises(
        UsageError, match=r"nothing to import that a manifest can say: Odd scopes .*: the value of scope"
    ):
        asyncio.run(tell())


def test_a_client_among_the_holders_hides_nobody_behind_it() -> None:
    """Whoever is listed after an application that holds a role is imported as well; a client's role is its
    own file's matter.
    """
    role = {"id": "role", "value": "Reader", "displayName": "Reader"}
    app = {"appId": "app", "displayName": "Api", "appRoles": [role]}
    held = [
        {"principalId": id_, "principalType": kind, "appRoleId": "role"}
        for id_, kind in (("job", "ServicePrincipal"), ("bob", "User"), ("staff", "Group"))
    ]
    people = {
        "bob": {"id": "bob", "userPrincipalName": "bob@contoso.com"},
        "staff": {"id": "staff", "displayName": "All Staff"},
    }
    export = Export((Registration(app, assigned=held),), people=people)
    known, _ = links.names(export, {"app": "api"}, {"app": application.labels(app)})

    assert links.assignments(export.registrations[0], known) == {
        "Reader": {"users": ["bob@contoso.com"], "groups": ["All Staff"]}
    }


def test_of_an_api_that_has_a_name_a_permission_without_one_is_left_alone() -> None:
    """Whether the API or only what is asked of it is unknown, the section is left to whoever made it, and
    nothing is written in its place.
    """
    roles = [{"id": "read", "value": "Read", "displayName": "Read"}]
    asked = [{"id": id_, "type": "Role"} for id_ in ("read", "gone")]
    required = [{"resourceAppId": id_, "resourceAccess": asked} for id_ in ("hr", "nobody")]
    client = Registration({"appId": "client", "requiredResourceAccess": required})
    export = Export(
        (client,), apis={"hr": {"id": "sp", "appId": "hr", "displayName": "HR", "appRoles": roles}}
    )
    known, _ = links.names(export, {"client": "client"}, {"client": application.labels(client.application)})
    entry: dict[str, Any] = {}

    (left,) = links.connect(entry, client, known)

    assert entry == {"apiPermissions": {"hr": {"application": ["Read"]}}, "ignoreChanges": ["apiPermissions"]}
    assert left == (
        "`ignoreChanges: [apiPermissions]`, for the request of gone of hr, the request of read of nobody, "
        "the request of gone of nobody"
    )
