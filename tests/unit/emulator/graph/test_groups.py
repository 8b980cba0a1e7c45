"""What a group's properties may be."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest

from entra_emulator.graph.entities.group import check_group
from entra_emulator.graph.errors import ODataError

GROUP = {
    "displayName": "a",
    "mailNickname": "a",
    "groupTypes": [],
    "securityEnabled": True,
    "mailEnabled": False,
    "isAssignableToRole": None,
    "membershipRule": None,
    "membershipRuleProcessingState": None,
    "theme": None,
    "visibility": None,
}
UNIFIED = {"groupTypes": ["Unified"], "mailEnabled": True, "securityEnabled": False}
DYNAMIC = {"groupTypes": ["DynamicMembership"], "membershipRule": "r"}
HIDDEN = {"visibility": "HiddenMembership"}


@pytest.mark.parametrize(
    ("old", "new", "taken"),
    [
        (None, {}, True),
        (None, UNIFIED, True),
        (None, UNIFIED | {"securityEnabled": True, "isAssignableToRole": True}, True),
        (None, UNIFIED | {"isAssignableToRole": True}, False),
        (None, UNIFIED | {"mailEnabled": False, "securityEnabled": True}, False),
        (None, {"mailEnabled": True}, False),
        (None, {"securityEnabled": False}, False),
        (None, DYNAMIC, True),
        (None, DYNAMIC | {"membershipRule": ""}, False),
        (None, DYNAMIC | {"isAssignableToRole": True}, False),
        (None, {"isAssignableToRole": True}, True),
        (None, UNIFIED | {"groupTypes": ["Unified", "Unified"]}, False),
        (None, UNIFIED | {"groupTypes": ["Unified", "Other"]}, False),
        (None, UNIFIED | {"groupTypes": ["Unified", "DynamicMembership"], "membershipRule": "r"}, True),
        (None, {"displayName": ""}, False),
        (None, {"displayName": "a" * 256}, True),
        (None, {"displayName": "a" * 257}, False),
        (None, {"mailNickname": ""}, False),
        (None, {"mailNickname": "a" * 64}, True),
        (None, {"mailNickname": "a" * 65}, False),
        (None, {"mailNickname": "ä"}, False),
        (None, {"mailNickname": "a@b"}, False),
        (None, {"visibility": "Private", "theme": "Teal", "membershipRuleProcessingState": "On"}, True),
        (None, {"visibility": "Secret"}, False),
        (None, {"theme": "teal"}, False),
        (None, UNIFIED | HIDDEN, True),
        (None, UNIFIED | {"visibility": "Hiddenmembership"}, True),
        (None, HIDDEN, False),
        (UNIFIED, UNIFIED | HIDDEN, False),
        (UNIFIED | HIDDEN, UNIFIED | HIDDEN, True),
        (UNIFIED | HIDDEN, UNIFIED | {"visibility": "Private"}, False),
        (UNIFIED | {"visibility": "Public"}, UNIFIED | {"visibility": "Private"}, True),
    ],
)
def test_groups(old: dict[str, Any] | None, new: dict[str, Any], *, taken: bool) -> None:
    """A group is of security or of Microsoft 365; hidden members are for the latter, from the beginning."""
    with nullcontext() if taken else pytest.raises(ODataError):
        check_group(None if old is None else GROUP | old, GROUP | new)
