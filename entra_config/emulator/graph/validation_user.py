"""Rules of a user's properties, by Graph's documentation; a refusal out where one is broken."""

import re
from typing import Any

from entra_config.emulator.graph import schema
from entra_config.emulator.graph.errors import bad_request, invalid_value
from entra_config.emulator.table import Row

_RESOURCE = "User"
_COUNTRY = re.compile(r"[A-Z]{2}")
_CHOICES = {
    "ageGroup": {"Minor", "NotAdult", "Adult"},
    "consentProvidedForMinor": {"Granted", "Denied", "NotRequired"},
    "userType": {"Member", "Guest"},
}
_POLICIES = {"DisableStrongPassword", "DisablePasswordExpiration", "None"}
_SHORTEST, _LONGEST = 8, 256
_KINDS = (re.compile(r"[a-z]"), re.compile(r"[A-Z]"), re.compile(r"[0-9]"), re.compile(r"[^A-Za-z0-9]"))
_KINDS_NEEDED = 3


def check_user(new: Row) -> None:
    """Check what has only some values; what was never set is none of them."""
    for name, values in _CHOICES.items():
        if new.get(name) not in (None, *values):
            raise invalid_value(name, _RESOURCE)
    country = new.get("usageLocation")
    if country is not None and not _COUNTRY.fullmatch(country):
        raise invalid_value("usageLocation", _RESOURCE)
    policies = new.get("passwordPolicies")
    if policies is not None and not {part.strip() for part in policies.split(",")} <= _POLICIES:
        raise invalid_value("passwordPolicies", _RESOURCE)
    if not new["displayName"]:
        raise invalid_value("displayName", _RESOURCE)


def check_password(body: Row) -> dict[str, Any]:
    """Check the password of a new or changed user, and give the profile that it stands in: three of four kinds of characters."""
    profile = body["passwordProfile"]
    if not isinstance(profile, dict):
        raise invalid_value("passwordProfile", _RESOURCE)
    checked = schema.check("passwordProfile", schema.spelled("passwordProfile", profile))
    password = checked.get("password")
    if password is None:
        return checked
    weak = "DisableStrongPassword" in (body.get("passwordPolicies") or "")
    kinds = sum(kind.search(password) is not None for kind in _KINDS)
    if not _SHORTEST <= len(password) <= _LONGEST or (kinds < _KINDS_NEEDED and not weak):
        raise bad_request(
            "The specified password does not comply with password complexity requirements. Please provide a different password."
        )
    return checked
