"""The part of the JSON Schema that only the root file has."""

from __future__ import annotations

from collections.abc import Mapping

from entra_config.manifest.fields import root_records
from entra_config.manifest.fields.environment import ENVIRONMENT
from entra_config.manifest.fields.lint_records import LINT
from entra_config.manifest.published.schema_parts import KEY, Schema, closed, described, mapped, record
from entra_config.manifest.published.schema_settings import settings


def root() -> Mapping[str, Schema]:
    """Return what only the root file has."""
    return {
        "project": {
            "type": "string",
            "pattern": KEY,
            "description": (
                "The project: with the environment it marks what this manifest owns in the tenant."
            ),
            "examples": ["myapp"],
        },
        "files": {
            "type": "array",
            "description": "The other files, as globs below this folder.",
            "items": _file("applications"),
        },
        "tests": {
            "type": "array",
            "description": "The files of access tests, as globs below this folder; absent: tests/*.yaml.",
            "items": _file("tests"),
        },
        "environments": {
            "type": "object",
            "description": "The environments by name; each is one owner in its tenant.",
            "propertyNames": {"pattern": KEY},
            "additionalProperties": _environment(),
            "minProperties": 1,
        },
        "policy": closed("What holds in every environment.", {"lint": record(LINT)}),
        "removed": closed(
            "What becomes of applications that left the manifest.",
            {"applications": mapped(record(root_records.REMOVED))},
        ),
        "grants": described(
            mapped(mapped(record(root_records.GIVEN))),
            (
                "By principal that is not ours (display name, `project/environment/key` or id) and API "
                "of others: roles given to it."
            ),
            {"Deploy identity": {"Microsoft Graph": {"application": ["User.Read.All"]}}},
        ),
        "settings": settings(),
    }


def _file(section: str) -> Schema:
    example = "tests/Billing *" if section == "tests" else "applications/api/appRoles/Billing.*"
    one = record(root_records.FILE)
    full = one["anyOf"][1]["properties"]
    full["mayDeclare"] = described(full["mayDeclare"], full["mayDeclare"]["description"], [example])
    return {**one, "examples": [{"path": f"{section}/*.yaml"}]}


def _environment() -> Schema:
    of_fleet = {"properties": {"fleet": {"const": True}}, "required": ["fleet"]}
    return {**record(ENVIRONMENT), "anyOf": [{"required": ["tenantId"]}, of_fleet]}
