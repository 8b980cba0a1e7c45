"""Identifier URIs of other schemes than `api`, and those of applications for personal accounts."""

import pytest

from tests.conformance.graph_client import Graph, refused

fact = pytest.mark.fact


@fact(
    "identifier URIs of other schemes",
    source="identifier-uri-restrictions, supported-accounts-validation documentation",
    grade="D",
    verdict="uncertain",
)
def test_identifier_uris(graph: Graph) -> None:
    """A URN is a URI like another: it holds an id or a domain of the tenant's; applications for personal
    accounts have none.

    What has no scheme is no URI, whatever id stands in it.
    """
    app = graph.application()
    path = f"/applications/{app['id']}"
    for uri in ("urn:conf:x", "javascript:alert(1)", "foo://bar/x", "spn:x"):
        refused(
            graph.patch(path, {"identifierUris": [uri]}), 400, "InvalidUniqueTenantIdentifierAsPerAppPolicy"
        )
    for uri in (f"urn:conf:{app['appId']}", "foo://contoso.com/x", f"api://{app['appId']}"):
        assert graph.patch(path, {"identifierUris": [uri]}).status_code == 204
    for uri in ("just-a-name", f"name/{app['appId']}", f"//contoso.com/{app['appId']}"):
        response = graph.patch(path, {"identifierUris": [uri]})
        refused(response, 400, "Request_BadRequest", "Invalid value specified for property 'identifierUris'")
    api = {"requestedAccessTokenVersion": 2}
    personal = graph.application(signInAudience="AzureADandPersonalMicrosoftAccount", api=api)
    start = f"api://{personal['appId']}"
    for uri in (
        f"urn:conf:{personal['appId']}",
        f"{start}?a=b",
        f"{start}#a",
        f"{start}/*",
        f"{start}/{'x' * 80}",
    ):
        response = graph.patch(f"/applications/{personal['id']}", {"identifierUris": [uri]})
        refused(response, 400, "Request_BadRequest", "Invalid value specified for property 'identifierUris'")
    many = [f"{start}/{number}" for number in range(51)]
    refused(
        graph.patch(f"/applications/{personal['id']}", {"identifierUris": many}), 400, "Request_BadRequest"
    )
    assert graph.patch(f"/applications/{personal['id']}", {"identifierUris": many[1:]}).status_code == 204
