"""Somebody and chance in; a change whose kind of finding other draws produce too seldom, out."""

from __future__ import annotations

from random import Random

from tests.oracle.evidence import project
from tests.oracle.evidence.scene import Scene, group

TAG = "team:shop"


def tag(scene: Scene, _random: Random, who: str) -> bool:
    """Take away the one tag that the manifest declares."""
    app = scene.ours("site")
    if app is None or TAG not in app["tags"]:
        return False
    tags = [each for each in app["tags"] if each != TAG]
    return scene.send(who, "PATCH", f"/applications/{app['id']}", {"tags": tags}) is not None


def foreign_holder(scene: Scene, random: Random, who: str) -> bool:
    """Give an application that looks like one of ours the role whose applications no manifest lists."""
    api = scene.ours("api")
    resource = scene.principal(api) if api is not None else None
    likes = [
        scene.principal(app)
        for key in sorted(scene.likes)
        for app in map(scene.rows.applications.get, scene.likes[key])
        if app is not None
    ]
    holders = [row["id"] for row in likes if row is not None]
    role = next((each for each in api["appRoles"] if each["displayName"] == "Admin"), None) if api else None
    if resource is None or role is None or not holders:
        return False
    body = {"principalId": random.choice(holders), "resourceId": resource["id"], "appRoleId": role["id"]}
    return scene.send(who, "POST", f"/servicePrincipals/{resource['id']}/appRoleAssignedTo", body) is not None


def declared_group(scene: Scene, random: Random, who: str) -> bool:
    """Delete a group that the manifest gives a role to."""
    id_ = group(random.choice(("All Staff", "MyApp Writers", "MyApp Admins")))
    return scene.rows.groups.get(id_) is not None and scene.send(who, "DELETE", f"/groups/{id_}") is not None


def principal(scene: Scene, random: Random, who: str) -> bool:
    """Delete the service principal of one of ours."""
    app = scene.ours(random.choice(project.KEYS))
    found = scene.principal(app) if app is not None else None
    return found is not None and scene.send(who, "DELETE", f"/servicePrincipals/{found['id']}") is not None


ACTS = (tag, foreign_holder, foreign_holder, declared_group, principal)
