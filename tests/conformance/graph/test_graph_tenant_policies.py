"""What a tenant lets its people do, who has a second factor, what was used, what Microsoft recommends:
read by whoever may.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from entra_emulator.seed import CONTOSO
from tests.conformance.conftest import Where
from tests.conformance.graph.steering import choose
from tests.conformance.graph_client import Graph, refused

fact = pytest.mark.fact
Make = Callable[..., Graph]
DETAILS = "/reports/authenticationMethods/userRegistrationDetails"


@fact(
    "the authorization policy says who may register and consent",
    source="authorizationpolicy-get documentation",
    grade="D",
)
def test_authorization_policy(emulated: Graph, as_app: Make) -> None:
    """The switches are those by which Graph and sign-in decide; where nobody may consent, no policy is
    assigned.
    """
    reader = as_app("Policy.Read.All")
    body = reader.get("/policies/authorizationPolicy").json()
    may = body["defaultUserRolePermissions"]
    assert body["id"] == "authorizationPolicy"
    assert body["@odata.context"].endswith("/v1.0/$metadata#policies/authorizationPolicy/$entity")
    assert may == {
        "allowedToCreateApps": True,
        "allowedToCreateSecurityGroups": True,
        "allowedToCreateTenants": True,
        "allowedToReadBitlockerKeysForOwnedDevice": True,
        "allowedToReadOtherUsers": True,
        "permissionGrantPoliciesAssigned": ["ManagePermissionGrantsForSelf.microsoft-user-default-legacy"],
    }
    assert {name: body[name] for name in body if name.startswith(("allow", "block"))} == {
        "allowInvitesFrom": "everyone",
        "allowedToSignUpEmailBasedSubscriptions": True,
        "allowedToUseSSPR": True,
        "allowEmailVerifiedUsersToJoinOrganization": False,
        "allowUserConsentForRiskyApps": None,
        "blockMsolPowerShell": False,
    }
    choose(emulated, usersMayRegister=False, userConsentPolicies=["microsoft-user-default-low"])
    may = reader.get("/policies/authorizationPolicy").json()["defaultUserRolePermissions"]
    assert may["allowedToCreateApps"] is False
    assert may["permissionGrantPoliciesAssigned"] == [
        "ManagePermissionGrantsForSelf.microsoft-user-default-low"
    ]
    choose(emulated, usersMayConsent=False)
    may = reader.get("/policies/authorizationPolicy").json()["defaultUserRolePermissions"]
    assert may["permissionGrantPoliciesAssigned"] == []


@fact(
    "whether people may ask for an administrator's consent",
    source="adminconsentrequestpolicy-get documentation",
    grade="D",
)
def test_consent_requests(emulated: Graph, as_app: Make) -> None:
    """The policy is off in a new tenant, and has no id."""
    reader = as_app("Policy.Read.All")
    for enabled in (False, True):
        body = reader.get("/policies/adminConsentRequestPolicy").json()
        context = body.pop("@odata.context")
        assert context.endswith("/v1.0/$metadata#policies/adminConsentRequestPolicy/$entity")
        assert body == {
            "isEnabled": enabled,
            "version": 0,
            "notifyReviewers": enabled,
            "remindersEnabled": enabled,
            "requestDurationInDays": 30 if enabled else 0,
            "reviewers": [],
        }
        choose(emulated, usersMayAskForConsent=True)


@fact("who registered a second factor", source="userregistrationdetails documentation", grade="D")
def test_registration_details(emulated: Graph, as_app: Make) -> None:
    """Of everybody, and of one person by object id; an attacker's id is 404."""
    choose(emulated, usersWithoutMfa=["bob@contoso.com"])
    reader = as_app("AuditLog.Read.All")
    rows = {each["userPrincipalName"]: each for each in reader.get(DETAILS).json()["value"]}
    assert [rows[name]["isMfaRegistered"] for name in ("alice@contoso.com", "bob@contoso.com")] == [
        True,
        False,
    ]
    bob = reader.get(f"{DETAILS}/{rows['bob@contoso.com']['id']}").json()
    assert (bob["isMfaRegistered"], bob["methodsRegistered"]) == (False, [])
    refused(reader.get(f"{DETAILS}/11111111-2222-4333-8444-555555555555"), 404, "Request_ResourceNotFound")


@fact("what these policies and reports need", source="PERM", grade="D")
@pytest.mark.parametrize(
    "path", ["/policies/authorizationPolicy", "/policies/adminConsentRequestPolicy", DETAILS]
)
def test_permissions(as_app: Make, path: str) -> None:
    """Reading the directory is not enough."""
    refused(as_app("Directory.Read.All").get(path), 403, "Authorization_RequestDenied")


@fact(
    "when applications were last used",
    source="serviceprincipalsigninactivity documentation",
    grade="D",
    verdict="differs: since the emulator began, and at once; Graph is up to a day behind",
)
def test_sign_in_activities(as_app: Make, where: Where) -> None:
    """The latest of all kinds is the last; only the beta endpoint has the report."""
    reader = as_app("AuditLog.Read.All")
    path = "/reports/servicePrincipalSignInActivities"
    refused(
        reader.get(path),
        400,
        "BadRequest",
        "Resource not found for the segment 'servicePrincipalSignInActivities'.",
    )
    assert reader.get(f"/beta{path}").json()["value"] == []
    assert where.embedded is not None
    tenant = where.embedded.directory.tenants[CONTOSO]
    times = {
        "delegatedClientSignInActivity": "2026-11-01T00:00:00Z",
        "delegatedResourceSignInActivity": "2026-10-01T00:00:00Z",
    }
    tenant.activity = {"app": times}
    (row,) = reader.get(f"/beta{path}").json()["value"]
    assert (row["appId"], row["lastSignInActivity"]["lastSignInDateTime"]) == ("app", "2026-11-01T00:00:00Z")
    assert row["delegatedResourceSignInActivity"]["lastSignInDateTime"] == "2026-10-01T00:00:00Z"
    assert row["applicationAuthenticationClientSignInActivity"]["lastSignInDateTime"] is None


@fact(
    "when single keys were last used",
    source="appcredentialsigninactivity documentation",
    grade="D",
    verdict=(
        "differs: secrets since the emulator began, and at once; Graph is up to a day behind, and has "
        "certificates"
    ),
)
def test_key_activities(as_app: Make, emulated: Graph, where: Where) -> None:
    """Of what was used and is still there; only the beta endpoint has the report."""
    reader = as_app("AuditLog.Read.All")
    path = "/reports/appCredentialSignInActivities"
    refused(
        reader.get(path),
        400,
        "BadRequest",
        "Resource not found for the segment 'appCredentialSignInActivities'.",
    )
    app = emulated.application()
    made = emulated.post(
        f"/applications/{app['id']}/addPassword", {"passwordCredential": {"displayName": "k"}}
    ).json()
    assert reader.get(f"/beta{path}").json()["value"] == []
    assert where.embedded is not None
    where.embedded.directory.tenants[CONTOSO].key_uses = {
        made["keyId"]: "2026-11-01T00:00:00Z",
        "gone": "2026-11-01T00:00:00Z",
    }
    (row,) = reader.get(f"/beta{path}").json()["value"]
    assert (row["keyId"], row["appId"], row["keyType"]) == (made["keyId"], app["appId"], "clientSecret")
    assert row["credentialOrigin"] == "application"
    assert row["signInActivity"]["lastSignInDateTime"] == "2026-11-01T00:00:00Z"
    principal = f"/servicePrincipals/{emulated.principal(app)['id']}"
    of_principal = emulated.post(f"{principal}/addPassword", {"passwordCredential": {}}).json()
    where.embedded.directory.tenants[CONTOSO].key_uses = {of_principal["keyId"]: "2026-11-02T00:00:00Z"}
    (row,) = reader.get(f"/beta{path}").json()["value"]
    assert (row["keyId"], row["credentialOrigin"]) == (of_principal["keyId"], "servicePrincipal")


@fact(
    "credentials that end soon are recommended to be renewed",
    source="recommendation resource documentation",
    grade="D",
)
def test_recommendations(emulated: Graph, as_app: Make) -> None:
    """One recommendation with each such application; without one there is none."""
    reader = as_app("DirectoryRecommendations.Read.All")
    path = "/beta/directory/recommendations"
    before = reader.get(path).json()["value"]
    app = emulated.application()
    soon = (datetime.fromisoformat(app["createdDateTime"]) + timedelta(days=20)).strftime(
        "%Y-%m-%dT%H:%M:%SZ"
    )
    assert emulated.post(
        f"/applications/{app['id']}/addPassword", {"passwordCredential": {"endDateTime": soon}}
    ).is_success
    (made,) = reader.get(path).json()["value"]
    assert (before, made["recommendationType"], made["status"]) == (
        [],
        "applicationCredentialExpiry",
        "active",
    )
    impacted = reader.get(f"{path}/{made['id']}/impactedResources").json()["value"]
    assert [each["subjectId"] for each in impacted] == [app["appId"]]
    refused(reader.get(f"{path}/nothing/impactedResources"), 404, "Request_ResourceNotFound")
    refused(reader.get("/directory/recommendations"), 400, "BadRequest")
