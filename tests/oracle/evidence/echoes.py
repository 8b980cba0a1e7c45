"""What somebody did in; it undone and done again by others, as an argument about a setting goes, out."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from tests.oracle.evidence.scene import LINK, Scene

RECENT = 12
PLACES = frozenset({"applications", "owners", "appRoleAssignments", "oauth2PermissionGrants"})
NESTED = ("web", "spa", "publicClient", "api")
# What Graph makes by itself, or what goes by requests of its own.
NOT_SENT = frozenset({"passwordCredentials", "keyCredentials", "id", "appId"})


def undo(scene: Scene, random: Random, who: str) -> Any:
    """Let somebody take one of the last changes back; return what would make it again, or nothing where
    that is not possible.
    """
    recent = [deed for deed in scene.deeds[-RECENT * 3 :] if deed.place in PLACES and _of_ours(scene, deed)]
    deed = random.choice(recent[-RECENT:]) if recent else None
    if deed is None or not _send(scene, who, deed.place, deed.after, deed.before):
        return None
    return deed


def redo(scene: Scene, who: str, deed: Any) -> bool:
    """Let somebody make a change that was taken back again."""
    return _send(scene, who, deed.place, deed.before, deed.after)


def _of_ours(scene: Scene, deed: Any) -> bool:
    row = deed.after or deed.before
    apps = [row for row in map(scene.rows.applications.get, scene.own.values()) if row is not None]
    ours = {*scene.own.values(), *(found["id"] for row in apps if (found := scene.principal(row)))}
    return bool(ours & {row.get(name) for name in ("id", "source", "resourceId", "clientId", "principalId")})


def _send(
    scene: Scene, who: str, place: str, now: Mapping[str, Any] | None, then: Mapping[str, Any] | None
) -> bool:
    row = now or then
    assert row is not None
    match place:
        case "applications" if now is not None and then is not None:
            body = _changed(now, then)
            return bool(body) and scene.send(who, "PATCH", f"/applications/{now['id']}", body) is not None
        case "owners":
            table = "applications" if row["source"] in scene.rows.applications else "servicePrincipals"
            path = f"/{table}/{row['source']}/owners"
            if then is None:
                return scene.send(who, "DELETE", f"{path}/{row['target']}/$ref") is not None
            return (
                scene.send(who, "POST", f"{path}/$ref", {"@odata.id": f"{LINK}{row['target']}"}) is not None
            )
        case "appRoleAssignments":
            path = f"/servicePrincipals/{row['resourceId']}/appRoleAssignedTo"
            held = scene.rows.app_role_assignments.find("principalId", row["principalId"])
            there = [
                one
                for one in held
                if one["resourceId"] == row["resourceId"] and one["appRoleId"] == row["appRoleId"]
            ]
            if then is None:
                return bool(there) and scene.send(who, "DELETE", f"{path}/{there[0]['id']}") is not None
            body = {name: row[name] for name in ("principalId", "resourceId", "appRoleId")}
            return scene.send(who, "POST", path, body) is not None
        case "oauth2PermissionGrants":
            path = f"/oauth2PermissionGrants/{row['id']}"
            if then is None:
                return scene.send(who, "DELETE", path) is not None
            if row["id"] in scene.rows.oauth2_permission_grants:
                return scene.send(who, "PATCH", path, {"scope": then["scope"]}) is not None
            body = {
                name: then[name] for name in ("clientId", "consentType", "principalId", "resourceId", "scope")
            }
            return scene.send(who, "POST", "/oauth2PermissionGrants", body) is not None
    return False


def _changed(now: Mapping[str, Any], then: Mapping[str, Any]) -> dict[str, Any]:
    names = [
        name
        for name in then
        if then[name] != now.get(name) and not name.startswith("_") and name not in NOT_SENT
    ]
    return {
        name: _inside(now[name], then[name]) if name in NESTED else _bare(then[name])
        for name in names
        if name in now
    }


def _inside(now: Mapping[str, Any], then: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _bare(value) for name, value in then.items() if value != now.get(name)}


def _bare(value: Any) -> Any:
    """Return a value as Graph takes it: without what it tells of roles by itself."""
    if isinstance(value, list):
        return [
            {k: v for k, v in each.items() if k != "origin"} if isinstance(each, dict) else each
            for each in value
        ]
    return value
