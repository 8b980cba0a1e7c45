"""Rules of a group's properties, by Graph's documentation; a refusal out where one is broken."""

from entra_emulator.graph.errors import bad_request, invalid_value, missing_value
from entra_emulator.graph.validation_user import FORBIDDEN_IN_NICKNAMES
from entra_emulator.table import Row

LONGEST_NAME, LONGEST_NICKNAME = 256, 64
_RESOURCE = "Group"
_HIDDEN = "hiddenmembership"
_TYPES = {"Unified", "DynamicMembership"}
_CHOICES = {
    "membershipRuleProcessingState": {"On", "Paused"},
    "theme": {"Teal", "Purple", "Green", "Blue", "Pink", "Orange", "Red"},
    "visibility": {"Private", "Public", "HiddenMembership", "Hiddenmembership"},
}


def check_group(old: Row | None, new: Row) -> None:
    """Check a new or changed group as a whole."""
    before = old["visibility"] if old is not None else None
    hidden = _HIDDEN in (str(before).casefold(), str(new["visibility"]).casefold())
    if hidden and new["visibility"] != before and (old is not None or "Unified" not in new["groupTypes"]):
        # Groups of Microsoft 365 have it from the beginning, or never.
        raise invalid_value("visibility", _RESOURCE)
    name, nick, kinds = new["displayName"], new["mailNickname"], new["groupTypes"]
    if not name or len(name) > LONGEST_NAME:
        raise invalid_value("displayName", _RESOURCE)
    if (
        not nick
        or len(nick) > LONGEST_NICKNAME
        or not nick.isascii()
        or set(nick) & set(FORBIDDEN_IN_NICKNAMES)
    ):
        raise invalid_value("mailNickname", _RESOURCE)
    for choice, values in _CHOICES.items():
        if new[choice] not in (None, *values):
            raise invalid_value(choice, _RESOURCE)
    _check_types(new, kinds)
    if not new["securityEnabled"] and (not new["mailEnabled"] or new["isAssignableToRole"]):
        raise invalid_value("securityEnabled", _RESOURCE)
    if new["isAssignableToRole"] and "DynamicMembership" in kinds:
        raise invalid_value("isAssignableToRole", _RESOURCE)


def _check_types(new: Row, kinds: list[str]) -> None:
    if not set(kinds) <= _TYPES or len(set(kinds)) != len(kinds):
        raise invalid_value("groupTypes", _RESOURCE)
    if "Unified" in kinds and not new["mailEnabled"]:
        raise invalid_value("mailEnabled", _RESOURCE)
    if new["mailEnabled"] and "Unified" not in kinds:
        # microsoft-graph-docs#372
        raise bad_request(
            "The service does not currently support writes of mail-enabled groups. Please ensure that the "
            "mail-enablement "
            "property is unset and the security-enablement property is set."
        )
    if "DynamicMembership" in kinds and not new["membershipRule"]:
        raise missing_value("membershipRule", _RESOURCE)
