"""Lines of the manifest for one thing that changed: what stands in them, and why none do."""

from typing import Any

import pytest

from entra_config.emulator import seed
from entra_config.emulator.portal.visit import Visit
from entra_config.emulator.snapshots.compare import Kind
from tests.unit.emulator.portal.declared_lines import READ, READER, WRITE, declared, visited

ISSUER = {"name": "ci", "issuer": "https://i.example", "subject": "s"}


@pytest.fixture(scope="module", name="visit")
def of_the_tenant() -> Visit:
    """Give an API and a page of ours, and a client that bears no mark."""
    return visited()


@pytest.mark.parametrize(
    ("path", "before", "after", "said"),
    [
        ("displayName", "A", "B", {"displayName": "B"}),
        ("isFallbackPublicClient", None, False, {"allowPublicClientFlows": False}),
        ("api.requestedAccessTokenVersion", 1, 2, {"accessTokenVersion": 2}),
        ("appRoles", None, {"value": "Reader", "displayName": "R", "description": None,
                            "allowedMemberTypes": ["User"], "isEnabled": True},
         {"appRoles": {"readers": {"displayName": "R", "allowedMemberTypes": ["User"]}}}),
        ("appRoles", None, {"value": None, "displayName": "R", "isEnabled": False},
         {"appRoles": {"R": {"displayName": "R", "isEnabled": False}}}),
        ("api.oauth2PermissionScopes", None, {"value": "user.read", "adminConsentDisplayName": "N",
                                              "adminConsentDescription": "D", "type": "Admin"},
         {"scopes": {"reading": {"displayName": "N", "description": "D", "whoCanConsent": "admins"}}}),
        ("api.oauth2PermissionScopes", None, {"displayName": "x", "type": "User"},
         {"scopes": {"x": {"whoCanConsent": "adminsAndUsers"}}}),
        ("tags", None, "team", {"tags": ["team"]}),
        ("identifierUris", None, f"api://{seed.fixed_id('login', 'api')}/x",
         {"identifierUris": ["api://${appId}/x"]}),
        ("web.redirectUris", None, "https://b.example/", {"redirectUris": ["https://b.example/"]}),
        ("spa.redirectUris", None, "https://b.example/",
         {"platforms": {"spa": ["https://b.example/"]}}),
        ("publicClient.redirectUris", None, "x://b", {"platforms": {"mobileAndDesktop": ["x://b"]}}),
        ("api.preAuthorizedApplications", None,
         {"appId": seed.fixed_id("login", "spa"), "delegatedPermissionIds": [READ, WRITE]},
         {"authorizedClients": {"spa": ["reading", "user.write"]}}),
        ("api.preAuthorizedApplications", {"appId": "x", "delegatedPermissionIds": [READ]},
         {"appId": seed.fixed_id("login", "daemon"), "delegatedPermissionIds": [READ]},
         {"authorizedClients": {seed.fixed_id("login", "daemon"): ["reading"]}}),
    ],
)  # fmt: skip
def test_a_property_stands_under_its_own_key(
    visit: Visit, path: str, before: Any, after: Any, said: Any
) -> None:
    """Beside the application; roles and scopes by what the manifest calls them."""
    element = after if isinstance(after, str) else ""
    found = declared(visit, "applications", "changed", path=path, element=element, before=before, after=after)
    assert found == ({"applications": {"api": said}}, "api.yaml")


GONE = "It is not there, and declared nowhere: nothing to declare."
AT = "It is declared at {}: take it out there, or the next apply brings it back."
TAKEN = "What is gone is taken out where it is declared, under {}: the next apply brings it back."
OTHERS = "It asks for what the API does not offer: no manifest can name it."


@pytest.mark.parametrize(
    ("place", "kind", "more", "reason"),
    [
        ("members", "added", {}, "Members of groups are declared in no manifest."),
        ("elsewhere", "added", {}, "It is declared in no manifest."),
        ("applications", "added", {},
         "`entra-config import` writes the manifest of what is not declared yet."),
        ("applications", "added", {"key": "daemon"},
         "It bears no mark of a project: `entra-config import` writes its manifest."),
        ("applications", "changed", {"path": "notes"}, "Take notes out where it is declared."),
        ("applications", "changed", {"path": "logo", "after": 1},
         "logo is declared by hand, under the key that docs/manifest.md names."),
        ("applications", "removed", {"path": "appRoles", "before": {"value": "Reader"}},
         AT.format("roles.yaml:1")),
        ("applications", "removed", {"path": "api.oauth2PermissionScopes", "before": {"value": "user.read"}},
         AT.format("api.yaml:9")),
        ("applications", "removed", {"path": "web.redirectUris", "before": "x",
                                     "element": "https://a.example/"}, AT.format("api.yaml:5")),
        ("applications", "removed", {"path": "identifierUris", "before": "x", "element": "x"}, GONE),
        ("federatedIdentityCredentials", "removed", {"key": "spa", "before": {"name": "ci"}},
         AT.format("spa.yaml:5")),
        ("federatedIdentityCredentials", "removed", {"before": None}, GONE),
        ("federatedIdentityCredentials", "added", {},
         "One with an expression is declared by hand: docs/manifest.md, Workloads."),
        ("owners", "removed", {}, "An owner that is gone is taken out where it is declared, under owners."),
        ("applications", "changed", {"path": "requiredResourceAccess",
                                     "before": {"resourceAccess": [{"id": "x"}]}},
         TAKEN.format("apiPermissions")),
        ("applications", "changed", {"path": "api.preAuthorizedApplications",
                                     "before": {"delegatedPermissionIds": ["x"]}},
         TAKEN.format("authorizedClients")),
        ("applications", "changed", {"path": "api.preAuthorizedApplications",
                                     "after": {"appId": "x", "delegatedPermissionIds": [READ, "x"]}}, OTHERS),
        ("applications", "changed", {"path": "requiredResourceAccess", "after": {"resourceAppId": "x"}},
         "The API is not there: no manifest can name what is asked for."),
        ("oauth2PermissionGrants", "removed", {"id": "x", "before": {"consentType": "AllPrincipals"}},
         "Its client or its API is gone."),
        ("appRoleAssignments", "removed", {"id": "x"}, "Its application is gone."),
    ],
)  # fmt: skip
def test_why_no_lines_are_there(visit: Visit, place: str, kind: Kind, more: Any, reason: str) -> None:
    """It is declared nowhere at all, by hand, or there already."""
    assert declared(visit, place, kind, **more) == ("", reason)


@pytest.mark.parametrize(
    ("row", "fields"),
    [
        ({"audiences": ["api://AzureADTokenExchange"]}, {}),
        ({"audiences": None, "description": "d"}, {"description": "d"}),
        ({"audiences": ["other"]}, {"audience": "other"}),
        ({"claimsMatchingExpression": {"value": "x"}}, None),
    ],
)
def test_a_federated_credential_has_what_is_not_usual(visit: Visit, row: Any, fields: Any) -> None:
    """Its audience where it is another; one with an expression is declared by hand."""
    visit.tenant.federated_identity_credentials.put({**ISSUER, **row, "id": "f"})
    said, beside = declared(visit, "federatedIdentityCredentials", "added", key="spa", id="f")
    if fields is None:
        assert "by hand" in beside
    else:
        credential = {"issuer": "https://i.example", "subject": "s", **fields}
        assert said == {"applications": {"spa": {"federatedCredentials": {"ci": credential}}}}
        assert beside == "spa.yaml"


def test_what_is_asked_for_is_declared_with_what_is_consented_to(visit: Visit) -> None:
    """By the manifest's own words; an API of others by its name, and what it does not offer by nothing."""
    access = [{"id": WRITE, "type": "Scope"}, {"id": READER, "type": "Role"}]
    more = {"key": "spa", "path": "requiredResourceAccess"}
    after = {"resourceAppId": seed.fixed_id("login", "api"), "resourceAccess": access}
    said, _ = declared(visit, "applications", "changed", after=after, **more)
    requested = {"delegated": ["user.write"], "application": ["readers"]}
    consents = {"delegated": ["reading", "user.write"], "application": ["readers"]}
    permissions = {"api": {**requested, "adminConsent": consents}}
    assert said == {"applications": {"spa": {"apiPermissions": permissions}}}
    graph = visit.tenant.service_principal_by_app_id(seed.GRAPH_APP_ID)
    assert graph
    scope = {each["value"]: each["id"] for each in graph["oauth2PermissionScopes"]}["User.Read"]
    after = {"resourceAppId": seed.GRAPH_APP_ID, "resourceAccess": [{"id": scope, "type": "Scope"}]}
    said, _ = declared(visit, "applications", "changed", after=after, **more)
    found = said["applications"]["spa"]["apiPermissions"]["Microsoft Graph"]
    assert found["delegated"] == ["User.Read"]
    assert set(found) == {"delegated", "adminConsent"}
    after = {
        "resourceAppId": seed.fixed_id("login", "api"),
        "resourceAccess": [{"id": WRITE, "type": "Role"}],
    }
    assert declared(visit, "applications", "changed", after=after, **more) == ("", OTHERS)


def test_settings_of_an_enterprise_application_and_owners_have_their_keys(visit: Visit) -> None:
    """Each beside the application."""
    principal = visit.tenant.service_principal_by_app_id(seed.fixed_id("login", "api"))
    bob = visit.tenant.user_by_name("bob@contoso.com")
    assert principal
    assert bob
    required = {"place": "servicePrincipals", "path": "appRoleAssignmentRequired", "after": False}
    for piece, said in (
        (required, {"enterpriseApplication": {"assignmentRequired": False}}),
        ({"place": "owners", "id": f"x/{bob['id']}"}, {"owners": ["bob@contoso.com"]}),
    ):
        found = declared(visit, kind="changed", **piece)
        assert found == ({"applications": {"api": said}}, "api.yaml")
    none = "`entra-config import` writes the manifest of what is not declared yet."
    for piece, reason in (
        ({"place": "servicePrincipals", "path": "notes", "after": "x"}, none),
        ({"place": "applications", "path": "appRoleAssignmentRequired", "after": False},
         "appRoleAssignmentRequired is declared by hand, under the key that docs/manifest.md names."),
        ({"place": "owners", "id": "x/gone"},
         "An owner that is gone is taken out where it is declared, under owners."),
    ):  # fmt: skip
        assert declared(visit, kind="changed", **piece) == ("", reason)
