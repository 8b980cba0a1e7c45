"""An application as the tenant has it, and what else is asked of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.graph.request import Request
from entra_config.kinds import allowed_tenants
from entra_config.kinds.application import CERTIFICATE_COLLECTION, PERMISSION_COLLECTION, ApplicationKind
from entra_config.kinds.base import CREATED_TAG, application_address
from entra_config.kinds.details import ALLOWED_TENANTS, REQUIRERS, AllowedTenants
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.kinds.entitlement_entries import ROLE_COLLECTION, SCOPE_COLLECTION
from entra_config.kinds.facts import ApplicationFacts
from entra_config.manifest.model import Application, Manifest, Setting
from entra_config.manifest.policy import Removed
from entra_config.resource import Resource
from tests.unit.kinds.clients import HERE, required
from tests.unit.plan.estates import manifest as small

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
AUDIENCE, SEVERAL = "signInAudience", "AzureADMultipleOrgs"
BODY: dict[str, Any] = {"id": "1", "appId": "a"}


def declaring(**settings: Any) -> Manifest:
    """Return a manifest with the API."""
    named = {path: Setting(value) for path, value in settings.items()}
    return replace(small(), applications={"api": Application("api", "api", named)})


REMOVED = replace(small(), applications={}, removed={"api": Removed("api", destroy=True, position=HERE)})
FULL = {
    **BODY,
    "displayName": "Live",
    "notes": "n",
    "description": "no matter",
    "tags": ["t"],
    "api": {
        "oauth2PermissionScopes": [{"id": "s", "value": "run", "origin": "Application"}],
        "knownClientApplications": ["k"],
        "preAuthorizedApplications": [],
    },
    ROLES: [{"id": "r", "value": "admin", "origin": "Application"}],
    "requiredResourceAccess": [required("g", ("1", "Scope"), ("2", "Role")), required("h", ("3", "Role"))],
    "keyCredentials": [{"keyId": "k", "customKeyIdentifier": "ab"}],
    "deletedDateTime": "2026-11-01",
}


def resource(facts: ApplicationFacts, name: str = "", **values: Any) -> Resource:
    """Return it as a resource."""
    named = {path.replace("__", "."): value for path, value in values.items()}
    return Resource(API, {**NOTHING, **named}, facts, title="api", display_name=name)


@pytest.mark.parametrize(
    ("declared", "subject", "expected"),
    [
        (declaring(), Subject("api", BODY), [resource(ApplicationFacts("1", app_id="a"))]),
        (declaring(), Subject("other", BODY), []),
        (declaring(), Subject("api", None, {"id": "sp"}), []),
        (
            declaring(notes="x", displayName="y"),
            Subject("api", FULL, {"id": "sp"}),
            [
                resource(
                    ApplicationFacts("1", app_id="a", service_principal_id="sp"),
                    "Live",
                    displayName="Live",
                    notes="n",
                    tags=["t"],
                    api__knownClientApplications=["k"],
                    api__preAuthorizedApplications=[],
                    api__oauth2PermissionScopes=[{"id": "s", "value": "run"}],
                    appRoles=[{"id": "r", "value": "admin"}],
                    requiredResourceAccess=[
                        {"resourceAppId": "g", "id": "1", "type": "Scope"},
                        {"resourceAppId": "g", "id": "2", "type": "Role"},
                        {"resourceAppId": "h", "id": "3", "type": "Role"},
                    ],
                    keyCredentials=[{"keyId": "k", "customKeyIdentifier": "AB"}],
                )
            ],
        ),
        (
            REMOVED,
            Subject("api", {**BODY, "deletedDateTime": "2026-11-01"}, deleted=True),
            [replace(resource(ApplicationFacts("1", "2026-11-01", app_id="a")), position=HERE)],
        ),
    ],
)
def test_what_is_there(declared: Manifest, subject: Subject, expected: list[Resource]) -> None:
    """Of what is declared or removed: what is said of it, and what every application has."""
    live = {subject.key: Live(subject)}
    assert list(KIND.actual(declared, Directory("https://graph", live=live))) == expected


def test_which_tenants_may_use_it() -> None:
    """Without our own, which always may."""
    allowed = AllowedTenants(("b", "a", small().tenant_id), {})
    live = {"api": Live(Subject("api", BODY), {ALLOWED_TENANTS: (allowed,)})}
    (found,) = KIND.actual(declaring(), Directory("https://graph", live=live))
    assert found.values["signInAudienceRestrictions"] == ["a", "b"]
    alone = AllowedTenants((small().tenant_id,), {})
    live = {"api": Live(Subject("api", BODY), {ALLOWED_TENANTS: (alone,)})}
    (found,) = KIND.actual(declaring(), Directory("https://graph", live=live))
    assert found.values["signInAudienceRestrictions"] == [small().tenant_id]


def test_tenants_as_graph_takes_them() -> None:
    """A list restricts it, and the home tenant may always; an empty one restricts nothing."""
    assert allowed_tenants.on_wire(iter(["a"])) == {
        "@odata.type": "#microsoft.graph.allowedTenantsAudience",
        "isHomeTenantAllowed": True,
        "allowedTenantIds": ["a"],
    }
    assert allowed_tenants.on_wire(()) == {"@odata.type": "#microsoft.graph.unrestrictedAudience"}
    assert allowed_tenants.of_beta(["notes", "signInAudienceRestrictions"])
    assert not allowed_tenants.of_beta(["notes"])


SCOPE = {"id": "s", "value": "run", "type": "Admin", "adminConsentDisplayName": "Run"}
MEMBERS = {"id": "r", "value": "", "displayName": "Admin", "allowedMemberTypes": ["User", "Application"]}


def test_what_scopes_and_roles_are_called() -> None:
    """By value, name, or id."""
    assert SCOPE_COLLECTION.label(SCOPE, {}) == "run"
    assert SCOPE_COLLECTION.label({**SCOPE, "value": None}, {}) == "Run"
    assert SCOPE_COLLECTION.label({"id": "s"}, {}) == "s"
    assert ROLE_COLLECTION.label(MEMBERS, {}) == "Admin"
    assert SCOPE_COLLECTION.summary(SCOPE, {}) == "Run (admins)"
    assert SCOPE_COLLECTION.summary({**SCOPE, "type": "User"}, {}) == "Run (admins and users)"
    assert ROLE_COLLECTION.summary(MEMBERS, {}) == "Admin (User, Application)"
    assert (SCOPE_COLLECTION.key(SCOPE), ROLE_COLLECTION.key(MEMBERS)) == ("s", "r")


ROLE = {ROLES: [{"id": "r", "value": "admin"}]}
WHO = Request(
    "GET",
    "/applications?$filter=requiredResourceAccess/any(r:r/resourceAppId%20eq%20'a')&$count=true"
    "&$select=id,appId,displayName,requiredResourceAccess&$top=999",
    headers={"ConsistencyLevel": "eventual"},
)
TENANTS = Request("GET", "/applications/1?$select=id,signInAudienceRestrictions", beta=True)


@pytest.mark.parametrize(
    ("declared", "subject", "expected"),
    [
        (declaring(), Subject("api", None, {"id": "sp"}), {}),
        (declaring(), Subject("api", BODY), {}),
        (declaring(), Subject("api", BODY | ROLE), {REQUIRERS: WHO}),
        (declaring(), Subject("other", BODY | ROLE), {}),
        (REMOVED, Subject("api", BODY | ROLE), {REQUIRERS: WHO}),
        (declaring(signInAudienceRestrictions=[]), Subject("api", BODY), {ALLOWED_TENANTS: TENANTS}),
        (declaring(signInAudienceRestrictions=[]), Subject("api", BODY, deleted=True), {}),
        (
            declaring(signInAudience="AzureADMyOrg"),
            Subject("api", BODY | ROLE | {AUDIENCE: SEVERAL}),
            {ALLOWED_TENANTS: TENANTS, REQUIRERS: WHO},
        ),
        (declaring(signInAudience=SEVERAL), Subject("api", BODY | {AUDIENCE: SEVERAL}), {}),
        (declaring(signInAudience=SEVERAL), Subject("api", BODY | {AUDIENCE: "AzureADMyOrg"}), {}),
    ],
)
def test_what_is_asked(declared: Manifest, subject: Subject, expected: dict[Any, Request]) -> None:
    """Who requires it where something of it goes; which tenants may use it where that is or was said."""
    assert KIND.questions(subject, declared) == expected


def test_what_its_collections_are_called() -> None:
    """A permission by API and name, with its type; by ids where nothing is known."""
    item = {"resourceAppId": "g", "id": "1", "type": "Scope"}
    assert PERMISSION_COLLECTION.key(item) == ("g", "1", "Scope")
    assert (
        PERMISSION_COLLECTION.label(item, {"g": "Graph", "1": "User.Read"}) == "Graph/User.Read (delegated)"
    )
    assert PERMISSION_COLLECTION.label({**item, "type": "Role"}, {}) == "g/1 (application)"
    assert CERTIFICATE_COLLECTION.key({"customKeyIdentifier": "AB"}) == "AB"


def test_what_the_log_calls_it() -> None:
    """By both its objects; marks of one creation are not compared."""
    own = resource(ApplicationFacts("1", service_principal_id="sp"))
    assert KIND.trace.ends(own, {}) == {"object": "1", "principalObject": "sp"}
    assert KIND.normal({"tags": [f"{CREATED_TAG}1", "t"]}) == {"tags": ["t"]}
