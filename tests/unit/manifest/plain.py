"""What a manifest is read as, as a row of `problems/*.yaml` writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, timedelta
from typing import Any

from entra_config.errors import Position
from entra_config.manifest.model import Manifest
from entra_config.resource import Ref, Text


def find_part(manifest: Manifest, path: str) -> Any:
    """Return the part at a path such as `applications/api/scopes` in plain form."""
    part: Any = manifest
    for step in path.split("/"):
        part = part[step] if isinstance(part, Mapping) else getattr(part, step)
    return to_plain(part)


def to_plain(value: Any) -> Any:
    """Return maps, lists and scalars: of an object the fields that differ from their defaults, a place as
    `line:column`.
    """
    match value:
        case Position():
            return f"{value.line}:{value.column}"
        case Text() | Ref() | timedelta() | date():
            return str(value)
        case Mapping():
            return {
                "/".join(key) if isinstance(key, tuple) else key: to_plain(of) for key, of in value.items()
            }
        case frozenset():
            return sorted(value)
        case tuple() | list():
            return [to_plain(of) for of in value]
    if not is_dataclass(value):
        return value
    found = {}
    for field in fields(value):
        made = field.default_factory() if field.default_factory is not MISSING else field.default
        if (of := getattr(value, field.name)) != made:
            found[field.name] = to_plain(of)
    return found
