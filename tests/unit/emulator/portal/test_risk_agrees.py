"""What people change by hand, told twice: by drift, and by the portal's page of changes. Both read one
table of risk, each with its own reading of what Graph keeps, and both say the same level.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from importlib import resources
from typing import Any

import pytest

from entra_config import risk as table
from entra_config.drift import risks
from entra_config.emulator import seed
from entra_config.emulator.portal import risk
from entra_config.emulator.snapshots.compare import DirectoryDifference
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


async def _reported() -> dict[str, tuple[list[Any], list[tuple[DirectoryDifference, str]]]]:
    """Make each edit by itself, in the same tenant; return what drift and the portal find of each."""
    tenant = Tenant()
    await tenant.deploy()
    snapshots = tenant.embedded.app.snapshots
    snapshots.take("as deployed")
    found = {}
    for name, edit in EDITS.items():
        apps = Apps({each: await tenant.named(each) for each in ("API", "SPA", "Dev Client", "Nightly")})
        await edit(tenant, apps)
        drift = await tenant.check()
        differences = snapshots.differences("as deployed")
        now = tenant.embedded.directory.default
        found[name] = (
            list(drift.findings),
            [(each, risk.class_of(now, each)) for each in differences if each.place != "secrets"],
        )
        snapshots.back("as deployed")
    return found


@pytest.fixture(scope="module")
def reported() -> dict[str, tuple[list[Any], list[tuple[DirectoryDifference, str]]]]:
    """Make all edits once."""
    return asyncio.run(_reported())


@pytest.mark.parametrize("name", EDITS)
def test_the_portal_says_the_level_that_drift_says(
    reported: dict[str, tuple[list[Any], list[tuple[DirectoryDifference, str]]]], name: str
) -> None:
    """The riskiest of what drift finds and the riskiest line of the portal are of one level."""
    findings, lines = reported[name]
    rank = list(table.RANK)

    drifts = min((risks.class_of(each).name for each in findings), key=rank.index)
    portals = min((of for _, of in lines), key=rank.index)

    assert table.CLASSES[portals].risk == table.CLASSES[drifts].risk, (drifts, lines)


def test_the_edits_are_of_each_level(
    reported: dict[str, tuple[list[Any], list[tuple[DirectoryDifference, str]]]],
) -> None:
    """An agreement about one level would say little."""
    assert {table.CLASSES[of].risk for _, lines in reported.values() for _, of in lines} == set(table.LEVELS)


def test_the_portal_reads_the_table_whole() -> None:
    """Its levels, its classes with their levels, in its order, and the class of each property."""
    raw = json.loads(resources.files("entra_config").joinpath("risk.json").read_text("utf-8"))

    assert dict(risk.levels()) == {each["name"]: each["risk"] for each in raw["classes"]}
    assert list(risk.levels()) == list(table.RANK)
    assert risk.order() == tuple(table.LEVELS)
    paths = [path for each in table.CLASSES.values() for path in each.properties]
    assert {path: risk.of_property(path) for path in paths} == {
        path: table.of_property(path).name for path in paths
    }
    closed = [(path, value) for each in table.CLASSES.values() for path, value in each.closed.items()]
    assert closed
    assert {risk.of_property(path, value) for path, value in closed} == {"lost"}
    assert (
        risk.of_property("whatEntraInventsNext")
        == "setting"
        == table.of_property("whatEntraInventsNext").name
    )


@pytest.mark.parametrize(("group", "expected"), [("MyApp Admins", "gain"), ("Empty", "setting")])
def test_who_comes_into_a_group_has_what_it_gives(group: str, expected: str) -> None:
    """No drift sees members: of a group that has a role it is High by the table, of another Medium."""
    world = World()
    world.assign("group:MyApp Admins", "api", "Admin")
    tenant = world.tenant
    found = tenant.one("groups", "displayName", group.casefold())
    group_id = str(found["id"]) if found else seed.fixed_id(seed.CONTOSO, "group", group)
    link = f"{group_id}/{world.user('mallory')['id']}"

    added = DirectoryDifference(tenant.tenant_id, "members", link, "added", "")
    removed = DirectoryDifference(tenant.tenant_id, "members", link, "removed", "")

    assert risk.class_of(tenant, added) == expected
    assert risk.class_of(tenant, removed) == "lost"


def test_what_was_deleted_and_is_back_is_restored() -> None:
    """It has its secrets and all that it held; what left the list of deleted objects says nothing more."""
    tenant = World().tenant
    back = DirectoryDifference(tenant.tenant_id, "applications", "id", "added", "")
    gone = DirectoryDifference(tenant.tenant_id, "deletedItems", "id", "removed", "")

    assert [risk.class_of(tenant, each, {"id"}) for each in (back, gone)] == ["restore", "created"]
    assert [risk.class_of(tenant, each) for each in (back, gone)] == ["created", "lost"]
