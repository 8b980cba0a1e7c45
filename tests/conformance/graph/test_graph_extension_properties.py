"""Extension properties that an application defines, and their values on users."""

from typing import Any

import pytest

from tests.conformance.graph_client import NOBODY, Graph, refused

fact = pytest.mark.fact


@fact(
    "extension properties",
    source="application-post-extensionproperty documentation",
    grade="D",
)
def test_extension_properties(graph: Graph) -> None:
    """A property is defined, written on a user, selected, and gone with its definition."""
    app = graph.application()
    path = f"/applications/{app['id']}/extensionProperties"
    made = graph.post(path, {"name": "jobGroup", "dataType": "string", "targetObjects": ["user"]})
    assert made.status_code == 201, made.text
    name = made.json()["name"]
    assert name == f"extension_{app['appId'].replace('-', '')}_jobGroup"
    assert (made.json()["dataType"], made.json()["targetObjects"]) == ("String", ["User"])
    user = f"/users/{graph.get('/users?$top=1').json()['value'][0]['id']}"
    assert graph.get(f"{user}?$select=id,{name}").json()[name] is None
    assert graph.patch(user, {name.upper(): "engineers"}).status_code == 204
    assert graph.get(f"{user}?$select=id,{name}").json()[name] == "engineers"
    for text in (
        f"{name} eq 'Engineers'",
        f"startswith({name.upper()},'eng')",
        f"{name} in ('x','engineers')",
    ):
        assert [item["id"] for item in graph.get(f"/users?$filter={text}").json()["value"]] == [
            user.rpartition("/")[2]
        ]
    assert graph.get(f"/users?$filter={name} eq 'other'").json()["value"] == []
    everybody = graph.get("/users").json()["value"]
    others = graph.get(f"/users?$count=true&$filter=not({name} eq 'engineers')", ConsistencyLevel="eventual")
    assert len(others.json()["value"]) == len(everybody) - 1
    refused(graph.get(f"/groups?$filter={name} eq 'x'"), 400, "BadRequest", name)
    refused(graph.get(f"/users?$filter={name}x eq 'x'"), 400, "BadRequest", f"{name}x")
    assert name not in graph.get(user).json()
    found = graph.post(
        "/directoryObjects/getAvailableExtensionProperties", {"isSyncedFromOnPremises": False}
    ).json()["value"]
    assert [item["name"] for item in found] == [name]
    available = "/directoryObjects/microsoft.graph.getAvailableExtensionProperties"
    assert graph.post(available, {"isSyncedFromOnPremises": True}).json()["value"] == []
    refused(
        graph.post(available, {"isSyncedFromOnPremises": "no"}), 400, "Request_BadRequest", "'Edm.Boolean'"
    )
    refused(graph.patch(f"/groups/{graph.group()['id']}", {name: "x"}), 400, "Request_BadRequest", name)
    assert graph.delete(f"{path}/{made.json()['id']}").status_code == 204
    refused(graph.get(f"{user}?$select={name}"), 400, "BadRequest")


@fact(
    "extension properties that are refused",
    source="application-post-extensionproperty documentation",
    grade="D",
)
@pytest.mark.parametrize(
    "change",
    [
        {"dataType": "Float"},
        {"targetObjects": ["Nobody"]},
        {"targetObjects": []},
        {"name": "a b"},
        {"id": NOBODY},
    ],
)
def test_wrong_extension_properties(graph: Graph, change: dict[str, Any]) -> None:
    """Types, targets and names are Graph's, and a name is the application's once."""
    path = f"/applications/{graph.application()['id']}/extensionProperties"
    body = {"name": "jobGroup", "dataType": "String", "targetObjects": ["User"]}
    assert graph.post(path, {**body, **change}).status_code == 400
    assert graph.post(path, body).status_code == 201
    refused(graph.post(path, body), 400, "Request_BadRequest", "already exists")
    other = f"/applications/{graph.application()['id']}/extensionProperties"
    assert graph.post(other, body).status_code == 201
