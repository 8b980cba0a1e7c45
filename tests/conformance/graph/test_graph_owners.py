"""Owners of applications: who is one from the first moment, and how others are added and removed."""

from collections.abc import Callable

import pytest

from tests.conformance.graph_client import BASE, Graph, refused, user_id

fact = pytest.mark.fact


@fact("the creating user owns the application", source="AZ-OWNER", grade="R")
def test_user_owns(as_user: Callable[..., Graph]) -> None:
    """A user who creates an application is its owner at once; an item begins with its type."""
    user = as_user("alice@contoso.com", "Application.ReadWrite.All", "User.Read")
    app = user.application()
    owners = user.get(f"/applications/{app['id']}/owners").json()
    assert owners["@odata.context"].endswith("#directoryObjects")
    assert list(owners["value"][0])[:2] == ["@odata.type", "id"]
    assert owners["value"][0]["userPrincipalName"] == "alice@contoso.com"


@fact("owners@odata.bind at creation", source="TF application_resource.go", grade="C")
def test_bound_owners(graph: Graph) -> None:
    """Up to twenty owners come with the create; links may be this server's own."""
    users = [user["id"] for user in graph.get("/users?$top=2").json()["value"]]
    links = [f"{BASE}/directoryObjects/{user}" for user in users]
    app = graph.application(**{"owners@odata.bind": links, "@odata.type": "#microsoft.graph.application"})
    owners = [item["id"] for item in graph.get(f"/applications/{app['id']}/owners").json()["value"]]
    assert owners == users
    refused(
        graph.post("/applications", {"displayName": "x", "owners@odata.bind": links * 11}),
        400,
        "Request_BadRequest",
    )


@fact("owners", source="AZ-OWNER, AZ-GROUP, PNP", grade="R")
def test_owners(graph: Graph) -> None:
    """Owners are added by either link form, not twice, and the last one can be removed."""
    app = graph.application()
    user = user_id(graph)
    path = f"/applications/{app['id']}/owners"
    link = {"@odata.id": f"https://graph.microsoft.com/v1.0/users/{user}"}
    assert graph.post(f"{path}/$ref", link).status_code == 204
    text = "One or more added object references already exist for the following modified properties"
    refused(
        graph.post(f"{path}/$ref", {"@odata.id": f"{BASE}/directoryObjects/{user}"}),
        400,
        "Request_BadRequest",
        text,
    )
    assert graph.delete(f"{path}/{user}/$ref").status_code == 204
    assert graph.get(path).json()["value"] == []
    refused(
        graph.delete(f"{path}/{user}/$ref"),
        400,
        "Request_BadRequest",
        "One or more removed object references do not exist",
    )
