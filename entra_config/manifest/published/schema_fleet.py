"""The JSON Schema of a fleet's file and of the files that it names, made from their tables, for editors."""

from __future__ import annotations

import json

from entra_config.manifest.fields.fleet_records import CREDENTIAL, FLEET_LIMITS, LAYER, PROJECT, TENANT, WAVE
from entra_config.manifest.fields.root_records import FILE
from entra_config.manifest.fleet.reading import KEYS
from entra_config.manifest.published import schema
from entra_config.manifest.published.schema_parts import KEY, Schema, described, mapped, record

NAME = "entra-config.fleet.schema.json"


def build() -> Schema:
    """Return the schema."""
    shapes: dict[str, Schema] = {
        "projects": {**mapped(record(PROJECT)), "propertyNames": {"pattern": KEY}},
        "credential": {"$ref": "#/$defs/fleetCredential"},
        "layers": {"type": ["array", "null"], "items": record(LAYER)},
        "files": {"type": ["array", "null"], "items": record(FILE)},
        "waves": {"type": "array", "minItems": 1, "items": record(WAVE)},
        "limits": record(FLEET_LIMITS),
        "tenants": {**mapped(record(TENANT)), "propertyNames": {"pattern": KEY}},
    }
    definitions = schema.build()["$defs"]
    return {
        "$schema": schema.URI,
        "title": "entra-config fleet",
        "description": "A fleet's file (fleet.yaml), or one that it names, which holds `tenants`.",
        "type": "object",
        "additionalProperties": False,
        "properties": {key: described(shapes[key], says) for key, says in KEYS.items()},
        "$defs": {**definitions, "fleetCredential": record(CREDENTIAL)},
    }


def text() -> str:
    """Return the schema as it is printed."""
    return json.dumps(build(), indent=2, ensure_ascii=False) + "\n"
