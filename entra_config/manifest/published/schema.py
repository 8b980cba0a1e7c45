"""The JSON Schema of root and partial files, made from the tables of fields, for editors."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from typing import Any

from entra_config.manifest.environments.source import SHARED
from entra_config.manifest.fields.application import APPLICATION
from entra_config.manifest.fields.enterprise import ENTERPRISE, EXTERNAL
from entra_config.manifest.fields.field import TYPES, Field
from entra_config.manifest.fields.properties import Entity
from entra_config.manifest.fields.table import added
from entra_config.manifest.published import schema_parts as parts
from entra_config.manifest.published import schema_root

Schema = dict[str, Any]

URI = "https://json-schema.org/draft/2020-12/schema"
_SECTIONS = {
    "applications": ("The registrations of this project, by key.", "application"),
    "enterpriseApplications": (
        "Applications of others, by key: assigned, consented, required, never created or deleted.",
        "foreign",
    ),
    "appRoleAssignments": (
        "Users and groups that hold each role, by application and label of role.",
        "assignments",
    ),
}


def build() -> Schema:
    """Return the schema."""
    shared = {key: parts.keyed(*_SECTIONS[key]) for key in SHARED}
    definitions = {
        **parts.definitions(),
        "application": _application(),
        "enterpriseApplication": parts.closed(
            "Belongs to the service principal.", _properties(ENTERPRISE, "servicePrincipal")
        ),
        "foreign": _external(),
    }
    overrides = {name: _override(schema) for name, schema in definitions.items()}
    sections = _override(shared)
    sections |= {key: _override(schema_root.root()[key]) for key in ("grants", "settings")}
    definitions["overrides"] = parts.closed(
        "Goes on top: maps merge, scalars and lists replace, null clears.", sections
    )
    return {
        "$schema": URI,
        "title": "entra-config manifest",
        "description": "A root file (entra-config.yaml) or one of the files that it names.",
        "type": "object",
        "additionalProperties": False,
        "properties": {**schema_root.root(), **shared},
        # Only the root file has any of these, and then it has the others too.
        "dependentRequired": {
            "project": ["environments"],
            "environments": ["project"],
            "files": ["project", "environments"],
            "policy": ["project", "environments"],
            "removed": ["project", "environments"],
            "grants": ["project", "environments"],
            "settings": ["project", "environments"],
            "tests": ["project", "environments"],
        },
        "$defs": {**definitions, **{f"override.{name}": schema for name, schema in overrides.items()}},
    }


def text() -> str:
    """Return the schema as the file that is checked in."""
    return json.dumps(build(), indent=2, ensure_ascii=False) + "\n"


def _application() -> Schema:
    schema = parts.closed("One registration.", _properties((*APPLICATION, *added().values()), "application"))
    schema["properties"]["type"]["markdownDescription"] = "\n".join(
        f"- `{name}`: {what}" for name, what in TYPES.items()
    )
    schema["allOf"] = [
        {
            "if": {"properties": {"type": {"const": kind}}, "required": ["type"]},
            "then": {
                "properties": {item.key: _refused(item, kind) for item in APPLICATION if kind in item.refused}
            },
        }
        for kind in TYPES
        if any(kind in item.refused for item in APPLICATION)
    ]
    return schema


def _refused(item: Field, kind: str) -> Schema:
    blank = [item.default(kind), None, [], {}] if item.default(kind) not in (None, []) else [None, [], {}]
    return {"enum": blank, "errorMessage": f"does not fit type {kind}: {item.refused[kind].why}"}


def _external() -> Schema:
    full = parts.closed(
        "Which one it is, and what belongs to its service principal.",
        _properties((*EXTERNAL, *ENTERPRISE), "servicePrincipal"),
    )
    return {"anyOf": [{"type": "string", "description": "Its display name."}, full]}


def _properties(fields: Sequence[Field], entity: Entity) -> Mapping[str, Schema]:
    return {item.key: _field(item, entity) for item in fields}


def _field(item: Field, entity: Entity) -> Schema:
    schema = parts.shape(item, entity)
    notes = [item.description]
    if item.limits:
        notes.append(f"Limits: {item.limits}.")
    if item.graph:
        notes.append(f"Graph: {item.graph} ({item.cls}).")
    return {**schema, "description": " ".join(notes), "examples": [item.example]}


def _override(schema: Any) -> Any:
    """Return a schema for the inside of `overrides`: the same, with nothing required."""
    if isinstance(schema, dict):
        changed = {key: _override(value) for key, value in schema.items() if key not in {"required", "allOf"}}
        reference = changed.get("$ref")
        if isinstance(reference, str):
            changed["$ref"] = reference.replace("#/$defs/", "#/$defs/override.")
        return changed
    return [_override(item) for item in schema] if isinstance(schema, list) else copy.copy(schema)
