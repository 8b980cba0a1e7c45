"""Identifier URIs: which an application may have, and when they are free again."""

import pytest

from tests.conformance.graph_client import Graph, refused

fact = pytest.mark.fact


@fact(
    "identifier URIs",
    source="identifier-uri-restrictions documentation, Industrial-IoT PR#1432",
    grade="D",
)
def test_identifier_uris(graph: Graph) -> None:
    """An identifier URI has a scheme, holds the appId, the tenant id or a verified domain, and does not end
    in a slash.
    """
    app = graph.application()
    path = f"/applications/{app['id']}"
    assert graph.patch(path, {"identifierUris": [f"api://{app['appId']}"]}).status_code == 204
    own = [f"api://{app['appId']}", f"api://name/{app['appId']}"]
    assert graph.patch(path, {"identifierUris": own}).status_code == 204
    theirs = {"displayName": "x", "identifierUris": ["https://not-ours.example/x"]}
    refused(graph.post("/applications", theirs), 400, "HostNameNotOnVerifiedDomain")
    code = "InvalidUniqueTenantIdentifierAsPerAppPolicy"
    refused(
        graph.patch(path, {"identifierUris": ["api://just-a-name"]}),
        400,
        code,
        "https://aka.ms/identifier-uri-addition-error",
    )
    refused(
        graph.patch(path, {"identifierUris": ["https://not-ours.example/x"]}),
        400,
        "HostNameNotOnVerifiedDomain",
    )
    for wrong in (f"api://{app['appId']}/", app["appId"]):
        refused(graph.patch(path, {"identifierUris": [wrong]}), 400, "Request_BadRequest")


@fact(
    "version 2 tokens exempt from the identifier URI policy",
    source="identifier-uri-restrictions documentation",
    grade="D",
)
def test_identifier_uri_exemption(graph: Graph) -> None:
    """An application that asks for version 2 tokens may use any name."""
    app = graph.application(api={"requestedAccessTokenVersion": 2})
    assert (
        graph.patch(f"/applications/{app['id']}", {"identifierUris": ["api://just-a-name"]}).status_code
        == 204
    )


@fact(
    "identifier URIs stay reserved by a soft-deleted application",
    source="msgraph-bicep-types#196, AZ-TESTS",
    grade="R",
)
def test_identifier_uri_conflict(graph: Graph) -> None:
    """A URI is free again only after the purge."""
    uri = "api://conformance-conflict"
    first = graph.application(api={"requestedAccessTokenVersion": 2}, identifierUris=[uri])
    second = graph.application(api={"requestedAccessTokenVersion": 2})
    path = f"/applications/{second['id']}"
    text = "Another object with the same value for property identifierUris already exists."
    error = refused(graph.patch(path, {"identifierUris": [uri]}), 400, "Request_BadRequest", text)
    assert error["details"][0]["code"] == "ObjectConflict"
    graph.delete(f"/applications/{first['id']}")
    refused(graph.patch(path, {"identifierUris": [uri]}), 400, "Request_BadRequest", text)
    graph.delete(f"/directory/deletedItems/{first['id']}")
    assert graph.patch(path, {"identifierUris": [uri]}).status_code == 204
