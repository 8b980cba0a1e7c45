"""Somebody and chance in; one change of a registration, of ours or of one that looks like it, made or not
possible, out.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from entra_emulator import seed as seeds
from tests.oracle.evidence.scene import Scene

PLATFORM = {"web": "spa", "phone": "publicClient", "site": "web"}
URIS = ("https://a.example/cb", "https://b.example/cb", "https://shop.contoso.com/", "https://c.example/cb")
NAMES = ("Shop", "Shop API", "Shop's job", "Renamed", "Renamed again")
USER_READ = "e1fe6dd8-ba31-4d61-89e7-88639da4683d"
# Ids that come again on ours and on look-alikes: ids of roles and scopes are unique in one registration only.
SPARE = tuple(f"5c0be000-0000-4000-8000-00000000000{number}" for number in range(1, 4))
OWN_ONLY = ("origin",)


def redirect_uri(scene: Scene, random: Random, who: str) -> bool:
    """Add one redirect URI, or take one away; now and then another one in the same breath."""
    key = random.choice(list(PLATFORM))
    app = scene.some(random, key)
    if app is None:
        return False
    kind = random.choice([PLATFORM[key], PLATFORM[key], *PLATFORM.values()])
    uris = list(app[kind]["redirectUris"])
    for _ in range(random.choice((1, 1, 1, 2))):
        uri = random.choice(URIS if kind == PLATFORM[key] else URIS[:2])
        if uri in uris or (uris and random.random() < 0.4):
            uris.remove(uri if uri in uris else random.choice(uris))
        else:
            uris.append(uri)
    return _patch(scene, who, app, {kind: {"redirectUris": uris}})


def address(scene: Scene, random: Random, who: str) -> bool:
    """Change the logout URL or the home page."""
    app = scene.some(random, "site", "web")
    if app is None:
        return False
    name = random.choice(("logoutUrl", "homePageUrl"))
    return _patch(scene, who, app, {"web": {name: random.choice((*URIS[:2], None))}})


def name(scene: Scene, random: Random, who: str) -> bool:
    """Rename it, perhaps back."""
    app = scene.some(random, "api", "web", "site", "job")
    return app is not None and _patch(scene, who, app, {"displayName": random.choice(NAMES)})


def notes(scene: Scene, random: Random, who: str) -> bool:
    """Change what one declares, or what nobody here does."""
    app = scene.some(random, "site", "site", "api")
    if app is None:
        return False
    number = f"{random.random():.3f}"
    bodies: tuple[dict[str, Any], ...] = (
        {"notes": random.choice(("Mine.", "Run by the shop.", None))},
        {"serviceManagementReference": f"T-{number}"},
        {"tags": sorted(set(app["tags"]) ^ {random.choice(("team:shop", "team:other"))})},
    )
    body = random.choice(bodies)
    site = scene.principal(app) if random.random() < 0.4 else None
    if site is not None and site["loginUrl"]:
        # The log has no word for it.
        body = {"loginUrl": f"https://site.contoso.com/{number}"}
        return scene.send(who, "PATCH", f"/servicePrincipals/{site['id']}", body) is not None
    return _patch(scene, who, app, body)


def identifier_uri(scene: Scene, random: Random, who: str) -> bool:
    """Add or remove an identifier URI."""
    app = scene.some(random, "api")
    if app is None:
        return False
    uris = list(app["identifierUris"])
    extra = f"https://contoso.com/{random.choice(('one', 'two'))}-{app['appId'][:4]}"
    if extra in uris or (len(uris) > 1 and random.random() < 0.3):
        uris.remove(extra if extra in uris else uris[-1])
    else:
        uris.append(extra)
    return _patch(scene, who, app, {"identifierUris": uris})


def audience(scene: Scene, random: Random, who: str) -> bool:
    """Open a registration to other tenants, or close it."""
    app = scene.some(random, "web", "phone", "job")
    kinds = ("AzureADMyOrg", "AzureADMultipleOrgs", "AzureADMultipleOrgs")
    return app is not None and _patch(scene, who, app, {"signInAudience": random.choice(kinds)})


def implicit(scene: Scene, random: Random, who: str) -> bool:
    """Switch a flag of the implicit grant."""
    app = scene.some(random, "web", "site")
    flag = random.choice(("enableIdTokenIssuance", "enableAccessTokenIssuance"))
    if app is None:
        return False
    return _patch(
        scene,
        who,
        app,
        {"web": {"implicitGrantSettings": {flag: not app["web"]["implicitGrantSettings"][flag]}}},
    )


def token(scene: Scene, random: Random, who: str) -> bool:
    """Change the version or the claims of tokens."""
    app = scene.some(random, "api")
    if app is None:
        return False
    claims = {"accessToken": [{"name": random.choice(("email", "upn"))}], "idToken": [], "saml2Token": []}
    bodies: tuple[dict[str, Any], ...] = (
        {"api": {"requestedAccessTokenVersion": random.choice((1, 2))}},
        {"groupMembershipClaims": random.choice(("All", "SecurityGroup", None))},
        {"optionalClaims": claims},
        {"isFallbackPublicClient": random.choice((True, False))},
    )
    return _patch(scene, who, app, random.choice(bodies))


def scope(scene: Scene, random: Random, who: str) -> bool:
    """Add a scope, change the text of one, switch one off or on, or remove one that is off."""
    app = scene.some(random, "api")
    if app is None:
        return False
    scopes = [dict(each) for each in app["api"]["oauth2PermissionScopes"]]
    new = {
        "id": random.choice(SPARE),
        "value": "",
        "adminConsentDisplayName": "More",
        "adminConsentDescription": "More.",
        "type": "Admin",
        "isEnabled": True,
    }
    new["value"] = f"more.{new['id'][-1]}"
    if random.random() < 0.2:
        return _taken(
            random,
            scopes,
            lambda entries: _patch(scene, who, app, {"api": {"oauth2PermissionScopes": entries}}),
        )
    changed = _entry(random, scopes, new, ("adminConsentDescription", "adminConsentDisplayName"))
    return changed and _patch(scene, who, app, {"api": {"oauth2PermissionScopes": scopes}})


def role(scene: Scene, random: Random, who: str) -> bool:
    """Add a role, change the text of one, switch one off or on, or remove one that is off."""
    app = scene.some(random, "api")
    if app is None:
        return False
    roles = [
        {name: value for name, value in each.items() if name not in OWN_ONLY} for each in app["appRoles"]
    ]
    new = {"id": random.choice(SPARE), "displayName": "More", "description": "More.", "isEnabled": True}
    new |= {"value": f"More.{new['id'][-1]}", "allowedMemberTypes": ["User", "Application"]}
    if random.random() < 0.2:
        return _taken(random, roles, lambda entries: _patch(scene, who, app, {"appRoles": entries}))
    changed = _entry(random, roles, new, ("description", "displayName"))
    return changed and _patch(scene, who, app, {"appRoles": roles})


def _taken(
    random: Random, entries: list[dict[str, Any]], send: Callable[[list[dict[str, Any]]], bool]
) -> bool:
    """Switch one off and take it away: Graph wants two requests for that."""
    if not entries:
        return False
    chosen = random.choice(entries)
    if chosen["isEnabled"] and not send(
        [{**each, "isEnabled": each["isEnabled"] and each is not chosen} for each in entries]
    ):
        return False
    return send([{**each, "isEnabled": each["isEnabled"]} for each in entries if each is not chosen])


def _entry(
    random: Random, entries: list[dict[str, Any]], new: dict[str, Any], texts: tuple[str, ...]
) -> bool:
    known = {each["id"] for each in entries}
    if not entries:
        entries.append(new)
        return True
    match random.choice(("add", "text", "switch", "remove", "remove", "both")):
        case "add" if new["id"] not in known:
            entries.append(new)
        case "text":
            # What is enabled may not be edited: it is switched off in the same breath, or is off already.
            chosen = random.choice(entries)
            chosen |= {random.choice(texts): random.choice(("Changed", "Changed again")), "isEnabled": False}
        case "switch":
            chosen = random.choice(entries)
            chosen["isEnabled"] = not chosen["isEnabled"]
        case "both":
            # An apply can take what is declared and off back; gone with its id, it is made anew.
            chosen = random.choice(entries)
            chosen["isEnabled"] = False
        case "remove" if off := [each for each in entries if not each["isEnabled"]]:
            entries.remove(random.choice(off))
        case _:
            return False
    return True


def permission(scene: Scene, random: Random, who: str) -> bool:
    """Request one permission more, or one less."""
    app, api = scene.some(random, "web", "phone", "site"), scene.some(random, "api")
    if app is None or api is None:
        return False
    offered = [(each["id"], "Scope") for each in api["api"]["oauth2PermissionScopes"]] + [
        (each["id"], "Role") for each in api["appRoles"]
    ]
    chosen = random.choice(
        [(api["appId"], *each) for each in offered] + [(seeds.GRAPH_APP_ID, USER_READ, "Scope")]
    )
    requested = {
        entry["resourceAppId"]: [(access["id"], access["type"]) for access in entry["resourceAccess"]]
        for entry in app["requiredResourceAccess"]
    }
    listed = requested.setdefault(chosen[0], [])
    (listed.remove if chosen[1:] in listed else listed.append)(chosen[1:])
    body = [
        {"resourceAppId": id_, "resourceAccess": [{"id": one, "type": type_} for one, type_ in accesses]}
        for id_, accesses in requested.items()
        if accesses
    ]
    return _patch(scene, who, app, {"requiredResourceAccess": body})


def client(scene: Scene, random: Random, who: str) -> bool:
    """Authorize a client, one less, or one for other scopes; or make one known."""
    api, other = scene.some(random, "api"), scene.some(random, "web", "phone", "site", "job")
    if api is None or other is None or not api["api"]["oauth2PermissionScopes"]:
        return False
    if random.random() < 0.2:
        known = set(api["api"]["knownClientApplications"]) ^ {other["appId"]}
        return _patch(scene, who, api, {"api": {"knownClientApplications": sorted(known)}})
    scopes = [each["id"] for each in api["api"]["oauth2PermissionScopes"]]
    listed = {
        each["appId"]: list(each["delegatedPermissionIds"])
        for each in api["api"]["preAuthorizedApplications"]
    }
    if listed and random.random() < 0.3:
        del listed[random.choice(sorted(listed))]
    else:
        listed[other["appId"]] = random.sample(scopes, random.randint(1, min(2, len(scopes))))
    body = [{"appId": id_, "delegatedPermissionIds": ids} for id_, ids in listed.items()]
    return _patch(scene, who, api, {"api": {"preAuthorizedApplications": body}})


def principal(scene: Scene, random: Random, who: str) -> bool:
    """Change who may use it: assignment required or not, enabled or not."""
    app = scene.some(random, "api", "api", "web")
    found = scene.principal(app) if app is not None else None
    if found is None:
        return False
    name_ = random.choice(("appRoleAssignmentRequired", "appRoleAssignmentRequired", "accountEnabled"))
    return (
        scene.send(who, "PATCH", f"/servicePrincipals/{found['id']}", {name_: not found[name_]}) is not None
    )


def several(scene: Scene, random: Random, who: str) -> bool:
    """Change two things in one request."""
    app = scene.some(random, "site")
    if app is None:
        return False
    uris = set(app["web"]["redirectUris"]) ^ {random.choice(URIS)}
    body = {
        "notes": random.choice(("Mine.", "Ours.", "Run by the shop.")),
        "displayName": random.choice(NAMES),
    }
    body.pop(random.choice(sorted(body)))
    return _patch(scene, who, app, {**body, "web": {"redirectUris": sorted(uris)}})


def _patch(scene: Scene, who: str, app: Any, body: Any) -> bool:
    before = scene.rows.applications.get(app["id"])
    return scene.send(
        who, "PATCH", f"/applications/{app['id']}", body
    ) is not None and before != scene.rows.applications.get(app["id"])


ACTS = (
    *(redirect_uri, redirect_uri),
    *(address, address, address),
    name,
    *(notes, notes, notes),
    *(identifier_uri, identifier_uri),
    audience,
    *(implicit, implicit),
    *(token, token, token, token),
    *(scope, scope, scope, scope),
    *(role, role, role, role),
    *(permission, permission),
    *(client, client, client),
    *(principal, principal),
    several,
)
