"""`properties:` in, settings by Graph path out; checked against Graph's published schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal

from entra_config.manifest.fields.field import IMPLICIT_GRANT
from entra_config.manifest.fields.table import first_class
from entra_config.manifest.model import Setting
from entra_config.manifest.reading.node import Entry, Map, Node, Scalar, is_null
from entra_config.manifest.reading.problems import listing, near
from entra_config.manifest.reading.reader import GUID, Reader
from entra_config.resource import Text

Entity = Literal["application", "servicePrincipal"]

_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_WORDS = {
    "String": "a text",
    "Boolean": "true or false",
    "Int32": "a whole number",
    "Guid": "an id",
    "DateTimeOffset": "a time",
}


@cache
def table(entity: Entity) -> Mapping[str, Any]:
    """Return the writable and read-only properties of an entity, by path."""
    text = (
        resources.files("entra_config.manifest")
        .joinpath("data/graph_properties.json")
        .read_text(encoding="utf-8")
    )
    found: Mapping[str, Any] = json.loads(text)[entity]
    return found


def read(node: Node | None, entity: Entity, reader: Reader) -> Mapping[str, Setting]:
    """Read `properties`; a path that a key of its own sets is refused."""
    found: dict[str, Setting] = {}
    for path, entry in _flat(reader.map(node, "properties"), "", entity, reader):
        if _fits(path, entry, entity, reader):
            found[path] = Setting(_value(entry.node, table(entity)[path], path, reader), entry.position)
    return found


def _flat(node: Map, prefix: str, entity: Entity, reader: Reader) -> Iterator[tuple[str, Entry]]:
    for key, entry in node.entries.items():
        path = f"{prefix}{key}"
        inside = any(known.startswith(f"{path}.") for known in table(entity))
        if inside and isinstance(entry.node, Map):
            yield from _flat(entry.node, f"{path}.", entity, reader)
        elif inside and (
            not is_null(entry.node) or path not in table(entity) or _holds_first_class(path, entity)
        ):
            names = sorted(
                known.removeprefix(f"{path}.") for known in table(entity) if known.startswith(f"{path}.")
            )
            reader.expected(entry.node, path, f"a map of {listing(names)}")
        else:
            yield path, entry


def _holds_first_class(path: str, entity: Entity) -> bool:
    return any(known.startswith(f"{path}.") for known in (*first_class(entity), *IMPLICIT_GRANT))


def key_of(path: str, entity: Entity) -> str | None:
    """Return the key that sets a path, or something above it."""
    parts = path.split(".")
    above = (".".join(parts[:length]) for length in range(1, len(parts) + 1))
    return next((first_class(entity)[name] for name in above if name in first_class(entity)), None)


def _fits(path: str, entry: Entry, entity: Entity, reader: Reader) -> bool:
    known = table(entity)
    if key := key_of(path, entity):
        reader.problems.add(entry.position, f"`properties.{path}` has a key of its own: `{key}`")
    elif path not in known:
        choices = [
            name
            for name, shape in known.items()
            if "readOnly" not in shape and name not in first_class(entity)
        ]
        reader.problems.add(
            entry.position, f"`{path}` is not a property of Graph's {entity}.{near(path, choices)}"
        )
    elif reason := known[path].get("readOnly"):
        reader.problems.add(entry.position, f"`properties.{path}` cannot be written: {reason}")
    else:
        return True
    return False


def _value(node: Node, shape: Mapping[str, Any], path: str, reader: Reader) -> Any:
    if is_null(node):
        if not shape.get("nullable") and not shape.get("collection"):
            reader.problems.add(node.position, f"`{path}` cannot be null")
        return [] if shape.get("collection") else None
    if shape.get("collection"):
        one = {key: value for key, value in shape.items() if key not in {"collection", "nullable"}}
        return [_value(item, one, path, reader) for item in reader.items(node, path)]
    if shape["type"] == "object":
        return _object(reader.map(node, path), shape, path, reader)
    return _scalar(node, shape, path, reader)


def _object(node: Map, shape: Mapping[str, Any], path: str, reader: Reader) -> dict[str, Any]:
    inner = shape.get("properties", {})
    reader.only(node, inner, f"`{path}`")
    return {
        key: _value(entry.node, inner[key], f"{path}.{key}", reader)
        for key, entry in node.entries.items()
        if key in inner
    }


def _scalar(node: Node, shape: Mapping[str, Any], path: str, reader: Reader) -> Any:
    kind = shape["type"]
    value = node.value if isinstance(node, Scalar) else None
    if kind == "enum":
        return reader.choice(node, path, shape["values"])
    if kind == "String" and isinstance(value, str | Text):
        return reader.reference(node, path, empty=True)
    if kind == "Boolean" and isinstance(value, bool):
        return value
    if kind == "Int32" and isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31:
        return value
    if kind == "Guid" and isinstance(value, str) and GUID.fullmatch(value):
        return value.lower()
    if kind == "DateTimeOffset" and isinstance(value, str) and _DATE.fullmatch(value):
        return value
    wanted = _WORDS.get(kind)
    if wanted is None:
        reader.problems.add(node.position, f"`{path}`: this tool cannot write properties of this type")
    else:
        reader.expected(node, path, wanted)
    return None
