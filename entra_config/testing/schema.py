"""The JSON Schema of test files, for editors and for the tables of docs/tests.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from entra_config.manifest.fields.access_test_records import (
    EXPECT,
    FLOWS,
    GRID,
    GROUP,
    PERSON,
    REQUEST,
    TEST,
    TESTS,
    WORKLOAD,
)
from entra_config.manifest.fields.field import Field, Record
from entra_config.manifest.published.schema_files import URI
from entra_config.manifest.published.schema_parts import (
    EACH,
    Schema,
    closed,
    definitions,
    described,
    mapped,
    record,
    ways,
)
from entra_config.testing.grids import HEAD, HELD, NOT_HELD
from entra_config.testing.model import SETS

FILE = "entra-config.tests.schema.json"
_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
_TEXT: Schema = {"type": "string"}
_LIST: Schema = {"type": "array", "items": _TEXT, "uniqueItems": True}
_REFUSAL: Schema = {"anyOf": [{"type": "string", "pattern": "^(AADSTS)?[0-9]{4,8}$"}, {"type": "integer"}]}
_DAY: Schema = {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"}
_WORDS: Mapping[str, Schema] = {
    "string": _TEXT,
    "texts": _LIST,
    "boolean": {"type": "boolean"},
    "moment": _DAY,
}


def build() -> Schema:
    """Return the schema of a file of access tests."""
    return {
        "$schema": URI,
        "title": "entra-config access tests",
        "description": TESTS.description,
        "type": "object",
        "additionalProperties": False,
        "properties": properties(TESTS),
        "$defs": {
            "person": _record(PERSON),
            "request": _record(REQUEST),
            "claim": _claim(),
            "claims": {
                **mapped({"$ref": "#/$defs/claim"}),
                "description": "Claims by name; those that are not named may be anything.",
            },
            "test": _record(TEST),
            "grid": _record(GRID),
            "each": definitions()["each"],
        },
    }


def properties(what: Record) -> Mapping[str, Schema]:
    """Return the schema of each field of a record, with its description and example."""
    return {each.key: _field(each) for each in what.fields}


def _record(what: Record) -> Schema:
    needed = [each.key for each in what.fields if each.required]
    return {
        **closed(what.description, properties(what)),
        **({"required": needed} if needed else {}),
        **ways(what.ways),
    }


def _field(item: Field) -> Schema:
    if item.key not in _PARTS and isinstance(item.shape, Record):
        return record(item.shape)
    examples = [] if item.example is None else [item.example]
    schema = _PARTS[item.key]() if item.key in _PARTS else _WORDS[str(item.shape)]
    return described(schema, item.description, *examples)


def _tests() -> Schema:
    one = {"if": {"required": ["grid"]}, "then": {"$ref": "#/$defs/grid"}, "else": {"$ref": "#/$defs/test"}}
    return {"type": ["array", "null"], "description": "", "items": one}


def _cells() -> Schema:
    row = {"anyOf": [{"type": "array", "items": {"enum": [HELD, NOT_HELD]}}, _REFUSAL]}
    return {
        "type": "object",
        "properties": {HEAD: _LIST},
        "required": [HEAD],
        "additionalProperties": row,
    }


def _claim() -> Schema:
    values: Schema = {"type": "array", "items": _SCALAR, "uniqueItems": True}
    some = {**closed("At least these.", {"contains": {"anyOf": [values, _SCALAR]}}), "required": ["contains"]}
    sets = ", ".join(f"`{name}`" for name in SETS)
    return {
        "description": (
            f"A value, a list (compared as a set, as {sets} are anyway), `absent`, or `{{ contains: "
            "[VALUE] }`."
        ),
        "anyOf": [_SCALAR, values, some],
    }


# What only one field has, by its key.
_PARTS: Mapping[str, Callable[[], Schema]] = {
    "people": lambda: mapped({"$ref": "#/$defs/person"}),
    "groups": lambda: mapped(_record(GROUP)),
    "tests": _tests,
    "as": lambda: {"anyOf": [_TEXT, {"$ref": "#/$defs/person"}]},
    "asks": lambda: {**_LIST, "minItems": 1},
    "secret": lambda: {"anyOf": [{"const": True}, closed("A secret that ends.", {"ends": _DAY})]},
    "workload": lambda: _record(WORKLOAD),
    "claims": lambda: mapped(_TEXT),
    "expect": lambda: closed("", properties(EXPECT)),
    "token": lambda: {"$ref": "#/$defs/claims"},
    "idToken": lambda: {"$ref": "#/$defs/claims"},
    "refused": lambda: _REFUSAL,
    "flow": lambda: {"enum": list(FLOWS)},
    "onBehalfOf": lambda: {"$ref": "#/$defs/request"},
    "grid": _cells,
    "each": lambda: EACH,
}
