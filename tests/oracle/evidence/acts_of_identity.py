"""Somebody and chance in; a change of what an object is known by (tags, values, names), or an object that
goes or comes back, out.
"""

from __future__ import annotations

from random import Random
from typing import Any

from tests.oracle.evidence import project
from tests.oracle.evidence.scene import Scene, group, user

OWNER, KEY = "entra-config:owner=", "entra-config:key="
PEOPLE = ("ivan", "heidi", "judy")
GROUPS = ("All Staff", "MyApp Writers")
RENAMED = {"ivan": "robert", "heidi": "helen", "All Staff": "Everybody", "MyApp Writers": "Writers"}
OWN_ONLY = ("origin",)


def tags(scene: Scene, random: Random, who: str) -> bool:
    """Change the ownership tags of a registration, or of its service principal alone; perhaps back."""
    key = random.choice(project.KEYS)
    app = scene.ours(key)
    row = app if app is None or random.random() < 0.8 else scene.principal(app)
    if row is None or app is None:
        return False
    left = [tag for tag in row["tags"] if not tag.startswith((OWNER, KEY))]
    owned = random.choice(
        (
            [],
            [f"{OWNER}evil/prod", f"{KEY}{key}"],
            [f"{OWNER}{scene.owner}", f"{KEY}billing"],
            [f"{OWNER}{scene.owner}"],
            [f"{OWNER}{scene.owner}", f"{KEY}{key}"],
        )
    )
    table = "applications" if row is app else "servicePrincipals"
    return _patched(scene, who, table, row, {"tags": sorted([*left, *owned])})


def impostor(scene: Scene, random: Random, who: str) -> bool:
    """Put our ownership tags on something that looks like ours."""
    key = random.choice(sorted(scene.likes) or ["api"])
    rows = [row for row in map(scene.rows.applications.get, scene.likes.get(key, ())) if row is not None]
    if not rows:
        return False
    row = random.choice(rows)
    return _patched(
        scene, who, "applications", row, {"tags": [f"{OWNER}{scene.owner}", f"{KEY}{key}", *row["tags"]]}
    )


def value(scene: Scene, random: Random, who: str) -> bool:
    """Change the value of a role or a scope in place, or swap the values of two."""
    app = scene.ours("api")
    if app is None:
        return False
    path = random.choice(("appRoles", "appRoles", "oauth2PermissionScopes"))
    entries = app["appRoles"] if path == "appRoles" else app["api"][path]
    entries = [{name: each[name] for name in each if name not in OWN_ONLY} for each in entries]
    if not entries:
        return False
    chosen = random.choice(entries)
    other = random.choice(entries)
    state = [each["isEnabled"] for each in entries]
    off = [{**each, "isEnabled": False} for each in entries]
    if not _patched(scene, who, "applications", app, _whole(path, off)) and any(state):
        return False
    if chosen is not other and random.random() < 0.3:
        chosen["value"], other["value"] = other["value"], chosen["value"]
        scene.swapped = True
    else:
        chosen["value"] = f"Super.{random.choice('ab')}{chosen['id'][-2:]}"
    return _patched(scene, who, "applications", app, _whole(path, entries))


def _whole(path: str, entries: list[dict[str, Any]]) -> dict[str, Any]:
    return {path: entries} if path == "appRoles" else {"api": {path: entries}}


def principal(scene: Scene, random: Random, who: str) -> bool:
    """Delete the service principal of one of ours, or bring one back."""
    if random.random() < 0.3:
        return _restored(scene, random, who, "servicePrincipal")
    app = scene.ours(random.choice(project.KEYS))
    found = scene.principal(app) if app is not None else None
    return found is not None and scene.send(who, "DELETE", f"/servicePrincipals/{found['id']}") is not None


def registration(scene: Scene, random: Random, who: str) -> bool:
    """Delete one of ours, or bring a registration back, as Graph does it: without its service principal."""
    if random.random() < 0.5:
        return _restored(scene, random, who, "application")
    app = scene.ours(random.choice(project.KEYS))
    return app is not None and scene.send(who, "DELETE", f"/applications/{app['id']}") is not None


def robot(scene: Scene, random: Random, who: str) -> bool:
    """Delete an application of others that holds a role of ours."""
    rows = scene.rows.service_principals
    found = next((row for row in rows if row["displayName"] == project.ROBOT), None)
    if found is None or random.random() < 0.5:
        return False
    return scene.send(who, "DELETE", f"/servicePrincipals/{found['id']}") is not None


def groups(scene: Scene, random: Random, who: str) -> bool:
    """Delete a group that holds a role, rename one, or bring one back."""
    name = random.choice(GROUPS)
    row = scene.rows.groups.get(group(name))
    if row is None:
        return _restored(scene, random, who, "group")
    if random.random() < 0.4:
        return scene.send(who, "DELETE", f"/groups/{row['id']}") is not None
    now = name if row["displayName"] != name else RENAMED[name]
    return _patched(scene, who, "groups", row, {"displayName": now})


def people(scene: Scene, random: Random, who: str) -> bool:
    """Rename somebody whom the manifest names, delete them, or bring them back."""
    name = random.choice(PEOPLE)
    row = scene.rows.users.get(user(name))
    if row is None:
        return _restored(scene, random, who, "user")
    if name not in RENAMED or random.random() < 0.3:
        return scene.send(who, "DELETE", f"/users/{row['id']}") is not None
    now = f"{name}@contoso.com" if row["userPrincipalName"] != f"{name}@contoso.com" else ""
    return _patched(scene, who, "users", row, {"userPrincipalName": now or f"{RENAMED[name]}@contoso.com"})


def _restored(scene: Scene, random: Random, who: str, kind: str) -> bool:
    rows = sorted(
        (row for row in scene.rows.deleted_items if row["_type"] == kind), key=lambda row: str(row["id"])
    )
    if not rows:
        return False
    path = f"/directory/deletedItems/{random.choice(rows)['id']}/restore"
    return scene.send(who, "POST", path, {}) is not None


def _patched(scene: Scene, who: str, table: str, row: Any, body: dict[str, Any]) -> bool:
    return scene.send(who, "PATCH", f"/{table}/{row['id']}", body) is not None and row != scene.rows.tables[
        table
    ].get(row["id"])


ACTS = (tags, tags, value, value, impostor, principal, registration, robot, groups, people, people)
