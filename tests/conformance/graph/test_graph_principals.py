"""Service principals: their shape, names and defaults, and what they have of their application."""

import re
import uuid
from collections.abc import Callable

import pytest

from tests.conformance.graph_client import Graph, refused, resource, role

fact = pytest.mark.fact
GRAPH = "00000003-0000-0000-c000-000000000000"
ORDER = [
    "id",
    "deletedDateTime",
    "accountEnabled",
    "alternativeNames",
    "appDisplayName",
    "appDescription",
    "appId",
    "applicationTemplateId",
    "appOwnerOrganizationId",
    "appRoleAssignmentRequired",
    "createdByAppId",
    "createdDateTime",
    "description",
    "disabledByMicrosoftStatus",
    "displayName",
    "homepage",
    "isDisabled",
    "loginUrl",
    "logoutUrl",
    "notes",
    "notificationEmailAddresses",
    "preferredSingleSignOnMode",
    "preferredTokenSigningKeyThumbprint",
    "replyUrls",
    "servicePrincipalNames",
    "servicePrincipalType",
    "signInAudience",
    "tags",
    "tokenEncryptionKeyId",
    "samlSingleSignOnSettings",
    "addIns",
    "appRoles",
    "info",
    "keyCredentials",
    "oauth2PermissionScopes",
    "passwordCredentials",
    "resourceSpecificApplicationPermissions",
    "verifiedPublisher",
]
_EMPTY = {
    "addIns",
    "alternativeNames",
    "keyCredentials",
    "notificationEmailAddresses",
    "oauth2PermissionScopes",
    "passwordCredentials",
    "replyUrls",
    "resourceSpecificApplicationPermissions",
}
_NULL = {
    "appDescription",
    "applicationTemplateId",
    "createdDateTime",
    "deletedDateTime",
    "description",
    "disabledByMicrosoftStatus",
    "homepage",
    "isDisabled",
    "loginUrl",
    "logoutUrl",
    "notes",
    "preferredSingleSignOnMode",
    "preferredTokenSigningKeyThumbprint",
    "samlSingleSignOnSettings",
    "tokenEncryptionKeyId",
}


@fact(
    "createdDateTime is null in the answer of the create",
    source="recorded answers",
    grade="R",
    seen="2026-06",
)
def test_created_later(graph: Graph) -> None:
    """The next read has it, in whole seconds."""
    principal = graph.principal(graph.application())
    assert principal["createdDateTime"] is None
    read = graph.get(f"/servicePrincipals/{principal['id']}").json()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", read["createdDateTime"])


@fact("shape, order and defaults of a new service principal", source="AZ-SMR", grade="R")
def test_shape(graph: Graph) -> None:
    """A new service principal has every default property, and mirrors its application."""
    app = graph.application(tags=["one"], appRoles=[role("Reader")])
    principal = graph.principal(app)
    assert [name for name in principal if name[0] != "@"] == ORDER
    assert principal["displayName"] == principal["appDisplayName"] == app["displayName"]
    assert principal["tags"] == ["one"]
    assert principal["appRoles"] == app["appRoles"]
    assert principal["id"] != app["id"]
    assert {name for name, value in principal.items() if value == []} == _EMPTY
    assert {name for name, value in principal.items() if value is None} == _NULL
    assert (principal["accountEnabled"], principal["appRoleAssignmentRequired"]) == (True, False)
    assert (principal["servicePrincipalType"], principal["signInAudience"]) == (
        "Application",
        app["signInAudience"],
    )
    assert principal["servicePrincipalNames"] == [app["appId"]]
    assert set(principal["info"].values()) == set(principal["verifiedPublisher"].values()) == {None}


@fact("names follow the application", source="AZ-SP", grade="R")
def test_names(graph: Graph) -> None:
    """The appId and the identifier URIs are its names, and find it."""
    app = graph.application()
    uri = f"api://{app['appId']}"
    graph.patch(f"/applications/{app['id']}", {"identifierUris": [uri]})
    principal = graph.principal(app)
    assert sorted(principal["servicePrincipalNames"]) == sorted([app["appId"], uri])
    for name in (app["appId"], uri):
        found = graph.get(f"/servicePrincipals?$filter=servicePrincipalNames/any(c:c eq '{name}')").json()[
            "value"
        ]
        assert [item["id"] for item in found] == [principal["id"]]


@fact("Microsoft Graph's own service principal", source="AZ-GRANT", grade="R")
def test_graph_principal(reader: Graph) -> None:
    """Microsoft Graph is in the tenant with its published permissions; its creation time is null."""
    found = reader.get(f"/servicePrincipals(appId='{GRAPH}')").json()
    assert found["appOwnerOrganizationId"] == "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
    assert found["createdDateTime"] is None
    assert len(found["appRoles"]) > 400
    ids = {item["value"]: item["id"] for item in found["appRoles"]}
    assert ids["Application.ReadWrite.All"] == "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9"


@fact("second service principal is 409", source="", grade="S", verdict="uncertain")
def test_duplicate(graph: Graph) -> None:
    """One service principal per application."""
    app = graph.application()
    graph.principal(app)
    text = "The service principal cannot be created, updated, or restored because the service principal name"
    response = graph.post("/servicePrincipals", {"appId": app["appId"]})
    error = refused(response, 409, "Request_MultipleObjectsWithSameKeyValue", text)
    assert error["details"][0]["code"] == "ObjectConflict"


@fact("unknown appId", source="TF, azure-cli", grade="C")
def test_no_application(graph: Graph, elsewhere: Callable[..., Graph]) -> None:
    """A service principal needs an application: one of this tenant, or one of another that is for several."""
    stranger = elsewhere("Application.ReadWrite.All")
    for app_id in (str(uuid.uuid4()), stranger.application(signInAudience="AzureADMyOrg")["appId"]):
        text = f"The appId '{app_id}' of the service principal does not reference a valid application object."
        error = refused(graph.post("/servicePrincipals", {"appId": app_id}), 400, "Request_BadRequest", text)
        assert error["details"][0]["code"] == "NoBackingApplicationObject"
    app = stranger.application(signInAudience="AzureADMultipleOrgs")
    principal = graph.principal(app)
    assert (principal["appId"], principal["displayName"]) == (app["appId"], app["displayName"])
    home = stranger.principal(app)["appOwnerOrganizationId"]
    assert principal["appOwnerOrganizationId"] == home
    assert graph.principal(graph.application())["appOwnerOrganizationId"] != home


@fact("what a PATCH may write", source="BICEP", grade="D")
def test_writable(graph: Graph) -> None:
    """The service principal's own properties can be written; empty objects and nulls are tolerated."""
    principal = resource(graph)
    body = {
        "accountEnabled": False,
        "appRoleAssignmentRequired": True,
        "description": "d",
        "notes": "n",
        "loginUrl": "https://x.example",
        "notificationEmailAddresses": ["a@contoso.com"],
        "preferredSingleSignOnMode": None,
        "samlSingleSignOnSettings": {},
    }
    assert graph.patch(f"/servicePrincipals/{principal['id']}", body).status_code == 204
    read = graph.get(f"/servicePrincipals/{principal['id']}").json()
    assert (read["accountEnabled"], read["appRoleAssignmentRequired"], read["notes"]) == (False, True, "n")


@fact(
    "changes of the application reach the service principal",
    source="reply-url documentation",
    grade="D",
)
def test_mirror(graph: Graph) -> None:
    """Display name, roles and redirect URIs follow."""
    app = graph.application()
    principal = graph.principal(app)
    body = {
        "displayName": "renamed",
        "appRoles": [role("New")],
        "web": {"redirectUris": ["https://new.example/"]},
    }
    graph.patch(f"/applications/{app['id']}", body)
    read = graph.get(f"/servicePrincipals/{principal['id']}").json()
    assert (read["displayName"], read["appRoles"][0]["value"], read["replyUrls"]) == (
        "renamed",
        "New",
        ["https://new.example/"],
    )


@fact("owners of a new service principal", source="AZ-SPOWN", grade="R")
def test_no_owner(graph: Graph) -> None:
    """A new service principal has no owner."""
    assert graph.get(f"/servicePrincipals/{resource(graph)['id']}/owners").json()["value"] == []


@fact(
    "how a service principal signs in",
    source="servicePrincipal documentation; the words were not seen",
    grade="D",
    verdict="uncertain",
)
def test_sign_on_modes(graph: Graph) -> None:
    """Four modes, or none."""
    path = f"/servicePrincipals/{graph.principal(graph.application())['id']}"
    refused(
        graph.patch(path, {"preferredSingleSignOnMode": "magic"}),
        400,
        "Request_BadRequest",
        "preferredSingleSignOnMode",
    )
    for mode in ("password", "saml", "notSupported", "oidc", None):
        assert graph.patch(path, {"preferredSingleSignOnMode": mode}).status_code == 204
