"""Requests that are refused for one value, by the name of it, next to the nearest that are not."""

import base64
import json
import ssl
from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.graph.certificates import certificate
from tests.conformance.graph.steering import faults, wait
from tests.conformance.graph_client import BASE, NOBODY, Graph, refused, role

fact = pytest.mark.fact
Make = Callable[..., Graph]
ROLE, SCOPE = "aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002"
PEM = base64.b64encode(ssl.DER_cert_to_PEM_cert(certificate()).encode()).decode()
CERTIFICATE = {"type": "AsymmetricX509Cert", "usage": "Verify"}
USER = {"accountEnabled": True, "displayName": "n", "mailNickname": "n", "userPrincipalName": "n@contoso.com"}
SECRET = {"password": "Conformance-1-Password"}
GROUP = {"displayName": "g", "mailEnabled": False, "mailNickname": "g", "securityEnabled": True}
GRANT = {
    "clientId": "{principal}",
    "resourceId": "{principal}",
    "consentType": "Principal",
    "principalId": "{alice}",
    "scope": "a",
}
ASSIGNMENT = {"principalId": "{alice}", "resourceId": "{principal}", "appRoleId": ROLE}
DOUBLES = "400 Request contains a property with duplicate values."
INVALID = "400 Invalid value specified for property '{}'"
MISSING = "400 A value is required for property '{}'"
FIXED = "400 Property '{}' is read-only and cannot be set."
UNKNOWN = "400 Invalid property '{}'."
TAKEN = "400 Another object with the same value for property {} already exists."
END = "400 Key credential end date is invalid."
OPTION = "400 Invalid value '{}' for ${} query option found."


def required(resources: int, each: int = 1) -> dict[str, Any]:
    """Return the permissions that an application requests: so many of so many resources."""
    access = [{"id": f"00000000-0000-4000-8000-{number:012}", "type": "Scope"} for number in range(each)]
    ids = (f"10000000-0000-4000-8000-{number:012}" for number in range(resources))
    return {"requiredResourceAccess": [{"resourceAppId": one, "resourceAccess": access} for one in ids]}


def named(**properties: Any) -> dict[str, Any]:
    """Return a new application with these properties."""
    return {"displayName": "a", **properties}


def scope(scope_id: str, value: str) -> dict[str, Any]:
    """Return a scope of an application."""
    words = {"adminConsentDisplayName": "n", "adminConsentDescription": "d"}
    return {"id": scope_id, "value": value, "type": "User", "isEnabled": True, **words}


def web(number: int) -> dict[str, Any]:
    """Return so many redirect URIs."""
    return {"web": {"redirectUris": [f"https://a.example/{each}" for each in range(number)]}}


TWO_SCOPES = [scope(SCOPE, "a"), scope(SCOPE.upper(), "b")]
CLIENT = {"appId": "{appId}", "delegatedPermissionIds": []}
THEIRS = {"appId": "{theirs}", "delegatedPermissionIds": []}
MICROSOFTS = {"appId": "00000003-0000-0ff1-ce00-000000000000", "delegatedPermissionIds": []}
OURS = {"api": {"requestedAccessTokenVersion": 2}}
PERSONAL = {**OURS, "signInAudience": "AzureADandPersonalMicrosoftAccount"}
ROWS: list[tuple[str, Any, str]] = [
    ("POST /applications", named(uniqueName=""), INVALID.format("uniqueName")),
    ("POST /applications", named(tags=["a", "a"]), DOUBLES),
    ("POST /applications", named(tags=["a", "b" * 256]), "201"),
    ("POST /applications", named(**required(50, 8)), "201"),
    ("POST /applications", named(**required(51)), INVALID.format("requiredResourceAccess")),
    ("POST /applications", named(**required(1, 401)), INVALID.format("requiredResourceAccess")),
    (
        "POST /applications",
        {**named(), "requiredResourceAccess": required(1)["requiredResourceAccess"] * 2},
        DOUBLES,
    ),
    ("POST /applications", named(identifierUris=["https://["]), INVALID.format("identifierUris")),
    ("PATCH /applications/{app}", {"identifierUris": [f"api://{NOBODY}"]}, INVALID.format("identifierUris")),
    ("PATCH /applications/{app}", {"identifierUris": ["api://{appId}", "api://{appId}"]}, DOUBLES),
    ("POST /applications", named(web={"redirectUris": ["https://a.example"] * 2}), DOUBLES),
    ("POST /applications", named(**web(256)), "201"),
    ("POST /applications", named(**web(257)), INVALID.format("web")),
    ("POST /applications", named(web={"logoutUrl": "http://a.example"}), INVALID.format("web")),
    ("POST /applications", named(web={"logoutUrl": "https://a.example/" + "x" * 240}), INVALID.format("web")),
    ("POST /applications", named(spa={"redirectUris": ["brk-multihub://a"]}), "201"),
    ("POST /applications", named(spa={"redirectUris": ["myapp://a"]}), INVALID.format("spa")),
    ("POST /applications", named(web={"redirectUris": ["brk-multihub://a"]}), INVALID.format("web")),
    ("POST /applications", named(**PERSONAL, identifierUris=["api://" + "a" * 114]), "201"),
    (
        "POST /applications",
        named(**PERSONAL, identifierUris=["api://" + "a" * 115]),
        INVALID.format("identifierUris"),
    ),
    ("POST /applications", named(**OURS, identifierUris=["api://" + "a" * 249]), "201"),
    (
        "POST /applications",
        named(**OURS, identifierUris=["api://" + "a" * 250]),
        INVALID.format("identifierUris"),
    ),
    ("POST /applications", named(api={"oauth2PermissionScopes": TWO_SCOPES}), DOUBLES),
    ("PATCH /applications/{app}", {"api": {"preAuthorizedApplications": [CLIENT, CLIENT]}}, DOUBLES),
    ("PATCH /applications/{app}", {"api": {"preAuthorizedApplications": [CLIENT]}}, "204"),
    ("PATCH /applications/{app}", {"api": {"preAuthorizedApplications": [THEIRS]}}, "204"),
    ("PATCH /applications/{app}", {"api": {"preAuthorizedApplications": [MICROSOFTS]}}, "204"),
    ("POST /applications", named(keyCredentials=[CERTIFICATE]), INVALID.format("keyCredentials")),
    ("POST /applications", named(keyCredentials=[{**CERTIFICATE, "key": "A"}]), "400"),
    ("POST /applications", named(keyCredentials=[{**CERTIFICATE, "key": PEM}]), "201"),
    (
        "POST /applications/{app}/addPassword",
        {"passwordCredential": {"endDateTime": "2026-01-01T00:00:00Z"}},
        END,
    ),
    (
        "POST /applications/{app}/addPassword",
        {"passwordCredential": {"endDateTime": "2026-01-01T00:00:01Z"}},
        "200",
    ),
    (
        "POST /applications/{app}/addPassword",
        {"passwordCredential": {"startDateTime": "9999-01-01T00:00:00Z"}},
        END,
    ),
    (
        "POST /applications/{app}/addPassword",
        {"passwordCredential": {"startDateTime": "2028-02-29T12:00:00Z"}},
        '200 "endDateTime":"2030-03-01T12:00:00Z"',
    ),
    (
        "POST /applications/{app}/removePassword",
        {"keyId": None},
        "400 No password credential found with keyId.",
    ),
    (
        "PATCH /applications/{app}/federatedIdentityCredentials/{credential}",
        {"name": "other"},
        FIXED.format("name"),
    ),
    ("GET /applications/{app}/federatedIdentityCredentials/none", None, "404"),
    (
        "GET /applications/{app}/federatedIdentityCredentials(name='pipeline')",
        None,
        '200 "id":"{credential}"',
    ),
    ("PATCH /applications/{app}/federatedIdentityCredentials/{credential}", {"subject": "x" * 600}, "204"),
    (
        "PATCH /applications/{app}/federatedIdentityCredentials/{credential}",
        {"subject": "x" * 601},
        INVALID.format("subject"),
    ),
    (
        "POST /servicePrincipals",
        {"appId": "{unbacked}", "passwordCredentials": [{"displayName": "x"}]},
        "400 New password credentials must be generated using service actions.",
    ),
    ("PREFER /servicePrincipals(appId='{unbacked}')", {"displayName": ""}, INVALID.format("displayName")),
    ("PREFER /servicePrincipals(appId='{unbacked}')", {"displayName": "x" * 256}, "201"),
    (
        "PREFER /servicePrincipals(appId='{unbacked}')",
        {"displayName": "x" * 257},
        INVALID.format("displayName"),
    ),
    ("PATCH /servicePrincipals/{principal}", {"appId": NOBODY}, FIXED.format("appId")),
    (
        "PATCH /servicePrincipals/{principal}",
        {"keyCredentials": [CERTIFICATE]},
        INVALID.format("keyCredentials"),
    ),
    ("PATCH /servicePrincipals/{principal}", {"displayName": "{name}", "accountEnabled": None}, "204"),
    (
        "POST /servicePrincipals/{principal}/appRoleAssignedTo",
        {**ASSIGNMENT, "b": 1, "a": 1},
        UNKNOWN.format("a"),
    ),
    ("POST /servicePrincipals/{principal}/appRoleAssignedTo", {**ASSIGNMENT, "id@odata.type": "x"}, "201"),
    (
        "POST /servicePrincipals/{principal}/delegatedPermissionClassifications",
        {"permissionId": SCOPE},
        MISSING.format("classification"),
    ),
    (
        "POST /oauth2PermissionGrants",
        {**GRANT, "clientId": NOBODY},
        f"404 Resource '{NOBODY}' does not exist",
    ),
    (
        "POST /oauth2PermissionGrants",
        {**GRANT, "principalId": NOBODY},
        f"404 Resource '{NOBODY}' does not exist",
    ),
    ("POST /oauth2PermissionGrants", {**GRANT, "more": 1}, UNKNOWN.format("more")),
    ("POST /oauth2PermissionGrants", {**GRANT, "scope": "x" * 3850}, "201"),
    ("POST /oauth2PermissionGrants", {**GRANT, "scope": "x" * 3851}, INVALID.format("scope")),
    ("PATCH /oauth2PermissionGrants/{grant}", {"more": 1}, UNKNOWN.format("more")),
    ("PATCH /oauth2PermissionGrants/{grant}", {"consentType": "AllPrincipals"}, FIXED.format("consentType")),
    ("PATCH /oauth2PermissionGrants/{grant}", {"scope": ["w"]}, INVALID.format("scope")),
    ("PATCH /oauth2PermissionGrants/{grant}", {"x@odata.type": "y", "scope": "write"}, "204"),
    (
        "POST /groups",
        {**GROUP, "writebackConfiguration": {"isEnabled": True}},
        UNKNOWN.format("writebackConfiguration"),
    ),
    ("POST /groups", {**GROUP, "uniqueName": "{name}"}, "400"),
    (
        "POST /groups",
        {**GROUP, "groupTypes": ["DynamicMembership"], "membershipRule": "r", "isAssignableToRole": True},
        INVALID.format("isAssignableToRole"),
    ),
    (
        "POST /users",
        {**USER, "passwordProfile": SECRET, "userPrincipalName": "n@elsewhere.example"},
        "400 The domain portion of the userPrincipalName property is invalid.",
    ),
    (
        "POST /users",
        {**USER, "passwordProfile": SECRET, "userPrincipalName": "Alice@contoso.com"},
        TAKEN.format("userPrincipalName"),
    ),
    ("POST /users", USER, MISSING.format("passwordProfile")),
    (
        "POST /users",
        {**USER, "passwordProfile": SECRET, "userPrincipalName": None},
        MISSING.format("userPrincipalName"),
    ),
    ("POST /users", {**USER, "passwordProfile": {}}, MISSING.format("passwordProfile")),
    ("POST /users", {**USER, "passwordProfile": SECRET, "displayName": None}, MISSING.format("displayName")),
    ("PATCH /users/{alice}", {"passwordProfile": "x"}, "400"),
    ("PATCH /users/{alice}", {"userPrincipalName": "bob@contoso.com"}, TAKEN.format("userPrincipalName")),
    ("PATCH /users/{alice}", {"userPrincipalName": "ALICE@contoso.com"}, "204"),
    ("PATCH /users/{alice}", {"employeeHireDate": "0001-01-01T00:00:00+14:00"}, "400"),
    ("POST /policies/permissionGrantPolicies", {"displayName": "p"}, MISSING.format("id")),
    (
        "POST /policies/permissionGrantPolicies",
        {"displayName": "p", "id": "policy-of-ours"},
        TAKEN.format("id"),
    ),
    ("POST /policies/permissionGrantPolicies", {"displayName": "p", "id": "x" * 200}, "201"),
    ("POST /policies/permissionGrantPolicies", {"displayName": "p", "id": "x" * 201}, INVALID.format("id")),
    (
        "POST /policies/permissionGrantPolicies",
        {"displayName": "p", "id": "a", "more": 1},
        UNKNOWN.format("more"),
    ),
    ("POST /policies/permissionGrantPolicies/{policy}/includes", {"permissionType": "any"}, "400"),
    (
        "POST /policies/permissionGrantPolicies/{policy}/includes",
        {"permissionType": "delegated", "permissions": []},
        "400",
    ),
    ("POST /policies/permissionGrantPolicies/{policy}/includes", {"permissionType": "delegated"}, "201"),
    ("POST /directoryObjects/getByIds", {}, "400"),
    ("POST /directoryObjects/getByIds", {"ids": [], "ids@odata.type": "x"}, "200"),
    ("GET /beta/groups(uniqueName='{name}')/members?$top=1", None, "200 /beta/groups(uniqueName='"),
    ("POST /directoryObjects/getByIds", {"ids": "x"}, "400 Invalid value specified for parameter 'ids'."),
    (
        "POST /directoryObjects/getByIds",
        {"ids": [], "types": "user"},
        "400 Invalid value specified for parameter 'types'.",
    ),
    ("POST /directoryObjects/getByIds", {"ids": [NOBODY] * 1000}, "200"),
    (
        "POST /directoryObjects/getByIds",
        {"ids": [NOBODY] * 1001},
        "400 The number of ids exceeds the maximum of 1000.",
    ),
    (
        "POST /users/{alice}/checkMemberGroups",
        {"groupIds": [NOBODY] * 21},
        "400 The number of groupIds exceeds",
    ),
    ("POST /users/{alice}/checkMemberGroups", {"groupIds": [NOBODY] * 20}, "200"),
    ("POST /users/{alice}/checkMemberGroups", {"groupIds": NOBODY}, "400"),
    (
        "POST /users/{alice}/getMemberGroups",
        {"securityEnabledOnly": "yes"},
        "400 Cannot convert a primitive value to the expected type 'Edm.Boolean'.",
    ),
    (f"POST /directoryObjects/{NOBODY}/getMemberGroups", {}, "404"),
    ("POST /users/x@contoso.com/getMemberGroups", {}, "404"),
    ("GET /users?$other=x", None, "400 The query parameter '$other' is not supported."),
    ("GET /users?other=x", None, "200"),
    ("GET /users?$skip=1", None, "400 '$skip' is not supported by the service."),
    ("GET /users?$format=atom", None, "400 A supported MIME type could not be found"),
    ("GET /users?$top=1&TOP=2", None, "400 Query option '$top' was specified more than once"),
    (
        "POST /users?$top=1",
        USER,
        "400 The query specified in the URI is not valid. Query option '$top' cannot be applied",
    ),
    ("ADVANCED /groups?$count=maybe", None, OPTION.format("maybe", "count")),
    ("GET /groups?$orderby=displayName up", None, "400 Syntax error in 'displayName up'."),
    (
        "ADVANCED /groups?$filter=startswith(displayName,'conf') and members/$count eq 2&$count=true",
        None,
        '200 "id":"{group}"',
    ),
    (
        "ADVANCED /groups?$filter=startswith(displayName,'conf') and members/$count eq 1&$count=true",
        None,
        '200 "value":[]',
    ),
    (
        "ADVANCED /applications?$filter=federatedIdentityCredentials/$count eq 2&$count=true",
        None,
        '200 "value":[]',
    ),
    (
        "ADVANCED /applications?$filter=federatedIdentityCredentials/$count eq 1&$count=true",
        None,
        '200 "id":"{app}"',
    ),
    (
        "GET /groups/{group}/members?$filter=id eq '{alice}' or id eq '{app}'&$select=id",
        None,
        '200 "id":"{alice}"',
    ),
    (
        "GET /servicePrincipals/{principal}?$select=id&$expand=oauth2PermissionGrants",
        None,
        '200 "id":"{grant}"',
    ),
    ("GET /servicePrincipals/{principal}?$select=id&$expand=memberOf", None, '200 "id":"{group}"'),
    ("GET /users/delta?$filter=id in ('{alice}') or id eq '{app}'", None, '200 "id":"{alice}"'),
    (
        "GET /users/delta?$filter=id eq '{alice}' or displayName eq 'x'",
        None,
        "400 Delta queries can be filtered by id only.",
    ),
    ("GET /auditLogs/directoryAudits?$top=1000", None, "200"),
    ("GET /auditLogs/directoryAudits?$top=1001", None, "400 Invalid page size specified: '1001'."),
    ("GET /auditLogs/directoryAudits/none", None, "404 Resource 'none' does not exist"),
    ("GET /auditLogs/directoryAudits/{record}", None, '200 "id":"{record}"'),
    (
        "GET /directory/recommendations/x/impactedResources",
        None,
        "400 Resource not found for the segment 'recommendations'.",
    ),
    ("GET /domains/contoso.com/domainNameReferences", None, '200 "id":"{app}"'),
    ("GET /domains/fabrikam.com/domainNameReferences", None, "404"),
]


@pytest.fixture
def policies(as_app: Make) -> Graph:
    """Give an application that writes policies and reads recommendations."""
    return as_app("Policy.ReadWrite.PermissionGrant", "DirectoryRecommendations.Read.All")


@pytest.fixture
def ids(graph: Graph, elsewhere: Make, policies: Graph) -> dict[str, str]:
    """Make one of each object that a row can name; give their ids by name."""
    app = graph.application(appRoles=[role("Reader", id=ROLE)], uniqueName="app-of-ours")
    principal = graph.principal(app)
    alice = graph.get("/users/alice@contoso.com").json()["id"]
    members = [f"{BASE}/directoryObjects/{one}" for one in (alice, principal["id"])]
    group = graph.group(uniqueName=app["displayName"], **{"members@odata.bind": members})
    uris = {"identifierUris": ["https://app.contoso.com/x"]}
    assert graph.patch(f"/applications/{app['id']}", uris).status_code == 204
    policy = {"displayName": "p", "description": "d", "id": "policy-of-ours"}
    assert policies.post("/policies/permissionGrantPolicies", policy).status_code == 201
    federated = {"name": "pipeline", "issuer": "https://i.example", "subject": "s"}
    audiences = ["api://AzureADTokenExchange"]
    credentials = f"/applications/{app['id']}/federatedIdentityCredentials"
    credential = graph.post(credentials, {**federated, "audiences": audiences})
    assert credential.status_code == 201, credential.text
    made = {"app": app["id"], "appId": app["appId"], "name": app["displayName"], "alice": alice}
    made |= {"principal": principal["id"], "group": group["id"], "policy": "policy-of-ours"}
    granted = graph.post("/oauth2PermissionGrants", json.loads(filled(GRANT, made)))
    assert granted.status_code == 201, granted.text
    made |= {"credential": credential.json()["id"], "grant": granted.json()["id"]}
    made["record"] = graph.get("/auditLogs/directoryAudits?$top=1").json()["value"][0]["id"]
    made["unbacked"] = graph.application()["appId"]
    made["theirs"] = elsewhere("Application.ReadWrite.All").application()["appId"]
    return made


def filled(value: Any, ids: dict[str, str]) -> str:
    """Return a value as JSON with ids in place of names."""
    text = json.dumps(value)
    for name, one in ids.items():
        text = text.replace(f"{{{name}}}", one)
    return text


@fact(
    "what is refused, and what is not", source="CSDL, AAD Graph documentation", grade="S", verdict="uncertain"
)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}: {row[2]}")
def test_rows(graph: Graph, policies: Graph, ids: dict[str, str], row: tuple[str, Any, str]) -> None:
    """Each row is a request with its status and a part of the answer: of a refusal its message."""
    request_line, body, expected = row
    if "{grant}" not in f"{request_line}{expected}" and request_line.endswith("oauth2PermissionGrants"):
        graph.delete(f"/oauth2PermissionGrants/{ids['grant']}")
    (line, sent, (status, _, text)) = json.loads(filled([request_line, body, expected.partition(" ")], ids))
    method, _, path = line.partition(" ")
    headers = {"ADVANCED": {"ConsistencyLevel": "eventual"}, "PREFER": {"Prefer": "create-if-missing"}}
    verb = {"ADVANCED": "GET", "PREFER": "PATCH"}.get(method, method)
    rare = ("/policies/", "/recommendations/", "Classifications")
    client = policies if any(part in path for part in rare) else graph
    response = client.send(verb, path, sent, headers.get(method))
    assert response.status_code == int(status), response.text
    assert text in (response.json()["error"]["message"] if status >= "4" else response.text), response.text


@fact("deleted items are restored and purged by who may change such objects", source="PERM", grade="D")
def test_who_restores(graph: Graph, as_user: Make, as_app: Make) -> None:
    """A user administrator does; a person without a role and an application that only reads are refused."""
    alice = graph.get("/users/alice@contoso.com").json()["id"]
    grace = as_user("grace@contoso.com", "Directory.Read.All", "User.ReadWrite.All")
    others = [
        as_user("bob@contoso.com", "Directory.Read.All", "User.ReadWrite.All"),
        as_app("Directory.Read.All"),
    ]
    path = f"/directory/deletedItems/{alice}"
    assert graph.delete(f"/users/{alice}").status_code == 204
    for other in others:
        refused(other.post(f"{path}/restore"), 403, "Authorization_RequestDenied")
        refused(other.delete(path), 403, "Authorization_RequestDenied")
    assert grace.post(f"{path}/restore").status_code == 200
    assert graph.delete(f"/users/{alice}").status_code == 204
    assert grace.delete(path).status_code == 204
    refused(grace.get(path), 404, "Request_ResourceNotFound")


@fact("deleted items are gone after 30 days", source="directory-deleteditems-list documentation", grade="D")
def test_thirty_days(emulated: Graph) -> None:
    """Neither found nor listed one second later."""
    alice = emulated.get("/users/alice@contoso.com").json()["id"]
    emulated.delete(f"/users/{alice}")
    wait(emulated, 30 * 86400)
    assert emulated.get(f"/directory/deletedItems/{alice}").status_code == 200
    wait(emulated, 1)
    refused(emulated.get(f"/directory/deletedItems/{alice}"), 404, "Request_ResourceNotFound")
    assert emulated.get("/directory/deletedItems/microsoft.graph.user").json()["value"] == []


@fact(
    "what joins two deleted objects waits for both",
    source="no document says it",
    grade="S",
    verdict="uncertain",
)
def test_links_wait(graph: Graph) -> None:
    """An assignment and a consent come back with the second of their ends, and never if one was purged."""
    app = graph.application(appRoles=[role("Reader", id=ROLE)])
    principal, alice = graph.principal(app)["id"], graph.get("/users/alice@contoso.com").json()["id"]
    ids = {"principal": principal, "alice": alice}
    assigned, grants = f"/servicePrincipals/{principal}/appRoleAssignedTo", "/oauth2PermissionGrants"
    assert graph.post(assigned, json.loads(filled(ASSIGNMENT, ids))).status_code == 201
    assert graph.post(grants, json.loads(filled(GRANT, ids))).status_code == 201
    paths = (f"/users/{alice}", f"/servicePrincipals/{principal}")
    for first, second in ((0, 1), (1, 0)):
        for path in paths:
            assert graph.delete(path).status_code == 204
        assert graph.get(f"{grants}?$filter=clientId eq '{principal}'").json()["value"] == []
        for number in (first, second):
            assert (
                graph.post(f"/directory/deletedItems/{(alice, principal)[number]}/restore").status_code == 200
            )
        assert len(graph.get(assigned).json()["value"]) == 1
        assert len(graph.get(f"{grants}?$filter=clientId eq '{principal}'").json()["value"]) == 1
    for path in paths:
        graph.delete(path)
    assert graph.delete(f"/directory/deletedItems/{alice}").status_code == 204
    assert graph.post(f"/directory/deletedItems/{principal}/restore").status_code == 200
    assert graph.get(assigned).json()["value"] == []


@fact(
    "restore of a service principal that has a successor",
    source="no document says it",
    grade="S",
    verdict="uncertain",
)
def test_successors(graph: Graph, elsewhere: Make) -> None:
    """It is refused; one of another tenant's application comes back as long as that is there."""
    app = graph.application()
    old = graph.principal(app)["id"]
    graph.delete(f"/servicePrincipals/{old}")
    graph.principal(app)
    restored = graph.post(f"/directory/deletedItems/{old}/restore")
    refused(restored, 409, "Request_MultipleObjectsWithSameKeyValue")
    there = elsewhere("Application.ReadWrite.All")
    theirs = there.application(signInAudience="AzureADMultipleOrgs")
    principal = graph.principal(theirs)["id"]
    for status in (200, 400):
        graph.delete(f"/servicePrincipals/{principal}")
        assert graph.post(f"/directory/deletedItems/{principal}/restore").status_code == status
        there.delete(f"/applications/{theirs['id']}")


@fact(
    "tags of a service principal are its own and its application's",
    source="no document says it",
    grade="S",
    verdict="uncertain",
)
def test_tags(graph: Graph) -> None:
    """Its own stay when those of the application change, though it was sent both."""
    app = graph.application(tags=["of-app"])
    principal = f"/servicePrincipals/{graph.principal(app)['id']}"
    assert graph.patch(principal, {"tags": ["own", "of-app"]}).status_code == 204
    assert graph.patch(f"/applications/{app['id']}", {"tags": ["new"]}).status_code == 204
    assert sorted(graph.get(principal).json()["tags"]) == ["new", "own"]


@fact("parts of a purged application", source="extensionProperty documentation", grade="D")
def test_purged_parts(graph: Graph) -> None:
    """Its extension properties are no properties any more."""
    app = graph.application()
    extension = {"name": "badge", "dataType": "String", "targetObjects": ["User"]}
    name = graph.post(f"/applications/{app['id']}/extensionProperties", extension).json()["name"]
    assert graph.get(f"/users?$select={name}").status_code == 200
    graph.delete(f"/applications/{app['id']}")
    graph.delete(f"/directory/deletedItems/{app['id']}")
    assert graph.get(f"/users?$select={name}").status_code == 400


@fact(
    "nothing is linked to what an old replica still shows",
    source="no document says it",
    grade="S",
    verdict="uncertain",
)
def test_deleted_ends_under_lag(emulated: Graph) -> None:
    """Neither an assignment nor a consent; a new assignment is listed as late as its collection is."""
    principal = emulated.principal(emulated.application(appRoles=[role("Reader", id=ROLE)]))["id"]
    alice, bob = (emulated.get(f"/users/{name}@contoso.com").json()["id"] for name in ("alice", "bob"))
    ids = {"principal": principal, "alice": alice}
    path = f"/servicePrincipals/{principal}/appRoleAssignedTo"
    faults(emulated, lag={"*": 60}, list_lag={"appRoleAssignments": 120})
    wait(emulated, 121)
    emulated.delete(f"/users/{alice}")
    assert emulated.get(f"/users/{alice}").status_code == 200
    refused(emulated.post(path, json.loads(filled(ASSIGNMENT, ids))), 400, "Request_BadRequest")
    refused(
        emulated.post("/oauth2PermissionGrants", json.loads(filled(GRANT, ids))),
        404,
        "Request_ResourceNotFound",
    )
    assert emulated.post(path, json.loads(filled(ASSIGNMENT, ids | {"alice": bob}))).status_code == 201
    assert emulated.get(path).json()["value"] == []
    faults(emulated, list_lag={"groups": 120})
    count = emulated.advanced("/groups/$count").text
    emulated.group()
    assert emulated.advanced("/groups/$count").text == count
    wait(emulated, 121)
    assert emulated.advanced("/groups/$count").text == str(int(count) + 1)
    assert [row["principalId"] for row in emulated.get(path).json()["value"]] == [bob]


@fact("a member without a role owns what he makes", source="group-post-groups documentation", grade="D")
def test_people_without_a_role(graph: Graph, as_user: Make) -> None:
    """He owns a group that he makes, cannot name himself, and gives and takes the roles of his own API."""
    scopes = ("Group.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "Application.Read.All")
    bob = as_user("bob@contoso.com", "Directory.Read.All", *scopes)
    bob_id = graph.get("/users/bob@contoso.com").json()["id"]
    made = bob.post("/groups", GROUP)
    assert made.status_code == 201
    owners = graph.get(f"/groups/{made.json()['id']}/owners").json()["value"]
    assert [owner["id"] for owner in owners] == [bob_id]
    mine = {"owners@odata.bind": [f"{BASE}/users/{bob_id}"]}
    refused(bob.post("/groups", GROUP | mine), 400, "Request_BadRequest", "duplicate values")
    held = bob.post("/me/getMemberGroups", {"securityEnabledOnly": False}).json()["value"]
    assert (
        held == graph.post(f"/users/{bob_id}/getMemberGroups", {"securityEnabledOnly": False}).json()["value"]
    )
    unified = {**GROUP, "groupTypes": ["Unified"], "mailEnabled": True, "securityEnabled": False}
    shared = graph.group(**unified, **{"members@odata.bind": [f"{BASE}/users/{bob_id}"]})["id"]
    secure = bob.post("/me/getMemberGroups", {"securityEnabledOnly": True}).json()["value"]
    assert (sorted(secure), shared in secure) == (sorted(held), False)
    refused(bob.patch(f"/groups/{shared}", {"description": "d"}), 403, "Authorization_RequestDenied")
    assert bob.patch(f"/groups/{made.json()['id']}", {"description": "d"}).status_code == 204
    principal = graph.principal(graph.application(appRoles=[role("Reader", id=ROLE)]))["id"]
    path = f"/servicePrincipals/{principal}/appRoleAssignedTo"
    body = {"principalId": bob_id, "resourceId": principal, "appRoleId": ROLE}
    refused(bob.post(path, body), 403, "Authorization_RequestDenied")
    graph.post(
        f"/servicePrincipals/{principal}/owners/$ref", {"@odata.id": f"{BASE}/directoryObjects/{bob_id}"}
    )
    assigned = bob.post(path, body)
    assert assigned.status_code == 201
    assert bob.delete(f"{path}/{assigned.json()['id']}").status_code == 204
