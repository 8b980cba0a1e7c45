"""Graph's nested JSON to flat paths (`web.redirectUris`) and back."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from entra_config.resource import Value


def at(body: Value, path: str) -> Value:
    """Return the value at a path such as `web.redirectUris`, None where any part of it is absent."""
    for part in path.split("."):
        body = body.get(part) if isinstance(body, Mapping) else None
    return body


def pick(body: Mapping[str, Any] | None, paths: Iterable[str]) -> dict[str, Value]:
    """Return the values at these paths."""
    return {path: at(body, path) for path in paths}


def nest(values: Mapping[str, Value]) -> dict[str, Value]:
    """Return the JSON body that holds each value at its path."""
    body: dict[str, Value] = {}
    for path, value in values.items():
        *parents, name = path.split(".")
        place = body
        for part in parents:
            place = place.setdefault(part, {})
        place[name] = value
    return body


def thumbprint(entry: Mapping[str, Any]) -> str:
    """Return what tells a live certificate from others: of its key where Graph answers that, for anybody
    may write the name.
    """
    key = entry.get("key")
    if not isinstance(key, str) or not key:
        return str(entry.get("customKeyIdentifier") or entry["keyId"]).upper()
    try:
        return hashlib.sha1(base64.b64decode(key), usedforsecurity=False).hexdigest().upper()
    except ValueError:
        return str(entry["keyId"]).upper()
