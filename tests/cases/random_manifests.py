"""A seed in, a manifest of a few applications that hang together out: whatever the format allows, in
random parts.
"""

from __future__ import annotations

from random import Random
from typing import Any

TENANT = "11111111-1111-1111-1111-111111111111"
USERS = ("alice@contoso.com", "bob@contoso.com", "carol@contoso.com")
GROUPS = ("Audit", "On call", "MyApp Writers")
# Named and pinned, the application that applies here proves what it made.
DEPLOYER = {"name": "Emulator deployer", "id": "684daebe-33eb-4152-a035-f106c0ad4014"}
POLICY = {
    "consent": {
        "Microsoft Graph": {"delegated": ["User.Read", "Mail.Read"], "application": ["User.Read.All"]}
    }
}


def manifest(seed: int) -> dict[str, Any]:
    """Return a manifest; the same one for the same seed."""
    random = Random(seed)
    apis = [key for key in ("left", "right", "third") if random.random() < 0.8] or ["left"]
    clients = [key for key in ("spa", "job", "tool") if random.random() < 0.8]
    applications = {key: _api(random, key) for key in apis}
    for key in clients:
        applications[key] = _client(random, key)
    for key in (*apis, *clients):
        _connect(random, key, applications)
    return {
        "project": "rnd",
        "environments": {
            "dev": {
                "tenantId": TENANT,
                "deployers": [DEPLOYER],
                "policy": {**POLICY, "allow": ["many", "last"]},
            }
        },
        "applications": applications,
        "appRoleAssignments": {key: _assignments(random, applications[key]) for key in apis},
        "removed": {
            "applications": {
                key: {"destroy": True}
                for key in ("left", "right", "third", "spa", "job", "tool")
                if key not in applications
            }
        },
    }


def _some(random: Random, items: Any) -> list[Any]:
    return [item for item in items if random.random() < 0.5]


def _api(random: Random, key: str) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "api", "displayName": f"{key} {random.randint(1, 2)}"}
    if random.random() < 0.7:
        found["identifierUris"] = ["api://${appId}", *_some(random, [f"https://contoso.com/{key}"])]
    found["scopes"] = {
        name: {
            "displayName": name,
            "description": random.choice(["A.", "B."]),
            "whoCanConsent": random.choice(["admins", "adminsAndUsers"]),
        }
        for name in _some(random, ["read", "write", "admin"])
    }
    found["appRoles"] = {
        name: {
            "displayName": name,
            "description": random.choice(["A.", "B."]),
            "allowedMemberTypes": ["User", "Application"],
            "isEnabled": True,
        }
        for name in _some(random, ["Reader", "Writer", "Boss"])
    }
    return found | _plain(random)


def _plain(random: Random) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, values in {
        "notes": ["One.", "Two.", None],
        "tags": [["a"], ["a", "b"]],
        "homePageUrl": ["https://contoso.com/", None],
        "groupMembershipClaims": ["ApplicationGroup", None],
        "optionalClaims": [
            {"accessToken": ["email"]},
            {"idToken": [{"name": "acct", "essential": True}]},
            None,
        ],
    }.items():
        if random.random() < 0.4:
            found[name] = random.choice(values)
    if random.random() < 0.5:
        found["enterpriseApplication"] = {
            "assignmentRequired": random.random() < 0.5,
            "notes": random.choice(["X", None]),
        }
    return found


def _client(random: Random, key: str) -> dict[str, Any]:
    kind = {"spa": "spa", "job": "daemon", "tool": "publicClient"}[key]
    found: dict[str, Any] = {"type": kind, "displayName": key}
    if kind == "daemon":
        found["federatedCredentials"] = {
            name: _workload(random, name) for name in _some(random, ["one", "two", "three"])
        }
    else:
        found["redirectUris"] = _some(
            random, ["http://localhost", "http://localhost:8080/cb", "https://a.contoso.com/"]
        )
    return found | _plain(random)


def _workload(random: Random, name: str) -> dict[str, Any]:
    number = random.randint(1, 2)
    written = {
        "issuer": "https://token.actions.githubusercontent.com",
        "subject": f"repo:a/b:environment:{name}{number}",
    }
    named = {"github": {"repository": "a/b", "environment": f"{name}{number}"}}
    matches = {
        "github": {
            "matches": f"claims['sub'] matches 'repo:a/{name}:*' and claims['repository_id'] eq '{number}'"
        }
    }
    return random.choice([written, named, matches])


def _connect(random: Random, key: str, applications: dict[str, dict[str, Any]]) -> None:
    kind = applications[key]["type"]
    permissions: dict[str, Any] = {}
    for other, api in applications.items():
        if other == key or api["type"] != "api" or random.random() < 0.3:
            continue
        delegated = _some(random, api["scopes"]) if kind != "daemon" else []
        roles = _some(random, api["appRoles"]) if kind in {"daemon", "api"} else []
        wanted: dict[str, Any] = {
            name: part for name, part in (("delegated", delegated), ("application", roles)) if part
        }
        if wanted:
            consent = random.choice([True, False, None])
            permissions[other] = wanted | ({} if consent is None else {"adminConsent": consent})
        authorized = _some(random, api["scopes"])
        if authorized and kind != "daemon" and random.random() < 0.5:
            api.setdefault("authorizedClients", {})[key] = authorized
    if random.random() < 0.5 and kind != "daemon":
        permissions["Microsoft Graph"] = {
            "delegated": _some(random, ["User.Read", "Mail.Read", "openid"]) or ["openid"],
            "adminConsent": True,
        }
    if random.random() < 0.5 and kind == "daemon":
        permissions["Microsoft Graph"] = {
            "application": ["User.Read.All"],
            "adminConsent": random.choice([True, False]),
        }
    if permissions:
        applications[key]["apiPermissions"] = permissions


def _assignments(random: Random, api: dict[str, Any]) -> dict[str, Any]:
    return {
        role: {"users": _some(random, USERS), "groups": _some(random, GROUPS)}
        for role in api["appRoles"]
        if random.random() < 0.7
    }
