"""What a tenant refuses, a line for each: nothing is said of what was not read or is as it is by default."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.actual.policies import Policies
from entra_config.checks import chosen

NO_SECRETS = {"passwordCredentials": [{"restrictionType": "passwordAddition"}]}
GROUPS = "refuses groups as holders of roles: there is no Microsoft Entra ID P1"
MINE = {
    "id": "p",
    "displayName": "Mine",
    "restrictions": {
        "keyCredentials": [{"restrictionType": "asymmetricKeyLifetime", "maxLifetime": "P90D"}],
        "applicationRestrictions": {"audiences": {"personalMicrosoftAccount": {"state": "enabled"}}},
    },
}


@pytest.mark.parametrize(
    ("policies", "said"),
    [
        ({}, []),
        (
            {"default": {"isEnabled": True, "applicationRestrictions": NO_SECRETS}},
            ["refuses by default: no new secrets"],
        ),
        ({"default": {"isEnabled": False, "applicationRestrictions": NO_SECRETS}}, []),
        ({"default": {"applicationRestrictions": NO_SECRETS}}, []),
        (
            {
                "default": {
                    "isEnabled": True,
                    "applicationRestrictions": {
                        "passwordCredentials": [
                            {"restrictionType": "of tomorrow"},
                            "odd",
                            {"restrictionType": "passwordAddition", "state": "disabled"},
                            {"restrictionType": "passwordLifetime", "maxLifetime": "P180D"},
                        ],
                        "identifierUris": {
                            "nonDefaultUriAddition": {
                                "state": "enabled",
                                "excludeAppsReceivingV2Tokens": True,
                            }
                        },
                    },
                }
            },
            [
                "refuses by default: no secret that lives longer than P180D",
                (
                    "refuses by default: no identifier URI but api://${appId} and api://${tenantId}/${appId} "
                    "(not for what asks for version 2 tokens)"
                ),
            ],
        ),
        (
            {"own": {"a": MINE, "b": MINE, "c": {"id": "q", "displayName": "Empty"}}},
            [
                (
                    "policy 'Mine', which 2 objects have instead of the default, refuses: no certificate "
                    "that lives longer than P90D; no personal accounts"
                ),
                "policy 'Empty', which 1 object has instead of the default, refuses: nothing",
            ],
        ),
        ({"unread": ("b", "a")}, ["policies of which it is not known who has them: a, b"]),
        (
            {"user": {"allowedToCreateApps": False, "permissionGrantPoliciesAssigned": []}},
            [
                "lets nobody without a directory role register applications",
                "does not allow users to consent",
            ],
        ),
        ({"user": {"allowedToCreateApps": True, "permissionGrantPoliciesAssigned": ["all"]}}, []),
        ({"user": {}}, []),
        ({"unverified": frozenset({"b.com", "a.com"})}, ["domains that are not verified: a.com, b.com"]),
        ({"plans": frozenset({"AAD_PREMIUM", "OTHER"})}, []),
        ({"plans": frozenset({"OTHER"})}, [GROUPS]),
        ({"plans": frozenset()}, [GROUPS]),
        ({"quota": (1234, 50000)}, ["has 1,234 of at most 50,000 objects"]),
    ],
)
def test_each_choice_is_a_line(policies: dict[str, Any], said: list[str]) -> None:
    """Whoever asks before there is a plan reads just what would be refused."""
    assert list(chosen.lines(Policies(**policies))) == said
