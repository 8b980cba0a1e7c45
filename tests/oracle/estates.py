"""Chance in, the manifest of a random estate out: APIs, clients and workloads that hang together, with
people and groups.
"""

from __future__ import annotations

from random import Random
from typing import Any

from entra_emulator import seed

TENANT = seed.CONTOSO
PEOPLE = tuple(
    f"{name}@contoso.com"
    for name in ("alice", "bob", "carol", "dave", "erin", "frank", "heidi", "ivan", "judy", "li")
)
GROUPS = ("MyApp Developers", "MyApp Admins", "MyApp Writers", "All Staff", "On call", "Audit")
APIS = ("orders", "stock", "billing", "desk-api")
LABELS = ("Reader", "Writer", "Admin", "Auditor", "Operator")
SCOPES = ("see", "change", "manage")
ISSUER = "https://token.actions.githubusercontent.com"
POLICY = {
    "allow": ["many", "last"],
    "consent": {
        "Microsoft Graph": {"delegated": ["User.Read", "Mail.Read"], "application": ["User.Read.All"]}
    },
}

Manifest = dict[str, Any]


def estate(random: Random, project: str, prefix: str = "") -> Manifest:
    """Return a manifest of one project in one environment `prod`."""
    apis = random.sample(APIS, random.randint(1, 3))
    applications = {f"{prefix}{key}": api(random, f"{prefix}{key}") for key in apis}
    keys = list(applications)
    for name, kind in (
        ("web", "spa"),
        ("phone", "publicClient"),
        ("site", "web"),
        ("nightly", "daemon"),
        ("sync", "daemon"),
    ):
        if random.random() < 0.6:
            applications[f"{prefix}{name}"] = client(random, kind, f"{prefix}{name}")
    for key, app in applications.items():
        connect(random, key, app, {other: applications[other] for other in keys if other != key})
    return {
        "project": project,
        "environments": {"prod": {"tenantId": TENANT, "policy": POLICY}},
        "applications": applications,
        "appRoleAssignments": {key: assignments(random, applications[key]) for key in keys},
    }


def api(random: Random, key: str) -> Manifest:
    """Return an API with roles and scopes; some values are not their labels."""
    found: Manifest = {"type": "api", "displayName": key.title(), "identifierUris": ["api://${appId}"]}
    if random.random() < 0.5:
        found["identifierUris"].append(f"https://contoso.com/{key}")
    found["scopes"] = {label: scope(random, label) for label in _some(random, SCOPES, 1)}
    found["appRoles"] = (
        {label: role(random, label) for label in _some(random, LABELS, 2)} if random.random() < 0.92 else {}
    )
    if random.random() < 0.4:
        found["enterpriseApplication"] = {"assignmentRequired": random.random() < 0.7}
    return found


def role(random: Random, label: str, *, members: list[str] | None = None) -> Manifest:
    """Return an app role."""
    found: Manifest = {"displayName": label, "description": f"{label}."}
    found["allowedMemberTypes"] = members or random.choice(
        [["User"], ["User", "Application"], ["User", "Application"], ["User"]]
    )
    if random.random() < 0.25:
        found["value"] = f"{label}.All"
    return found


def scope(random: Random, label: str) -> Manifest:
    """Return a delegated permission."""
    found: Manifest = {
        "displayName": label,
        "description": f"{label}.",
        "whoCanConsent": random.choice(["admins", "adminsAndUsers"]),
    }
    if random.random() < 0.2:
        found["value"] = f"{label}.all"
    return found


def client(random: Random, kind: str, key: str) -> Manifest:
    """Return an application that calls: for people, or for itself."""
    found: Manifest = {"type": kind, "displayName": key.title()}
    if kind == "daemon":
        subject = f"repo:example/{key}:environment:prod"
        found["federatedCredentials"] = {"github": {"issuer": ISSUER, "subject": subject}}
    else:
        found["redirectUris"] = (
            ["http://localhost"] if kind == "publicClient" else [f"https://{key}.contoso.com/"]
        )
    if random.random() < 0.15:
        found["enterpriseApplication"] = {"assignmentRequired": random.random() < 0.5}
    return found


def connect(random: Random, key: str, app: Manifest, apis: dict[str, Manifest]) -> None:
    """Let an application ask for permissions of these APIs, and some of them list it."""
    permissions: Manifest = {}
    for name, other in apis.items():
        if app["type"] == "api" and random.random() < 0.7:
            continue
        wanted: Manifest = {}
        if app["type"] != "daemon":
            wanted["delegated"] = _some(random, other["scopes"], 1)
            if random.random() < 0.3:
                other.setdefault("authorizedClients", {})[key] = _some(random, other["scopes"], 1)
        if app["type"] in ("daemon", "web", "api"):
            wanted["application"] = _some(random, for_applications(other), 0)
        wanted = {kind: names for kind, names in wanted.items() if names}
        if wanted:
            permissions[name] = wanted | consent(random)
    if random.random() < 0.2 and app["type"] != "api":
        kind, name = (
            ("application", "User.Read.All") if app["type"] == "daemon" else ("delegated", "User.Read")
        )
        permissions["Microsoft Graph"] = {kind: [name], "adminConsent": True}
    if permissions:
        app["apiPermissions"] = permissions


def consent(random: Random) -> Manifest:
    """Return how far an administrator's consent goes."""
    chosen = random.choice([True, True, True, False, None])
    return {} if chosen is None else {"adminConsent": chosen}


def assignments(random: Random, app: Manifest) -> Manifest:
    """Return who holds the roles of an API."""
    found: Manifest = {}
    for label, each in app["appRoles"].items():
        if "User" in each["allowedMemberTypes"] and random.random() < 0.8:
            found[label] = holders(random)
    return found or {"default": holders(random)} if not app["appRoles"] else found


def holders(random: Random) -> Manifest:
    """Return users, groups or both."""
    found: Manifest = {}
    if random.random() < 0.7:
        found["groups"] = random.sample(GROUPS, random.randint(1, 2))
    if random.random() < 0.6 or not found:
        found["users"] = random.sample(PEOPLE, random.randint(1, 3))
    return found


def for_applications(app: Manifest) -> list[str]:
    """Return the labels of the roles that applications may hold."""
    return [
        label
        for label, each in app.get("appRoles", {}).items()
        if "Application" in each["allowedMemberTypes"]
    ]


def _some(random: Random, items: Any, least: int) -> list[Any]:
    items = list(items)
    count = random.randint(min(least, len(items)), len(items))
    return sorted(random.sample(items, count), key=items.index)
