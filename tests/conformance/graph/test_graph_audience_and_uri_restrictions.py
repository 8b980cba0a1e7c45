"""What app management policies refuse of audiences and identifier URIs."""

import pytest

from tests.conformance.graph.app_management import DEFAULT, ON, restrict
from tests.conformance.graph_client import Graph, refused

fact = pytest.mark.fact


@fact(
    "app management policies: accounts of other tenants",
    source="audiencesConfiguration documentation",
    grade="R",
)
def test_audiences(admin: Graph) -> None:
    """An application for other tenants' accounts is neither made nor made of another; what is one already
    stays writable.
    """
    multiple = {"signInAudience": "AzureADMultipleOrgs"}
    before = admin.application(**multiple)
    restrict(admin, audiences={"azureAdMultipleOrgs": ON})
    code, reported = (
        "SignInAudienceNotAllowedAsPerAppPolicy",
        "SignInAudience value 'AzureADMultipleOrgs' not allowed as per",
    )
    refused(admin.post("/applications", {"displayName": "x", **multiple}), 400, code, reported)
    single = admin.application()
    refused(admin.patch(f"/applications/{single['id']}", multiple), 400, code, reported)
    assert admin.patch(f"/applications/{before['id']}", {"notes": "n", **multiple}).status_code == 204
    assert (
        admin.post(
            "/applications", {"displayName": "x", "signInAudience": "PersonalMicrosoftAccount"}
        ).status_code
        == 201
    )
    restrict(admin, audiences={"personalMicrosoftAccount": ON})
    both = {"displayName": "x", "signInAudience": "AzureADandPersonalMicrosoftAccount"}
    refused(admin.post("/applications", both), 400, code)


@fact(
    "app management policies: identifier URIs that are not the default ones",
    source="identifier-uri-restrictions documentation; code and text are those of the other restriction",
    grade="D",
    verdict="uncertain",
)
def test_non_default_uris(admin: Graph) -> None:
    """Not even a verified domain helps; what asks for version 2 tokens is exempt where the policy says so."""
    app = admin.application()
    path = f"/applications/{app['id']}"
    restrict(admin, identifierUris={"nonDefaultUriAddition": {"excludeAppsReceivingV2Tokens": True, **ON}})
    own = {"identifierUris": ["https://contoso.com/api"]}
    refused(admin.patch(path, own), 400, "InvalidUniqueTenantIdentifierAsPerAppPolicy")
    tenant = admin.get("/organization").json()["value"][0]["id"]
    defaults = [f"api://{app['appId']}", f"api://{tenant}/{app['appId']}"]
    assert admin.patch(path, {"identifierUris": defaults}).status_code == 204
    body = {**own, "api": {"requestedAccessTokenVersion": 2}}
    assert admin.patch(path, body).status_code == 204
    again = {"identifierUris": {"nonDefaultUriAddition": {"excludeAppsReceivingV2Tokens": False}}}
    restrict(admin, **again)
    refused(
        admin.patch(path, {"identifierUris": ["https://contoso.com/other"]}),
        400,
        "InvalidUniqueTenantIdentifierAsPerAppPolicy",
    )


@fact(
    "app management policies: Microsoft's restriction is the tenant's to lift",
    source="identifier-uri-restrictions documentation",
    grade="D",
)
def test_unique_identifier(admin: Graph) -> None:
    """Switched off by PATCH, a bare name is an identifier URI; SAML applications are exempt where it is
    on.
    """
    path = f"/applications/{admin.application()['id']}"
    body = {"identifierUris": ["api://just-a-name"]}
    refused(admin.patch(path, body), 400, "InvalidUniqueTenantIdentifierAsPerAppPolicy")
    off = {
        "applicationRestrictions": {
            "identifierUris": {"uriAdditionWithoutUniqueTenantIdentifier": {"state": "disabled"}}
        }
    }
    assert admin.patch(DEFAULT, off).status_code == 204
    now = admin.get(DEFAULT).json()["applicationRestrictions"]["identifierUris"][
        "uriAdditionWithoutUniqueTenantIdentifier"
    ]
    assert (now["state"], now["isStateSetByMicrosoft"]) == ("disabled", False)
    assert admin.patch(path, body).status_code == 204
    assert admin.patch(DEFAULT, {"isEnabled": False}).status_code == 204
    off["applicationRestrictions"]["identifierUris"]["uriAdditionWithoutUniqueTenantIdentifier"]["state"] = (
        "enabled"
    )
    assert admin.patch(DEFAULT, off).status_code == 204
    assert admin.patch(path, {"identifierUris": ["api://another-name"]}).status_code == 204
    assert admin.patch(DEFAULT, {"isEnabled": True}).status_code == 204
    saml = admin.application()
    admin.principal(saml, preferredSingleSignOnMode="saml")
    assert (
        admin.patch(f"/applications/{saml['id']}", {"identifierUris": ["some-entity:id"]}).status_code == 204
    )
