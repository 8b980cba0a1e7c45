"""The part of the JSON Schema that only the root file has."""

from __future__ import annotations

from collections.abc import Mapping

from entra_config.manifest.lint_policy import KEYS, RULE_KEYS, SEVERITIES
from entra_config.manifest.published.schema_parts import GUID, KEY, Schema, closed, described, flag, mapped, names, texts
from entra_config.manifest.published.schema_settings import settings
from entra_config.manifest.sections.policies import WORDS


def root() -> Mapping[str, Schema]:
    """Return what only the root file has."""
    return {
        "project": {
            "type": "string",
            "pattern": KEY,
            "description": "The project: with the environment it marks what this manifest owns in the tenant.",
            "examples": ["myapp"],
        },
        "files": {"type": "array", "description": "The other files, as globs below this folder.", "items": _file("applications")},
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
        "removed": closed("What becomes of applications that left the manifest.", {"applications": mapped(_removed())}),
        "settings": settings(),
    }


def _file(section: str) -> Schema:
    example = "tests/Billing *" if section == "tests" else "applications/api/appRoles/Billing.*"
    declare = described(texts(), "The only key paths that these files may declare; `*` stays in its segment.", [example])
    full = closed("Files, with a fence around what they may declare.", {"path": {"type": "string"}, "mayDeclare": declare})
    return {"anyOf": [{"type": "string"}, {**full, "required": ["path"]}], "examples": [{"path": f"{section}/*.yaml"}]}


def _environment() -> Schema:
    number: Schema = {"type": "integer", "minimum": 0}
    limits = {"maxPeople": number, "maxApplications": number, "maxRemovedPercent": {**number, "maximum": 100}, "floor": number}
    words = {"type": "array", "items": {"enum": sorted(WORDS)}, "description": "; ".join(f"{k}: {v}" for k, v in WORDS.items())}
    consent = closed("Permissions of one API.", {"delegated": texts(), "application": texts()})
    policy = {
        "consent": described(mapped(consent), "What this tool may consent to, besides the project's own APIs and OpenID scopes."),
        "allow": words,
        "limits": closed("How much one apply may take away from one application.", limits),
        "lint": _lint(),
    }
    return {
        **closed(
            "One environment.",
            {
                "tenantId": described(GUID, "The tenant; a token for another one stops everything."),
                "protected": described(flag(), "Asks for more before anything dangerous happens, and for pinned names."),
                "deployers": described(
                    names(),
                    "Who applies here, never removed as owner; a pinned service principal proves what it made.",
                ),
                "variables": {
                    "type": ["object", "null"],
                    "description": "What `${name}` stands for.",
                    "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
                    "propertyNames": {"pattern": KEY},
                },
                "policy": closed("What may happen here.", policy),
                "acknowledged": _acknowledged(),
                "overrides": {"$ref": "#/$defs/overrides"},
            },
        ),
        "required": ["tenantId"],
    }


def _lint() -> Schema:
    shapes: dict[str, Schema] = {
        "texts": texts(),
        "choice": {"enum": list(SEVERITIES)},
        "whole": {"type": "integer", "minimum": 0},
        "text": {"type": "string"},
    }
    keys, rule_keys = (
        {key.key: described(shapes[key.shape], key.description, key.example) for key in every} for every in (KEYS, RULE_KEYS)
    )
    rules = described(mapped(closed("What one rule is told.", rule_keys)), "What single rules of `entra-config lint` are told.")
    return closed("What `entra-config lint` is told.", {**keys, "rules": rules})


def _acknowledged() -> Schema:
    fields: Schema = {
        "id": described(GUID, "The appId of the application of others."),
        "application": described(texts(), "The roles that it may hold, by the value that tokens carry."),
        "delegated": described(texts(), "The scopes that everybody may have consented it to."),
        "until": {"type": "string", "format": "date", "description": "The last day; after it the holder is told again."},
        "because": {"type": "string", "description": "Why, for whoever reads it."},
    }
    entry = {**closed("What one application of others may hold.", fields), "required": ["id"]}
    return described(
        mapped({"type": "array", "items": entry}), "By our API: what others may hold there without being told each time."
    )


def _removed() -> Schema:
    fields = {
        "destroy": {"type": "boolean", "description": "true deletes it; false takes the marks off and leaves it as it is."},
        "only": described(texts(), "The environments in which it leaves."),
    }
    return {**closed("An application that left.", fields), "required": ["destroy"]}
