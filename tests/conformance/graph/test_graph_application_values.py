"""Values of an application: which are refused, and by which name."""

from typing import Any

import pytest

from tests.conformance.graph_client import Graph, refused

fact = pytest.mark.fact
PERSONAL = {
    "signInAudience": "AzureADandPersonalMicrosoftAccount",
    "api": {"requestedAccessTokenVersion": 2},
}


@fact("unknown properties", source="PnP-Sites-Core#1807, microsoft-graph-docs#16069", grade="R")
@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"oauth2PermissionScopes": []}, "Invalid property 'oauth2PermissionScopes'."),
        ({"web": {"home_page_url": None}}, "Unexpected contents in request body."),
        (
            {"api": {"preAuthorizedApplications": [{"permissionIds": []}]}},
            "Unexpected contents in request body.",
        ),
    ],
)
def test_unknown_properties(graph: Graph, body: dict[str, object], text: str) -> None:
    """What is not in the schema is refused: by name at the top, without one inside."""
    app = graph.application()
    refused(graph.patch(f"/applications/{app['id']}", body), 400, "Request_BadRequest", text)


@fact("malformed GUIDs and wrong types", source="microsoft-graph-docs#11760", grade="R")
@pytest.mark.parametrize(
    "body",
    [
        {"api": {"knownClientApplications": ["nonsense"]}},
        {"tags": "one"},
        {"isFallbackPublicClient": "yes"},
        {"web": []},
        {"displayName": 1},
    ],
)
def test_wrong_types(graph: Graph, body: dict[str, object]) -> None:
    """A value of another type is refused with the type's name."""
    app = graph.application()
    text = "Cannot convert a primitive value to the expected type"
    refused(graph.patch(f"/applications/{app['id']}", body), 400, "Request_BadRequest", text)


@fact(
    "invalid values name the outer property",
    source="TEAMSFX, msgraph-sdk-powershell#3149",
    grade="R",
)
@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"displayName": ""}, "displayName"),
        ({"displayName": "x" * 257}, "displayName"),
        ({"description": "x" * 1025}, "description"),
        ({"web": {"homePageUrl": ""}}, "web"),
        ({"web": {"logoutUrl": "http://x.example"}}, "web"),
        ({"web": {"redirectUris": ["http://plain.example/"]}}, "web"),
        ({"spa": {"redirectUris": ["urn:ietf:wg:oauth:2.0:oob"]}}, "spa"),
        ({"web": {"redirectUris": ["https://x.example/#fragment"]}}, "web"),
        ({"publicClient": {"redirectUris": ["x" * 257 + "://y"]}}, "publicClient"),
        ({"publicClient": {"redirectUris": ["localhost/callback"]}}, "publicClient"),
        ({"publicClient": {"redirectUris": ["//localhost/callback"]}}, "publicClient"),
        ({"web": {"redirectUris": ["app.example/callback"]}}, "web"),
        (
            {**PERSONAL, "web": {"redirectUris": ["https://app.example/?x=1"]}},
            "web",
        ),
        (
            {**PERSONAL, "web": {"redirectUris": ["https://*.app.example/"]}},
            "web",
        ),
        ({"signInAudience": "Nobody"}, "signInAudience"),
        ({"groupMembershipClaims": "Everything"}, "groupMembershipClaims"),
        ({"tags": ["with space"]}, "tags"),
        (
            {"requiredResourceAccess": [{"resourceAppId": "x", "resourceAccess": []}]},
            "requiredResourceAccess",
        ),
        ({"appRoles": [{"id": None}]}, "appRoles"),
    ],
)
def test_invalid_values(graph: Graph, body: dict[str, object], name: str) -> None:
    """A value outside the documented limits is refused, in a new application too."""
    app = graph.application()
    text = f"Invalid value specified for property '{name}' of resource 'Application'."
    refused(graph.patch(f"/applications/{app['id']}", body), 400, "Request_BadRequest", text)
    refused(graph.post("/applications", {"displayName": "x", **body}), 400, "Request_BadRequest", text)


@fact("what a new application cannot bring", source="CSDL", grade="D", verdict="uncertain")
@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"appId": "00000000-0000-4000-8000-00000000dead"}, "Property 'appId' is read-only"),
        ({"extension_none": 1}, "Invalid property 'extension_none'."),
        ({"members@odata.bind": []}, "Invalid property 'members@odata.bind'."),
    ],
)
def test_new_applications(graph: Graph, body: dict[str, object], text: str) -> None:
    """Graph makes its ids, and it has only the extensions and relationships that are defined."""
    refused(graph.post("/applications", {"displayName": "x", **body}), 400, "Request_BadRequest", text)


@fact("redirect URIs that are accepted", source="reply-url documentation", grade="D")
@pytest.mark.parametrize(
    ("platform", "uri"),
    [
        ("web", "http://localhost/webtest1"),
        ("web", "https://app.example/cb?x=1"),
        ("spa", "https://localhost:5173/redirect.html"),
        ("publicClient", "urn:ietf:wg:oauth:2.0:oob"),
        ("publicClient", "myapp://auth"),
        ("publicClient", "http://127.0.0.1"),
    ],
)
def test_valid_redirect_uris(graph: Graph, platform: str, uri: str) -> None:
    """Localhost may use http, native clients any scheme."""
    assert graph.application(**{platform: {"redirectUris": [uri]}})[platform]["redirectUris"] == [uri]


@fact("missing displayName", source="AAD Graph documentation", grade="D")
def test_missing_name(graph: Graph) -> None:
    """A create needs a display name."""
    text = "A value is required for property 'displayName' of resource 'Application'."
    refused(graph.post("/applications", {}), 400, "Request_BadRequest", text)


@fact(
    "an application's other values",
    source="application documentation; the words were not seen",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"info": {"logoUrl": "https://evil.example/logo"}}, "Property 'info.logoUrl' is read-only"),
        ({"parentalControlSettings": {"legalAgeGroupRule": "Nobody"}}, "'parentalControlSettings'"),
        ({"api": {"requestedAccessTokenVersion": 2**31}}, "Cannot convert a primitive value"),
        ({"api": {"requestedAccessTokenVersion": -(2**31) - 1}}, "Cannot convert a primitive value"),
    ],
)
def test_applications(graph: Graph, body: dict[str, Any], text: str) -> None:
    """A logo has no address but that of its picture, ages have documented rules, a number fits."""
    refused(graph.post("/applications", {"displayName": "x", **body}), 400, "Request_BadRequest", text)
    path = f"/applications/{graph.application()['id']}"
    refused(graph.patch(path, {"notes": "changed", **body}), 400, "Request_BadRequest", text)
    assert graph.get(path).json()["notes"] is None
    assert (
        graph.patch(path, {"info": {"logoUrl": None, "supportUrl": "https://contoso.com"}}).status_code == 204
    )
    assert (
        graph.patch(path, {"parentalControlSettings": {"legalAgeGroupRule": "BlockMinors"}}).status_code
        == 204
    )


@fact(
    "a home page that is no address",
    source="webApplication documentation; only the empty one was seen to be refused",
    grade="D",
    verdict="uncertain",
)
def test_home_page(graph: Graph) -> None:
    """Any text but the empty one is kept."""
    path = f"/applications/{graph.application()['id']}"
    assert graph.patch(path, {"web": {"homePageUrl": "nonsense"}}).status_code == 204
    assert graph.get(path).json()["web"]["homePageUrl"] == "nonsense"
    text = "Invalid value specified for property 'web' of resource 'Application'."
    refused(graph.patch(path, {"web": {"homePageUrl": ""}}), 400, "Request_BadRequest", text)
    assert graph.get(path).json()["web"]["homePageUrl"] == "nonsense"
