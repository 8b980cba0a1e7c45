"""A recorded session of Terraform, replayed in shape: the same requests, the same kinds of answers."""

from typing import Any

import pytest

from tests.conformance.graph.recorded_session import Session
from tests.conformance.graph_client import BASE

fact = pytest.mark.fact
ROLE_ID, SCOPE_ID = "11111111-2222-4333-8444-555555555555", "11111111-2222-4333-8444-666666666666"
TERRAFORM_API: dict[str, Any] = {
    "requestedAccessTokenVersion": 2,
    "oauth2PermissionScopes": [
        {
            "id": SCOPE_ID,
            "value": "user.read",
            "type": "User",
            "isEnabled": True,
            "adminConsentDisplayName": "a",
            "adminConsentDescription": "b",
        }
    ],
}
TERRAFORM_ROLES: list[dict[str, Any]] = [
    {
        "id": ROLE_ID,
        "value": "Admin",
        "displayName": "Admin",
        "description": "d",
        "allowedMemberTypes": ["User", "Application"],
        "isEnabled": True,
    }
]


@fact(
    (
        "terraform: create, change and destroy of two applications and their service principals, owners "
        "and an assignment included"
    ),
    source="terraform-provider-azuread 3.9.0",
    grade="R",
)
def test_terraform(session: Session) -> None:
    """Create with owners and nulls, two display names, partial api, service principals with owners,
    assignment, destroy.
    """
    graph = session.graph
    caller = graph.get("/servicePrincipals?$filter=appId eq 'd0000000-0000-4000-8000-000000000003'").json()[
        "value"
    ][0]
    body: dict[str, Any] = {
        "@odata.type": "#microsoft.graph.application",
        "displayName": "tf-api",
        "owners@odata.bind": [f"{BASE}/directoryObjects/{caller['id']}"],
        "description": None,
        "groupMembershipClaims": None,
        "identifierUris": [],
        "optionalClaims": {},
        "notes": None,
        "web": {"homePageUrl": None, "logoutUrl": None, "redirectUris": [], "implicitGrantSettings": {}},
        "api": TERRAFORM_API,
        "appRoles": TERRAFORM_ROLES,
    }
    app = session.expect(201, "POST", "/applications", body)
    path = f"/applications/{app['id']}"
    for name in ("TERRAFORM_UPDATE_1", "tf-api"):
        session.expect(
            204,
            "PATCH",
            path,
            {"id": app["id"], "@odata.type": "#microsoft.graph.application", "displayName": name},
        )
    session.expect(200, "GET", f"/beta{path}?$select=oauth2RequirePostResponse")
    session.expect(204, "DELETE", f"{path}/owners/{caller['id']}/$ref")
    assert session.expect(200, "GET", f"{path}/owners")["value"] == []
    client = session.expect(
        201,
        "POST",
        "/applications",
        {"displayName": "tf-spa", "spa": {"redirectUris": ["https://x.example/"]}},
    )
    entry = {"appId": client["appId"], "delegatedPermissionIds": [SCOPE_ID]}
    session.expect(204, "PATCH", path, {"api": {"preAuthorizedApplications": [entry]}})
    session.expect(204, "PATCH", path, {"identifierUris": [f"api://{app['appId']}"]})
    api = session.expect(200, "GET", path)["api"]
    assert (len(api["oauth2PermissionScopes"]), api["preAuthorizedApplications"]) == (1, [entry])
    bound = {"owners@odata.bind": [f"{BASE}/directoryObjects/{caller['id']}"]}
    principal = session.expect(
        201,
        "POST",
        "/servicePrincipals",
        {"appId": app["appId"], "description": "TERRAFORM_UPDATE_2", **bound},
    )
    sp_path = f"/servicePrincipals/{principal['id']}"
    assert [item["id"] for item in session.expect(200, "GET", f"{sp_path}/owners")["value"]] == [caller["id"]]
    session.expect(204, "DELETE", f"{sp_path}/owners/{caller['id']}/$ref")
    session.expect(
        204,
        "PATCH",
        sp_path,
        {"description": None, "samlSingleSignOnSettings": {}, "notificationEmailAddresses": []},
    )
    session.expect(200, "GET", f"/beta{sp_path}?$select=samlMetadataUrl")
    assert [item["id"] for item in session.expect(200, "GET", sp_path)["appRoles"]] == [ROLE_ID]
    spa = session.expect(201, "POST", "/servicePrincipals", {"appId": client["appId"]})
    given = {"principalId": spa["id"], "resourceId": principal["id"], "appRoleId": ROLE_ID}
    made = session.expect(201, "POST", f"{sp_path}/appRoleAssignedTo", given)
    session.expect(200, "GET", f"{sp_path}/appRoleAssignedTo/{made['id']}")
    session.expect(204, "DELETE", f"{sp_path}/appRoleAssignedTo/{made['id']}")
    session.expect(204, "DELETE", sp_path)
    session.expect(404, "GET", sp_path)
    for each in (app, client):
        session.expect(204, "DELETE", f"/applications/{each['id']}")
