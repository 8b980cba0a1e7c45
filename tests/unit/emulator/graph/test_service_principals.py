"""Service principals: which application they are of, what of them is their own, and what is recorded."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.table import Row
from tests.unit.emulator.graph.certificates import key
from tests.unit.emulator.graph.sending import V1, World, records

PATH = "/servicePrincipals"
APP_ID = "0e000000-0000-4000-8000-000000000003"


def world(**properties: Any) -> World:
    """Return a world with an application that has no service principal."""
    made = World()
    made.app("Backing", app_id=APP_ID, tags=["of-app"], **properties)
    return made


def principal(**properties: Any) -> tuple[World, Row]:
    """Return a world with a service principal of that application, and its row."""
    made = world()
    app = made.tenant.application_by_app_id(APP_ID)
    assert app is not None
    row = seed.add_service_principal(made.tenant, app) | properties
    made.tenant.service_principals.put(row)
    return made, row


OWNED_BY = "Application.ReadWrite.OwnedBy"


MISSING = "400 Request_BadRequest: A value is required for property 'appId' of resource 'ServicePrincipal'."
INVALID = "400 Request_BadRequest: Invalid value specified for property '{}' of resource 'ServicePrincipal'."
MISMATCH = (
    "400 Request_BadRequest: Property '{}' on the service principal does not match the application object."
)
RELAY = {"relayState": "r"}
PREFERS = {"prefer": "create-if-missing"}
NO_BACKING = (
    "400 Request_BadRequest: The appId '{}' of the service principal does not reference a valid application "
    "object."
)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, MISSING),
        ({"appId": ""}, MISSING),
        ({"appId": 7}, MISSING),
        ({"appId": "app"}, INVALID.format("appId")),
        ({"appId": "0e000000-0000-4000-8000-00000000000f"},
         NO_BACKING.format("0e000000-0000-4000-8000-00000000000f")),
        ({"appId": seed.ADMIN_APP_ID}, ("409 Request_MultipleObjectsWithSameKeyValue: The service "
                                       "principal cannot "
         "be created, updated, or restored because the service principal name "
         f"{seed.ADMIN_APP_ID} is already in use.")),
        ({"appId": APP_ID, "displayName": "Backing"}, "201"),
        ({"appId": APP_ID, "displayName": "Other"}, MISMATCH.format("displayName")),
        ({"appId": APP_ID, "appRoles": [], "homepage": None}, "201"),
        ({"appId": APP_ID, "homepage": "https://a.test"}, MISMATCH.format("homepage")),
        ({"appId": APP_ID, "preferredSingleSignOnMode": "saml"}, "201"),
        ({"appId": APP_ID, "preferredSingleSignOnMode": "any"}, INVALID.format("preferredSingleSignOnMode")),
        ({"appId": APP_ID, "accountEnabled": None, "appRoleAssignmentRequired": None}, "201"),
        ({"appId": APP_ID, "passwordCredentials": [{"displayName": "x"}]},
         "400 Request_BadRequest: New password credentials must be generated using service actions."),
    ],
)  # fmt: skip
def test_what_may_be_made(body: dict[str, Any], expected: str) -> None:
    """Hold what the application has to be, and that what follows it is not written."""
    assert world().short("POST", PATH, body) == expected


def test_an_owner_that_is_named_stands_once() -> None:
    """Hold that the caller's own name among the owners changes nothing, and that others own only by name."""
    made = world()
    caller = made.as_app(OWNED_BY)
    app = made.tenant.application_by_app_id(APP_ID) or {}
    made.tenant.owners.add(app["id"], caller.oid)
    alice = made.user("alice")["id"]
    links = [f"{V1}/users/{alice}", f"{V1}/servicePrincipals/{caller.oid}"]
    found = made.send("POST", PATH, {"appId": APP_ID, "owners@odata.bind": links}, caller=caller)
    assert made.tenant.owners.targets((found.body or {})["id"]) == [alice, caller.oid]
    assert len(records(made)) == 3


@pytest.mark.parametrize(
    ("sent", "after"),
    [
        ({}, {}),
        ({"notes": "n"}, {"notes": "n"}),
        ({"tags": ["own", "of-app"]}, {"tags": ["own", "of-app"], "_tags": ["own"]}),
        ({"tags": ["of-app"]}, {"tags": ["of-app"], "_tags": []}),
        ({"accountEnabled": False}, {"accountEnabled": False}),
        ({"accountEnabled": None, "notes": "n"}, {"notes": "n"}),
        ({"appRoleAssignmentRequired": None}, {}),
        ({"samlSingleSignOnSettings": RELAY}, {"samlSingleSignOnSettings": RELAY}),
        ({"samlSingleSignOnSettings": {}}, {"samlSingleSignOnSettings": {"relayState": None}}),
        ({"displayName": "Backing"}, {}),
        ({"displayName": "Other"}, MISMATCH.format("displayName")),
        ({"displayName": None, "tags": None}, {"tags": [], "_tags": []}),
        ({"appId": seed.ADMIN_APP_ID}, ("400 Request_BadRequest: Property 'appId' is read-only and "
                                       "cannot be set.")),
        ({"owners@odata.bind": []}, "400 Request_BadRequest: Invalid property 'owners@odata.bind'."),
        ({"keyCredentials": [{"usage": "Verify"}]},
         ("400 Request_BadRequest: Invalid value specified for property 'keyCredentials' of resource "
         "'Application'.")),
    ],
)  # fmt: skip
def test_changes(sent: dict[str, Any], after: str | dict[str, Any]) -> None:
    """Hold what is its own, what stays where null comes, and that a record is written of what changes."""
    made, row = principal()
    refused = isinstance(after, str)
    assert made.short("PATCH", f"{PATH}/{row['id']}", sent) == (after if refused else "204")
    held = row if isinstance(after, str) else row | after
    assert made.tenant.service_principals.get(row["id"]) == held
    changed = held != row
    assert [(each[0], each[1], each[3], each[4][0][0]) for each in records(made)] == [
        ("Update service principal", "Update", APP_ID, row["id"])
    ] * changed


@pytest.mark.parametrize(
    ("address", "headers", "sent", "expected"),
    [
        (f"(appId='{APP_ID}')", PREFERS, {"displayName": "Own"}, "201"),
        (f"(appId='{APP_ID}')", {}, {}, f"404 Request_ResourceNotFound: Resource '{APP_ID}'"),
        (f"/{APP_ID}", PREFERS, {}, f"404 Request_ResourceNotFound: Resource '{APP_ID}'"),
        (f"(appId='{APP_ID}')", PREFERS, {"displayName": ""}, INVALID.format("displayName")),
        (f"(appId='{APP_ID}')", PREFERS, {"displayName": 7}, INVALID.format("displayName")),
        (f"(appId='{APP_ID}')", PREFERS, {"displayName": "x" * 256}, "201"),
        (f"(appId='{APP_ID}')", PREFERS, {"displayName": "x"}, "201"),
        (f"(appId='{APP_ID}')", PREFERS, {"displayName": "x" * 257}, INVALID.format("displayName")),
        (f"(appId='{APP_ID}')", PREFERS, {"homepage": "https://a.test", "displayName": "Own"},
         MISMATCH.format("homepage")),
    ],
)  # fmt: skip
def test_one_is_made_by_its_application_s_id(
    address: str, headers: dict[str, str], sent: dict[str, Any], expected: str
) -> None:
    """Hold that a change creates where the client wants that, under a name of its own."""
    made = world()
    assert made.short("PATCH", PATH + address, sent, headers=headers).startswith(expected)
    found = made.tenant.service_principal_by_app_id(APP_ID)
    assert (found or {}).get("displayName") == (sent["displayName"] if expected == "201" else None)


def test_policies_hold_for_its_keys() -> None:
    """Hold that a certificate that lives too long is refused."""
    made, row = principal()
    restricted = {"keyCredentials": [{"restrictionType": "asymmetricKeyLifetime", "maxLifetime": "P10D"}]}
    policy = {"servicePrincipalRestrictions": restricted}
    made.tenant.choices = made.tenant.choices.changed({"defaultAppManagementPolicy": policy})
    sent = {"keyCredentials": [{"type": "AsymmetricX509Cert", "usage": "Verify", "key": key()}]}
    found = made.short("PATCH", f"{PATH}/{row['id']}", sent)
    assert found.startswith("400 CredentialInvalidLifetimeAsPerAppPolicy: ")


def test_what_can_be_expanded() -> None:
    """Hold that assignments of both sides, grants, groups and owners are written beside it."""
    made, row = principal()
    alice = made.user("alice")
    to_it = seed.assign(made.tenant, {**alice, "type": "User"}, row)
    graph = made.tenant.service_principal_by_app_id(seed.GRAPH_APP_ID) or {}
    of_it = seed.assign(made.tenant, {**row, "type": "ServicePrincipal"}, graph)
    grant = {"id": "g", "clientId": row["id"], "resourceId": graph["id"], "principalId": None, "scope": "a",
             "consentType": "AllPrincipals"}  # fmt: skip
    made.tenant.oauth2_permission_grants.put(grant)
    made.tenant.owners.add(row["id"], alice["id"])
    made.tenant.members.add(made.group("All Staff")["id"], row["id"])
    for name, expected in (
        ("appRoleAssignedTo", [to_it["id"]]),
        ("appRoleAssignments", [of_it["id"]]),
        ("oauth2PermissionGrants", ["g"]),
        ("owners", [alice["id"]]),
        ("memberOf", [made.group("All Staff")["id"]]),
    ):
        found = made.get(f"{PATH}/{row['id']}?$expand={name}")
        assert [each["id"] for each in (found.body or {})[name]] == expected
