"""Which clients and resources a tenant knows, and which it lets in."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from entra_emulator.login import parties
from entra_emulator.login.parties import Party


def tenant(applications: dict[str, Any], principals: dict[str, Any] | None = None) -> Any:
    """Return a tenant of these, by appId."""
    return SimpleNamespace(
        tenant_id="t",
        display_name="T",
        application_by_app_id=applications.get,
        service_principal_by_app_id=(principals or {}).get,
    )


MULTIPLE, SINGLE = {"signInAudience": "AzureADMultipleOrgs"}, {"signInAudience": "AzureADMyOrg"}
HOME = tenant({"own": SINGLE}, {"own": {"id": "1"}, "alone": {"id": "2"}, "far": {"id": "3"}})
PLACES: Any = SimpleNamespace(
    tenants={
        "t": HOME,
        "b": tenant({"far": MULTIPLE, "other": SINGLE, "own": MULTIPLE, "new": MULTIPLE}),
        "c": tenant({}),
    }
)


@pytest.mark.parametrize(
    ("app_id", "found"),
    [
        ("own", Party("own", SINGLE, {"id": "1"})),
        ("alone", Party("alone", {}, {"id": "2"})),
        ("far", Party("far", MULTIPLE, {"id": "3"})),
        ("new", Party("new", MULTIPLE, {})),
        ("other", None),
        ("nobody", None),
    ],
)
def test_applications_that_a_tenant_knows(app_id: str, found: Party | None) -> None:
    """Its own, and those of others that let it."""
    assert parties.find_party(PLACES, HOME, app_id) == found


@pytest.mark.parametrize(
    ("application", "principal", "name", "identifiers", "version"),
    [
        ({}, {}, "a", ["a"], 1),
        ({"displayName": "A"}, {}, "A", ["a"], 1),
        ({"displayName": "A"}, {"displayName": "P"}, "P", ["a"], 1),
        ({"identifierUris": ["api://a"]}, {"servicePrincipalNames": ["api://p"]}, "a", ["a", "api://a"], 1),
        ({"identifierUris": []}, {"servicePrincipalNames": ["api://p"]}, "a", ["a", "api://p"], 1),
        ({"api": {"requestedAccessTokenVersion": 2}}, {}, "a", ["a"], 2),
        ({"api": {"requestedAccessTokenVersion": None}}, {}, "a", ["a"], 1),
    ],
)
def test_what_an_application_is_called(
    application: Any, principal: Any, name: str, identifiers: list[str], version: int
) -> None:
    """The service principal's name goes first, the application's URIs do."""
    party = Party("a", application, principal)
    assert (party.name, party.identifiers, party.token_version) == (name, identifiers, version)


@pytest.mark.parametrize(
    ("application", "principal", "offered"),
    [
        ([1], [2], [1]),
        ([], [2], []),
        (None, [2], [2]),
        (None, None, []),
    ],
)
def test_the_registration_s_own_permissions_go_first(application: Any, principal: Any, offered: Any) -> None:
    """Though it has none; those of the service principal stand for a registration elsewhere."""
    rows = {"api": {"oauth2PermissionScopes": application}, "appRoles": application}
    party = Party("a", rows, {"oauth2PermissionScopes": principal, "appRoles": principal})
    assert (party.scopes, party.app_roles) == (offered, offered)
