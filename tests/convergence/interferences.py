"""What somebody may do to the tenant between a plan and its apply."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from entra_config.graph.request import Request
from tests.convergence.tenant import Tenant

Meddling = Callable[[Tenant], Request]


def row(tenant: Tenant, key: str) -> dict[str, Any]:
    """Find an application of the project."""
    found: dict[str, Any] = next(
        row for row in tenant.applications() if f"entra-config:key={key}" in row["tags"]
    )
    return found


def principal(tenant: Tenant, key: str) -> dict[str, Any]:
    """Find its service principal."""
    app_id = row(tenant, key)["appId"]
    found: dict[str, Any] = next(row for row in tenant.tables.service_principals if row["appId"] == app_id)
    return found


def patch(key: str, **values: Any) -> Meddling:
    """Change an application."""
    return lambda tenant: Request("PATCH", f"/applications/{row(tenant, key)['id']}", values)


def api(tenant: Tenant) -> dict[str, Any]:
    """Return the API's `api` property as it is."""
    found: dict[str, Any] = row(tenant, "api")["api"]
    return found


def role(value: str) -> dict[str, Any]:
    """Make one more role."""
    return {
        "id": "7c3ab2b0-0000-4000-8000-00000000000a",
        "value": value,
        "displayName": value,
        "description": value,
        "allowedMemberTypes": ["User"],
        "isEnabled": True,
    }


def more_scopes(tenant: Tenant) -> Request:
    """Add a scope."""
    one = {
        **api(tenant)["oauth2PermissionScopes"][0],
        "id": "7c3ab2b0-0000-4000-8000-00000000000b",
        "value": "sneaky",
    }
    body = {"api": {"oauth2PermissionScopes": [*api(tenant)["oauth2PermissionScopes"], one]}}
    return Request("PATCH", f"/applications/{row(tenant, 'api')['id']}", body)


def more_roles(tenant: Tenant) -> Request:
    """Add a role."""
    return Request(
        "PATCH",
        f"/applications/{row(tenant, 'api')['id']}",
        {"appRoles": [*row(tenant, "api")["appRoles"], role("Sneaky")]},
    )


def fewer_clients(tenant: Tenant) -> Request:
    """Take all authorized clients away."""
    return Request(
        "PATCH", f"/applications/{row(tenant, 'api')['id']}", {"api": {"preAuthorizedApplications": []}}
    )


def disabled_role(tenant: Tenant) -> Request:
    """Disable a role that the plan edits."""
    roles = [{**item, "isEnabled": item["value"] != "Reader"} for item in row(tenant, "api")["appRoles"]]
    return Request("PATCH", f"/applications/{row(tenant, 'api')['id']}", {"appRoles": roles})


def assigned(tenant: Tenant) -> Request:
    """Give a role of the plan's to somebody else."""
    id_ = principal(tenant, "api")["id"]
    reader = next(item["id"] for item in row(tenant, "api")["appRoles"] if item["value"] == "Reader")
    group = next(item["id"] for item in tenant.tables.groups if item["displayName"] == "On call")
    return Request(
        "POST",
        f"/servicePrincipals/{id_}/appRoleAssignedTo",
        {"principalId": group, "resourceId": id_, "appRoleId": reader},
    )


def unassigned(tenant: Tenant) -> Request:
    """Take an assignment away that the plan would remove."""
    id_ = principal(tenant, "api")["id"]
    found = next(
        item
        for item in tenant.tables.app_role_assignments
        if item["resourceId"] == id_ and item["principalType"] == "Group"
    )
    return Request("DELETE", f"/servicePrincipals/{id_}/appRoleAssignedTo/{found['id']}")


def regranted(tenant: Tenant) -> Request:
    """Widen a consent."""
    found = next(
        item
        for item in tenant.tables.oauth2_permission_grants
        if item["clientId"] == principal(tenant, "spa")["id"]
    )
    return Request("PATCH", f"/oauth2PermissionGrants/{found['id']}", {"scope": "read"})


def federated(tenant: Tenant) -> Request:
    """Point a federated credential elsewhere."""
    id_ = row(tenant, "nightly")["id"]
    found = next(
        item
        for item in tenant.tables.federated_identity_credentials
        if item["_application"] == id_ and item["name"] == "two"
    )
    return Request(
        "PATCH",
        f"/applications/{id_}/federatedIdentityCredentials/{found['id']}",
        {"subject": "repo:evil/app:environment:x"},
    )


def unrequired(tenant: Tenant) -> Request:
    """Let service principals in without an assignment."""
    return Request(
        "PATCH", f"/servicePrincipals/{principal(tenant, 'api')['id']}", {"appRoleAssignmentRequired": False}
    )


def deleted(tenant: Tenant) -> Request:
    """Delete an application."""
    return Request("DELETE", f"/applications/{row(tenant, 'spa')['id']}")


def taken(_: Tenant) -> Request:
    """Take the unique name that the plan would create."""
    return Request("POST", "/applications", {"displayName": "Squatter", "uniqueName": "myapp.dev.tool"})


def other_uri(tenant: Tenant) -> Request:
    """Replace an identifier URI."""
    mine = f"api://{row(tenant, 'api')['appId']}"
    return patch("api", identifierUris=[mine, "https://contoso.com/x"])(tenant)


# What is done, what a saved plan calls it, and the field that a guard names (none where the write replaces
# nothing).
KINDS: dict[str, tuple[Meddling, str, str]] = {
    "name": (patch("api", displayName="Theirs"), "displayName", "displayName"),
    "identifier URIs": (other_uri, "identifierUris", "identifierUris"),
    "redirect URIs": (
        patch("spa", spa={"redirectUris": ["https://evil.example.com/"]}),
        "redirectUris",
        "spa.redirectUris",
    ),
    "required permissions": (
        patch("spa", requiredResourceAccess=[]),
        "requiredResourceAccess",
        "requiredResourceAccess",
    ),
    "another scope": (more_scopes, "oauth2PermissionScopes", "oauth2PermissionScopes"),
    "another role": (more_roles, "appRoles", "appRoles"),
    "authorized clients": (fewer_clients, "authorizedClient.spa/api", "preAuthorizedApplications"),
    "a disabled role": (disabled_role, "appRoles", "appRoles"),
    "another assignment": (assigned, "appRoleAssignment.api/Reader", ""),
    "an assignment less": (unassigned, "appRoleAssignment.api/", ""),
    "a consent": (regranted, "permissionGrant.spa/api", ""),
    "a federated credential": (federated, "federatedCredential.nightly/two", ""),
    "assignment required": (unrequired, "enterpriseApplication.api", ""),
    "a deletion": (deleted, "application.spa", ""),
    "a squatter": (taken, "application.tool", ""),
}
