"""Fields that kinds bring along, in; the values that the kinds make of them, out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from entra_config.manifest.fields import table
from entra_config.manifest.reading.files import Files
from entra_config.manifest.reading.node import Map, is_null
from entra_config.manifest.reading.reader import Reader


def added(fields: Map, kind: str, root: Path, reader: Reader) -> Mapping[str, Any]:
    """Return what an application of some type says in them, by key; what is absent, null or wrong is left
    out.
    """
    found: dict[str, Any] = {}
    for key, brought in table.added().items():
        entry = fields.entries.get(key)
        if entry is None or is_null(entry.node):
            continue
        if refusal := brought.field.refused.get(kind):
            reader.problems.add(entry.position, f"`{key}` does not fit type `{kind}`: {refusal.why}")
        value = brought.read(entry.node, Files(root), reader)
        if value is not None:
            found[key] = value
    return found
