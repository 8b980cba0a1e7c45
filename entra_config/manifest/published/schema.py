"""The JSON Schema of root and partial files, made from the tables of fields, for editors."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from entra_config.manifest.fields.enterprise import ENTERPRISE, EXTERNAL
from entra_config.manifest.fields.field import TYPES, Field
from entra_config.manifest.fields.properties import Entity
from entra_config.manifest.fields.root import OVERRIDABLE, ROOT, ROOT_ONLY
from entra_config.manifest.fields.table import application_fields
from entra_config.manifest.published import schema_parts as parts
from entra_config.manifest.published.schema_files import file

Schema = dict[str, Any]


def build() -> Schema:
    """Return the schema."""
    definitions = {
        **parts.definitions(),
        "application": _application(),
        "enterpriseApplication": parts.closed(
            "Belongs to the service principal.", _properties(ENTERPRISE, "servicePrincipal")
        ),
        "foreign": _external(),
    }
    overrides = {f"override.{name}": _override(schema) for name, schema in definitions.items()}
    sections = {key: _override(parts.inner(ROOT.field(key))) for key in OVERRIDABLE}
    definitions["overrides"] = parts.closed(
        "Goes on top: maps merge, scalars and lists replace, null clears.", sections
    )
    whole = file("entra-config manifest", ROOT, {**definitions, **overrides})
    of_fleet = {"properties": {"fleet": {"const": True}}, "required": ["fleet"]}
    environments = whole["properties"]["environments"]
    environments["additionalProperties"]["anyOf"] = [{"required": ["tenantId"]}, of_fleet]
    return {**whole, "dependentRequired": _only_in_root()}


def _only_in_root() -> Mapping[str, list[str]]:
    """Return that only the root file has any of these keys, and then it has those that it needs."""
    needed = [each.key for each in ROOT.fields if each.required]
    return {key: [each for each in needed if each != key] for key in ROOT_ONLY}


def _application() -> Schema:
    fields = application_fields().values()
    schema = parts.closed("One registration.", {**_properties(fields, "application"), "each": parts.EACH})
    schema["properties"]["type"]["markdownDescription"] = "\n".join(
        f"- `{name}`: {what}" for name, what in TYPES.items()
    )
    schema["allOf"] = [
        {
            "if": {"properties": {"type": {"const": kind}}, "required": ["type"]},
            "then": {
                "properties": {item.key: _refused(item, kind) for item in fields if kind in item.refused}
            },
        }
        for kind in TYPES
        if any(kind in item.refused for item in fields)
    ]
    return schema


def _refused(item: Field, kind: str) -> Schema:
    blank = [item.default(kind), None, [], {}] if item.default(kind) not in (None, []) else [None, [], {}]
    return {"enum": blank, "errorMessage": f"does not fit type {kind}: {item.refused[kind].why}"}


def _external() -> Schema:
    full = parts.closed(
        "Which one it is, and what belongs to its service principal.",
        {**_properties((*EXTERNAL, *ENTERPRISE), "servicePrincipal"), "each": parts.EACH},
    )
    return {"anyOf": [{"type": "string", "description": "Its display name."}, full]}


def _properties(fields: Iterable[Field], entity: Entity) -> Mapping[str, Schema]:
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
