"""The authorization policy: who registers applications, what people consent to, and what is only shown."""

from collections.abc import Callable

import pytest

from tests.conformance.graph_client import Graph, refused

fact = pytest.mark.fact
Make = Callable[..., Graph]


@fact(
    "the authorization policy",
    source="authorizationpolicy-get, authorizationpolicy-update documentation",
    grade="D",
)
def test_authorization_policy(admin: Graph, as_app: Make, as_user: Make) -> None:
    """It shows who registers applications and what people consent to, and changes both."""
    reader = as_app("Policy.Read.All")
    user = reader.get("/policies/authorizationPolicy").json()["defaultUserRolePermissions"]
    assert user["allowedToCreateApps"] is True
    assert user["permissionGrantPoliciesAssigned"] == [
        "ManagePermissionGrantsForSelf.microsoft-user-default-legacy"
    ]
    body = {
        "defaultUserRolePermissions": {"allowedToCreateApps": False, "permissionGrantPoliciesAssigned": []}
    }
    refused(reader.patch("/policies/authorizationPolicy", body), 403, "Authorization_RequestDenied")
    assert admin.patch("/policies/authorizationPolicy", body).status_code == 204
    user = reader.get("/policies/authorizationPolicy").json()["defaultUserRolePermissions"]
    assert (user["allowedToCreateApps"], user["permissionGrantPoliciesAssigned"]) == (False, [])
    bob = as_user("bob@contoso.com", "Application.ReadWrite.All")
    refused(bob.post("/applications", {"displayName": "x"}), 403, "Authorization_RequestDenied")
    low = ["ManagePermissionGrantsForSelf.microsoft-user-default-low"]
    again = {
        "defaultUserRolePermissions": {"allowedToCreateApps": True, "permissionGrantPoliciesAssigned": low}
    }
    assert admin.patch("/policies/authorizationPolicy", again).status_code == 204
    assert bob.post("/applications", {"displayName": "x"}).status_code == 201
    assert (
        reader.get("/policies/authorizationPolicy").json()["defaultUserRolePermissions"][
            "permissionGrantPoliciesAssigned"
        ]
        == low
    )


@fact(
    "the authorization policy's other settings",
    source="authorizationPolicy documentation",
    grade="D",
    verdict="differs: shown with Microsoft's defaults, and nothing acts by them, so they are refused",
)
def test_other_settings(admin: Graph, as_app: Make) -> None:
    """What nothing here acts by is not taken as if it did; with it nothing else is."""
    path, may = "/policies/authorizationPolicy", "defaultUserRolePermissions"
    reader = as_app("Policy.Read.All")
    shown = reader.get(path).json()
    for body, text in (
        ({"allowInvitesFrom": "none"}, "'allowInvitesFrom' is read-only"),
        ({may: {"allowedToReadOtherUsers": False}}, "'allowedToReadOtherUsers' is read-only"),
        ({may: {"allowedToCreateApps": False, "allowedToCreateTenants": False}}, "'allowedToCreateTenants'"),
        ({may: {"permissionGrantPoliciesAssigned": ["ManagePermissionGrantsForSelf.no name"]}}, "values"),
    ):
        refused(admin.patch(path, body), 400, "Request_BadRequest", text)
    for same in (
        {may: None},
        {"allowInvitesFrom": "everyone", "displayName": None},
        {may: {"allowedToReadOtherUsers": True}},
    ):
        assert admin.patch(path, same).status_code == 204
    assert reader.get(path).json() == shown
    own = ["ManagePermissionGrantsForSelf.own"]
    assigned = [*own, "ManagePermissionGrantsForOwnedResource.x"]
    assert admin.patch(path, {may: {"permissionGrantPoliciesAssigned": assigned}}).status_code == 204
    assert reader.get(path).json()[may]["permissionGrantPoliciesAssigned"] == own
