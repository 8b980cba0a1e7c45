"""The one reader of records: it reads a map by the rows of its record, and knows where each field is."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, TypeVar

from entra_config.errors import Position
from entra_config.manifest.fields.field import Field, Mapped, Record, Several
from entra_config.manifest.reading.node import Entry, Map, Node, Scalar, is_null
from entra_config.manifest.reading.reader import Reader
from entra_config.resource import Text

Made = TypeVar("Made")
_NEEDED = ("text", "string", "path", "guid", "word")


@dataclass(frozen=True, slots=True)
class Bound:
    """A record of a file: its map, and the value of each field by its key.

    A value is None where the field is absent, null or wrong, and a list or map is empty there.
    """

    map: Map
    values: Mapping[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def __contains__(self, key: str) -> bool:
        return key in self.map.entries

    def node(self, key: str) -> Node | None:
        """Return the node of a field, None where the field is absent."""
        return self.map.node(key)

    def where(self, key: str) -> Position:
        """Return the place of a field, that of the record where the field is absent."""
        return self.map.where(key)

    def make(self, made: Callable[..., Made], **given: Any) -> Made:
        """Return the record as a dataclass, each field in the attribute of its name.

        An attribute without a value keeps its default; `given` are attributes that are not fields, or differ.
        """
        attributes = _attributes(made)
        values = {
            attributes[key]: value
            for key, value in self.values.items()
            if value is not None and key in attributes
        }
        return made(**{**values, **given})


def bind(
    node: Node | None,
    what: str,
    record: Record,
    reader: Reader,
    *,
    noun: str = "",
    needed_by: str = "",
    but: Collection[str] = (),
) -> Bound:
    """Read a record, and note everything that is wrong in it at its line; absent and null are an empty one.

    Errors call the node `what`, and the record `noun` instead of its own noun. `needed_by` is what lacks a
    required text that is missing. The fields of `but` stay nodes, because their section reads them.
    """
    if record.name and isinstance(node, Scalar) and not is_null(node):
        node = Map({record.name: Entry(record.name, node.position, node)}, node.position)
    found = reader.map(node, what)
    if record.others is None:
        reader.only(found, record.keys, noun or record.noun)
    values = dict(record.absent)
    for key, entry in found.entries.items():
        if key in values:
            values[key] = entry.node if key in but else read_value(record.field(key), entry.node, reader)
    for row in record.fields if needed_by else ():
        if row.required and row.shape in _NEEDED:
            reader.required(found, row.key, needed_by)
    return Bound(found, values)


def read_value(row: Field, node: Node, reader: Reader) -> Any:
    """Read the value of a field by its shape; what only its section can read stays a node."""
    if isinstance(row.shape, str):
        read = _WORDS.get(row.shape)
        return read(row, node, reader) if read else node
    if isinstance(row.shape, Mapped):
        return reader.map(node, row.key)
    return reader.items(node, row.key) if isinstance(row.shape, Several) else node


def _text(row: Field, node: Node, reader: Reader) -> str | Text | None:
    read = reader.reference if row.references else reader.text
    return read(node, row.key, longest=row.longest)


def _texts(row: Field, node: Node, reader: Reader) -> tuple[str | Text, ...]:
    read = reader.references if row.references else reader.texts
    return read(node, row.key, longest=row.longest)


def _number(row: Field, node: Node, reader: Reader) -> int | None:
    return reader.whole(node, row.key, least=row.least, most=row.most or row.largest)


def _guids(row: Field, node: Node, reader: Reader) -> tuple[str, ...]:
    return tuple(filter(None, (reader.guid(item, row.key) for item in reader.items(node, row.key))))


_WORDS: Mapping[str, Callable[[Field, Node, Reader], Any]] = {
    **dict.fromkeys(("text", "string", "path", "percent", "moment"), _text),
    **dict.fromkeys(("texts", "choices"), _texts),
    **dict.fromkeys(("flag", "boolean", "mark"), lambda row, node, reader: reader.flag(node, row.key)),
    **dict.fromkeys(("choice", "word"), lambda row, node, reader: reader.choice(node, row.key, row.choices)),
    **dict.fromkeys(("day", "until"), lambda row, node, reader: reader.day(node, row.key)),
    "whole": lambda row, node, reader: reader.whole(node, row.key, least=1, most=2),
    "number": _number,
    **dict.fromkeys(("guid", "id"), lambda row, node, reader: reader.guid(node, row.key)),
    "guids": _guids,
    "strings": lambda row, node, reader: reader.items(node, row.key),
    "variables": lambda row, node, reader: reader.map(node, row.key),
}


@cache
def _attributes(made: type[Any]) -> Mapping[str, str]:
    """Return the attributes of a dataclass by the keys of their fields: `max_people` by `maxPeople`."""
    names = [each.name for each in fields(made)]
    return {re.sub(r"_(\w)", lambda found: found[1].upper(), name): name for name in names}
