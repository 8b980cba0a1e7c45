"""A number in, a manifest of so many copies of one set out: an API and its SPA, as the peer was measured
with.
"""

from __future__ import annotations

from pathlib import Path

import yaml

TENANT = "11111111-1111-1111-1111-111111111111"
PLACEHOLDER = "https://{key}.example.com/callback"


def write(folder: Path, copies: int, *, redirect: str = PLACEHOLDER) -> Path:
    """Write a manifest of `copies` sets: API (2 scopes, 3 roles, URI), SPA, authorization, service
    principals, 1 assignment.
    """
    root = {
        "project": "bench",
        "files": [{"path": "estate.yaml"}],
        "environments": {"bench": {"tenantId": TENANT}},
    }
    applications: dict[str, object] = {}
    assignments: dict[str, object] = {}
    for number in range(1, copies + 1):
        api, spa = f"api{number:03}", f"spa{number:03}"
        applications[api] = _api(api, spa)
        applications[spa] = {
            "type": "spa",
            "displayName": f"Bench {spa}",
            # Only the first set's SPA changes for the figure "one change".
            "redirectUris": [(redirect if number == 1 else PLACEHOLDER).format(key=spa)],
            "apiPermissions": {api: {"delegated": ["read", "write"]}},
        }
        assignments[api] = {"Reader": {"groups": ["All Staff"]}}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "entra-config.yaml").write_text(yaml.safe_dump(root, sort_keys=False), encoding="utf-8")
    body = {"applications": applications, "appRoleAssignments": assignments}
    (folder / "estate.yaml").write_text(yaml.safe_dump(body, sort_keys=False), encoding="utf-8")
    return folder


def _api(key: str, client: str) -> dict[str, object]:
    scopes = {
        value: {
            "displayName": f"{value} data",
            "description": f"Lets the app {value} data.",
            "whoCanConsent": "adminsAndUsers",
        }
        for value in ("read", "write")
    }
    roles = {
        value: {"displayName": value, "description": f"{value} of records.", "allowedMemberTypes": ["User"]}
        for value in ("Reader", "Writer", "Admin")
    }
    return {
        "type": "api",
        "displayName": f"Bench {key}",
        "identifierUris": ["api://${appId}"],
        "scopes": scopes,
        "appRoles": roles,
        "authorizedClients": {client: ["read", "write"]},
    }
