"""Which clients and resources a tenant knows, and which it lets in."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from entra_emulator.login.parties import Party


def tenant(applications: dict[str, Any], principals: dict[str, Any] | None = None) -> Any:
    """Return a tenant of these, by appId."""
    return SimpleNamespace(
        tenant_id="t",
        display_name="T",
        application_by_app_id=applications.get,
        service_principal_by_app_id=(principals or {}).get,
    )


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
