"""Rows of a snapshot file: what completes them, and what is refused, table by table."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.grant_policies import ANYTHING
from entra_emulator.graph.entities.application import make_application
from entra_emulator.graph.entities.device import make_device
from entra_emulator.graph.entities.group import make_group
from entra_emulator.graph.entities.service_principal import make_service_principal
from entra_emulator.graph.entities.user import make_user
from entra_emulator.snapshots import rows
from entra_emulator.snapshots.bounds import SnapshotFileError

ID, OTHER = "0d000000-0000-4000-8000-00000000000a", "0d000000-0000-4000-8000-00000000000b"
NO_ID, EPOCH = "00000000-0000-0000-0000-000000000000", "2025-01-01T00:00:00Z"
Row = dict[str, Any]
SET: Row = {**ANYTHING, "id": "s"}
ASSIGNMENT: Row = {
    "id": "a",
    "appRoleId": NO_ID,
    "principalId": ID,
    "principalType": "User",
    "principalDisplayName": "P",
    "resourceId": OTHER,
    "resourceDisplayName": "R",
}
GRANT: Row = {
    "id": "g",
    "clientId": ID,
    "consentType": "AllPrincipals",
    "principalId": None,
    "resourceId": OTHER,
    "scope": "x",
}
POLICY: Row = {"id": "p", "displayName": "P", "description": "D", "includes": [SET], "excludes": []}
CLASSIFICATION: Row = {
    "id": "c",
    "permissionId": ID,
    "permissionName": "x",
    "classification": "low",
    "_principal": OTHER,
}
GROUP: Row = {"id": ID, "displayName": "G"}
APP: Row = {"id": ID, "appId": OTHER, "displayName": "A"}


@pytest.mark.parametrize(
    ("table", "given", "complete"),
    [
        ("applications", APP, {**make_application(NO_ID, NO_ID, EPOCH, ""), **APP}),
        (
            "servicePrincipals",
            {**APP, "_tags": ["x"], "_creator": ID, "_extensions": {}},
            {
                **make_service_principal(NO_ID, NO_ID, None, NO_ID),
                **APP,
                "_tags": ["x"],
                "_creator": ID,
                "_extensions": {},
            },
        ),
        (
            "groups",
            GROUP,
            {**make_group(NO_ID, ""), **GROUP},
        ),
        (
            "users",
            {"id": ID, "userPrincipalName": "u@t.example"},
            {**make_user(NO_ID, "", "", ""), "id": ID, "userPrincipalName": "u@t.example"},
        ),
        ("devices", {"id": ID, "deviceId": OTHER}, {**make_device(ID, OTHER, "")}),
        ("appRoleAssignments", ASSIGNMENT, ASSIGNMENT),
        ("oauth2PermissionGrants", GRANT, GRANT),
        ("permissionGrantPolicies", POLICY, POLICY),
        ("classifications", CLASSIFICATION, CLASSIFICATION),
    ],
)
def test_a_row_gets_what_it_lacks(table: str, given: Row, complete: Row) -> None:
    """What Graph's objects have at least; what was given stays."""
    assert rows.checked(table, given, "r") == complete


def test_a_deleted_object_keeps_what_it_is_restored_with() -> None:
    """Its type, and the assignments and grants that went with it, completed as where they came from."""
    given = {
        **APP,
        "_type": "servicePrincipal",
        "deletedDateTime": EPOCH,
        "_assignments": [ASSIGNMENT],
        "_grants": [GRANT, GRANT],
    }
    expected = {**make_service_principal(NO_ID, NO_ID, None, NO_ID), **given}
    assert rows.checked("deletedItems", given, "r") == expected
    for kind, table in rows.TABLE_OF.items():
        row: Row = {**APP, "userPrincipalName": "u@t.example", "deletedDateTime": EPOCH}
        alone = {name: row[name] for name in ("deletedDateTime", *sorted(rows.SHAPES[table].required))}
        found = rows.checked("deletedItems", {**alone, "_type": kind}, "r")
        assert found == {**rows.checked(table, alone, "r"), "_type": kind}


@pytest.mark.parametrize(
    ("table", "row", "message"),
    [
        ("users", [], "r: is no object"),
        ("applications", {}, "r: lacks appId, displayName, id"),
        ("applications", {**APP, "id": 5}, "r.id: is no id: '5'"),
        ("applications", {**APP, "id": "x"}, "r.id: is no id: 'x'"),
        ("applications", {**APP, "id": ID.upper()}, f"r.id: is no id: '{ID.upper()}'"),
        ("oauth2PermissionGrants", {**GRANT, "id": ""}, "r.id: is no id: ''"),
        ("oauth2PermissionGrants", {**GRANT, "id": "a/b"}, "r.id: is no id: 'a/b'"),
        ("appRoleAssignments", {**ASSIGNMENT, "id": ["x"]}, "r.id: is no id"),
        ("oauth2PermissionGrants", {**GRANT, "id": "x" * 201}, f"r.id: is no id: '{'x' * 80}'"),
        ("applications", {**APP, "nonsense": 1}, "r.nonsense: is no property of application"),
        ("applications", {**APP, "x" * 81: 1}, f"r.{'x' * 80}: is no property of application"),
        ("applications", {**APP, "_principal": "x"}, "r._principal: is no property of application"),
        ("applications", {**APP, "displayName": 5}, "r.displayName: is none as Graph has it"),
        ("applications", {**APP, "tags": None}, "r.tags: cannot be null"),
        ("applications", {**APP, "web": None}, "r.web: cannot be null"),
        ("appRoleAssignments", {**ASSIGNMENT, "appRoleId": None}, "r.appRoleId: cannot be null"),
        ("groups", {**GROUP, "creationOptions": "x"}, "r.creationOptions: cannot be 'x'"),
        ("applications", {**APP, "_creator": 5}, "r._creator: cannot be '5'"),
        ("applications", {**APP, "_extensions": []}, "r._extensions: cannot be '[]'"),
        ("applications", {**APP, "_logo": None}, "r._logo: cannot be 'None'"),
        ("servicePrincipals", {**APP, "_tags": "x"}, "r._tags: cannot be 'x'"),
        ("servicePrincipals", {**APP, "_tags": ["x", 5]}, "r._tags: is no list of texts"),
        ("permissionGrantPolicies", {**POLICY, "includes": {}}, "r.includes: cannot be '{}'"),
        ("permissionGrantPolicies", {**POLICY, "includes": [SET, 5]}, "r.includes[1]: is no condition set"),
        ("permissionGrantPolicies", {**POLICY, "excludes": [ANYTHING]}, "r.excludes[0]: is no condition set"),
        (
            "permissionGrantPolicies",
            {**POLICY, "excludes": [{**SET, "id": 5}]},
            "r.excludes[0]: is no condition set",
        ),
        (
            "permissionGrantPolicies",
            {**POLICY, "excludes": [{**SET, "permissions": 5}]},
            "r.excludes[0].permissions: is none as Graph has it",
        ),
        (
            "users",
            {"id": ID, "userPrincipalName": "u", "password": "x"},
            "r.password: holds a password in cl",
        ),
        (
            "users",
            {"id": ID, "userPrincipalName": "u", "passwordProfile": {"password": "x"}},
            "r.passwordProfile.password: holds a password in clear",
        ),
        ("applications", {**APP, "notes": "-----BEGIN PRIVATE KEY-----"}, "r.notes: holds a private key"),
        (
            "applications",
            {**APP, "passwordCredentials": [{}, {"secretText": "x"}]},
            "r.passwordCredentials[1].secretText: holds a password",
        ),
        (
            "applications",
            {**APP, "tags": ["x", "-----BEGIN RSA PRIVATE KEY-----"]},
            "r.tags[1]: holds a private key",
        ),
        ("deletedItems", {**APP, "_type": "device"}, "r._type: is none of application, servicePrincipal"),
        ("deletedItems", APP, "r._type: is none of"),
        ("deletedItems", {**APP, "_type": "application"}, "r.deletedDateTime: says no time"),
        (
            "deletedItems",
            {**APP, "_type": "application", "deletedDateTime": None},
            "r.deletedDateTime: says no time",
        ),
        (
            "deletedItems",
            {**APP, "_type": "application", "deletedDateTime": EPOCH, "_grants": {}},
            "r._grants: is no list",
        ),
        (
            "deletedItems",
            {**APP, "_type": "application", "deletedDateTime": EPOCH, "_assignments": [ASSIGNMENT, {}]},
            "r._assignments[1]: lacks appRoleId, id, ",
        ),
    ],
)
def test_what_is_no_row_is_refused(table: str, row: Any, message: str) -> None:
    """Where it stands, and what is wrong with it."""
    with pytest.raises(SnapshotFileError) as refused:
        rows.checked(table, row, "r")
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    ("table", "row", "name", "value"),
    [
        ("oauth2PermissionGrants", GRANT, "id", "x" * 200),
        ("oauth2PermissionGrants", GRANT, "id", "A-z_0.9~"),
        ("oauth2PermissionGrants", GRANT, "principalId", None),
        ("applications", APP, "notes", None),
        ("applications", APP, "notes", "password"),
        ("applications", APP, "_logo", ""),
        ("servicePrincipals", APP, "_tags", []),
        ("permissionGrantPolicies", POLICY, "includes", []),
        ("servicePrincipals", APP, "createdDateTime", EPOCH),
        ("groups", GROUP, "creationOptions", ["x"]),
        ("groups", GROUP, "creationOptions", None),
        ("users", {"id": ID, "userPrincipalName": "u@t.example"}, "birthday", None),
        ("classifications", CLASSIFICATION, "permissionName", None),
    ],
)
def test_what_a_property_can_be(table: str, row: Row, name: str, value: Any) -> None:
    """Null where nothing needs it; ids of links have letters, digits and four signs."""
    assert rows.checked(table, {**row, name: value}, "r")[name] == value


def test_a_part_of_a_property_gets_what_it_lacks() -> None:
    """The rest of the object that it is in; a password that is not there is none."""
    found = rows.checked("applications", {**APP, "web": {"homePageUrl": "https://a.example"}}, "r")
    assert found["web"] == {
        **make_application(NO_ID, NO_ID, EPOCH, "")["web"],
        "homePageUrl": "https://a.example",
    }
    (role,) = rows.checked("applications", {**APP, "appRoles": [{"id": ID}]}, "r")["appRoles"]
    assert (role["value"], "origin" in role) == (None, False)
    credentials = [{"keyId": ID, "secretText": None}]
    (kept,) = rows.checked("applications", {**APP, "passwordCredentials": credentials}, "r")[
        "passwordCredentials"
    ]
    assert (kept["keyId"], kept["secretText"]) == (ID, None)
