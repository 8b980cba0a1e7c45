"""Graph's published schema in; the part of the JSON Schema that `properties` has out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from entra_config.manifest.fields.properties import Entity, table
from entra_config.manifest.fields.table import first_class

Schema = dict[str, Any]


def graph(entity: Entity) -> Schema:
    """Return the schema of `properties` of one entity: what is writable and no first-class field."""
    tree: Schema = {"type": "object", "additionalProperties": False, "properties": {}}
    own = first_class(entity)
    for path, shape in table(entity).items():
        if "readOnly" in shape or any(path == name or path.startswith(f"{name}.") for name in own):
            continue
        node = tree
        *above, leaf = path.split(".")
        for part in above:
            node = node["properties"].setdefault(part, {})
            node.update({"type": ["object", "null"], "additionalProperties": False})
            node.setdefault("properties", {})
        if shape.get("type") != "object" or "properties" in shape:
            node["properties"][leaf] = _leaf(shape)
    return tree


def _leaf(shape: Mapping[str, Any]) -> Schema:
    kind = shape["type"]
    names_of = {"Boolean": "boolean", "Int32": "integer", "object": "object"}
    schema: Schema = (
        {"enum": [*shape["values"], None]}
        if kind == "enum"
        else {"type": [names_of.get(kind, "string"), "null"]}
    )
    return {"type": "array", "items": schema} if shape.get("collection") else schema
