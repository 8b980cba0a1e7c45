"""The part of the JSON Schema that `settings:` has, made from the table of targets."""

from __future__ import annotations

from entra_config.manifest.published.schema_parts import (
    GUID,
    KEY,
    PLACEHOLDER,
    Schema,
    closed,
    described,
    mapped,
    texts,
)
from entra_config.manifest.targets import FIELDS, METHODS, REQUEST_FIELDS, TARGETS, Section


def settings() -> Schema:
    """Return the schema of `settings`."""
    return closed(
        "What `entra-config settings` writes for the applications; paths are relative to the root file.",
        {
            "folder": {
                "type": "string",
                "description": "Where the values go.",
                "examples": ["../output/settings/${environment}"],
            },
            "apis": _section("apis", "The APIs, by key of their application."),
            "spas": _section("spas", "The pages, by key of their application."),
        },
    )


def _section(section: Section, description: str) -> Schema:
    fields: dict[str, Schema] = {
        name: described(_shape(name), says)
        for name, (sections, says) in FIELDS.items()
        if section in sections
    }
    for target in TARGETS:
        if target.section == section:
            says = (
                f"{target.description} "
                f"{'Committed.' if target.half == 'source' else 'From the tenant, at deploy.'}"
            )
            fields[target.key] = described({"type": "string"}, says, target.example)
    one = closed("What is written for one application.", fields)
    return {**mapped(one), "description": description, "propertyNames": {"pattern": KEY}}


def _shape(name: str) -> Schema:
    if name == "allowedOrigins":
        return texts()
    if name == "allowedTenants":
        return {"type": "array", "items": {"anyOf": [GUID, PLACEHOLDER]}}
    return mapped(_request()) if name == "requests" else {"type": "string"}


def _request() -> Schema:
    shapes: dict[str, Schema] = {
        "path": {"type": "string", "pattern": "^/"},
        "method": {"enum": list(METHODS)},
        "body": {},
        "status": {"type": "integer", "minimum": 200, "maximum": 299},
    }
    fields = {name: described(shapes.get(name, texts()), says) for name, says in REQUEST_FIELDS.items()}
    return {**closed("A request that is tried.", fields), "required": ["path"]}
