"""App management policies: the default one, those of an application's own, and who may write them."""

from collections.abc import Callable

import pytest

from tests.conformance.graph.app_management import DEFAULT, ON, restrict
from tests.conformance.graph_client import Graph, refused

fact = pytest.mark.fact
Make = Callable[..., Graph]
CUSTOM = "/policies/appManagementPolicies"
PAGE = "tenantAppManagementPolicy documentation"


@fact(
    "app management policies: the default one",
    source="tenantappmanagementpolicy-get documentation, CSDL",
    grade="D",
)
def test_default(admin: Graph, as_app: Make) -> None:
    """There is always one; v1.0 has less of it than beta; who may not read policies is refused."""
    first = admin.get(DEFAULT).json()
    assert (first["id"], first["isEnabled"]) == ("00000000-0000-0000-0000-000000000000", True)
    uris = first["applicationRestrictions"]["identifierUris"]["uriAdditionWithoutUniqueTenantIdentifier"]
    assert uris == {
        "excludeAppsReceivingV2Tokens": True,
        "excludeSaml": True,
        "isStateSetByMicrosoft": True,
        "state": "enabled",
    }
    assert "audiences" not in first["applicationRestrictions"]
    assert "audiences" in admin.get(f"/beta{DEFAULT}").json()["applicationRestrictions"]
    refused(as_app("Directory.Read.All").get(DEFAULT), 403, "Authorization_RequestDenied")
    refused(
        as_app("Policy.Read.All").patch(DEFAULT, {"isEnabled": False}), 403, "Authorization_RequestDenied"
    )
    multiple = {"applicationRestrictions": {"audiences": {"azureAdMultipleOrgs": ON}}}
    refused(admin.patch(DEFAULT, multiple), 400, "Request_BadRequest", "Unexpected contents")
    for wrong in (
        {"passwordCredentials": [{"restrictionType": "passwordLifetime", "maxLifetime": "a month"}]},
        {"passwordCredentials": [{"restrictionType": "passwordAddition"}] * 2},
        {"keyCredentials": [{"restrictionType": "passwordAddition"}]},
        {"keyCredentials": [{"restrictionType": "trustedCertificateAuthority"}]},
        {"keyCredentials": [{"certificateBasedApplicationConfigurationIds": []}]},
    ):
        refused(admin.patch(DEFAULT, {"applicationRestrictions": wrong}), 400, "Request_BadRequest")
        refused(admin.post(CUSTOM, {"displayName": "P", "restrictions": wrong}), 400, "Request_BadRequest")
    assert admin.get(DEFAULT).json() == first
    authority = {"keyCredentials": [{"restrictionType": "trustedCertificateAuthority"}]}
    assert admin.patch(f"/beta{DEFAULT}", {"applicationRestrictions": authority}).status_code == 204


@fact("app management policies: from which day on", source=PAGE, grade="D")
def test_created_after(admin: Graph) -> None:
    """A restriction holds for what was made at its moment or later."""
    path = f"/applications/{admin.application()['id']}/addPassword"
    for since, status in (("2026-01-01T00:00:01Z", 200), ("2026-01-01T00:00:00Z", 400)):
        entry = {"restrictionType": "passwordAddition", "restrictForAppsCreatedAfterDateTime": since, **ON}
        restrict(admin, passwordCredentials=[entry])
        assert admin.post(path).status_code == status, since
    restrict(admin, passwordCredentials=[{"restrictionType": "passwordAddition", "state": "disabled"}])
    assert admin.post(path).status_code == 200


@fact(
    "app management policies: one of an application's own",
    source=f"{PAGE}, appmanagementpolicy-post-appliesto documentation",
    grade="D",
)
def test_custom(admin: Graph) -> None:
    """It holds instead of the default; only one can be assigned; removed or switched off, the default
    holds again.
    """
    app = admin.application()
    path, other = f"/applications/{app['id']}", f"/applications/{admin.application()['id']}"
    restrict(admin, passwordCredentials=[{"restrictionType": "passwordAddition", **ON}])
    kinds = [{"restrictionType": "passwordAddition", "state": "disabled"}]
    body = {
        "displayName": "May have secrets",
        "isEnabled": True,
        "restrictions": {"passwordCredentials": kinds},
    }
    made = admin.post(CUSTOM, body)
    assert made.status_code == 201
    policy = made.json()
    assert [each["displayName"] for each in admin.get(CUSTOM).json()["value"]] == ["May have secrets"]
    reference = {"@odata.id": f"https://graph.microsoft.com/v1.0{CUSTOM}/{policy['id']}"}
    assert admin.post(f"{path}/appManagementPolicies/$ref", reference).status_code == 204
    refused(
        admin.post(f"{path}/appManagementPolicies/$ref", reference),
        400,
        "Request_BadRequest",
        "conflicting object",
    )
    applied = admin.get(f"{CUSTOM}/{policy['id']}/appliesTo?$select=id,appId").json()["value"]
    assert [(each["@odata.type"], each["id"], each["appId"]) for each in applied] == [
        ("#microsoft.graph.application", app["id"], app["appId"])
    ]
    assert [each["id"] for each in admin.get(f"{path}/appManagementPolicies").json()["value"]] == [
        policy["id"]
    ]
    assert (
        admin.post(f"{path}/addPassword").status_code,
        admin.post(f"{other}/addPassword").status_code,
    ) == (200, 400)
    assert admin.patch(f"{CUSTOM}/{policy['id']}", {"isEnabled": False}).status_code == 204
    assert admin.post(f"{path}/addPassword").status_code == 400
    assert admin.patch(f"{CUSTOM}/{policy['id']}", {"isEnabled": True}).status_code == 204
    assert admin.delete(f"{path}/appManagementPolicies/{policy['id']}/$ref").status_code == 204
    refused(
        admin.delete(f"{path}/appManagementPolicies/{policy['id']}/$ref"),
        400,
        "Request_BadRequest",
        "removed object",
    )
    assert admin.post(f"{path}/addPassword").status_code == 400
    second = admin.post(CUSTOM, {"displayName": "Off"}).json()
    assert (second["isEnabled"], second["restrictions"]) == (False, {})
    link = {"@odata.id": f"https://graph.microsoft.com/v1.0{CUSTOM}/{second['id']}"}
    assert admin.post(f"{path}/appManagementPolicies/$ref", link).status_code == 204
    refused(admin.post(f"{path}/appManagementPolicies/$ref", reference), 400, "Request_BadRequest")
    for each in (policy, second):
        assert admin.delete(f"{CUSTOM}/{each['id']}").status_code == 204
        refused(admin.get(f"{CUSTOM}/{each['id']}"), 404, "Request_ResourceNotFound")
    assert admin.get(f"{path}/appManagementPolicies").json()["value"] == []
    refused(admin.post(f"{path}/appManagementPolicies/$ref", link), 404, "Request_ResourceNotFound")


@fact(
    "app management policies: their own properties",
    source="appManagementPolicy documentation",
    grade="D",
    verdict="uncertain",
)
def test_properties(admin: Graph) -> None:
    """A policy has a name, and its id and its deletion are Graph's."""
    path = f"{CUSTOM}/{admin.post(CUSTOM, {'displayName': 'P'}).json()['id']}"
    refused(
        admin.post(CUSTOM, {}), 400, "Request_BadRequest", "A value is required for property 'displayName'"
    )
    refused(admin.post(CUSTOM, {"displayName": "P", "id": "x"}), 400, "Request_BadRequest", "read-only")
    refused(admin.patch(path, {"displayName": ""}), 400, "Request_BadRequest", "'displayName'")
    refused(admin.patch(path, {"deletedDateTime": "2026-01-01T00:00:00Z"}), 400, "Request_BadRequest")
    assert admin.patch(path, {"displayName": "Q"}).status_code == 204


@fact(
    "app management policies: who may",
    source="PERM, configure-app-management-policies documentation",
    grade="D",
)
def test_who_may(admin: Graph, as_app: Make, as_user: Make) -> None:
    """Writing takes its own permission, of a person a security administrator besides; assigning takes
    reading applications.
    """
    body = {"displayName": "x", "isEnabled": True, "restrictions": {}}
    refused(as_app("Policy.Read.All").post(CUSTOM, body), 403, "Authorization_RequestDenied")
    alice = as_user("alice@contoso.com", "Policy.ReadWrite.ApplicationConfiguration")
    refused(alice.post(CUSTOM, body), 403, "Authorization_RequestDenied")
    grace = as_user("grace@contoso.com", "Policy.ReadWrite.ApplicationConfiguration")
    policy = grace.post(CUSTOM, body).json()
    path = f"/applications/{admin.application()['id']}/appManagementPolicies/$ref"
    reference = {"@odata.id": f"https://graph.microsoft.com/v1.0{CUSTOM}/{policy['id']}"}
    writer = as_app("Policy.ReadWrite.ApplicationConfiguration")
    refused(writer.post(path, reference), 403, "Authorization_RequestDenied")
    assert admin.post(path, reference).status_code == 204
