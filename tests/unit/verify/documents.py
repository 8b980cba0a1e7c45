"""A small tenant before and after an apply, its plan and its lock file, as documents."""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import entra_verify

Json = dict[str, Any]
TENANT = "11111111-1111-1111-1111-111111111111"


def guid(number: int) -> str:
    """Return an id."""
    return f"{number:08x}-0000-4000-8000-000000000000"


API, WEB, OTHER, NEW = guid(1), guid(2), guid(3), guid(4)  # registrations
API_SP, WEB_SP, OTHER_SP, NEW_SP, DEPLOYER = guid(17), guid(18), guid(19), guid(20), guid(21)
APP_IDS = {API: guid(33), WEB: guid(34), OTHER: guid(35), NEW: guid(36), DEPLOYER: guid(37)}
READER, WRITER, SCOPE = guid(49), guid(50), guid(51)
ANN, BOB, EVE = guid(65), guid(66), guid(67)
GROUP = guid(81)
NAMES = {ANN: "ann@a.org", BOB: "bob@a.org", EVE: "eve@a.org", GROUP: "Writers"}
LOCK = f"""# Written by `entra-config lock -e prod`. The ids decide, whoever bears the names: review changes like code.
tenantId: {TENANT}
groups:
  Writers: {GROUP}
servicePrincipals:
  "Deployer (prod)": {DEPLOYER}
applications:
  api:
    appId: {APP_IDS[API]}  # created 2026-09-01T10:00:00Z by application x
  web:
    appId: {APP_IDS[WEB]}
"""


def registration(identifier: str, name: str, key: str, **properties: Any) -> Json:
    """Make a registration; one without a key is not of this project."""
    tags = [f"entra-config:key={key}", "entra-config:owner=p/prod"] if key else []
    unique = f"p.prod.{key}" if key else None
    return {
        "id": identifier, "appId": APP_IDS[identifier], "displayName": name, "tags": tags, "uniqueName": unique,
        "createdByAppId": None, "passwordCredentials": [], "keyCredentials": [],
        "api": {"oauth2PermissionScopes": [], "preAuthorizedApplications": []}, "appRoles": [],
        "web": {"redirectUris": []},
    } | properties  # fmt: skip


def principal(identifier: str, app_id: str, name: str, **offered: Any) -> Json:
    """Make a service principal."""
    return {
        "id": identifier, "appId": app_id, "displayName": name, "tags": [], "accountEnabled": True,
        "offered": {"appRoles": [], "oauth2PermissionScopes": []} | offered,
    }  # fmt: skip


def assignment(role: str, holder: str, kind: str = "User", resource: str = API_SP) -> Json:
    """Make an assignment."""
    return {
        "resourceId": resource, "appRoleId": role, "principalId": holder, "principalType": kind,
        "principalDisplayName": NAMES.get(holder),
    }  # fmt: skip


def grant(client: str, scope: str, resource: str = API_SP) -> Json:
    """Make a tenant-wide consent."""
    return {
        "clientId": client,
        "resourceId": resource,
        "consentType": "AllPrincipals",
        "principalId": None,
        "scope": scope,
    }


def member(holder: str, of: str = GROUP) -> Json:
    """Make a member of a group, or an owner."""
    return {"of": of, "id": holder, "type": "user", "name": NAMES[holder]}


def offer(identifier: str, value: str) -> Json:
    """Make a role or scope."""
    return {"id": identifier, "value": value, "isEnabled": True, "displayName": value}


def snapshot(day: int) -> Json:
    """Make the tenant as it is before the apply."""
    roles, scopes = [offer(READER, "Reader"), offer(WRITER, "Writer")], [offer(SCOPE, "read")]
    collections: dict[str, list[Json]] = {name: [] for name in entra_verify.COLLECTIONS} | {
        "applications": [
            registration(
                API, "API", "api", appRoles=roles,
                api={"oauth2PermissionScopes": scopes, "preAuthorizedApplications": []},
            ),
            registration(WEB, "Web", "web"),
            registration(OTHER, "Other", ""),
        ],
        "servicePrincipals": [
            principal(API_SP, APP_IDS[API], "API", appRoles=roles, oauth2PermissionScopes=scopes),
            principal(WEB_SP, APP_IDS[WEB], "Web"),
            principal(OTHER_SP, APP_IDS[OTHER], "Other"),
            principal(DEPLOYER, APP_IDS[DEPLOYER], "Deployer (prod)"),
        ],
        "appRoleAssignments": [assignment(READER, ANN), assignment(WRITER, BOB)],
        "members": [member(ANN), member(BOB)],
    }  # fmt: skip
    return {
        "version": 1, "kind": "entra-verify", "tenant": {"id": TENANT, "name": "a.org"}, "groups": [GROUP],
        "startedAt": f"2026-12-{day:02}T10:00:00+00:00", "finishedAt": f"2026-12-{day:02}T10:01:00+00:00",
        "collections": {name: {"items": items, "unknown": []} for name, items in collections.items()},
    }  # fmt: skip


def change(action: str, kind: str, key: str, *fields: Json, **ids: Any) -> Json:
    """Make a change of the plan."""
    return {
        "action": action, "address": {"kind": kind, "key": key}, "title": key, "fields": list(fields), "ids": ids
    }  # fmt: skip


def scalar(path: str, after: Any) -> Json:
    """Make a property that differs."""
    return {"path": path, "after": after, "items": [], "differences": []}


def listed(path: str, add: tuple[str, ...] = (), remove: tuple[str, ...] = ()) -> Json:
    """Make a collection that differs."""
    items = [("add", label) for label in add] + [("remove", label) for label in remove]
    return scalar(path, None) | {
        "items": [{"action": action, "label": label, "summary": "", "fields": []} for action, label in items]
    }


def access(
    action: str, kind: str, role: str, people: tuple[str, ...] = (), applications: tuple[str, ...] = ()
) -> Json:
    """Make an entry of who gains or loses."""
    return {
        "kind": kind, "application": "api", "role": role, "label": role, "action": action, "count": len(people),
        "people": [{"id": one, "name": NAMES[one], "through": "direct"} for one in people],
        "applications": [{"id": one, "name": one, "through": "application"} for one in applications],
        "ids": {"resource": API_SP, "role": None, "client": None},
    }  # fmt: skip


def key(name: str, application: str | None, proof: str = "pin", *, withheld: bool = False) -> Json:
    """Make what the plan claims of a key."""
    return {"key": name, "object": application, "proof": proof, "withheld": withheld}


class Documents:
    """An apply that gives a group and a client a role, a client a consent, and takes a role from Ann."""

    def __init__(self) -> None:
        self.before, self.after = snapshot(1), snapshot(2)
        self.lock = LOCK
        self.plan: Json = {
            "version": 4, "kind": "plan", "project": "p", "environment": "prod", "tenant": {"id": TENANT},
            "blocked": False, "following": [],
            "changes": [
                change("update", "application", "web", listed("web.redirectUris", add=("https://a.org/",)), object=WEB),
                change(
                    "create", "appRoleAssignment", f"api/Writer/group:{GROUP}",
                    resource=API_SP, role=WRITER, principal=GROUP,
                ),
                change(
                    "create", "appRoleAssignment", "api/Reader/servicePrincipal:web",
                    resource=API_SP, role=READER, principal=WEB_SP,
                ),
                change(
                    "delete", "appRoleAssignment", f"api/Reader/user:{ANN}",
                    resource=API_SP, role=READER, principal=ANN,
                ),
                change(
                    "create", "permissionGrant", "web/api", listed("scope", add=("read",)),
                    client=WEB_SP, resource=API_SP,
                ),
            ],
            "access": [
                access("gain", "role", "Writer", (ANN,)),
                access("gain", "role", "Reader", (), (WEB_SP,)),
                access("lose", "role", "Reader", (ANN,)),
                access("gain", "scope", "read", (), (WEB_SP,)),
            ],
            "keys": [key("api", API), key("web", WEB)],
        }  # fmt: skip
        self.items("applications")[1]["web"] = {"redirectUris": ["https://a.org/"]}
        self.items("appRoleAssignments")[:] = [
            assignment(WRITER, BOB),
            assignment(WRITER, GROUP, "Group"),
            assignment(READER, WEB_SP, "ServicePrincipal"),
        ]
        self.items("permissionGrants").append(grant(WEB_SP, "read"))

    def items(self, collection: str, *, before: bool = False) -> list[Json]:
        """Return the items of a collection, to change them."""
        found: list[Json] = (self.before if before else self.after)["collections"][collection]["items"]
        return found

    def both(self, collection: str, item: Json) -> None:
        """Add an item that is there before and after."""
        self.items(collection, before=True).append(item)
        self.items(collection).append(deepcopy(item))

    def write(self, folder: Path) -> list[str]:
        """Write the files and return the words of the command."""
        contents = {
            "plan.json": json.dumps(self.plan), "lock.yaml": self.lock,
            "before.json": json.dumps(self.before), "after.json": json.dumps(self.after),
        }  # fmt: skip
        for name, content in contents.items():
            folder.joinpath(name).write_text(content)
        digest = hashlib.sha256(contents["plan.json"].encode()).hexdigest()
        words = ["--plan-digest", digest, "--protected", "--deployer", "Deployer (prod)", "--format", "json"]
        return [*words, *(str(folder / name) for name in contents)]
