"""An application as the tenant has it, and what else is asked of it."""

from __future__ import annotations

from typing import Any

from entra_config.kinds.application import ApplicationKind
from entra_config.kinds.base import CREATED_TAG, application_address
from entra_config.kinds.facts import ApplicationFacts
from entra_config.resource import Resource

KIND = ApplicationKind()
API = application_address("api")
ROLES, SCOPES = "appRoles", "api.oauth2PermissionScopes"
NOTHING = {
    "displayName": None,
    "tags": [],
    "api.knownClientApplications": None,
    "optionalClaims": None,
    "uniqueName": None,
    "api.preAuthorizedApplications": None,
    SCOPES: [],
    ROLES: [],
    "requiredResourceAccess": [],
    "keyCredentials": [],
}


def resource(facts: ApplicationFacts, name: str = "", **values: Any) -> Resource:
    """Return it as a resource."""
    named = {path.replace("__", "."): value for path, value in values.items()}
    return Resource(API, {**NOTHING, **named}, facts, title="api", display_name=name)


def test_what_the_log_calls_it() -> None:
    """By both its objects; marks of one creation are not compared."""
    own = resource(ApplicationFacts("1", service_principal_id="sp"))
    assert KIND.trace.ends(own, {}) == {"object": "1", "principalObject": "sp"}
    assert KIND.normal({"tags": [f"{CREATED_TAG}1", "t"]}) == {"tags": ["t"]}
