"""The part of the JSON Schema that only the root file has."""

from __future__ import annotations

from collections.abc import Mapping

from entra_config.manifest.fields import environment, root_records, sink_records
from entra_config.manifest.lint_policy import KEYS, RULE_KEYS, SEVERITIES
from entra_config.manifest.published.schema_parts import (
    GUID,
    KEY,
    Schema,
    closed,
    described,
    flag,
    mapped,
    names,
    record,
    texts,
)
from entra_config.manifest.published.schema_settings import settings
from entra_config.manifest.sections.policies import WORDS


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
        "policy": closed("What holds in every environment.", {"lint": _lint()}),
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
    words = {
        "type": "array",
        "items": {"enum": sorted(WORDS)},
        "description": "; ".join(f"{k}: {v}" for k, v in WORDS.items()),
    }
    policy = {
        "consent": described(
            mapped(record(root_records.CONSENTS)),
            "What this tool may consent to, besides the project's own APIs and OpenID scopes.",
        ),
        "allow": words,
        "limits": record(root_records.LIMITS),
        "lint": _lint(),
    }
    shapes: dict[str, Schema] = {
        "fleet": {"type": ["boolean", "null"]},
        "tenantId": GUID,
        "authority": {"type": ["string", "null"], "pattern": r"^https://[a-z0-9-]+\.ciamlogin\.com$"},
        "protected": flag(),
        "deployers": {"anyOf": [{"const": "credential"}, names()]},
        "ownDomains": {
            "type": "array",
            "items": {"type": "string", "pattern": r"^([A-Za-z0-9-]+\.)+[A-Za-z][A-Za-z0-9-]*$"},
        },
        "variables": variables(),
        "policy": closed("", policy),
        "acknowledged": mapped({"type": "array", "items": record(root_records.ACKNOWLEDGED)}),
        "sinks": {**mapped(record(sink_records.SINK)), "propertyNames": {"pattern": KEY}},
        "overrides": {"$ref": "#/$defs/overrides"},
    }
    keys = {
        key: described(shapes[key], says) if says else shapes[key] for key, says in environment.KEYS.items()
    }
    of_fleet = {"properties": {"fleet": {"const": True}}, "required": ["fleet"]}
    return {**closed("One environment.", keys), "anyOf": [{"required": ["tenantId"]}, of_fleet]}


def variables() -> Schema:
    """Return the schema of `variables`."""
    return {
        "type": ["object", "null"],
        "description": "",
        "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
        "propertyNames": {"pattern": KEY},
    }


def _lint() -> Schema:
    shapes: dict[str, Schema] = {
        "texts": texts(),
        "choice": {"enum": list(SEVERITIES)},
        "whole": {"type": "integer", "minimum": 0},
        "text": {"type": "string"},
    }
    keys, rule_keys = (
        {key.key: described(shapes[key.shape], key.description, key.example) for key in every}
        for every in (KEYS, RULE_KEYS)
    )
    rules = described(
        mapped(closed("Options of one rule.", rule_keys)), "Options of single rules of `entra-config lint`."
    )
    return closed("Options of `entra-config lint`.", {**keys, "rules": rules})
