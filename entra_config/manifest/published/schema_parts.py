"""The tables of fields in; the parts of the JSON Schema out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from entra_config.manifest.fields import credential_records, limits, records, root_records
from entra_config.manifest.fields.field import (
    LABEL,
    Definition,
    Field,
    Mapped,
    Record,
    Several,
    Shape,
)
from entra_config.manifest.fields.properties import Entity, table
from entra_config.manifest.fields.table import first_class
from entra_config.manifest.reading import reader

Schema = dict[str, Any]

GUID: Schema = {"type": "string", "pattern": f"^{reader.GUID.pattern}$"}
PLACEHOLDER: Schema = {"type": "string", "pattern": r"\$\{[^{}]+\}"}
KEY: Schema = {"pattern": f"^{reader.KEY.pattern}$", "maxLength": reader.MAX_KEY}
EACH: Schema = {"$ref": "#/$defs/each"}
TEXT: Schema = {"type": ["string", "null"]}


def shape(item: Field, entity: Entity = "application") -> Schema:
    """Return the schema of a field: of a record's fields too, as deep as it goes."""
    return _of(item.shape, item, entity)


def _of(what: Shape, item: Field, entity: Entity) -> Schema:
    match what:
        case Record():
            return record(what)
        case Definition(name, or_null):
            part: Schema = {"$ref": f"#/$defs/{name}"}
            return {"anyOf": [{"type": "null"}, part]} if or_null else part
        case Mapped(of, labels=True):
            return labels({"anyOf": [{"type": "null"}, _of(of, item, entity)]})
        case Mapped(of, keys=True, least=least, expands=expands):
            keys = {"anyOf": [KEY, PLACEHOLDER]} if expands else KEY
            several = {**mapped(_of(of, item, entity)), "propertyNames": keys}
            return {**several, "type": "object", "minProperties": least} if least else several
        case Mapped(Mapped() as of, expands=True):
            return mapped({**_of(of, item, entity), "properties": {"each": EACH}})
        case Mapped(of, most=most):
            return {**mapped(_of(of, item, entity)), **({"maxProperties": most} if most else {})}
        case Several(of, least):
            one = _of(of, item, entity)
            return {"type": "array", "items": one, "minItems": least} if least else listed(one)
        case "properties":
            return {"$ref": f"#/$defs/properties.{entity}"}
        case _:
            return _WORDS[what](item)


def _text(item: Field) -> Schema:
    return {**TEXT, **({"maxLength": item.longest} if item.longest else {}), **_pattern(item)}


def _pattern(item: Field) -> Schema:
    """Return the form of a text, in which a placeholder may stand for any part."""
    return {"pattern": f"^(?:{item.pattern})$|{PLACEHOLDER['pattern']}"} if item.pattern else {}


def _number(item: Field) -> Schema:
    return {"type": "integer", "minimum": item.least, **({"maximum": item.most} if item.most else {})}


def _choices(item: Field) -> Schema:
    return {"type": "array", "items": {"enum": list(item.choices)}, "uniqueItems": True, "minItems": 1}


def _variables() -> Schema:
    value = {"type": ["string", "number", "boolean", "null"]}
    return {**mapped(value), "propertyNames": KEY}


def _names(item: Field) -> Schema:
    return {"anyOf": [*({"const": each} for each in item.choices), names()]} if item.choices else names()


def _consent() -> Schema:
    one = {"$ref": "#/$defs/consent"}
    return {"description": "", "anyOf": [one, record(records.BY_KIND)]}


def record(what: Record) -> Schema:
    """Return the schema of a record, and of the text that may stand in its place."""
    full = {**_closed(what.description, what.fields), **ways(what.ways)}
    if what.alone:
        full |= {"minProperties": 1, "maxProperties": 1}
    if what.short is None:
        return full
    return {"anyOf": [{"type": "string", **({"description": what.short} if what.short else {})}, full]}


def _closed(description: str, fields: Sequence[Field]) -> Schema:
    needed = [each.key for each in fields if each.required]
    return {
        **closed(description, {each.key: inner(each) for each in fields}),
        **({"required": needed} if needed else {}),
    }


def ways(groups: Sequence[Sequence[str]]) -> Schema:
    """Return what demands all keys of one group."""
    return {"anyOf": [{"required": list(group)} for group in groups]} if groups else {}


def inner(item: Field) -> Schema:
    """Return the schema of a field with its description and examples."""
    schema = shape(item)
    if item.required and item.shape == "text":
        schema = {**schema, "type": "string"}
    examples = (
        item.example if isinstance(item.example, tuple) else [] if item.example is None else [item.example]
    )
    return described(schema, item.description, *examples) if item.description else schema


def definitions() -> Mapping[str, Schema]:
    """Return the shared parts by name."""
    value: Schema = {"type": ["string", "number"]}
    item = {**_closed(root_records.ITEM.description, root_records.ITEM.fields), "additionalProperties": value}
    items = {**mapped(item), "propertyNames": KEY}
    return {
        "list": {"anyOf": [texts(), items]},
        "each": described(
            {**mapped({"anyOf": [TEXT, texts(), items]}), "minProperties": 1, "maxProperties": 1},
            "One entry for each item: the name that stands for the item, and its list.",
            {"service": "services"},
        ),
        "scope": record(records.SCOPE),
        "appRole": record(records.APP_ROLE),
        "apiPermission": record(records.PERMISSION),
        "consent": {"anyOf": [{"type": ["boolean", "null"]}, lasting()]},
        "certificate": record(credential_records.CERTIFICATE),
        "generate": record(credential_records.GENERATE),
        "credentials": record(credential_records.CREDENTIALS),
        "secret": record(credential_records.SECRET),
        "mcp": record(records.MCP),
        "name": _name(records.NAME),
        "holder": _name(records.HELD),
        "lasting": record(records.LASTING),
        "optionalClaims": record(records.OPTIONAL_CLAIMS),
        "assignments": {
            "description": "By label of role, or `default` for access without a role; {} is nobody.",
            "anyOf": [
                {"const": records.UNMANAGED, "description": "Leaves alone who holds what."},
                {
                    "type": "object",
                    "properties": {"each": EACH},
                    "additionalProperties": record(records.HOLDERS),
                },
            ],
        },
        "properties.application": _graph_properties("application"),
        "properties.servicePrincipal": _graph_properties("servicePrincipal"),
    }


def closed(description: str, properties: Mapping[str, Schema]) -> Schema:
    """Return a map with these keys and no others."""
    return {
        "type": ["object", "null"],
        "description": description,
        "additionalProperties": False,
        "properties": dict(properties),
    }


def mapped(value: Schema) -> Schema:
    """Return a map of any keys."""
    return {"type": ["object", "null"], "additionalProperties": value}


def listed(value: Schema) -> Schema:
    """Return a list of these."""
    return {"type": ["array", "null"], "items": value}


def labels(value: Schema) -> Schema:
    """Return a map of labels."""
    return {**mapped(value), "propertyNames": {"pattern": f"^{LABEL}$", "maxLength": limits.LONGEST_VALUE}}


def texts(longest: int = 0) -> Schema:
    """Return a list of strings without doubles."""
    item: Schema = {"type": "string", **({"maxLength": longest} if longest > 1 else {})}
    return {"type": ["array", "null"], "items": item, "uniqueItems": True}


def lasting() -> Schema:
    """Return a list of permissions without doubles, of which some may end."""
    return {"type": ["array", "null"], "items": {"$ref": "#/$defs/lasting"}, "uniqueItems": True}


def names() -> Schema:
    """Return a list of names."""
    return listed({"$ref": "#/$defs/name"})


def held() -> Schema:
    """Return a list of names of which some may end."""
    return listed({"$ref": "#/$defs/holder"})


def flag() -> Schema:
    """Return true or false, or a placeholder for it."""
    return {"anyOf": [{"type": ["boolean", "null"]}, PLACEHOLDER]}


def choice(*words: str) -> Schema:
    """Return one of some words, or a placeholder for it."""
    return {"anyOf": [{"enum": [*words, None]}, PLACEHOLDER]}


def described(schema: Schema, description: str, *examples: Any) -> Schema:
    """Return a schema with its description and examples."""
    return {**schema, "description": description, **({"examples": list(examples)} if examples else {})}


def _name(what: Record) -> Schema:
    described_as = "Users by UPN, groups and others' applications by display name; an id works too."
    return {"description": described_as, **record(what)}


_WORDS: Mapping[str, Callable[[Field], Schema]] = {
    "text": _text,
    "texts": lambda item: texts(item.longest),
    "strings": lambda item: texts(item.longest),
    "whole": lambda _: {"anyOf": [{"enum": [1, 2, None]}, PLACEHOLDER]},
    "number": _number,
    "percent": lambda item: {"type": "string", "pattern": f"^{item.pattern}$"},
    "choice": lambda item: choice(*item.choices),
    "choices": _choices,
    "flag": lambda _: flag(),
    "string": lambda item: {"type": "string", **_pattern(item)},
    "key": lambda _: {"type": "string", **KEY},
    "arguments": lambda _: {"type": "array", "items": {"type": "string"}, "minItems": 1},
    "mark": lambda _: {"enum": [True, None]},
    "boolean": lambda item: {"type": "boolean" if item.required else ["boolean", "null"]},
    "guid": lambda _: GUID,
    "id": lambda _: {"anyOf": [{"type": "null"}, GUID, PLACEHOLDER]},
    "guids": lambda _: {"type": "array", "items": {"anyOf": [GUID, PLACEHOLDER]}},
    "json": lambda _: {},
    "path": lambda _: {"type": "string", "pattern": "^/"},
    "word": lambda item: {"enum": list(item.choices)},
    "day": lambda _: {"type": "string", "format": "date"},
    "until": lambda _: {"anyOf": [{"type": "null"}, {"type": "string", "format": "date"}, PLACEHOLDER]},
    "names": _names,
    "variables": lambda _: _variables(),
    "held": lambda _: held(),
    "lasting": lambda _: lasting(),
    "consent": lambda _: _consent(),
}


def _graph_properties(entity: Entity) -> Schema:
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
