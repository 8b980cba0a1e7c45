"""Alternate keys: what each type is found by, upserts, and unique names."""

import uuid

import pytest

from tests.conformance.graph_client import Graph, refused

fact = pytest.mark.fact


@fact("alternate keys", source="CSDL", grade="D")
@pytest.mark.parametrize("name", ["plain", "a'b c/d", "ünïcode"])
def test_alternate_keys(graph: Graph, name: str) -> None:
    """Each type is found by the keys that it has, whatever characters a name has."""
    app = graph.application(uniqueName=name)
    quoted = name.replace("'", "''").replace("/", "%2F").replace(" ", "%20")
    assert graph.get(f"/applications(uniqueName='{quoted}')").json()["id"] == app["id"]
    group = graph.group(uniqueName=f"{name} of a group")
    assert graph.get(f"/groups(uniqueName='{quoted}%20of%20a%20group')").json()["id"] == group["id"]
    key = f"(appId='{app['appId']}')"
    principal = graph.principal(app)
    assert [graph.get(f"/{kind}{key}").json()["id"] for kind in ("applications", "servicePrincipals")] == [
        app["id"],
        principal["id"],
    ]
    alice = graph.get("/users(userPrincipalName='alice@contoso.com')").json()
    assert alice["userPrincipalName"] == "alice@contoso.com"
    body = {
        "name": "conf",
        "issuer": "https://i.example",
        "subject": "s",
        "audiences": ["api://AzureADTokenExchange"],
    }
    path = f"/applications{key}/federatedIdentityCredentials"
    made = graph.post(path, body).json()
    assert graph.get(f"{path}(name='conf')").json()["id"] == made["id"]


@fact("the SDK does not double quotes in keys", source="msgraph-sdk", grade="R")
def test_single_quote_in_key(graph: Graph) -> None:
    """A percent-encoded single quote is accepted inside a key."""
    app = graph.application(uniqueName="a'b c/d")
    assert graph.get("/applications(uniqueName='a%27b%20c%2Fd')").json()["id"] == app["id"]


@fact("upsert by uniqueName", source="application-upsert documentation", grade="D")
def test_upsert(graph: Graph) -> None:
    """With the Prefer header an absent application is created with 201, a present one changed with 204."""
    path = "/applications(uniqueName='conformance.upsert')"
    refused(graph.patch(path, {"displayName": "x"}), 404, "Request_ResourceNotFound")
    made = graph.patch(path, {"displayName": "x"}, Prefer="create-if-missing")
    assert made.status_code == 201
    assert made.json()["uniqueName"] == "conformance.upsert"
    assert graph.patch(path, {"displayName": "y"}, Prefer="create-if-missing").status_code == 204
    assert graph.get(path).json()["displayName"] == "y"
    graph.delete(f"/applications/{made.json()['id']}")
    graph.delete(f"/directory/deletedItems/{made.json()['id']}")


@fact(
    "duplicate uniqueName is 400, also of a soft-deleted holder",
    source="omadia#916, msgraph-bicep-types#137",
    grade="R",
)
def test_unique_name_is_burnt(graph: Graph) -> None:
    """A unique name stays taken until its holder is purged."""
    app = graph.application(uniqueName="conformance.burnt")
    text = "Another object with the same value for property uniqueName already exists."
    refused(
        graph.post("/applications", {"displayName": "x", "uniqueName": "conformance.burnt"}),
        400,
        "Request_BadRequest",
        text,
    )
    graph.delete(f"/applications/{app['id']}")
    refused(
        graph.post("/applications", {"displayName": "x", "uniqueName": "conformance.burnt"}),
        400,
        "Request_BadRequest",
        text,
    )
    assert graph.delete(f"/directory/deletedItems/{app['id']}").status_code == 204
    assert graph.application(uniqueName="conformance.burnt")["uniqueName"] == "conformance.burnt"


@fact(
    "uniqueName can be set while it is null, and never changes",
    source="msgraph-bicep-types#196",
    grade="R",
)
def test_unique_name_is_immutable(graph: Graph) -> None:
    """A unique name is back-filled once."""
    app = graph.application()
    assert graph.patch(f"/applications/{app['id']}", {"uniqueName": "conformance.late"}).status_code == 204
    assert graph.patch(f"/applications/{app['id']}", {"uniqueName": "conformance.other"}).status_code == 400


@fact(
    "an alternate key without quotes",
    source="OData; the answer was not seen",
    grade="D",
    verdict="uncertain",
)
def test_unquoted_keys(graph: Graph) -> None:
    """It means what it means with them."""
    app = graph.application()
    for key in (f"appId={app['appId']}", f"appId='{app['appId']}'"):
        assert graph.get(f"/applications({key})").json()["id"] == app["id"]
    assert graph.get(f"/applications(appId={uuid.uuid4()})").status_code == 404
