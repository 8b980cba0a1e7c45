"""Lines of the manifest for one thing that changed: what stands in them, and why none do."""

from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.portal.pieces import ELEMENTS, known_by
from entra_emulator.portal.visit import Visit
from entra_emulator.snapshots.compare import Kind
from tests.unit.emulator_labels.declared_lines import READ, READER, WRITE, declared, id_of, visited

SPA = seed.fixed_id(seed.CONTOSO, "application", seed.fixed_id("login", "spa"))
ISSUER = {"name": "ci", "issuer": "https://i.example", "subject": "s"}


@pytest.fixture(scope="module", name="visit")
def of_the_tenant() -> Visit:
    """Give an API and a page of ours, and a client that has no mark."""
    return visited()


@pytest.mark.parametrize(
    ("path", "before", "after", "said"),
    [
        ("displayName", "A", "B", {"displayName": "B"}),
        ("isFallbackPublicClient", None, False, {"allowPublicClientFlows": False}),
        ("api.requestedAccessTokenVersion", 1, 2, {"accessTokenVersion": 2}),
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
    element = known_by(after, ELEMENTS[path][1]) if path in ELEMENTS else ""
    found = declared(visit, "applications", "changed", path=path, element=element, before=before, after=after)
    assert found == ({"applications": {"api": said}}, "api.yaml")


GONE_FROM = "Something was removed: remove it where it is declared, under {}, or the next apply restores it."
GONE = "It does not exist and is not declared: there is nothing to declare."
AT = "It is declared at {}: remove it there, or the next apply restores it."
OTHERS = "The API does not offer it, or it has no name that a manifest can use."


@pytest.mark.parametrize(
    ("place", "kind", "more", "reason"),
    [
        ("members", "added", {}, "Members of groups cannot be declared in a manifest."),
        ("elsewhere", "added", {}, "It cannot be declared in a manifest."),
        ("applications", "added", {},
         "`entra-config import` writes the manifest of what is not declared yet."),
        ("applications", "added", {"key": "daemon"},
         "Its application is not tagged as managed by a project: `entra-config import` writes its manifest."),
        ("applications", "changed", {"path": "notes"}, "Remove notes where it is declared."),
        ("applications", "changed", {"path": "logo", "after": 1},
         "Declare logo by hand, under the key that docs/manifest/ names."),
        ("applications", "removed", {"path": "appRoles", "before": {"value": "Reader"}},
         AT.format("roles.yaml:1")),
        ("applications", "removed", {"path": "api.oauth2PermissionScopes", "before": {"value": "user.read"}},
         AT.format("api.yaml:9")),
        ("applications", "removed", {"path": "web.redirectUris", "before": "x",
                                     "element": "https://a.example/"}, AT.format("api.yaml:5")),
        ("applications", "removed", {"path": "identifierUris", "before": "x", "element": "x"}, GONE),
        ("federatedIdentityCredentials", "removed", {"before": {"name": "ci", "_application": SPA}},
         AT.format("spa.yaml:5")),
        ("federatedIdentityCredentials", "removed", {"before": {"name": "x", "_application": SPA}}, GONE),
        ("owners", "removed", {}, GONE),
        ("applications", "changed", {"path": "requiredResourceAccess",
                                     "before": {"resourceAccess": [{"id": "x"}]}},
         GONE_FROM.format("apiPermissions")),
        ("applications", "changed", {"path": "api.preAuthorizedApplications",
                                     "before": {"delegatedPermissionIds": ["x"]}},
         GONE_FROM.format("authorizedClients")),
        ("applications", "changed", {"path": "api.preAuthorizedApplications",
                                     "element": "x",
                                     "after": {"appId": "x", "delegatedPermissionIds": [READ, "x"]}},
         "The client is authorized for a scope that does not exist any more."),
        ("applications", "changed", {"path": "requiredResourceAccess", "element": "x",
                                     "after": {"resourceAppId": "x"}},
         "The API does not exist in this tenant: no manifest can name it."),
        ("oauth2PermissionGrants", "removed", {"id": "x", "before": {"consentType": "AllPrincipals"}},
         "Its application does not exist any more."),
        ("appRoleAssignments", "removed", {"id": "x"}, "Its application does not exist any more."),
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
        ({"claimsMatchingExpression": {"value": "x"}, "subject": None}, {"matches": "x"}),
    ],
)
def test_a_federated_credential_has_what_is_not_usual(visit: Visit, row: Any, fields: Any) -> None:
    """Its audience if it is another one, or what it matches by instead of a subject."""
    visit.tenant.federated_identity_credentials.put({**ISSUER, **row, "id": "f", "_application": SPA})
    said, beside = declared(visit, "federatedIdentityCredentials", "added", key="spa", id="f")
    credential = {
        "issuer": "https://i.example",
        **({} if "matches" in fields else {"subject": "s"}),
        **fields,
    }
    assert said == {"applications": {"spa": {"federatedCredentials": {"ci": credential}}}}
    assert beside == "spa.yaml"


def test_what_is_asked_for_is_declared_with_what_is_consented_to(visit: Visit) -> None:
    """By the manifest's own words; an API of others by its name, and what it does not offer by nothing."""
    access = [{"id": WRITE, "type": "Scope"}, {"id": READER, "type": "Role"}]
    more = {"key": "spa", "path": "requiredResourceAccess", "element": "x"}
    after = {"resourceAppId": seed.fixed_id("login", "api"), "resourceAccess": access}
    said, _ = declared(visit, "applications", "changed", after=after, **more)
    requested = {"delegated": ["user.write"], "application": ["readers"]}
    consents = {"delegated": ["reading", "user.write"], "application": True}
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
    api = id_of(visit, seed.fixed_id("login", "api"))
    assert principal
    assert bob
    required = {"place": "servicePrincipals", "path": "appRoleAssignmentRequired", "after": False}
    for piece, said in (
        (required, {"enterpriseApplication": {"assignmentRequired": False}}),
        ({"place": "owners", "id": f"{api}/{bob['id']}"}, {"owners": ["bob@contoso.com"]}),
    ):
        found = declared(visit, kind="changed", **piece)
        assert found == ({"applications": {"api": said}}, "api.yaml")
    for piece, reason in (
        ({"place": "servicePrincipals", "path": "loginUrl2", "after": "x"},
         "Declare loginUrl2 by hand, under the key that docs/manifest/ names."),
        ({"place": "applications", "path": "appRoleAssignmentRequired", "after": False},
         "Declare appRoleAssignmentRequired by hand, under the key that docs/manifest/ names."),
        ({"place": "owners", "id": f"{api}/gone"},
         "The owner does not exist any more."),
    ):  # fmt: skip
        assert declared(visit, kind="changed", **piece) == ("", reason)
