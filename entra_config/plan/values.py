"""A value of a plan in, its one-line text out; secrets never come through, and nothing that identifies is
cut.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from entra_config import characters
from entra_config.plan import cut
from entra_config.properties import find
from entra_config.resource import Ref, Text, Value

UNKNOWN = "(known after apply)"
SECRET = "(secret)"  # noqa: S105  # what stands in a secret's place
LONGEST_KEY = 100

_SECRET_KEYS = frozenset(
    {"secrettext", "password", "clientsecret", "client_secret", "access_token", "hint"}
    | {"authorization", "client_assertion", "refresh_token", "privatekey"}
)
_BULK_KEYS = frozenset({"key"})  # keyCredentials.key: public, and 2,000 characters long


def pair(before: Value, after: Value, path: str = "") -> tuple[str, str]:
    """Return both sides of a difference as a plan prints them; of a long text for people, what differs and
    a little around it. All else identifies something (a subject, a URI, an id, a scope) and is never cut.
    """
    text = find(path).text or find(path.rpartition(".")[2]).text
    if text and isinstance(before, str) and isinstance(after, str):
        before, after = cut.around(before, after)
    return shown(before, path), shown(after, path)


def shown(value: Value, path: str = "") -> str:
    """Return `value` as a plan prints it: whole, quoted and escaped."""
    return characters.printed(format_value(value, path))


def format_value(value: Value, path: str = "") -> str:
    """Return `value` whole and quoted, for a format that escapes it in its own way."""
    if secret(path):
        return SECRET
    match value:
        case Ref():
            return UNKNOWN
        case Text():
            return f'"{_joined(value)}"'
        case str():
            return f'"{value}"'
        case _:
            return json.dumps(to_json(value), ensure_ascii=False)


def to_json(value: Value) -> Any:
    """Return `value` as JSON: what is not known yet as text, secrets left out."""
    match value:
        case Ref():
            return UNKNOWN
        case Text():
            return _joined(value)
        case Mapping():
            return {str(key): _member(str(key), item) for key, item in value.items()}
        case list() | tuple():
            return [to_json(item) for item in value]
        case bytes():
            return f"({len(value):,} bytes)"
        case set() | frozenset():
            return sorted((to_json(item) for item in value), key=str)
        case None | bool() | int() | float() | str():
            return value
        case _:
            return str(value)


def secret(path: str) -> bool:
    """Tell whether a Graph path names something that is never printed."""
    last = path.rpartition(".")[2].lower()
    return last in _SECRET_KEYS


def words(kind: str) -> str:
    """Return a kind's name as people say it: `appRoleAssignment` is an app role assignment."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", kind).lower()


def _member(key: str, value: Value) -> Any:
    if key.lower() in _SECRET_KEYS:
        return None if value is None else SECRET
    if key.lower() in _BULK_KEYS and isinstance(value, str) and len(value) > LONGEST_KEY:
        return f"({len(value)} characters)"
    return to_json(value)


def _joined(value: Text) -> str:
    return "".join(UNKNOWN if isinstance(part, Ref) else part for part in value.parts)
