"""Who writes one restricted file reaches nothing outside of it, by no item and by no entry with `each`."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from entra_config.errors import ManifestError
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest
from tests.unit.manifest.conftest import HEAD, Load, Problems
from tests.unit.manifest.drawn_each import without_places

RUNS = 200
MAIN: dict[str, Any] = {
    "lists": {
        "services": {
            "core": {
                "host": "core.example.com",
                "owner": "core@contoso.com",
                "group": "Core",
                "api": "core-api",
            }
        }
    },
    "applications": {
        "${s}-api": {
            "each": {"s": "services"},
            "type": "api",
            "displayName": "${s} API",
            "owners": ["${s.owner}"],
            "identifierUris": ["api://${appId}"],
            "scopes": {"read": {"displayName": "Read", "description": "Reads.", "whoCanConsent": "admins"}},
            "appRoles": {"Reader": {"description": "Reads.", "allowedMemberTypes": ["User", "Application"]}},
        },
        "${s}-web": {
            "each": {"s": "services"},
            "type": "web",
            "displayName": "${s} web",
            "redirectUris": ["https://${s.host}/callback"],
            "apiPermissions": {
                "${s}-api": {"delegated": ["read"], "adminConsent": True},
                "vault": {"application": ["Admin"]},
            },
        },
        "vault": {
            "type": "api",
            "displayName": "Vault",
            "identifierUris": ["api://${appId}"],
            "appRoles": {"Admin": {"description": "All.", "allowedMemberTypes": ["User", "Application"]}},
        },
    },
    "appRoleAssignments": {"${s}-api": {"each": {"s": "services"}, "Reader": {"groups": ["${s.group}"]}}},
}
OPEN = ["lists/services/*", "applications/team-*", "appRoleAssignments/team-*", "consents/team-*"]
PATTERNS = [
    *OPEN,
    "applications/team-*/displayName",
    "lists/services/team-*",
    "lists/own",
    "consents/vault/Adm",
]
KEYS = [
    "core",
    "team-a",
    "team",
    "vault",
    "core-api",
    "team-x-api",
    "${s}",
    "team-${s}",
    "${s}-api",
    "${s}-web",
]
TEXTS = [
    "evil.example.com",
    "mallory@contoso.com",
    "vault",
    "core-api",
    "${appId}",
    "a/../b",
    "core",
    "Admin",
    "team-a",
]


def test_an_item_needs_what_its_entry_declares(problems: Problems, load: Load) -> None:
    """The permission of the file of the item counts for each key that the item makes."""
    main = json.dumps(MAIN) + "\n"
    team = (
        "lists: { services: { team-a: { host: a.example.com, owner: a@contoso.com, group: A, api: x } } }\n"
    )
    found = problems(_root(["lists/services/team-*"]), main=main, team=team)
    assert any(
        "`applications/team-a-web/redirectUris` is outside of what team.yaml may declare" in each
        for each in found
    )
    assert all("(team-a)" in each for each in found)

    assert "team-a-api" in load(_root(OPEN), main=main, team=team).applications


def test_an_entry_needs_it_for_each_key_that_it_makes(problems: Problems, load: Load) -> None:
    """The permission of the file of the entry counts too, whoever wrote the item."""
    main = json.dumps(MAIN) + "\n"
    team = "applications: { '${s}-job': { each: { s: services }, type: daemon, displayName: '${s} job' } }\n"
    root = _root(["applications/team-*", "applications/${s}-job"])
    found = problems(root, main=main, team=team)
    assert any(
        "`applications/core-job/type` is outside of what team.yaml may declare" in each for each in found
    )

    assert "core-job" in load(_root(["applications/*-job"]), main=main, team=team).applications


@pytest.mark.parametrize("start", range(0, RUNS, 100))
def test_no_attack_reaches_outside(start: int, tmp_path: Path) -> None:
    """Whatever loads differs from the manifest without the file inside of the file's patterns only."""
    loaded = 0
    for seed in range(start, start + 100):
        random = Random(seed)
        patterns = OPEN if random.random() < 0.5 else random.sample(PATTERNS, random.randint(1, 4))
        team = _attack(random)
        before = _load(tmp_path / "before", patterns, {})
        assert before is not None
        after = _load(tmp_path / "after", patterns, team)
        if after is not None:
            loaded += 1
            assert _reached(before, after, patterns) == [], (seed, patterns, team)
    assert loaded >= 10


def _attack(random: Random) -> dict[str, Any]:
    """Return what somebody writes who wants more than the file may declare."""
    item = {field: random.choice(TEXTS) for field in ("host", "owner", "group", "api")}
    if random.random() < 0.7:
        item |= {
            "owner": "mallory@contoso.com",
            "host": "evil.example.com",
            "group": "Evil",
            "api": "core-api",
        }
    item |= {key: random.choice(KEYS[:6]) for key in ["previously"] if random.random() < 0.15}
    key = random.choice(KEYS[:6]) if random.random() < 0.4 else "team-a"
    team: dict[str, Any] = {}
    if random.random() < 0.8:
        team["lists"] = {random.choice(["services", "services", "own"]): {key: item}}
    if random.random() < 0.4:
        name = random.choice(KEYS)
        entry: dict[str, Any] = {"type": "daemon", "displayName": "Evil"}
        if "${s}" in name or random.random() < 0.3:
            entry["each"] = {
                "s": random.choice(["services", ["core"], ["vault"], ["a", "team-b"], {key: item}])
            }
        if random.random() < 0.5:
            api = random.choice(["vault", "core-api", "${s.api}"])
            entry["apiPermissions"] = {
                api: {"application": [random.choice(["Admin", "Reader"])], "adminConsent": True}
            }
        team["applications"] = {name: entry}
    if random.random() < 0.3:
        holders: dict[str, Any] = {random.choice(["Reader", "Admin"]): {"users": ["mallory@contoso.com"]}}
        name = random.choice(KEYS)
        if "${s}" in name:
            holders["each"] = {"s": random.choice(["services", ["core"], ["vault"]])}
        team["appRoleAssignments"] = {name: holders}
    return team


def _reached(before: Manifest, after: Manifest, patterns: list[str]) -> list[str]:
    """Return what differs outside of `team-*`, which is all that any of the patterns lists."""
    found = []
    for name in ("applications", "enterprise_applications", "assignments", "grants", "removed"):
        was, now = getattr(before, name), getattr(after, name)
        if isinstance(was, tuple):
            found += [name] if without_places(was) != without_places(now) else []
            continue
        for key in {*was, *now}:
            of = key if isinstance(key, str) else key[0]
            if not of.startswith("team-") and without_places(was.get(key)) != without_places(now.get(key)):
                found.append(f"{name}/{key}")
    for key, application in after.applications.items():
        for api, permission in application.api_permissions.items():
            consented = {*(permission.delegated_consent or ()), *(permission.application_consent or ())}
            if key.startswith("team-") and not api.startswith("team-") and consented:
                found.append(f"consent of {key} to {api}")
        if application.previously and not application.previously.startswith("team-"):
            found.append(f"{key} takes {application.previously}")
    return found


def _root(patterns: list[str]) -> str:
    return HEAD + f"files: [main.yaml, {json.dumps({'path': 'team.yaml', 'mayDeclare': patterns})}]\n"


def _load(folder: Path, patterns: list[str], team: dict[str, Any]) -> Manifest | None:
    folder.mkdir(exist_ok=True)
    (folder / "entra-config.yaml").write_text(_root(patterns), encoding="utf-8")
    (folder / "main.yaml").write_text(json.dumps(MAIN), encoding="utf-8")
    (folder / "team.yaml").write_text(json.dumps(team), encoding="utf-8")
    try:
        return loader.load(folder)
    except ManifestError:
        return None
