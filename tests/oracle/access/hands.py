"""Chance and a tenant with a project in it in; what others did to roles, people, groups, clients and APIs
there out.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from entra_emulator.identifiers import Identifiers
from tests.oracle.evidence.scene import LINK, Scene

Act = Callable[[Scene, Random], Any]
ADMIN = "an application"


def value(scene: Scene, random: Random) -> None:
    """Change what tokens carry of a role."""
    app = _api(scene, random)
    if app and app["appRoles"]:
        chosen = random.choice(app["appRoles"])
        _roles(
            scene,
            app,
            [
                {**role, "value": f"{role['value']}.Super"} if role is chosen else role
                for role in app["appRoles"]
            ],
        )


def anew(scene: Scene, random: Random) -> None:
    """Make a role anew under another id: who held the old one holds what is gone."""
    app = _api(scene, random)
    if app and app["appRoles"]:
        chosen, id_ = random.choice(app["appRoles"]), Identifiers(str(random.random())).guid()
        _roles(scene, app, [{**role, "id": id_} if role is chosen else role for role in app["appRoles"]])


def gone(scene: Scene, random: Random) -> None:
    """Take a role away."""
    app = _api(scene, random)
    if app and app["appRoles"]:
        chosen = random.choice(app["appRoles"])
        _roles(scene, app, [role for role in app["appRoles"] if role is not chosen])


def off(scene: Scene, random: Random) -> None:
    """Switch a role off: tokens carry it all the same."""
    app = _api(scene, random)
    if app and app["appRoles"]:
        chosen = random.choice(app["appRoles"])
        _roles(scene, app, [{**role, "isEnabled": role is not chosen} for role in app["appRoles"]])


def disabled(scene: Scene, random: Random) -> None:
    """Disable a person, a client or an API, or let it in again."""
    table = random.choice(("users", "users", "servicePrincipals"))
    ours = {row["appId"] for row in scene.rows.applications}
    rows = [row for row in scene.rows.tables[table] if table == "users" or row["appId"] in ours]
    row = random.choice(rows)
    scene.send(ADMIN, "PATCH", f"/{table}/{row['id']}", {"accountEnabled": not row["accountEnabled"]})


def open_(scene: Scene, random: Random) -> None:
    """Require assignment at an API, or no more."""
    app = _api(scene, random)
    principal = scene.principal(app) if app else None
    if principal is not None:
        required = not principal["appRoleAssignmentRequired"]
        scene.send(
            ADMIN, "PATCH", f"/servicePrincipals/{principal['id']}", {"appRoleAssignmentRequired": required}
        )


def member(scene: Scene, random: Random) -> None:
    """Let somebody join a group or leave it, a group into a group too."""
    holding = {
        row["principalId"] for row in scene.rows.app_role_assignments if row["principalType"] == "Group"
    }
    groups = [row for row in scene.rows.groups if row["id"] in holding] or list(scene.rows.groups)
    group = random.choice(groups)
    who = random.choice([*scene.rows.users, *scene.rows.users, *scene.rows.groups])
    if who["id"] in scene.rows.members.targets(group["id"]):
        scene.send(ADMIN, "DELETE", f"/groups/{group['id']}/members/{who['id']}/$ref")
    elif who is not group:
        scene.send(ADMIN, "POST", f"/groups/{group['id']}/members/$ref", {"@odata.id": f"{LINK}{who['id']}"})


def assigned(scene: Scene, random: Random) -> None:
    """Assign a role by hand, or take one away."""
    app = _api(scene, random)
    principal = scene.principal(app) if app else None
    if app is None or principal is None:
        return
    path = f"/servicePrincipals/{principal['id']}/appRoleAssignedTo"
    held = scene.rows.app_role_assignments.find("resourceId", principal["id"])
    if held and random.random() < 0.3:
        scene.send(ADMIN, "DELETE", f"{path}/{random.choice(held)['id']}")
    elif app["appRoles"]:
        who = random.choice([*scene.rows.users, *scene.rows.groups, *_clients(scene)])
        body = {
            "principalId": who["id"],
            "resourceId": principal["id"],
            "appRoleId": random.choice(app["appRoles"])["id"],
        }
        scene.send(ADMIN, "POST", path, body)


def consented(scene: Scene, random: Random) -> None:
    """Let any client act for everybody at an API."""
    app = _api(scene, random)
    principal = scene.principal(app) if app else None
    scopes = [scope["value"] for scope in (app or {}).get("api", {}).get("oauth2PermissionScopes", ())]
    if principal is not None and scopes:
        client = random.choice(_clients(scene))
        body = {"clientId": client["id"], "resourceId": principal["id"], "scope": random.choice(scopes)}
        scene.send(ADMIN, "POST", "/oauth2PermissionGrants", {**body, "consentType": "AllPrincipals"})


def deleted(scene: Scene, random: Random) -> None:
    """Delete a person, a group or an application, or bring one back, an application with its service
    principal or without.
    """
    parked = list(scene.rows.deleted_items)
    if parked and random.random() < 0.5:
        scene.send(ADMIN, "POST", f"/directory/deletedItems/{random.choice(parked)['id']}/restore", {})
        return
    kind = random.choice(("users", "groups", "applications"))
    rows = _ours(scene) if kind == "applications" and random.random() < 0.5 else list(scene.rows.tables[kind])
    if rows:
        scene.send(ADMIN, "DELETE", f"/{kind}/{random.choice(rows)['id']}")


ACTS: tuple[Act, ...] = (
    *(value, value),
    *(anew, gone, gone, off),
    *(disabled, disabled, disabled),
    open_,
    *[member] * 8,
    *(assigned, assigned, assigned),
    *(consented, deleted, deleted),
)


def _api(scene: Scene, random: Random) -> Any:
    offering = [row for row in _ours(scene) if row["appRoles"] or row["api"]["oauth2PermissionScopes"]]
    return random.choice(offering) if offering else None


def _ours(scene: Scene) -> list[Any]:
    return [row for row in scene.rows.applications if f"entra-config:owner={scene.owner}" in row["tags"]]


def _clients(scene: Scene) -> list[Any]:
    """Give the service principals of this tenant's own registrations: of others nobody here sees a token."""
    return [
        row
        for row in scene.rows.service_principals
        if scene.rows.application_by_app_id(row["appId"]) is not None
    ]


def _roles(scene: Scene, app: Any, roles: list[Any]) -> None:
    # Enabled roles cannot be edited in one request; how it was done is no matter here.
    scene.rows.applications.put({**app, "appRoles": roles})
    principal = scene.principal(app)
    if principal is not None:
        scene.rows.service_principals.put({**principal, "appRoles": roles})
