"""Which restrictions of app management policies hold for an application, and for which credentials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from entra_emulator import app_policies
from entra_emulator.app_policies import DEFAULT_ID, NON_DEFAULT, UNIQUE
from entra_emulator.choices import Choices
from entra_emulator.tenant import Tenant

MICROSOFTS = {"excludeAppsReceivingV2Tokens": True, "excludeSaml": True, "isStateSetByMicrosoft": True}
NOTHING: Mapping[str, Any] = {"passwordCredentials": [], "keyCredentials": []}
ADDITION, LIFETIME = ({"restrictionType": kind} for kind in ("passwordAddition", "passwordLifetime"))


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


def uris(state: str, unique: Mapping[str, Any] = MICROSOFTS, other: Any = None) -> dict[str, Any]:
    """Return the restrictions on identifier URIs."""
    return {"identifierUris": {NON_DEFAULT: other, UNIQUE: {**unique, "state": state}}}


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        (Choices(), policy(uris("enabled"), {}, on=True)),
        (Choices(identifier_uri_policy="off"), policy(uris("disabled"), {}, on=True)),
        (Choices(app_management_policy={"isEnabled": False}), policy(uris("enabled"), {}, on=False)),
        (
            Choices(app_management_policy={"applicationRestrictions": None}),
            policy(uris("enabled"), {}, on=True),
        ),
        (
            Choices(app_management_policy={"applicationRestrictions": {"passwordCredentials": [ADDITION]}}),
            policy({**uris("enabled"), "passwordCredentials": [ADDITION]}, {}, on=True),
        ),
        (
            Choices(
                app_management_policy={
                    "applicationRestrictions": {
                        "keyCredentials": [LIFETIME],
                        "identifierUris": {
                            UNIQUE: {"excludeSaml": False, "state": "x"},
                            NON_DEFAULT: {"a": 1},
                        },
                        "audiences": {"b": 1},
                    },
                    "servicePrincipalRestrictions": {"passwordCredentials": [LIFETIME]},
                }
            ),
            policy(
                {
                    **uris("enabled", {"excludeSaml": False}, {"a": 1}),
                    "keyCredentials": [LIFETIME],
                    "audiences": {"b": 1},
                },
                {"passwordCredentials": [LIFETIME]},
                on=True,
            ),
        ),
        (
            Choices(app_management_policy={"servicePrincipalRestrictions": {"keyCredentials": [LIFETIME]}}),
            policy(uris("enabled"), {"keyCredentials": [LIFETIME]}, on=True),
        ),
        (
            Choices(app_management_policy={"servicePrincipalRestrictions": {"keyCredentials": None}}),
            policy(uris("enabled"), {}, on=True),
        ),
    ],
    ids=["new", "switched off", "disabled", "null", "passwords", "all", "keys of principals", "null keys"],
)
def test_the_default_policy_is_complete(choices: Choices, expected: dict[str, Any]) -> None:
    """Microsoft's restriction is there unless the tenant has its own; its switch is a choice of its own."""
    assert app_policies.default(choices) == expected


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


def test_the_default_policy_has_two_sides() -> None:
    """One for applications, one for service principals."""
    made = tenant({}, applicationRestrictions=KEYS)
    held = [
        app_policies.holding(made, table, {"id": "x"})[1] for table in ("applications", "servicePrincipals")
    ]
    assert [each["keyCredentials"] for each in held] == [[LIFETIME], []]


MOMENT = "2026-01-02T00:00:00Z"
SINCE = "restrictForAppsCreatedAfterDateTime"


@pytest.mark.parametrize(
    ("restriction", "held"),
    [
        (None, False),
        ({}, False),
        ({"a": 1}, True),
        ({"state": None}, True),
        ({"state": "enabled"}, True),
        ({"state": "disabled"}, False),
        ({"state": "enabled", SINCE: None}, True),
        ({SINCE: "2026-01-01T23:59:59Z"}, True),
        ({SINCE: MOMENT}, True),
        ({SINCE: "2026-01-02T01:00:00+01:00"}, True),
        ({SINCE: "2026-01-02T00:00:01Z"}, False),
        ({"state": "disabled", SINCE: "2026-01-01"}, False),
    ],
)
def test_a_restriction_holds_while_it_is_on_for_what_was_made_since(restriction: Any, *, held: bool) -> None:
    """From its moment on, that moment included; without a state it is on."""
    assert app_policies.holds(restriction, MOMENT) is held


@pytest.mark.parametrize(
    ("restrictions", "found"),
    [
        ({}, None),
        ({"passwordCredentials": None}, None),
        ({"keyCredentials": [ADDITION]}, None),
        ({"passwordCredentials": [LIFETIME, {}]}, None),
        ({"passwordCredentials": [LIFETIME, ADDITION]}, ADDITION),
        ({"passwordCredentials": [{**ADDITION, "state": "disabled"}]}, None),
        ({"passwordCredentials": [{**ADDITION, SINCE: "2027-01-01"}]}, None),
    ],
)
def test_the_restriction_of_a_kind(restrictions: Any, found: Any) -> None:
    """Of several the one of this kind, where it holds."""
    assert app_policies.listed(restrictions, "passwordCredentials", "passwordAddition", MOMENT) == found


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
