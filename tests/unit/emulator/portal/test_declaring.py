"""Lines of the manifest for one thing that changed: what stands in them, and why none do."""

from typing import Any

import pytest
import yaml

from entra_config.emulator import seed
from entra_config.emulator.portal.declaring import way_to_declare
from entra_config.emulator.portal.pieces import ChangedPiece
from entra_config.emulator.portal.visit import Visit
from entra_config.emulator.snapshots.compare import Kind
from tests.conformance.login.login_world import World
from tests.unit.emulator.portal.browsing import Browser

OWNER = "myapp/prod"
LABELS = {"application.api/scope/user.read": "reading", "application.api/appRole/Reader": "readers"}
PLACES = {
    "application.api": "api.yaml:3",
    "application.api/scope/user.read": "api.yaml:9",
    "application.api/appRole/Reader": "roles.yaml:1",
    "application.api/redirectUri/https:%2F%2Fa.example%2F": "api.yaml:5",
    "federatedCredential.spa/ci": "spa.yaml:5",
    "application.spa": "spa.yaml:1",
    "permissionGrant.spa/api/user.read": "spa.yaml:2",
    "appRoleAssignment.api/Reader/user:erin@contoso.com": "access.yaml:4",
    "appRoleAssignment.api/Admin/group:nobody": "admins.yaml:1",
}
READ, WRITE = (seed.fixed_id("api", value) for value in ("user.read", "user.write"))
READER = seed.fixed_id("api", "role", "Reader")
STAFF = "0d000000-0000-4000-8000-0000000000aa"
ISSUER = {"name": "ci", "issuer": "https://i.example", "subject": "s"}


@pytest.fixture(scope="module")
def visit() -> Visit:
    """Give an API and a page of ours, and a client that bears no mark."""
    world = World()
    for name in ("api", "spa"):
        world.set(name, tags=[f"entra-config:owner={OWNER}", f"entra-config:key={name}"])
    world.set("api", web={"redirectUris": ["https://a.example/"]})
    world.grant("spa", "api", "user.read user.write")
    world.grant("spa", "api", "user.read", user="bob")
    world.grant("daemon", "api", "user.read")
    world.set("other", tags=["entra-config:owner=theirs/dev", "entra-config:key=job"])
    world.assign("user:bob", "api", "Writer")
    world.assign("user:erin", "api", "Reader")
    world.assign("user:alice", "api", "default")
    world.assign("group:MyApp Admins", "api", "Admin")
    world.assign("group:All Staff", "api", "Admin")
    for holder in ("spa", "daemon", "other"):
        world.assign(f"app:{holder}", "api", "Reader")
    (staff,) = world.tenant.groups.find("displayName", "all staff")
    world.tenant.groups.put({**staff, "id": STAFF})
    browser = Browser(world)
    body = {"tenant": seed.CONTOSO, "owner": OWNER, "places": PLACES, "labels": LABELS}
    assert browser.client.put("/_emulator/applied", json=body).status_code == 200
    return browser.visit()


def id_of(visit: Visit, app_id: str) -> str:
    """Return the object id of a registration."""
    row = visit.tenant.application_by_app_id(app_id)
    assert row
    return str(row["id"])


def declared(visit: Visit, place: str, kind: Kind, *, key: str = "api", **more: Any) -> tuple[Any, str]:
    """Return what the lines of a change say and beside what they stand, or the reason why there are none."""
    on = id_of(visit, seed.fixed_id("login", key))
    given = {"id": on, "words": "", "rank": 0, "risk": "low", "ends": frozenset[str](), **more}
    found = way_to_declare(visit, ChangedPiece(place, kind=kind, on=on, **given))
    return (yaml.safe_load(found.lines), found.beside) if found.lines else ("", found.reason)


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


@pytest.mark.parametrize(
    ("client", "user", "kind", "found"),
    [
        ("spa", "", "changed", ["reading", "user.write"]),
        ("spa", "", "removed", "It was declared at spa.yaml:2: take it out there."),
        ("spa", "bob", "changed", "What one person consented to is declared in no manifest."),
        ("daemon", "", "changed", "The client bears no mark of a project."),
    ],
)
def test_a_consent_is_declared_by_its_client(
    visit: Visit, client: str, user: str, kind: Kind, found: Any
) -> None:
    """For everybody, by what the API's manifest calls its scopes."""
    rows = visit.tenant.oauth2_permission_grants
    principal = visit.tenant.service_principal_by_app_id(seed.fixed_id("login", client))
    assert principal
    row = next(
        row for row in rows.find("clientId", principal["id"])
        if bool(row["principalId"]) == bool(user) and "user.read" in row["scope"]
    )  # fmt: skip
    said, reason = declared(visit, "oauth2PermissionGrants", kind, id=row["id"])
    if said:
        consent = {"api": {"adminConsent": {"delegated": found, "application": True}}}
        assert said == {"applications": {"spa": {"apiPermissions": consent}}}
    else:
        assert reason == found


def role(name: str, key: str, value: str) -> dict[str, Any]:
    """Return the lines that give a role of the API to one."""
    return {"appRoleAssignments": {"api": {name: {key: [value]}}}}


BY_CONSENT = {"apiPermissions": {"api": {"application": ["readers"], "adminConsent": True}}}


@pytest.mark.parametrize(
    ("holder", "value", "kind", "found"),
    [
        ("Bob Baker", "Writer", "added", (role("Writer", "users", "bob@contoso.com"), "access.yaml")),
        ("Alice Archer", "", "added", (role("default", "users", "alice@contoso.com"), "access.yaml")),
        ("MyApp Admins", "Admin", "added", (role("Admin", "groups", "MyApp Admins"), "admins.yaml")),
        ("Daemon", "Reader", "added", ("servicePrincipals", "access.yaml")),
        ("Other", "Reader", "added", (role("readers", "servicePrincipals", "theirs/dev/job"), "access.yaml")),
        ("Spa", "Reader", "added", ({"applications": {"spa": BY_CONSENT}}, "spa.yaml")),
        ("Erin Evans", "Reader", "added", ("", "It is declared at access.yaml:4: nothing is missing.")),
        ("Erin Evans", "Reader", "removed", ("", "It is declared at access.yaml:4: take it out there.")),
        ("Bob Baker", "Writer", "removed",
         ("", "It was declared nowhere, and is not there: nothing to declare.")),
    ],
)  # fmt: skip
def test_an_assignment_is_declared_by_its_holder(
    visit: Visit, holder: str, value: str, kind: Kind, found: tuple[Any, str]
) -> None:
    """Beside those of the same role; an application of ours asks for it by itself."""
    role_id = seed.fixed_id("api", "role", value) if value else seed.DEFAULT_ACCESS
    row = next(
        row for row in visit.tenant.app_role_assignments
        if (row["principalDisplayName"], row["appRoleId"]) == (holder, role_id)
    )  # fmt: skip
    if found[0] == "servicePrincipals":
        found = (role("readers", "servicePrincipals", row["principalId"]), found[1])
    assert declared(visit, "appRoleAssignments", kind, id=row["id"]) == found


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"principalId": STAFF}, (role("Admin", "groups", STAFF), "admins.yaml")),
        ({"principalId": "gone"}, ("", "Whoever has it is gone.")),
    ],
)
def test_what_was_assigned_before_is_known_by_what_it_was(
    visit: Visit, changes: dict[str, str], found: tuple[Any, str]
) -> None:
    """A group whose name another one has is named by its id."""
    row = next(r for r in visit.tenant.app_role_assignments if r["principalDisplayName"] == "MyApp Admins")
    assert declared(visit, "appRoleAssignments", "added", id="gone", before={**row, **changes}) == found


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
