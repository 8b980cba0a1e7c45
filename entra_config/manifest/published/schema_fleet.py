"""The JSON Schema of a fleet's file and of the files that it names, made from their tables, for editors."""

from __future__ import annotations

from entra_config.manifest.fields.fleet_records import CREDENTIAL, FLEET
from entra_config.manifest.published import schema
from entra_config.manifest.published.schema_files import file
from entra_config.manifest.published.schema_parts import Schema, record

NAME = "entra-config.fleet.schema.json"


def build() -> Schema:
    """Return the schema."""
    definitions = {**schema.build()["$defs"], "fleetCredential": record(CREDENTIAL)}
    return file("entra-config fleet", FLEET, definitions)
