"""App management policies: the tenant's default, those of single applications, and what beta alone shows."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator import app_policies
from entra_emulator.graph.call import CollectionResponse
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import V1, World, records

DEFAULT = "/policies/defaultAppManagementPolicy"
PATH = "/policies/appManagementPolicies"
UNIQUE, OTHER = app_policies.UNIQUE, app_policies.NON_DEFAULT
SECRETS = {"passwordCredentials": [{"restrictionType": "passwordAddition", "state": "enabled"}]}
LIFETIME = {"restrictionType": "asymmetricKeyLifetime", "maxLifetime": "P90D"}
AUTHORITY = {"restrictionType": "trustedCertificateAuthority"}
INVALID = "400 Request_BadRequest: One or more property values specified are invalid."
DOUBLE = "400 Request_BadRequest: Request contains a property with duplicate values."
UNEXPECTED = "400 Request_BadRequest: Unexpected contents in request body."
FIXED = "400 Request_BadRequest: Property '{}' is read-only and cannot be set."


def default(made: World) -> dict[str, Any]:
    """Return the default policy as beta shows it."""
    return dict(made.get(DEFAULT, version="beta").body or {})


def test_the_default_of_a_new_tenant() -> None:
    """Hold that Microsoft's one restriction is on, and that beta alone shows audiences."""
    made = World()
    unique = {
        "excludeAppsReceivingV2Tokens": True,
        "excludeSaml": True,
        "isStateSetByMicrosoft": True,
        "state": "enabled",
    }
    uris = {OTHER: None, UNIQUE: unique}
    found = made.get(DEFAULT)
    assert found.status == 200
    assert found.body is not None
    restricted = found.body["applicationRestrictions"]
    assert restricted == {"passwordCredentials": [], "keyCredentials": [], "identifierUris": uris}
    assert found.body["@odata.context"] == f"{V1}/$metadata#policies/defaultAppManagementPolicy/$entity"
    assert default(made)["applicationRestrictions"] == {**restricted, "audiences": None}


@pytest.mark.parametrize(
    ("sent", "uris", "policy"),
    [
        ({}, {}, "default"),
        ({"applicationRestrictions": None}, {}, "default"),
        ({"applicationRestrictions": {"identifierUris": None}}, {}, "default"),
        ({"applicationRestrictions": {"identifierUris": {UNIQUE: {"state": "disabled"}}}},
         {UNIQUE: {"state": "disabled", "isStateSetByMicrosoft": False}}, "off"),
        ({"applicationRestrictions": {"identifierUris": {UNIQUE: {"excludeSaml": False}}}},
         {UNIQUE: {"excludeSaml": False, "isStateSetByMicrosoft": False}}, "default"),
        ({"applicationRestrictions": {"identifierUris": {UNIQUE: None}}},
         {UNIQUE: {"isStateSetByMicrosoft": False}}, "default"),
        ({"applicationRestrictions": {"identifierUris": {OTHER: {"state": "enabled"}}}},
         {OTHER: {"state": "enabled"}}, "default"),
    ],
)  # fmt: skip
def test_restrictions_on_identifier_uris(sent: Row, uris: Row, policy: str) -> None:
    """Hold that they merge, and that what an administrator wrote is Microsoft's no more."""
    made = World()
    before = default(made)["applicationRestrictions"]["identifierUris"]
    assert made.short("PATCH", DEFAULT, sent) == "204"
    after = default(made)["applicationRestrictions"]["identifierUris"]
    for name in (UNIQUE, OTHER):
        expected = {**(before[name] or {}), **uris[name]} if name in uris else before[name]
        if uris.get(name) == {"isStateSetByMicrosoft": False}:
            expected = {"isStateSetByMicrosoft": False, "state": "enabled"}
        assert {key: value for key, value in (after[name] or {}).items() if value is not None} == (
            expected or {}
        )
    assert made.tenant.choices.identifier_uri_policy == policy
    target = (app_policies.DEFAULT_ID, "Policy", "Default app management tenant policy", None, {})
    assert records(made) == [("Update policy", "Update", "ApplicationManagement", "", [target])]


KEYS = "keyCredentials"


@pytest.mark.parametrize(
    ("restrictions", "expected"),
    [
        ({KEYS: [LIFETIME]}, "204"),
        ({KEYS: [{**LIFETIME, "maxLifetime": "ninety days"}]}, INVALID),
        ({KEYS: [LIFETIME, LIFETIME]}, DOUBLE),
        ({KEYS: [LIFETIME, {**LIFETIME, "restrictionType": "asymmetricKeyLifetime"}]}, DOUBLE),
        ({**SECRETS, KEYS: [LIFETIME]}, "204"),
        ({KEYS: [LIFETIME, AUTHORITY]}, UNEXPECTED),
        ({KEYS: [{**LIFETIME, "certificateBasedApplicationConfigurationIds": []}]}, UNEXPECTED),
        ({"audiences": None}, UNEXPECTED),
    ],
)
def test_what_may_be_restricted(restrictions: Row, expected: str) -> None:
    """Hold that lifetimes are durations, each kind stands once, and that beta's own is for beta."""
    made = World()
    sent = {"applicationRestrictions": restrictions}
    assert made.short("PATCH", DEFAULT, sent) == expected
    beta = "204" if expected == UNEXPECTED else expected
    assert World().short("PATCH", DEFAULT, sent, version="beta") == beta
    of_one = {"displayName": "P", "restrictions": {**restrictions, "applicationRestrictions": None}}
    if "audiences" not in restrictions:
        assert World().short("POST", PATH, of_one) == expected.replace("204", "201")


def made_policy(made: World, **properties: Any) -> Row:
    """Return a policy that the tenant made."""
    found = made.send("POST", PATH, {"displayName": "P", **properties}, version="beta")
    assert found.status == 201
    made.tenant.audit.clear()
    return made.tenant.tables["appManagementPolicies"].rows[(found.body or {})["id"]]


def test_one_is_made_read_changed_and_deleted() -> None:
    """Hold its defaults, what is shown of it, and each record."""
    made = World()
    found = made.send("POST", PATH, {"displayName": "P"})
    assert found.body is not None
    row_id = found.body["id"]
    row = {"id": row_id, "deletedDateTime": None, "description": None, "displayName": "P", "isEnabled": False}
    shown = {**row, "restrictions": {}}
    context = f"{V1}/$metadata#policies/appManagementPolicies"
    assert found == CollectionResponse(201, {"@odata.context": f"{context}/$entity", **shown})
    assert made.get(PATH) == CollectionResponse(200, {"@odata.context": context, "value": [shown]})
    assert made.get(f"{PATH}/{row_id.upper()}") == CollectionResponse(200, found.body)
    changed = {"isEnabled": True, "description": "d", "restrictions": SECRETS}
    assert made.send("PATCH", f"{PATH}/{row_id}", changed) == CollectionResponse(204)
    held = made.tenant.tables["appManagementPolicies"].rows[row_id]
    assert (held["isEnabled"], held["description"], list(held["restrictions"])) == (
        True,
        "d",
        ["passwordCredentials"],
    )
    assert made.send("DELETE", f"{PATH}/{row_id}") == CollectionResponse(204)
    assert len(made.tenant.tables["appManagementPolicies"]) == 0
    target = [(row_id, "Policy", "P", None, {})]
    assert records(made) == [
        (f"{verb} policy", verb, "ApplicationManagement", "", target) for verb in ("Add", "Update", "Delete")
    ]


@pytest.mark.parametrize(
    ("method", "sent", "expected"),
    [
        ("POST", {}, ("400 Request_BadRequest: A value is required for property 'displayName' of "
                     "resource 'Policy'.")),
        ("POST", {"displayName": "P", "isEnabled": True, "restrictions": SECRETS}, "201"),
        ("POST", {"displayName": "P", "id": "x"}, FIXED.format("id")),
        ("PATCH", {"displayName": ""},
         "400 Request_BadRequest: Invalid value specified for property 'displayName' of resource 'Policy'."),
        ("PATCH", {"displayName": "Q"}, "204"),
        ("PATCH", {"deletedDateTime": "2026-01-01T00:00:00Z"}, FIXED.format("deletedDateTime")),
    ],
)  # fmt: skip
def test_names_of_one(method: str, sent: Row, expected: str) -> None:
    """Hold that a policy has a name, and that its id is not the client's."""
    made = World()
    path = PATH if method == "POST" else f"{PATH}/{made_policy(made)['id']}"
    found = made.send(method, path, sent)
    assert made.short("GET", f"{PATH}/none").startswith("404 Request_ResourceNotFound: Resource 'none'")
    assert World().short("POST", PATH, sent) == expected if method == "POST" else True
    assert found.status == int(expected[:3])
    if found.status == 201:
        held = made.tenant.tables["appManagementPolicies"].rows[(found.body or {})["id"]]
        assert held["isEnabled"] is True
        assert [each["restrictionType"] for each in held["restrictions"]["passwordCredentials"]] == [
            "passwordAddition"
        ]


@pytest.mark.parametrize(
    ("table", "kind", "words"),
    [
        ("applications", "Application", "application"),
        ("servicePrincipals", "ServicePrincipal", "service principal"),
    ],
)
def test_a_policy_is_given_and_taken_away(table: str, kind: str, words: str) -> None:
    """Hold that an object has one at most, who has it, and each record."""
    made = World()
    row = made_policy(made, restrictions={KEYS: [LIFETIME]})
    other = made_policy(made)
    principal = made.principal("App")
    holder = (
        principal if table == "servicePrincipals" else made.tenant.application_by_app_id(principal["appId"])
    )
    assert holder is not None
    path = f"/{table}/{holder['id']}/appManagementPolicies"
    context = f"{V1}/$metadata#{table}('{holder['id']}')/appManagementPolicies"
    assert made.get(path) == CollectionResponse(200, {"@odata.context": context, "value": []})
    link = {"@odata.id": f"{V1}{PATH}/{row['id'].upper()}"}
    assert made.send("POST", f"{path}/$ref", link) == CollectionResponse(204)
    assert made.short("POST", f"{path}/$ref", {"@odata.id": f"{V1}{PATH}/{other['id']}"}) == (
        "400 Request_BadRequest: A conflicting object with one or more of the specified property values is "
        "present in the directory"
    )
    listed = (made.get(path).body or {})["value"]
    assert [each["id"] for each in listed] == [row["id"]]
    assert "certificateBasedApplicationConfigurationIds" not in listed[0]["restrictions"][KEYS][0]
    given = (made.get(f"{PATH}/{row['id']}/appliesTo").body or {})["value"]
    assert [each["id"] for each in given] == [holder["id"]]
    gone = made.short("DELETE", f"{path}/{other['id']}/$ref")
    assert gone.startswith(
        "400 Request_BadRequest: One or more removed object references do not exist for the"
    )
    assert made.send("DELETE", f"{path}/{row['id'].upper()}/$ref") == CollectionResponse(204)
    assert made.tenant.app_policies.targets(holder["id"]) == []
    targets = [(holder["id"], kind, "App", None, {}), (row["id"], "Policy", "P", None, {})]
    assert records(made) == [
        (f"Add policy to {words}", "Assign", "ApplicationManagement", holder["appId"], targets),
        (f"Remove policy from {words}", "Unassign", "ApplicationManagement", holder["appId"], targets),
    ]


def test_a_deleted_policy_leaves_what_it_was_given_to() -> None:
    """Hold that nothing refers to it, and that a policy that is not there is not given."""
    made = World()
    row, principal = made_policy(made), made.principal("App")
    path = f"/servicePrincipals/{principal['id']}/appManagementPolicies"
    link = {"@odata.id": f"{V1}{PATH}/{row['id']}"}
    assert made.short("POST", f"{path}/$ref", link) == "204"
    assert made.short("DELETE", f"{PATH}/{row['id']}") == "204"
    assert made.tenant.app_policies.targets(principal["id"]) == []
    assert made.short("POST", f"{path}/$ref", link).startswith("404 Request_ResourceNotFound")
