"""Scopes, roles and authorized clients of applications."""

import pytest

from tests.conformance.graph_client import Graph, refused, role, scope

fact = pytest.mark.fact
ENABLED = "CannotDeleteOrUpdateEnabledEntitlement"


@fact("enabled roles neither change nor leave", source="microsoft-365-agents-toolkit PR#9420", grade="R")
@pytest.mark.parametrize("change", ["remove", "omit", "edit"])
def test_enabled_role(graph: Graph, change: str) -> None:
    """An enabled role is refused to change, also by being left out of the collection."""
    first, second = role("Reader"), role("Writer")
    app = graph.application(appRoles=[first, second])
    roles = {"remove": [], "omit": [second], "edit": [{**first, "description": "Other."}, second]}[change]
    error = refused(graph.patch(f"/applications/{app['id']}", {"appRoles": roles}), 400, ENABLED)
    assert (
        error["message"] == "Permission (scope or role) cannot be deleted or updated unless disabled first."
    )
    assert "details" not in error


@fact("removal takes two requests", source="TF applications.go", grade="C")
def test_disable_then_remove(graph: Graph) -> None:
    """A role that was disabled may leave; a new one may come beside enabled ones."""
    first, second = role("Reader"), role("Writer")
    app = graph.application(appRoles=[first])
    path = f"/applications/{app['id']}"
    assert graph.patch(path, {"appRoles": [first, second]}).status_code == 204
    assert graph.patch(path, {"appRoles": [{**first, "isEnabled": False}, second]}).status_code == 204
    assert graph.patch(path, {"appRoles": [second]}).status_code == 204


@fact("enabled scopes neither change nor leave", source="msgraph-sdk-powershell#1054", grade="R")
def test_enabled_scope(graph: Graph) -> None:
    """An enabled scope is refused to leave and to change, a disabled one is not."""
    only = scope()
    app = graph.application(api={"oauth2PermissionScopes": [only]})
    path = f"/applications/{app['id']}"
    refused(graph.patch(path, {"api": {"oauth2PermissionScopes": []}}), 400, ENABLED)
    edited = {**only, "adminConsentDescription": "Other."}
    refused(graph.patch(path, {"api": {"oauth2PermissionScopes": [edited]}}), 400, ENABLED)
    assert (
        graph.patch(path, {"api": {"oauth2PermissionScopes": [{**only, "isEnabled": False}]}}).status_code
        == 204
    )
    assert graph.patch(path, {"api": {"oauth2PermissionScopes": []}}).status_code == 204


@fact("duplicate values", source="microsoft-graph-docs#21667", grade="R")
def test_duplicate_values(graph: Graph) -> None:
    """Two roles of one value are refused with DuplicateValue and its target."""
    body = {"displayName": "x", "appRoles": [role("Reader"), role("Reader")]}
    error = refused(graph.post("/applications", body), 400, "DuplicateValue")
    assert error["details"] == [{"code": "DuplicateValue", "target": "appRoles"}]


@fact("role and scope share one name space", source="TF documentation", grade="C")
def test_role_and_scope_value(graph: Graph) -> None:
    """A scope and a role of one value but two ids are refused."""
    body = {
        "displayName": "x",
        "appRoles": [role("same")],
        "api": {"oauth2PermissionScopes": [scope("same")]},
    }
    refused(
        graph.post("/applications", body),
        400,
        "Request_BadRequest",
        "Request contains a property with duplicate values.",
    )


@fact("a role and a scope may be one permission", source="azuread#610, #963, #1177", grade="R")
def test_shared_permission(graph: Graph) -> None:
    """With one id, one value and agreeing texts, role and scope stand side by side."""
    shared = scope("same")
    twin = role("same", id=shared["id"], displayName="same")
    app = graph.application(appRoles=[twin], api={"oauth2PermissionScopes": [shared]})
    assert app["appRoles"][0]["id"] == app["api"]["oauth2PermissionScopes"][0]["id"]
    body = {"appRoles": [{**twin, "id": twin["id"], "isEnabled": False}]}
    assert graph.patch(f"/applications/{app['id']}", body).status_code == 400
    both = {**body, "api": {"oauth2PermissionScopes": [{**shared, "isEnabled": False}]}}
    assert graph.patch(f"/applications/{app['id']}", both).status_code == 204


@fact("values", source="BICEP, TF validate/tokens.go", grade="C")
@pytest.mark.parametrize("value", ["with space", ".dot", "x" * 250, "ümlaut"])
def test_bad_values(graph: Graph, value: str) -> None:
    """A role's value has no space, no leading dot and only ASCII."""
    text = "Invalid value specified for property 'appRoles' of resource 'Application'."
    refused(
        graph.post("/applications", {"displayName": "x", "appRoles": [role(value)]}),
        400,
        "Request_BadRequest",
        text,
    )


@fact("several roles without value", source="TF", grade="C")
def test_null_values(graph: Graph) -> None:
    """Roles may have no value, even several."""
    assert len(graph.application(appRoles=[role(None), role(None)])["appRoles"]) == 2


@fact("at most 700 permissions", source="APPDOC", grade="D")
def test_many_roles(graph: Graph) -> None:
    """The 701st permission is refused."""
    body = {"displayName": "x", "appRoles": [role(f"Role{n}") for n in range(701)]}
    assert graph.post("/applications", body).status_code in {400, 403}
    assert graph.post("/applications", {**body, "appRoles": body["appRoles"][:60]}).status_code == 201


@fact(
    "authorized clients need a scope that was stored before",
    source="microsoft-graph-docs#12675, #20177",
    grade="R",
)
def test_authorized_client(graph: Graph) -> None:
    """Scope and authorization in one request are refused; one after the other they pass."""
    client, read = graph.application(), scope()
    app = graph.application()
    path = f"/applications/{app['id']}"
    entry = {"appId": client["appId"], "delegatedPermissionIds": [read["id"]]}
    both = {"api": {"oauth2PermissionScopes": [read], "preAuthorizedApplications": [entry]}}
    error = refused(
        graph.patch(path, both), 400, "InvalidValue", "cannot be found in the AppPermissions sets"
    )
    assert error["details"] == [
        {"target": "api.preAuthorizedApplications.delegatedPermissionIds", "code": "InvalidValue"}
    ]
    assert graph.patch(path, {"api": {"oauth2PermissionScopes": [read]}}).status_code == 204
    assert graph.patch(path, {"api": {"preAuthorizedApplications": [entry]}}).status_code == 204
    api = graph.get(path).json()["api"]
    assert api["preAuthorizedApplications"] == [entry]
    assert [item["id"] for item in api["oauth2PermissionScopes"]] == [read["id"]]


@fact(
    "a client of Microsoft's is authorized before the tenant has its service principal",
    source="configure-authentication-mcp-server-vscode documentation",
    grade="D",
)
def test_microsofts_client(graph: Graph) -> None:
    """VS Code has one application in all tenants."""
    read = scope()
    path = f"/applications/{graph.application(api={'oauth2PermissionScopes': [read]})['id']}"
    entry = {"appId": "aebc6443-996d-45c2-90f0-388ff96faa56", "delegatedPermissionIds": [read["id"]]}
    assert graph.patch(path, {"api": {"preAuthorizedApplications": [entry]}}).status_code == 204


@fact("unknown authorized client", source="ONEFUZZ registration.py", grade="C")
def test_unknown_client(graph: Graph) -> None:
    """A client that nobody registered cannot be authorized."""
    read = scope()
    app = graph.application(api={"oauth2PermissionScopes": [read]})
    unknown = "00000000-0000-4000-8000-00000000dead"
    entry = {"appId": unknown, "delegatedPermissionIds": [read["id"]]}
    response = graph.patch(f"/applications/{app['id']}", {"api": {"preAuthorizedApplications": [entry]}})
    assert response.status_code == 400
    assert f"references applications {unknown} that cannot be found" in response.json()["error"]["message"]


@fact(
    "a scope that leaves while authorized dangles",
    source="azure-docs#121168",
    grade="R",
    verdict="uncertain",
)
def test_dangling_authorization(graph: Graph) -> None:
    """The removal is accepted; the entry that is left is refused when it is sent again."""
    client, read = graph.application(), scope()
    app = graph.application(api={"oauth2PermissionScopes": [read]})
    path = f"/applications/{app['id']}"
    entry = {"appId": client["appId"], "delegatedPermissionIds": [read["id"]]}
    graph.patch(path, {"api": {"preAuthorizedApplications": [entry]}})
    graph.patch(path, {"api": {"oauth2PermissionScopes": [{**read, "isEnabled": False}]}})
    assert graph.patch(path, {"api": {"oauth2PermissionScopes": []}}).status_code == 204
    assert graph.get(path).json()["api"]["preAuthorizedApplications"] == [entry]
    refused(graph.patch(path, {"api": {"preAuthorizedApplications": [entry]}}), 400, "InvalidValue")


@fact("required permissions are not checked against their resource", source="AZ-APP", grade="R")
def test_required_access(graph: Graph) -> None:
    """Requested permissions are stored as they come; inner order is kept."""
    access = [
        {"id": "c79f8feb-a9db-4090-85f9-90d820caa0eb", "type": "Scope"},
        {"id": "18a4783c-866b-4cc7-a460-3d5e5662c884", "type": "Role"},
    ]
    required = [{"resourceAppId": "00000003-0000-0000-c000-000000000000", "resourceAccess": access}]
    app = graph.application(requiredResourceAccess=required)
    assert app["requiredResourceAccess"] == required
    assert (
        graph.get(f"/applications/{app['id']}").json()["requiredResourceAccess"][0]["resourceAccess"]
        == access
    )
