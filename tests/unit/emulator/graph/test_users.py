"""What a user's properties may be."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.graph.entities import user as rules
from entra_emulator.graph.errors import ODataError
from entra_emulator.graph.users import check_password

USER = {"displayName": "Ada", "mailNickname": "ada"}
IDENTITY = {"signInType": "userName", "issuer": "a.test", "issuerAssignedId": "ada"}


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ({"ageGroup": "Old"}, "ageGroup"),
        ({"userType": "guest"}, "userType"),
        ({"usageLocation": "DEU"}, "usageLocation"),
        ({"usageLocation": "de"}, "usageLocation"),
        ({"passwordPolicies": "None,Any"}, "passwordPolicies"),
        ({"identities": [IDENTITY, {**IDENTITY, "issuer": ""}]}, "identities"),
        ({"businessPhones": ["1", "2"]}, "businessPhones"),
        ({"mail": "ada"}, "mail"),
        ({"otherMails": ["a@b", "ada"]}, "otherMails"),
        ({"otherMails": ["a"]}, "Invalid value specified for property 'otherMails'"),
        ({"otherMails": ["a@b", ""]}, "otherMails should be between 1 and 256"),
        ({"otherMails": ["a" * 255 + "@b"]}, "otherMails should be between 1 and 256"),
        ({"mailNickname": "a b"}, "mailNickname"),
        ({"mailNickname": "ä"}, "mailNickname"),
    ],
)
def test_values_that_a_user_may_not_have(sent: dict[str, Any], text: str) -> None:
    """Refused by name when they come; what was there before stays."""
    with pytest.raises(ODataError, match=text):
        rules.check_user(USER, USER | sent)
    rules.check_user(USER | sent, USER | sent)


@pytest.mark.parametrize(
    ("profile", "policies", "taken"),
    [
        ({"password": "Abcdef12"}, None, True),
        ({"password": "abcdef1!"}, "None", True),
        ({"password": "Abcdef1"}, None, False),
        ({"password": "Abcdefgh"}, None, False),
        ({"password": "abcdefgh"}, "DisableStrongPassword", True),
        ({"password": "abcdefg"}, "DisableStrongPassword", False),
        ({"password": "Aa1" + "a" * 253}, None, True),
        ({"password": "Aa1" + "a" * 254}, None, False),
        ({"forceChangePasswordNextSignIn": True}, None, True),
        ("Abcdef12", None, False),
    ],
)
def test_passwords(profile: Any, policies: str | None, *, taken: bool) -> None:
    """Eight characters of three kinds; the profile may also have none."""
    body = {"passwordProfile": profile, "passwordPolicies": policies}
    if taken:
        assert check_password(body).items() >= profile.items()
        return
    with pytest.raises(ODataError):
        check_password(body)
