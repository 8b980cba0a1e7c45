"""What people change by hand has the same level of risk in drift and in the portal's page of changes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from entra_config import risk as table
from entra_config.drift import risks
from entra_config.emulator_labels.rating import rate
from entra_emulator import seed
from entra_emulator.extension import Change, Moments
from entra_emulator.labels import NO_LABELS
from entra_emulator.portal.pieces import ChangedPiece, pieces
from tests.conformance.login.login_world import World
from tests.unit.drift.edited import Tenant

Edit = Callable[[Tenant, "Apps"], Awaitable[Any]]


class Apps:
    """The applications of the worked example, as Graph reads them."""

    def __init__(self, found: dict[str, tuple[Any, Any]]) -> None:
        self.found = found

    def path(self, name: str) -> str:
        """Return where an application is."""
        return f"/applications/{self.found[name][0]['id']}"

    def principal(self, name: str) -> str:
        """Return where its service principal is."""
        return f"/servicePrincipals/{self.found[name][1]['id']}"

    def app(self, name: str) -> Any:
        """Return the application."""
        return self.found[name][0]


def patch(name: str, change: Callable[[Any], Any]) -> Edit:
    """Return an edit of an application's properties."""

    async def edit(tenant: Tenant, apps: Apps) -> None:
        await tenant.send("alice", "PATCH", apps.path(name), change(apps.app(name)))

    return edit


def uri(value: str) -> Edit:
    """Return an edit that adds a redirect URI."""
    return patch("SPA", lambda app: {"spa": {"redirectUris": [*app["spa"]["redirectUris"], value]}})


def entry(listed: str, number: int, **more: Any) -> Edit:
    """Return an edit of an app role or a scope, which is disabled first: Graph changes no enabled one."""

    async def edit(tenant: Tenant, apps: Apps) -> None:
        app = apps.app("API")
        held = (app if listed == "appRoles" else app["api"])[listed]
        for step in ({"isEnabled": False}, {"isEnabled": False, **more}, {"isEnabled": True, **more}):
            held = [one | (step if at == number else {}) for at, one in enumerate(held)]
            body = {listed: held}
            await tenant.send(
                "alice", "PATCH", apps.path("API"), body if listed == "appRoles" else {"api": body}
            )

    return edit


async def _assign(tenant: Tenant, apps: Apps) -> None:
    dave = tenant.embedded.directory.default.user_by_name("dave@contoso.com")
    assert dave is not None
    body = {
        "principalId": dave["id"],
        "resourceId": apps.principal("API").rpartition("/")[2],
        "appRoleId": next(one["id"] for one in apps.app("API")["appRoles"] if one["value"] == "Admin"),
    }
    await tenant.send("alice", "POST", f"{apps.principal('API')}/appRoleAssignedTo", body)


async def _take_away(tenant: Tenant, apps: Apps) -> None:
    held = (await tenant.read(f"{apps.principal('API')}/appRoleAssignedTo"))["value"]
    await tenant.send("alice", "DELETE", f"{apps.principal('API')}/appRoleAssignedTo/{held[0]['id']}")


async def _grant(tenant: Tenant, apps: Apps) -> Any:
    principal = apps.principal("SPA").rpartition("/")[2]
    return (await tenant.read(f"/oauth2PermissionGrants?$filter=clientId eq '{principal}'"))["value"][0]


async def _narrow(tenant: Tenant, apps: Apps) -> None:
    grant = await _grant(tenant, apps)
    body = {"scope": grant["scope"].split()[0]}
    await tenant.send("alice", "PATCH", f"/oauth2PermissionGrants/{grant['id']}", body)


async def _widen(tenant: Tenant, apps: Apps) -> None:
    grant = await _grant(tenant, apps)
    known = set(grant["scope"].split())
    more = next(
        one["value"] for one in apps.app("API")["api"]["oauth2PermissionScopes"] if one["value"] not in known
    )
    body = {"scope": f"{grant['scope']} {more}"}
    await tenant.send("alice", "PATCH", f"/oauth2PermissionGrants/{grant['id']}", body)


def post(name: str, where: str, body: Any) -> Edit:
    """Return an edit that adds something below an application."""

    async def edit(tenant: Tenant, apps: Apps) -> None:
        await tenant.send("alice", "POST", f"{apps.path(name)}/{where}", body)

    return edit


async def _own(tenant: Tenant, apps: Apps) -> None:
    dave = tenant.embedded.directory.default.user_by_name("dave@contoso.com")
    assert dave is not None
    body = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{dave['id']}"}
    await tenant.send("alice", "POST", f"{apps.path('API')}/owners/$ref", body)


async def _delete(tenant: Tenant, apps: Apps) -> None:
    await tenant.send("alice", "DELETE", apps.path("Dev Client"))


async def _assignment_not_required(tenant: Tenant, apps: Apps) -> None:
    await tenant.send("alice", "PATCH", apps.principal("API"), {"appRoleAssignmentRequired": False})


def authorized(change: Callable[[list[Any]], list[Any]]) -> Edit:
    """Return an edit of the API's authorized clients."""
    return patch(
        "API",
        lambda app: {"api": {"preAuthorizedApplications": change(app["api"]["preAuthorizedApplications"])}},
    )


async def _scope(tenant: Tenant, apps: Apps) -> None:
    held = apps.app("API")["api"]["oauth2PermissionScopes"]
    more = {**held[0], "id": "5c0be000-0000-4000-8000-000000000001", "value": "user.more"}
    await tenant.send("alice", "PATCH", apps.path("API"), {"api": {"oauth2PermissionScopes": [*held, more]}})


FEDERATED = {
    "name": "mine",
    "issuer": "https://token.actions.githubusercontent.com",
    "subject": "repo:mallory/x:ref:refs/heads/main",
    "audiences": ["api://AzureADTokenExchange"],
}
EDITS: dict[str, Edit] = {
    "a redirect URI on another host": uri("https://evil.example/cb"),
    "a redirect URI of this machine": uri("http://localhost:9999/cb"),
    "a redirect URI less": patch(
        "SPA", lambda app: {"spa": {"redirectUris": app["spa"]["redirectUris"][1:]}}
    ),
    "a role for a person": _assign,
    "a role taken from a holder": _take_away,
    "a consent that says less": _narrow,
    "a consent that says more": _widen,
    "a secret": post("API", "addPassword", {"passwordCredential": {"displayName": "quick fix"}}),
    "a federated credential": post("API", "federatedIdentityCredentials", FEDERATED),
    "an owner": _own,
    "an application deleted": _delete,
    "a name": patch("Dev Client", lambda _: {"displayName": "Somebody's client"}),
    "tokens in the address": patch(
        "SPA", lambda _: {"web": {"implicitGrantSettings": {"enableIdTokenIssuance": True}}}
    ),
    "an identifier URI": patch(
        "API", lambda app: {"identifierUris": [*app["identifierUris"], f"api://{seed.CONTOSO}/old"]}
    ),
    "sign-in without an assignment": _assignment_not_required,
    "a role's text": entry("appRoles", 0, description="Whatever."),
    "a role's value": entry("appRoles", 0, value="Other"),
    "an authorized client less": authorized(lambda held: held[1:]),
    "an authorized client more": authorized(
        lambda held: [*held, {**held[0], "appId": seed.ADMIN_APP_ID}]
    ),
    "a scope": _scope,
    "a scope's text": entry("oauth2PermissionScopes", 0, adminConsentDescription="Whatever."),
    "a scope that people consent to": entry("oauth2PermissionScopes", 0, type="User"),
    "a permission that is requested": patch(
        "Nightly",
        lambda app: {
            "requiredResourceAccess": [
                *app["requiredResourceAccess"],
                {
                    "resourceAppId": seed.GRAPH_APP_ID,
                    "resourceAccess": [{"id": "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "type": "Scope"}],
                },
            ]
        },
    ),
}  # fmt: skip


async def _reported() -> dict[str, tuple[list[Any], list[tuple[ChangedPiece, str]]]]:
    """Make each edit by itself, in the same tenant; return what drift and the portal find of each."""
    tenant = Tenant()
    await tenant.deploy()
    snapshots = tenant.embedded.app.snapshots
    snapshots.save("as deployed")
    found = {}
    for name, edit in EDITS.items():
        apps = Apps({each: await tenant.named(each) for each in ("API", "SPA", "Dev Client", "Nightly")})
        await edit(tenant, apps)
        drift = await tenant.check()
        then, now = snapshots.directory("as deployed").default, tenant.embedded.directory.default
        moments = Moments(then, now, NO_LABELS)
        changed = pieces(snapshots.differences("as deployed"), then, now)
        found[name] = (
            list(drift.findings),
            [(each, list(table.RANK)[rate(each, moments).rank]) for each in changed],
        )
        snapshots.restore("as deployed")
    return found


@pytest.fixture(scope="module")
def reported() -> dict[str, tuple[list[Any], list[tuple[ChangedPiece, str]]]]:
    """Make all edits once."""
    return asyncio.run(_reported())


@pytest.mark.parametrize("name", EDITS)
def test_the_portal_says_the_level_that_drift_says(
    reported: dict[str, tuple[list[Any], list[tuple[ChangedPiece, str]]]], name: str
) -> None:
    """The riskiest of what drift finds and the riskiest line of the portal are of one level."""
    findings, lines = reported[name]
    rank = list(table.RANK)

    drifts = min((risks.class_of(each).name for each in findings), key=rank.index)
    portals = min((of for _, of in lines), key=rank.index)

    assert table.CLASSES[portals].risk == table.CLASSES[drifts].risk, (drifts, lines)


def test_the_edits_are_of_each_level(
    reported: dict[str, tuple[list[Any], list[tuple[ChangedPiece, str]]]],
) -> None:
    """An agreement about one level would say little."""
    assert {table.CLASSES[of].risk for _, lines in reported.values() for _, of in lines} == set(table.LEVELS)


@pytest.mark.parametrize(("group", "expected"), [("MyApp Admins", "gain"), ("Empty", "setting")])
def test_a_new_member_of_a_group_has_what_the_group_gives(group: str, expected: str) -> None:
    """Drift does not look at members: of a group with a role one is High, of another group Medium."""
    world = World()
    world.assign("group:MyApp Admins", "api", "Admin")
    found = world.tenant.one("groups", "displayName", group.casefold())
    group_id = str(found["id"]) if found else seed.fixed_id(seed.CONTOSO, "group", group)
    link = f"{group_id}/{world.user('mallory')['id']}"

    assert class_of(Change("members", link, "added")) == expected
    assert class_of(Change("members", link, "removed")) == "lost"


ROLE = {"id": "r", "value": "Admin", "isEnabled": True}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Change("applications", "id", "added", restored=True), "restore"),
        (Change("deletedItems", "id", "removed", restored=True), "created"),
        (Change("applications", "id", "added"), "created"),
        (Change("applications", "id", "added", after={"passwordCredentials": [{}]}), "credential"),
        (Change("applications", "id", "removed"), "destroyed"),
        (Change("servicePrincipals", "id", "removed"), "destroyed"),
        (Change("deletedItems", "id", "removed"), "lost"),
        (Change("users", "id", "added"), "created"),
        (Change("users", "id", "changed", "accountEnabled", before=True, after=False), "lost"),
        (Change("users", "id", "changed", "accountEnabled", before=False, after=True), "sign-in"),
        (Change("directoryRoles", "id", "added"), "role"),
        (Change("oauth2PermissionGrants", "id", "added"), "consent"),
        (Change("oauth2PermissionGrants", "id", "changed", before={"scope": "a"}, after={"scope": "a b"}),
         "consent"),
        (Change("oauth2PermissionGrants", "id", "changed", before={"scope": "a b"}, after={"scope": "a"}),
         "lost"),
        (Change("federatedIdentityCredentials", "id", "changed", before={"x": 1}, after={"x": 2}),
         "federated credential"),
        (Change("applications", "id", "changed", "notes", before="a", after="b"), "text"),
        (Change("applications", "id", "changed", "whatEntraInventsNext", after=1), "setting"),
        (Change("applications", "id", "changed", "info", before={"logoUrl": "a"}, after={"logoUrl": "b"}),
         "text"),
        (Change("servicePrincipals", "id", "changed", "appDescription", after="x"), "text"),
        (Change("applications", "id", "added", "appRoles", "r", after=ROLE), "offer"),
        (Change("applications", "id", "removed", "appRoles", "r", before=ROLE), "lost"),
        (Change("applications", "id", "changed", "appRoles", "r", before=ROLE, after={**ROLE, "value": "X"}),
         "role"),
        (Change("applications", "id", "added", "tags", "x", after="x"), "text"),
        (Change("applications", "id", "removed", "tags", "x", before="x"), "text"),
        (Change("applications", "id", "changed", "api.preAuthorizedApplications", "c",
                before={"delegatedPermissionIds": ["a"]}, after={"delegatedPermissionIds": ["a", "b"]}),
         "authorized client"),
        (Change("applications", "id", "changed", "api.preAuthorizedApplications", "c",
                before={"delegatedPermissionIds": ["a", "b"]}, after={"delegatedPermissionIds": ["a"]}),
         "lost"),
        (Change("applications", "id", "added", "web.redirectUris", "https://x/", after="https://x/"),
         "redirect host"),
    ],
)  # fmt: skip
def test_a_change_has_the_class_of_what_it_does(change: Change, expected: str) -> None:
    """What was deleted and exists again has its secrets and all that it held."""
    assert class_of(change) == expected


def class_of(change: Change) -> str:
    """Return the class of a change of the example tenant."""
    world = World()
    world.assign("group:MyApp Admins", "api", "Admin")
    return list(table.RANK)[rate(change, Moments(world.tenant, world.tenant, NO_LABELS)).rank]
