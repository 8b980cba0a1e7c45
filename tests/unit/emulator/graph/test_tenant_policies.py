"""Permission grant policies and home realm discovery policies: kept, shown, changed, given."""

from __future__ import annotations

import json
from typing import Any

import pytest

from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import World

GRANTS = "/policies/permissionGrantPolicies"
FIXED = "400 Request_BadRequest: Property '{}' is read-only and cannot be set."
WRONG = "400 Request_BadRequest: One or more property values specified are invalid."
OF_GRANTS = "400 Request_BadRequest: {} property '{}' of resource 'PermissionGrantPolicy'."
INVALID, MISSING = "Invalid value specified for", "A value is required for"


def held(made: World) -> list[Row]:
    """Return the tenant's own policies."""
    return list(made.tenant.tables["permissionGrantPolicies"])


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"id": None}, OF_GRANTS.format(MISSING, "id")),
        ({"id": 7}, "400"),
        ({"id": ""}, OF_GRANTS.format(INVALID, "id")),
        ({"id": "a b"}, OF_GRANTS.format(INVALID, "id")),
        ({"id": "x" * 200}, "201"),
        ({"id": "x" * 201}, OF_GRANTS.format(INVALID, "id")),
        ({"id": "Microsoft-own"}, OF_GRANTS.format(INVALID, "id")),
        ({"id": "held"}, ("400 Request_BadRequest: Another object with the same value for property "
                         "id already exists.")),
        ({"id": "Held"}, "201"),
        ({"id": "a", "more": 1}, "400 Request_BadRequest: Invalid property 'more'."),
    ],
)  # fmt: skip
def test_names_of_grant_policies(sent: Row, expected: str) -> None:
    """Hold what its id may be."""
    made = World()
    made.tenant.tables["permissionGrantPolicies"].put({"id": "held", "includes": [], "excludes": []})
    assert made.short("POST", GRANTS, {"displayName": "P", **sent}).startswith(expected)


def own() -> World:
    """Return a world with a policy of the tenant's."""
    made = World()
    row = {"id": "own", "displayName": "Own", "description": None, "includes": [], "excludes": []}
    made.tenant.tables["permissionGrantPolicies"].put(row)
    return made


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({}, "201"),
        ({"permissionType": None}, ("400 Request_BadRequest: A value is required for property "
                                   "'permissionType' of "
                                   "resource 'PermissionGrantConditionSet'.")),
        ({"permissionType": "any"}, "400"),
        ({"permissionType": "delegatedUserConsentable"}, WRONG),
        ({"permissionClassification": "low"}, "201"),
        ({"permissionClassification": "huge"}, WRONG),
        ({"permissions": []}, WRONG),
        ({"clientApplicationIds": []}, WRONG),
        ({"clientApplicationPublisherIds": []}, WRONG),
        ({"clientApplicationTenantIds": []}, WRONG),
        ({"clientApplicationTenantIds": ["t"], "permissions": ["p"]}, "201"),
        ({"more": 1}, "400 Request_BadRequest: Invalid property 'more'."),
    ],
)  # fmt: skip
def test_what_a_condition_may_be(sent: Row, expected: str) -> None:
    """Hold that a list of nothing is no condition."""
    made = own()
    found = made.short("POST", f"{GRANTS}/own/includes", {"permissionType": "delegated", **sent})
    assert found.startswith(expected)
    assert len(held(made)[0]["includes"]) == (expected == "201")


REALMS = "/policies/homeRealmDiscoveryPolicies"
DEFINED = json.dumps({"HomeRealmDiscoveryPolicy": {"AccelerateToFederatedDomain": True}})
SENT = {"displayName": "P", "definition": [DEFINED]}
OF_REALMS = "400 Request_BadRequest: {} property '{}' of resource 'Policy'."
CONFLICT = (
    "400 Request_BadRequest: A conflicting object with one or more of the specified property values "
    "is present "
    "in the directory"
)


def realm(**more: Any) -> Row:
    """Return a home realm discovery policy as it is held."""
    row = {
        "id": "r",
        "deletedDateTime": None,
        "definition": [DEFINED],
        "description": None,
        "displayName": "P",
    }
    return {**row, "isOrganizationDefault": False, **more}


@pytest.mark.parametrize(
    ("method", "sent", "expected"),
    [
        ("POST", {"displayName": None}, OF_REALMS.format(MISSING, "displayName")),
        ("POST", {"definition": []}, OF_REALMS.format(MISSING, "definition")),
        ("POST", {"definition": ["no JSON"]}, OF_REALMS.format(INVALID, "definition")),
        ("POST", {"definition": ["[]"]}, OF_REALMS.format(INVALID, "definition")),
        ("POST", {"definition": [DEFINED, '{"Other": {}}']}, OF_REALMS.format(INVALID, "definition")),
        (
            "POST",
            {"definition": ['{"HomeRealmDiscoveryPolicy": 1}']},
            OF_REALMS.format(INVALID, "definition"),
        ),
        ("POST", {"id": "x"}, FIXED.format("id")),
        ("POST", {"id": None}, "201"),
        ("POST", {"isOrganizationDefault": True}, CONFLICT),
        ("PATCH", {"displayName": ""}, OF_REALMS.format(INVALID, "displayName")),
        ("PATCH", {"definition": []}, OF_REALMS.format(INVALID, "definition")),
        ("PATCH", {"definition": ["x"]}, OF_REALMS.format(INVALID, "definition")),
        ("PATCH", {"isOrganizationDefault": True}, CONFLICT),
        ("PATCH", {"isOrganizationDefault": False, "displayName": "Q"}, "204"),
    ],
)
def test_what_a_realm_policy_may_be(method: str, sent: Row, expected: str) -> None:
    """Hold that each definition defines one, and that one is the default at most."""
    made = World()
    for row in (realm(), realm(id="other", isOrganizationDefault=True)):
        made.tenant.tables["homeRealmDiscoveryPolicies"].put(row)
    path = REALMS if method == "POST" else f"{REALMS}/r"
    assert made.short(method, path, {**SENT, **sent} if method == "POST" else sent) == expected
    assert made.short("PATCH", f"{REALMS}/other", {"isOrganizationDefault": True}) == "204"
