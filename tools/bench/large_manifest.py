"""A number of applications in; a manifest of so many, each with ten assignments, out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

ASSIGNMENTS = 10
PART = 500  # applications in one file; a file has its limit
GROUPS = (
    "All Staff",
    "Audit",
    "MyApp Admins",
    "MyApp Deploy",
    "MyApp Developers",
    "MyApp Writers",
    "On call",
)
USERS = ("alice@contoso.com", "bob@contoso.com", "carol@contoso.com")


def write(folder: Path, size: int, changed: int) -> None:
    """Write a manifest whose first `changed` applications have another name."""
    keys = [f"app{number:05}" for number in range(size)]
    role = {"Reader": {"displayName": "Reader", "description": "Reads.", "allowedMemberTypes": ["User"]}}
    applications = {
        key: {"type": "api", "displayName": f"Large {key}{' changed' * (place < changed)}", "appRoles": role}
        for place, key in enumerate(keys)
    }
    held = {key: {"Reader": {"groups": list(GROUPS), "users": list(USERS)}} for key in keys}
    documents: dict[str, Any] = {
        "entra-config.yaml": {
            "project": "large",
            "files": [{"path": "part-*.yaml"}],
            "environments": {"bench": {"tenantId": "11111111-1111-1111-1111-111111111111"}},
        }
    }
    for start in range(0, size, PART):
        part = keys[start : start + PART]
        documents[f"part-{start}.yaml"] = {
            "applications": {key: applications[key] for key in part},
            "appRoleAssignments": {key: held[key] for key in part},
        }
    for name, document in documents.items():
        (folder / name).write_text(
            yaml.dump(document, sort_keys=False, Dumper=yaml.CSafeDumper), encoding="utf-8"
        )
