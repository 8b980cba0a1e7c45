"""Rules of a user's properties, by Graph's documentation; a refusal out where one is broken."""

import re
from typing import Any

from entra_emulator.graph import schema
from entra_emulator.graph.errors import bad_request, invalid_value
from entra_emulator.table import Row

_RESOURCE = "User"
_COUNTRY = re.compile(r"[A-Z]{2}")
_CHOICES = {
    "ageGroup": {"Minor", "NotAdult", "Adult"},
    "consentProvidedForMinor": {"Granted", "Denied", "NotRequired"},
    "userType": {"Member", "Guest"},
}
# user resource documentation: the most characters of each.
_LENGTHS = {
    "city": 128,
    "companyName": 64,
    "country": 128,
    "department": 64,
    "displayName": 256,
    "employeeId": 16,
    "givenName": 64,
    "jobTitle": 128,
    "mailNickname": 64,
    "mobilePhone": 64,
    "postalCode": 40,
    "state": 128,
    "streetAddress": 1024,
    "surname": 64,
}
FORBIDDEN_IN_NICKNAMES = '@()\\[]";:<>, '
_PRINCIPAL_NAME = re.compile(r"(?!\.)[A-Za-z0-9'._!#^~$-]{1,64}(?<!\.)@[A-Za-z0-9.-]{1,48}", re.ASCII)
_MAIL = re.compile(r"[^@\s\x80-\U0010ffff]+@[^@\s\x80-\U0010ffff]+")
_POLICIES = {"DisableStrongPassword", "DisablePasswordExpiration", "None"}
_SHORTEST, _LONGEST = 8, 256
_KINDS = (re.compile(r"[a-z]"), re.compile(r"[A-Z]"), re.compile(r"[0-9]"), re.compile(r"[^A-Za-z0-9]"))
_KINDS_NEEDED = 3


def check_user(old: Row, new: Row) -> None:
    """Check what was set of a user: a value that was there before stays."""
    changed = {name: value for name, value in new.items() if value is not None and value != old.get(name)}
    for name, values in _CHOICES.items():
        if name in changed and changed[name] not in values:
            raise invalid_value(name, _RESOURCE)
    country = changed.get("usageLocation")
    if country is not None and not _COUNTRY.fullmatch(country):
        raise invalid_value("usageLocation", _RESOURCE)
    policies = changed.get("passwordPolicies")
    if policies is not None and not {part.strip() for part in policies.split(",")} <= _POLICIES:
        raise invalid_value("passwordPolicies", _RESOURCE)
    for name in ("displayName", "mailNickname"):
        if not new[name]:
            raise invalid_value(name, _RESOURCE)
    _check_lengths(changed)
    _check_addresses(changed)
    for identity in changed.get("identities", ()):
        if not all(identity.get(name) for name in ("signInType", "issuer", "issuerAssignedId")):
            raise invalid_value("identities", _RESOURCE)


def check_principal_name(name: Any) -> str:
    """Check a user's principal name but for its domain: 64 characters of the few that are allowed, an @,
    48 at most behind it.
    """
    if not isinstance(name, str) or not _PRINCIPAL_NAME.fullmatch(name):
        raise bad_request("Property userPrincipalName is invalid.")
    return name


def _check_lengths(changed: Row) -> None:
    for name, most in _LENGTHS.items():
        if name in changed and not 1 <= len(changed[name]) <= most:
            # msgraph-sdk-dotnet#1453
            raise bad_request(f"The {name} should be between 1 and {most} characters.")


def _check_addresses(changed: Row) -> None:
    nick = changed.get("mailNickname", "-")
    if not nick.isascii() or set(nick) & set(FORBIDDEN_IN_NICKNAMES):
        raise invalid_value("mailNickname", _RESOURCE)
    if len(changed.get("businessPhones", ())) > 1:
        raise invalid_value("businessPhones", _RESOURCE)
    others = changed.get("otherMails", [])
    if any(not 1 <= len(mail) <= _LONGEST for mail in others):
        raise bad_request(f"The otherMails should be between 1 and {_LONGEST} characters.")
    for name, mails in (("mail", [changed.get("mail", "a@b")]), ("otherMails", others)):
        if not all(_MAIL.fullmatch(mail) for mail in mails):
            raise invalid_value(name, _RESOURCE)


def check_password(body: Row) -> dict[str, Any]:
    """Check the password of a new or changed user, and give the profile that it stands in: three of four
    kinds of characters.
    """
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
            "The specified password does not comply with password complexity requirements. Please "
            "provide a different password."
        )
    return checked
