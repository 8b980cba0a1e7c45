"""Permission grant policies and home realm discovery policies: kept, shown, changed, given."""

from __future__ import annotations

import json
from typing import Any

import pytest

from entra_emulator.grant_policies import ANYTHING, built_in
from entra_emulator.graph.call import CollectionResponse
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import V1, World, records

GRANTS = "/policies/permissionGrantPolicies"
DENIED = "403 Authorization_RequestDenied: Insufficient privileges to complete the operation."
FIXED = "400 Request_BadRequest: Property '{}' is read-only and cannot be set."
WRONG = "400 Request_BadRequest: One or more property values specified are invalid."
OF_GRANTS = "400 Request_BadRequest: {} property '{}' of resource 'PermissionGrantPolicy'."
INVALID, MISSING = "Invalid value specified for", "A value is required for"


def held(made: World) -> list[Row]:
    """Return the tenant's own policies."""
    return list(made.tenant.tables["permissionGrantPolicies"])


def test_a_grant_policy_is_made_changed_and_deleted() -> None:
    """Hold that it begins without conditions, and is listed behind Microsoft's own."""
    made = World()
    sent = {"id": "own", "displayName": "Own", "description": "d", "deletedDateTime": None}
    row = {"id": "own", "displayName": "Own", "description": "d", "includes": [], "excludes": []}
    context = f"{V1}/$metadata#policies/permissionGrantPolicies"
    shown = {"@odata.context": f"{context}/$entity", **row}
    assert made.send("POST", GRANTS, sent) == CollectionResponse(201, shown)
    assert held(made) == [row]
    assert made.get(f"{GRANTS}/own") == CollectionResponse(200, shown)
    listed = made.get(GRANTS)
    body = listed.body or {}
    assert (listed.status, body["@odata.context"]) == (200, context)
    assert [each["id"] for each in body["value"]] == [
        *(each["id"] for each in built_in(made.tenant).values()),
        "own",
    ]
    assert body["value"][-1] == row
    assert made.send("PATCH", f"{GRANTS}/own", {"displayName": "New", "id": "own"}) == CollectionResponse(204)
    assert held(made) == [{**row, "displayName": "New"}]
    assert made.short("PATCH", f"{GRANTS}/own", {"id": "other"}) == FIXED.format("id")
    assert made.send("DELETE", f"{GRANTS}/own") == CollectionResponse(204)
    assert held(made) == []
    assert made.short("DELETE", f"{GRANTS}/own").startswith("404 Request_ResourceNotFound: Resource 'own'")


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


@pytest.mark.parametrize(
    ("method", "more", "body"),
    [
        ("PATCH", "", {"displayName": "x"}),
        ("DELETE", "", None),
        ("POST", "/includes", {"permissionType": "delegated"}),
        ("DELETE", "/excludes/x", None),
    ],
)
def test_microsoft_s_own(method: str, more: str, body: Any) -> None:
    """Hold that they are nobody's to change, and everybody's to read, whatever their case."""
    made = World()
    name = next(iter(built_in(made.tenant)))
    assert made.short(method, f"{GRANTS}/{name}{more}", body) == DENIED
    assert made.short("GET", f"{GRANTS}/{name.upper()}") == "200"


def own() -> World:
    """Return a world with a policy of the tenant's."""
    made = World()
    row = {"id": "own", "displayName": "Own", "description": None, "includes": [], "excludes": []}
    made.tenant.tables["permissionGrantPolicies"].put(row)
    return made


@pytest.mark.parametrize("side", ["includes", "excludes"])
def test_conditions_come_and_go(side: str) -> None:
    """Hold that what is left out means anything, and that each stands on its side."""
    made = own()
    path, other = f"{GRANTS}/own/{side}", "excludes" if side == "includes" else "includes"
    sent = {
        "id": "of-the-client",
        "permissionType": "delegated",
        "clientApplicationIds": ["a"],
        "permissions": None,
    }
    found = made.send("POST", path.replace(side, side.upper()), sent)
    row_id = (found.body or {})["id"]
    assert row_id != "of-the-client"
    row = {"id": row_id, **ANYTHING, "permissionType": "delegated", "clientApplicationIds": ["a"]}
    context = f"{V1}/$metadata#policies/permissionGrantPolicies('own')/{side}"
    assert found == CollectionResponse(201, {"@odata.context": f"{context}/$entity", **row})
    second = made.send("POST", path, {"permissionType": "application"}).body or {}
    listed = made.get(path).body or {}
    assert (listed["@odata.context"], [each["id"] for each in listed["value"]]) == (
        context,
        [row_id, second["id"]],
    )
    assert (made.get(f"{GRANTS}/own/{other}").body or {})["value"] == []
    assert made.get(path).status == 200
    assert made.send("DELETE", f"{path}/{row_id.upper()}") == CollectionResponse(204)
    assert [each["id"] for each in held(made)[0][side]] == [second["id"]]
    assert made.short("DELETE", f"{path}/{row_id}").startswith(
        f"404 Request_ResourceNotFound: Resource '{row_id}'"
    )


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


def test_a_realm_policy_is_made_changed_and_deleted() -> None:
    """Hold its defaults, what is shown of it, and each record."""
    made = World()
    found = made.send("POST", REALMS, SENT)
    row_id = (found.body or {})["id"]
    row = realm(id=row_id)
    context = f"{V1}/$metadata#policies/homeRealmDiscoveryPolicies"
    shown = {"@odata.context": f"{context}/$entity", **row}
    assert found == CollectionResponse(201, shown)
    assert made.get(f"{REALMS}/{row_id.upper()}") == CollectionResponse(200, shown)
    assert made.get(REALMS) == CollectionResponse(200, {"@odata.context": context, "value": [row]})
    for sent in ({"description": "d"}, {"description": "d"}, {"isOrganizationDefault": True}):
        assert made.send("PATCH", f"{REALMS}/{row_id}", sent) == CollectionResponse(204)
    changed = {**row, "description": "d", "isOrganizationDefault": True}
    assert list(made.tenant.tables["homeRealmDiscoveryPolicies"]) == [changed]
    assert made.short("PATCH", f"{REALMS}/{row_id}", {"isOrganizationDefault": None}) == "204"
    assert list(made.tenant.tables["homeRealmDiscoveryPolicies"]) == [
        {**changed, "isOrganizationDefault": False}
    ]
    assert made.send("DELETE", f"{REALMS}/{row_id}") == CollectionResponse(204)
    target = [(row_id, "Policy", "P", None, {})]
    assert records(made) == [
        (f"{verb} policy", verb, "ApplicationManagement", "", target)
        for verb in ("Add", "Update", "Update", "Update", "Delete")
    ]


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


def test_a_realm_policy_is_given_and_taken_away() -> None:
    """Hold that a service principal has one at most, an application none, and who has it."""
    made = World()
    for row in (realm(), realm(id="s")):
        made.tenant.tables["homeRealmDiscoveryPolicies"].put(row)
    principal = made.principal("App")
    app = made.tenant.application_by_app_id(principal["appId"]) or {}
    path = f"/servicePrincipals/{principal['id']}/homeRealmDiscoveryPolicies"
    links = [{"@odata.id": f"{V1}{REALMS}/{each}"} for each in ("r", "s", "none")]
    assert made.short("POST", f"{path}/$ref", links[2]).startswith(
        "404 Request_ResourceNotFound: Resource 'none'"
    )
    assert [made.short("POST", f"{path}/$ref", link) for link in links[:2]] == ["204", CONFLICT]
    context = f"{V1}/$metadata#servicePrincipals('{principal['id']}')/homeRealmDiscoveryPolicies"
    assert made.get(path) == CollectionResponse(200, {"@odata.context": context, "value": [realm()]})
    of_app = (made.get(f"/applications/{app['id']}/homeRealmDiscoveryPolicies").body or {})["value"]
    given = (made.get(f"{REALMS}/r/appliesTo").body or {})["value"]
    assert (of_app, [each["id"] for each in given]) == ([], [principal["id"]])
    assert made.send("DELETE", f"{path}/R/$ref") == CollectionResponse(204)
    assert made.short("DELETE", f"{path}/r/$ref").startswith(
        "400 Request_BadRequest: One or more removed object"
    )
    targets = [(principal["id"], "ServicePrincipal", "App", None, {}), ("r", "Policy", "P", None, {})]
    assert records(made) == [
        (f"{verb} service principal", kind, "ApplicationManagement", principal["appId"], targets)
        for verb, kind in (("Add policy to", "Assign"), ("Remove policy from", "Unassign"))
    ]
