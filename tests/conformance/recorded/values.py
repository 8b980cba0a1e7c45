"""Fill the masked values of a recorded body with real ones."""

import base64
import uuid
from datetime import UTC, datetime
from functools import cache
from typing import Any

from tests.conformance.graph.certificates import certificate

# The values that Graph checks, by the name of the property.
_STRINGS = {
    "key": lambda: base64.b64encode(_certificate()).decode(),
    "password": lambda: "Aurora-71-borealis",
    "userPrincipalName": lambda: "recorded@contoso.com",
    "mailNickname": lambda: "recorded",
    "value": lambda: f"Recorded.{guid()[:8]}",
    "name": lambda: "Testing",
    "mail": lambda: "recorded@contoso.com",
}
_URLS = {
    "identifierUris": lambda: f"https://recorded.contoso.com/{guid()}",
    "issuer": lambda: "https://token.example.org/",
}


@cache
def _certificate() -> bytes:
    return certificate(days=730)


def guid() -> str:
    """Make an id that no object has."""
    return str(uuid.uuid4())


def fill(masked: Any, name: str = "", **known: str) -> Any:
    """Return a masked value with real values in it; `known` are values of properties by their names."""
    if isinstance(masked, dict):
        return {key: fill(value, key, **known) for key, value in masked.items()}
    if isinstance(masked, list):
        return [fill(value, name, **known) for value in masked]
    if not isinstance(masked, str):
        return masked
    if "<" in masked and name in known:
        return known[name]
    match masked:
        case "<guid>":
            return guid()
        case "<date>":
            return _date(name)
        case "<url>":
            return _URLS.get(name, lambda: f"https://recorded.example.org/{guid()}")()
        case "<string>":
            return _STRINGS.get(name, lambda: "recorded")()
        case "extension_<id>_<name>":
            return f"extension_{guid().replace('-', '')}_recorded"
    return masked


def _date(name: str) -> str:
    year = 2027 if name == "endDateTime" else 2026
    return datetime(year, 2, 1, tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
