"""The `claims` and `max_age` parameters in; which claims the client asks for, and how fresh a sign-in must
be, out.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from entra_emulator.login.errors import LoginError

Members = Mapping[str, Any]


@dataclass(frozen=True)
class ClaimsRequest:
    """What a client asks for by name (OpenID Connect Core, 5.5), for each of the two tokens."""

    id_token: Members = field(default_factory=dict)
    access_token: Members = field(default_factory=dict)

    def with_more(self, other: "ClaimsRequest") -> "ClaimsRequest":
        """Add what another request asks for: MSAL sends the parameter to /authorize and again to /token."""
        return ClaimsRequest({**other.id_token, **self.id_token}, {**other.access_token, **self.access_token})


def read(text: str | None) -> ClaimsRequest:
    """Read the `claims` parameter; LoginError 9002313 for text that is no such request."""
    if not text:
        return ClaimsRequest()
    try:
        data = json.loads(text)
        found = ClaimsRequest(_members(data, "id_token"), _members(data, "access_token"))
    except (ValueError, TypeError, RecursionError) as error:
        # Which code Entra gives for malformed claims was never recorded.
        raise LoginError(9002313, error="invalid_request") from error
    return found


def read_max_age(text: str | None) -> int | None:
    """Read `max_age`: seconds since the user last signed in; LoginError 90023 for anything else."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise LoginError(90023, problem="Unsupported 'max_age' value.")
    return int(text)


def declares_cp1(access_token: Members) -> bool:
    """Tell whether a client says by `xms_cc` that it handles revocation."""
    return "cp1" in {value.lower() for value in values_of(access_token.get("xms_cc"))}


def values_of(wanted: Any) -> list[str]:
    """Return the values that a claim is asked for with: its `value`, or its `values`."""
    if not isinstance(wanted, Mapping):
        return []
    values = wanted.get("values")
    return [
        str(value)
        for value in (values if isinstance(values, list) else [wanted.get("value")])
        if value is not None
    ]


def _members(data: Any, name: str) -> Members:
    members = data.get(name) if isinstance(data, dict) else data
    if members is None and isinstance(data, dict):
        return {}
    if not isinstance(members, dict):
        message = f"{name} is no object"
        raise TypeError(message)
    return members
