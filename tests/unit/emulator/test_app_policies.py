"""Which restrictions of app management policies hold for an application, and for which credentials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from entra_emulator import app_policies
from entra_emulator.app_policies import DEFAULT_ID
from entra_emulator.tenant import Tenant

NOTHING: Mapping[str, Any] = {"passwordCredentials": [], "keyCredentials": []}
LIFETIME = {"restrictionType": "passwordLifetime"}


def policy(applications: Mapping[str, Any], principals: Mapping[str, Any], *, on: bool) -> dict[str, Any]:
    """Return a tenant's default policy with these restrictions."""
    words = (
        "Restricts how applications and service principals are configured, where no policy of theirs does."
    )
    return {
        "id": DEFAULT_ID,
        "deletedDateTime": None,
        "description": words,
        "displayName": "Default app management tenant policy",
        "isEnabled": on,
        "applicationRestrictions": {**NOTHING, "audiences": None, **applications},
        "servicePrincipalRestrictions": {**NOTHING, **principals},
    }


def tenant(assigned: Mapping[str, Any], **chosen: Any) -> Tenant:
    """Return a tenant whose application `app` is assigned these policies, by id."""
    made = Tenant("t", "T", ["t.example"])
    made.choices = made.choices.changed({"defaultAppManagementPolicy": chosen})
    for policy_id, row in assigned.items():
        made.app_policies.add("app", policy_id)
        if row is not None:
            made.tables[app_policies.TABLE].put({"id": policy_id, **row})
    return made


ON, OFF = {"isEnabled": True}, {"isEnabled": False}
KEYS: dict[str, Any] = {"keyCredentials": [LIFETIME]}
DEFAULTS = {"passwordCredentials": [], "keyCredentials": [LIFETIME]}
PRINCIPALS = {"servicePrincipalRestrictions": KEYS}


@pytest.mark.parametrize(
    ("assigned", "chosen", "expected"),
    [
        ({}, PRINCIPALS, (DEFAULT_ID, DEFAULTS)),
        ({}, {**PRINCIPALS, "isEnabled": False}, (DEFAULT_ID, {})),
        ({"p": {**ON, "restrictions": {"a": 1}}}, PRINCIPALS, ("p", {"a": 1})),
        ({"p": {**ON, "restrictions": None}}, PRINCIPALS, ("p", {})),
        (
            {"p": {**ON, "restrictions": {"a": 1, "applicationRestrictions": {"b": 2}}}},
            {},
            ("p", {"a": 1, "b": 2}),
        ),
        ({"p": {**ON, "restrictions": {"a": 1, "applicationRestrictions": None}}}, {}, ("p", {"a": 1})),
        ({"p": {**OFF, "restrictions": {"a": 1}}}, PRINCIPALS, (DEFAULT_ID, DEFAULTS)),
        ({"p": None}, PRINCIPALS, (DEFAULT_ID, DEFAULTS)),
        ({"q": {**ON, "restrictions": {}}, "p": {**ON, "restrictions": {"a": 1}}}, {}, ("p", {"a": 1})),
        ({"p": {**OFF, "restrictions": {}}, "q": {**ON, "restrictions": {"a": 1}}}, {}, ("q", {"a": 1})),
    ],
    ids=[
        "default",
        "default off",
        "own",
        "own empty",
        "of applications",
        "null",
        "off",
        "gone",
        "two",
        "one on",
    ],
)
def test_the_policy_that_holds(assigned: Any, chosen: Any, expected: tuple[str, Any]) -> None:
    """An enabled one that was assigned holds instead of the default; of a default that is off, nothing."""
    made = tenant(assigned, **chosen)
    assert app_policies.holding(made, "servicePrincipals", {"id": "app"}) == expected


MOMENT = "2026-01-02T00:00:00Z"


@pytest.mark.parametrize(
    ("restriction", "end", "refused"),
    [
        (None, "2036-01-01T00:00:00Z", False),
        ({}, "2036-01-01T00:00:00Z", False),
        ({"maxLifetime": None}, "2036-01-01T00:00:00Z", False),
        ({"maxLifetime": "P1D"}, "2026-01-03T00:00:00Z", False),
        ({"maxLifetime": "P1D"}, "2026-01-03T00:01:00Z", False),
        ({"maxLifetime": "P1D"}, "2026-01-03T00:01:01Z", True),
        ({"maxLifetime": "PT0S"}, "2026-01-02T00:01:01Z", True),
        ({"maxLifetime": "PT0S"}, "2026-01-02T00:00:59Z", False),
    ],
)
def test_a_credential_lives_no_longer_than_it_may(restriction: Any, end: str, *, refused: bool) -> None:
    """With a minute's grace, as clients count from their own clock."""
    assert app_policies.too_long(restriction, MOMENT, end) is refused
