"""What a user's properties may be."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.graph.entities import user as rules
from entra_emulator.graph.errors import ODataError
from entra_emulator.graph.users import check_password

USER = {"displayName": "Ada", "mailNickname": "ada"}
IDENTITY = {"signInType": "userName", "issuer": "a.test", "issuerAssignedId": "ada"}
LENGTHS = {"city": 128, "companyName": 64, "displayName": 256, "employeeId": 16, "mailNickname": 64,
           "mobilePhone": 64, "postalCode": 40, "streetAddress": 1024}  # fmt: skip


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


@pytest.mark.parametrize(("name", "most"), LENGTHS.items())
def test_the_most_characters(name: str, most: int) -> None:
    """One at least and so many at most."""
    for length in (1, most):
        rules.check_user({}, USER | {name: "a" * length})
    for length in (0, most + 1):
        with pytest.raises(ODataError, match=name):
            rules.check_user({}, USER | {name: "a" * length})


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
