"""What an object of Graph's has and a new one has not: by Graph's published schema and the property table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from entra_config.importing.tenant import Json
from entra_config.kinds.application import LOCK_ALL, LOCK_PARTS
from entra_config.kinds.graph_values import at
from entra_config.manifest.fields.properties import Entity, table
from entra_config.properties import rows_of

UNPUBLISHED = "Graph's published schema does not have it"
OF_A_KEY = "it names a certificate by an id that Entra gives, and another application does not have it"
_MIRROR = "web.redirectUriSettings"


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that differs from the one of a new object; `reason` is why a manifest cannot carry it."""

    path: str
    value: Any
    reason: str = ""


def differences(body: Json, entity: Entity) -> Iterator[Difference]:
    """Yield everything that an object has and a new one has not, in the order of the paths."""
    known = table(entity)
    rows = {row.path: row for row in rows_of(entity)}
    locked = LOCK_PARTS if at(body, LOCK_ALL) else ()
    leaves = {**dict.fromkeys(locked), **dict(_leaves(body, "", known))}
    for path in sorted(leaves):
        value = leaves[path]
        shape, row = known.get(path), rows.get(path)
        default = True if path in locked else row.default if row else _absent(path, shape)
        unset = path not in locked and not is_set(value)
        if unset or value == default or (path == _MIRROR and not _is_indexed(value)):
            continue
        if shape is None:
            if row is None:
                yield Difference(path, value, UNPUBLISHED)
        elif "readOnly" in shape:
            if not shape.get("follows"):
                yield Difference(path, value, shape["readOnly"])
        else:
            yield Difference(path, value, OF_A_KEY if row and row.of_key else "")


def is_set(value: Any) -> bool:
    """Return True if a value is not empty: an object with empty values is, and false is not."""
    if isinstance(value, Mapping):
        return any(is_set(inner) for name, inner in value.items() if not name.startswith("@"))
    return value not in (None, "", [])


def _leaves(body: Json, prefix: str, known: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in body.items():
        path = f"{prefix}{name}"
        inside = isinstance(value, Mapping) and any(each.startswith(f"{path}.") for each in known)
        if inside:
            yield from _leaves(value, f"{path}.", known)
        elif "@" not in name:
            yield path, value


def _absent(path: str, shape: Json | None) -> Any:
    """Return what a property without a row is in a new object: Graph refuses null for some flags."""
    plain = shape is not None and shape.get("type") == "Boolean" and not shape.get("nullable")
    return False if plain and "." not in path else None


def _is_indexed(settings: Any) -> bool:
    """Return True if somebody ordered redirect URIs; what else these settings have repeats the URIs."""
    return any(each.get("index") is not None for each in settings)
