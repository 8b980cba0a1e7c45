"""What a tenant lets its people do, and which of them have a second factor: read by whoever may."""

from collections.abc import Callable

import pytest

from tests.conformance.graph.test_graph_choices import choose
from tests.conformance.graph_client import Graph, refused

fact = pytest.mark.fact
Make = Callable[..., Graph]
DETAILS = "/reports/authenticationMethods/userRegistrationDetails"


@fact("the authorization policy says who may register and consent", source="authorizationpolicy-get documentation", grade="D")
def test_authorization_policy(emulated: Graph, as_app: Make) -> None:
    """The switches are those by which Graph and sign-in decide; where nobody may consent, no policy is assigned."""
    reader = as_app("Policy.Read.All")
    body = reader.get("/policies/authorizationPolicy").json()
    may = body["defaultUserRolePermissions"]
    assert (body["id"], may["allowedToCreateApps"]) == ("authorizationPolicy", True)
    assert may["permissionGrantPoliciesAssigned"] == ["ManagePermissionGrantsForSelf.microsoft-user-default-legacy"]
    choose(emulated, usersMayRegister=False, userConsentPolicies=["microsoft-user-default-low"])
    may = reader.get("/policies/authorizationPolicy").json()["defaultUserRolePermissions"]
    assert may["allowedToCreateApps"] is False
    assert may["permissionGrantPoliciesAssigned"] == ["ManagePermissionGrantsForSelf.microsoft-user-default-low"]
    choose(emulated, usersMayConsent=False)
    may = reader.get("/policies/authorizationPolicy").json()["defaultUserRolePermissions"]
    assert may["permissionGrantPoliciesAssigned"] == []


@fact("whether people may ask for an administrator's consent", source="adminconsentrequestpolicy-get documentation", grade="D")
def test_consent_requests(emulated: Graph, as_app: Make) -> None:
    """The policy is off in a new tenant, and has no id."""
    reader = as_app("Policy.Read.All")
    body = reader.get("/policies/adminConsentRequestPolicy").json()
    assert (body["isEnabled"], "id" in body) == (False, False)
    choose(emulated, usersMayAskForConsent=True)
    assert reader.get("/policies/adminConsentRequestPolicy").json()["isEnabled"] is True


@fact("who registered a second factor", source="userregistrationdetails documentation", grade="D")
def test_registration_details(emulated: Graph, as_app: Make) -> None:
    """Of everybody, and of one person by object id; a stranger's id is 404."""
    choose(emulated, usersWithoutMfa=["bob@contoso.com"])
    reader = as_app("AuditLog.Read.All")
    rows = {each["userPrincipalName"]: each for each in reader.get(DETAILS).json()["value"]}
    assert [rows[name]["isMfaRegistered"] for name in ("alice@contoso.com", "bob@contoso.com")] == [True, False]
    bob = reader.get(f"{DETAILS}/{rows['bob@contoso.com']['id']}").json()
    assert (bob["isMfaRegistered"], bob["methodsRegistered"]) == (False, [])
    refused(reader.get(f"{DETAILS}/11111111-2222-4333-8444-555555555555"), 404, "Request_ResourceNotFound")


@fact("what these policies and reports need", source="permissions tables of their pages", grade="D")
@pytest.mark.parametrize("path", ["/policies/authorizationPolicy", "/policies/adminConsentRequestPolicy", DETAILS])
def test_permissions(as_app: Make, path: str) -> None:
    """Reading the directory is not enough."""
    refused(as_app("Directory.Read.All").get(path), 403, "Authorization_RequestDenied")
