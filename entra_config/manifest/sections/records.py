"""Fields that kinds bring along, in; their values as the table says their shapes, out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from entra_config.manifest.fields import table
from entra_config.manifest.fields.binder import read_value
from entra_config.manifest.fields.field import Field, Labelled
from entra_config.manifest.model import Setting
from entra_config.manifest.reading.node import Map, Node, is_null
from entra_config.manifest.reading.reader import Reader


def added(fields: Map, kind: str, reader: Reader) -> Mapping[str, Setting]:
    """Return what an application of some type says in them, by key; what is absent or null is left out."""
    found: dict[str, Setting] = {}
    for key, field in table.added().items():
        entry = fields.entries.get(key)
        if entry is None or is_null(entry.node):
            continue
        if kind in field.refused:
            reader.problems.add(
                entry.position, f"`{key}` does not fit type `{kind}`: {field.refused[kind].why}"
            )
        found[key] = Setting(_value(field, entry.node, reader), entry.position)
    return found


def _value(field: Field, node: Node, reader: Reader) -> Any:
    if isinstance(field.shape, Labelled):
        return _records(field.key, field.shape, node, reader)
    value = read_value(field, node, reader)
    return list(value) if isinstance(value, tuple) else value


def _records(key: str, shape: Labelled, node: Node, reader: Reader) -> dict[str, dict[str, Any]]:
    """Read a map of labels to records: a field that is absent has its default, one that must be there is
    told.
    """
    entries = reader.map(node, key).entries
    if len(entries) > shape.most:
        reader.problems.add(node.position, f"{len(entries)} entries of `{key}`; Graph takes {shape.most}")
    found: dict[str, dict[str, Any]] = {}
    for label, entry in entries.items():
        record = reader.map(entry.node, f"`{label}` of `{key}`")
        reader.only(record, [each.key for each in shape.fields], shape.noun)
        found[label] = {
            each.key: _inner(each, record, f"`{label}` of `{key}`", reader) for each in shape.fields
        }
    return found


def _inner(field: Field, record: Map, what: str, reader: Reader) -> Any:
    node = record.node(field.key)
    if field.required:
        return reader.required(record, field.key, what, longest=field.longest)
    return field.default("*") if node is None else _value(field, node, reader)
