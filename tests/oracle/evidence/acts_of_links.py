"""Somebody and chance in; one owner, holder, consent or group that comes or goes, at ours or at what looks
like it, out.
"""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

from entra_emulator.login import consent, consent_log
from entra_emulator.login.keys import KeyRing
from entra_emulator.login.parties import find_party
from entra_emulator.login.seal import Seal
from entra_emulator.login.service import SignIn
from tests.oracle.evidence.scene import LINK, PEOPLE, Scene, group, user

CONSENTING = ("alice", "grace")
OWNERS = ("bob", "carol", "judy", "erin")
GROUPS = ("On call", "Audit", "MyApp Developers", "All Staff", "MyApp Writers")
GOING = ("On call", "Audit", "MyApp Writers")
HOLDERS = ("bob", "erin", "frank", "ivan")


def owner(scene: Scene, random: Random, who: str) -> bool:
    """Make somebody an owner of a registration or of its service principal, or take one away."""
    app = scene.some(random, "api", "api", "web", "job")
    principal = scene.principal(app) if app is not None else None
    if app is None or principal is None:
        return False
    table, id_ = random.choice(
        (("applications", app["id"]), ("applications", app["id"]), ("servicePrincipals", principal["id"]))
    )
    whom = user("judy" if app == scene.ours("api") and random.random() < 0.6 else random.choice(OWNERS))
    if whom in scene.rows.owners.targets(id_):
        return scene.send(who, "DELETE", f"/{table}/{id_}/owners/{whom}/$ref") is not None
    return scene.send(who, "POST", f"/{table}/{id_}/owners/$ref", {"@odata.id": f"{LINK}{whom}"}) is not None


def assignment(scene: Scene, random: Random, who: str) -> bool:
    """Give a role to a person, a group or an application, or take one from whoever has it."""
    api = scene.some(random, "api")
    principal = scene.principal(api) if api is not None else None
    if api is None or principal is None or not api["appRoles"]:
        return False
    held = scene.rows.app_role_assignments.find("resourceId", principal["id"])
    if held and random.random() < 0.35:
        row = random.choice(held)
        return (
            scene.send(who, "DELETE", f"/servicePrincipals/{principal['id']}/appRoleAssignedTo/{row['id']}")
            is not None
        )
    holder = _holder(scene, random)
    if not holder:
        return False
    body = {
        "principalId": holder,
        "resourceId": principal["id"],
        "appRoleId": random.choice(api["appRoles"])["id"],
    }
    return (
        scene.send(who, "POST", f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", body) is not None
    )


def _holder(scene: Scene, random: Random) -> str:
    match random.choice(("person", "person", "group", "application", "application", "application")):
        case "person":
            return user(random.choice(HOLDERS))
        case "group":
            return group(random.choice(GROUPS))
        case _:
            app = scene.some(random, "job", "site", "web")
            principal = scene.principal(app) if app is not None else None
            return str(principal["id"]) if principal is not None else ""


def grant(scene: Scene, random: Random, who: str) -> bool:
    """Give consent by hand, for everybody or one person, widen or narrow one, or take it away."""
    client, api, scopes = _ends(scene, random)
    if not scopes:
        return False
    alone = random.random() < 0.2
    whom = user(random.choice(PEOPLE)) if alone else None
    found = [
        row
        for row in scene.rows.oauth2_permission_grants.find("clientId", client)
        if row["resourceId"] == api and row["principalId"] == whom
    ]
    if not found:
        body = {"clientId": client, "resourceId": api, "scope": " ".join(scopes)}
        body |= (
            {"consentType": "Principal", "principalId": whom} if alone else {"consentType": "AllPrincipals"}
        )
        return scene.send(who, "POST", "/oauth2PermissionGrants", body) is not None
    path = f"/oauth2PermissionGrants/{found[0]['id']}"
    if random.random() < 0.25:
        return scene.send(who, "DELETE", path) is not None
    words = sorted(set((found[0]["scope"] or "").split()) ^ set(scopes))
    return bool(words) and scene.send(who, "PATCH", path, {"scope": " ".join(words)}) is not None


def screen(scene: Scene, random: Random, who: str) -> bool:
    """Give consent on the consent screen, as somebody who may do so for everybody, or for himself."""
    client, api, scopes = _ends(scene, random)
    if who not in CONSENTING or not scopes:
        return False
    tenant, directory = scene.rows, scene.directory
    parties = [
        find_party(directory, tenant, tenant.service_principals.get(id_)["appId"]) for id_ in (client, api)
    ]
    if parties[0] is None or parties[1] is None:
        return False
    need = consent.Need(parties[0], parties[1], tuple(scopes))
    everyone = random.random() < 0.7
    by = tenant.user_by_name(f"{who}@contoso.com")
    consent_log.consented(SignIn(directory, *_keys()), tenant, parties[0], [need], by, everyone=everyone)
    scene.acts.append(
        f"{scene.clock.now():%m-%d %H:%M:%S} {who}: consent screen {client} {api} {scopes} {everyone}"
    )
    return True


@cache
def _keys() -> tuple[KeyRing, Seal]:
    from entra_emulator.clock import SystemClock

    return KeyRing.generate(SystemClock().now), Seal(bytes(32))


def _ends(scene: Scene, random: Random) -> tuple[str, str, list[str]]:
    apps = scene.some(random, "web", "phone", "site"), scene.some(random, "api")
    strangers = [
        row
        for key in ("web", "site")
        for row in map(scene.rows.applications.get, scene.likes.get(key, ()))
        if row
    ]
    if strangers and random.random() < 0.2:
        # Whoever looks like a client of ours acts at ours.
        apps = random.choice(strangers), scene.ours("api")
    found: list[Any] = [scene.principal(app) if app is not None else None for app in apps]
    if None in found:
        return "", "", []
    values = [each["value"] for each in found[1]["oauth2PermissionScopes"] if each["isEnabled"]]
    return found[0]["id"], found[1]["id"], random.sample(values, min(len(values), random.choice((1, 1, 2))))


def groups(scene: Scene, random: Random, who: str) -> bool:
    """Delete a group, with all that it holds, or bring a deleted one back; or change who is in one."""
    deleted = [row for row in scene.rows.deleted_items if row["_type"] == "group"]
    if deleted and random.random() < 0.7:
        return (
            scene.send(who, "POST", f"/directory/deletedItems/{random.choice(deleted)['id']}/restore", {})
            is not None
        )
    id_ = group(random.choice(GOING))
    if random.random() < 0.5:
        return scene.send(who, "DELETE", f"/groups/{id_}") is not None
    whom = user(random.choice(HOLDERS))
    if whom in scene.rows.members.targets(id_):
        return scene.send(who, "DELETE", f"/groups/{id_}/members/{whom}/$ref") is not None
    return scene.send(who, "POST", f"/groups/{id_}/members/$ref", {"@odata.id": f"{LINK}{whom}"}) is not None


def objects(scene: Scene, random: Random, who: str) -> bool:
    """Delete a client of ours or what looks like one, or bring one back."""
    deleted = [row for row in scene.rows.deleted_items if row["_type"] in {"application", "servicePrincipal"}]
    if deleted:
        for row in sorted(deleted, key=lambda each: each["_type"]):
            scene.send(who, "POST", f"/directory/deletedItems/{row['id']}/restore", {})
        return True
    app = scene.some(random, "phone", "job")
    return app is not None and scene.send(who, "DELETE", f"/applications/{app['id']}") is not None


ACTS = (owner, owner, *[assignment] * 5, grant, grant, grant, screen, screen, groups)
