"""The records of whole files in; their JSON Schemas, and the texts that are checked in, out."""

from __future__ import annotations

import json
from collections.abc import Mapping

from entra_config.manifest.fields.field import Record
from entra_config.manifest.published.schema_parts import Schema, closed, inner

URI = "https://json-schema.org/draft/2020-12/schema"


def file(title: str, what: Record, definitions: Mapping[str, Schema]) -> Schema:
    """Return the schema of a whole file, with its shared parts."""
    properties = {each.key: inner(each) for each in what.fields}
    whole = {**closed(what.description, properties), "type": "object"}
    return {"$schema": URI, "title": title, **whole, "$defs": dict(definitions)}


def text(schema: Schema) -> str:
    """Return a schema as the file that is checked in."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
