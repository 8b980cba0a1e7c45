"""A filter as a client wrote it in; the same with the schema's own spelling, its literals fit for their
properties, out.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, assert_never

from entra_emulator.graph import schema
from entra_emulator.graph.errors import ODataError, bad_request
from entra_emulator.graph.filters import (
    Bare,
    Combine,
    Compare,
    Function,
    In,
    Lambda,
    Node,
    Not,
    Path,
    parse,
)
from entra_emulator.graph.properties import Property
from entra_emulator.identifiers import is_guid

# Where a row keeps the values of directory extensions.
EXTENSIONS = "_extensions"
_NUMBERS = {"Edm.Int32", "Edm.Int64", "Edm.Double"}
_OPERATORS = {
    "eq": "Equal",
    "ne": "NotEqual",
    "ge": "GreaterThanOrEqual",
    "gt": "GreaterThan",
    "le": "LessThanOrEqual",
    "lt": "LessThan",
}


@lru_cache(maxsize=2048)
def compiled(type_name: str, text: str) -> Node:
    """Parse a filter over a type; names have no case."""
    return _named(parse(text), type_name)


def select(type_name: str, text: str, extensions: Mapping[str, str]) -> list[str]:
    """Give the property names of a $select in the type's spelling, each once; unknown ones are refused."""
    graph_type = schema.types()[type_name]
    names: dict[str, None] = {}
    for given in text.split(","):
        folded = given.strip().casefold()
        name = extensions.get(folded) or schema.spellings(type_name).get(folded, "")
        if name not in graph_type.properties and folded not in extensions:
            raise unknown(graph_type.name, given.strip())
        names[name] = None
    return list(names)


def extended(node: Node, known: Mapping[str, Path]) -> Node:
    """Lead the extensions that a filter names, by lower-case path, to where rows keep their values."""
    match node:
        case Combine(op, left, right):
            return Combine(op, extended(left, known), extended(right, known))
        case Not(inner):
            return Not(extended(inner, known))
        case Compare(path, op, value, False) if _key(path) in known:
            return Compare((EXTENSIONS, *known[_key(path)]), op, value)
        case Function(function, path, value) if _key(path) in known:
            return Function(function, (EXTENSIONS, *known[_key(path)]), value)
        case In(path, values) if _key(path) in known:
            return In((EXTENSIONS, *known[_key(path)]), values)
    return node


def _key(path: Path) -> str:
    return "/".join(path).casefold()


def unknown(type_name: str, name: str) -> ODataError:
    """Refuse a name that a type does not have."""
    return bad_request(
        f"Could not find a property named '{name}' on type 'microsoft.graph.{type_name}'.", "BadRequest"
    )


def _named(node: Node, type_name: str) -> Node:
    match node:
        case Combine(op, left, right):
            return Combine(op, _named(left, type_name), _named(right, type_name))
        case Not(inner):
            return Not(_named(inner, type_name))
        case Compare(path, op, value, count):
            spelled, prop = _path(path, type_name)
            if not count:
                _fit(prop, op, value)
            return Compare(spelled, op, value, count)
        case Function(name, path, value):
            return Function(name, _path(path, type_name)[0], value)
        case In(path, values):
            spelled, prop = _path(path, type_name)
            for value in values:
                _fit(prop, "eq", value)
            return In(spelled, values)
        case Lambda(path, every, inner):
            spelled, prop = _path(path, type_name)
            within = prop.type if prop is not None else ""
            return Lambda(spelled, every, None if inner is None else _named(inner, within))
    assert_never(node)


def _path(path: Path, type_name: str) -> tuple[Path, Property | None]:
    """Spell a path from a type on, and give the property at its end where the schema has it."""
    spelled: list[str] = []
    prop: Property | None = None
    if not path and type_name:
        # The element of a collection itself: `tags/any(t:t eq 'x')`.
        return path, Property("", type_name)
    for segment in path:
        graph_type = schema.types().get(type_name)
        name = (
            schema.spellings(type_name).get(segment.casefold(), segment)
            if graph_type is not None
            else segment
        )
        prop = graph_type.properties.get(name) if graph_type is not None else None
        type_name = prop.type if prop is not None else ""
        spelled.append(name)
    return tuple(spelled), prop


def _fit(prop: Property | None, op: str, value: Any) -> None:
    """Refuse a literal that its property can never be compared with."""
    if prop is None or value is None or prop.collection or not prop.type.startswith("Edm."):
        return
    kind = _kind(value)
    # A GUID in quotes is taken for one: the documentation shows both forms.
    if (
        kind == prop.type
        or (prop.type in _NUMBERS and kind in _NUMBERS)
        or (prop.type == "Edm.Guid" and kind == "Edm.String")
    ):
        return
    raise bad_request(
        "Invalid filter clause: A binary operator with incompatible types was detected. Found operand types "
        f"'{prop.type}' and '{kind}' for operator kind '{_OPERATORS.get(op, 'Equal')}'.",
        "BadRequest",
    )


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "Edm.Boolean"
        case int() | float():
            return "Edm.Int32"
        case Bare():
            return "Edm.Guid" if is_guid(value) else "Edm.DateTimeOffset"
    return "Edm.String"
