"""How scopes, roles and what they make of an API are written: labels, usual texts, MCP servers."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.importing import application
from entra_config.importing.application import Labels
from tests.unit.importing.export_entries import entry


def scope(**changes: Any) -> dict[str, Any]:
    """Make a scope for administrators."""
    return {
        "id": "s1",
        "value": "read",
        "type": "Admin",
        "isEnabled": True,
        "adminConsentDisplayName": "N",
        "adminConsentDescription": "D",
        "userConsentDisplayName": None,
        "userConsentDescription": None,
        **changes,
    }


ADMINS = {"id": "s1", "displayName": "N", "description": "D", "whoCanConsent": "admins"}
USERS = {**ADMINS, "whoCanConsent": "adminsAndUsers"}
TEXTS = {"userConsentDisplayName": "N", "userConsentDescription": "D"}


@pytest.mark.parametrize(
    ("changes", "made"),
    [
        ({}, {"read": ADMINS}),
        ({"isEnabled": False}, {"read": {**ADMINS, "isEnabled": False}}),
        ({"type": "User", **TEXTS}, {"read": USERS}),
        (
            {"type": "User"},
            {"read": {**USERS, "userConsentDisplayName": None, "userConsentDescription": None}},
        ),
        (TEXTS, {"read": {**ADMINS, **TEXTS}}),
        ({"userConsentDescription": "X"}, {"read": {**ADMINS, "userConsentDescription": "X"}}),
        ({"value": "read it"}, {"read-it": {"value": "read it", **ADMINS}}),
        ({"value": None}, {"N": {"value": None, **ADMINS}}),
    ],
)
def test_a_scope_is_written_without_its_usual_texts(changes: dict[str, Any], made: dict[str, Any]) -> None:
    """For users they are those for administrators, for administrators there are none."""
    assert entry({"api": {"oauth2PermissionScopes": [scope(**changes)]}}) == {"scopes": made}
    without = {name: value for name, value in scope(**changes).items() if name != "isEnabled" or not value}
    assert entry({"api": {"oauth2PermissionScopes": [without]}}) == {"scopes": made}


def role(**changes: Any) -> dict[str, Any]:
    """Make a role."""
    return {
        "id": "r1",
        "value": "Read",
        "displayName": "N",
        "description": "D",
        "isEnabled": True,
        "allowedMemberTypes": ["Application", "User"],
        **changes,
    }


BOTH = {"id": "r1", "displayName": "N", "description": "D", "allowedMemberTypes": ["User", "Application"]}


@pytest.mark.parametrize(
    ("changes", "made"),
    [
        ({}, {"Read": BOTH}),
        ({"isEnabled": False}, {"Read": {**BOTH, "isEnabled": False}}),
        ({"value": None}, {"N": {"value": None, **BOTH}}),
        ({"value": ""}, {"N": {"value": None, **BOTH}}),
        ({"value": "Read/it"}, {"Read-it": {"value": "Read/it", **BOTH}}),
    ],
)
def test_a_role_is_written_with_its_id(changes: dict[str, Any], made: dict[str, Any]) -> None:
    """Clients outside of the manifest know it by its id, and one without a value has nothing else."""
    assert entry({"appRoles": [role(**changes)]}) == {"appRoles": made}
    without = {name: value for name, value in role(**changes).items() if name != "isEnabled" or not value}
    assert entry({"appRoles": [without]}) == {"appRoles": made}


@pytest.mark.parametrize(
    ("items", "labels"),
    [
        ([{"id": "1", "value": "a"}, {"id": "2", "value": "b"}], {"1": "a", "2": "b"}),
        ([{"id": "1", "displayName": "Read all"}], {"1": "Read-all"}),
        ([{"id": "1", "displayName": "/ /"}], {"1": "1"}),
        ([{"id": "1"}], {"1": "1"}),
        ([{"id": "1", "value": "default"}], {"1": "default-2"}),
        ([{"id": "1", "displayName": "a"}, {"id": "2", "value": "a"}], {"2": "a", "1": "a-2"}),
        ([{"id": each, "displayName": "a"} for each in "312"], {"1": "a", "2": "a-2", "3": "a-2-3"}),
        ([{"id": "2", "value": "é(x)"}, {"id": "1", "value": "b c"}], {"1": "b-c", "2": "é(x)"}),
    ],
)
def test_each_role_has_a_label_of_its_own(items: list[dict[str, Any]], labels: dict[str, str]) -> None:
    """Its value where that is one, else a short form of its name; those with a value choose first."""
    assert application.labels({"appRoles": items}) == Labels({}, labels)
    names = {"displayName": "adminConsentDisplayName"}
    scopes = [{names.get(key, key): word for key, word in each.items()} for each in items]
    assert application.labels({"api": {"oauth2PermissionScopes": scopes}}) == Labels(labels, {})


SERVER = "https://mcp.example.com/mcp"
USER = {"type": "User", **TEXTS}


@pytest.mark.parametrize(
    ("uris", "scopes", "left", "mcp"),
    [
        pytest.param([SERVER], [scope(**USER)], None, {"url": SERVER}, id="users"),
        pytest.param([SERVER], [scope()], None, {"url": SERVER, "scopes": ["read"]}, id="administrators"),
        pytest.param(["api://x", SERVER], [scope(**USER)], ["api://x"], {"url": SERVER}, id="another"),
        pytest.param([SERVER], [], [SERVER], None, id="no scope"),
        pytest.param([SERVER], [scope(isEnabled=False)], [SERVER], None, id="no enabled scope"),
        pytest.param(
            ["https://x.example.com/api"], [scope()], ["https://x.example.com/api"], None, id="no server"
        ),
        pytest.param(["api://x/mcp"], [scope()], ["api://x/mcp"], None, id="no address"),
        pytest.param(
            [SERVER],
            [scope(), scope(id="s2", value="off", isEnabled=False, **USER)],
            None,
            {"url": SERVER, "scopes": ["read"]},
            id="users, disabled",
        ),
    ],
)
def test_the_address_of_a_server_is_its_own(
    uris: list[str], scopes: list[dict[str, Any]], left: list[str] | None, mcp: dict[str, Any] | None
) -> None:
    """Where clients have a scope to ask for; without one for users all are named."""
    made = entry({"identifierUris": uris, "api": {"oauth2PermissionScopes": scopes}})
    assert (made.get("identifierUris"), made.get("mcp")) == (left, mcp)


def test_federated_credentials_are_written() -> None:
    """By name."""
    credentials = [{"name": "ci", "issuer": "https://i", "subject": "s"}]
    assert entry({}, credentials=credentials) == {
        "federatedCredentials": {"ci": {"issuer": "https://i", "subject": "s"}}
    }
