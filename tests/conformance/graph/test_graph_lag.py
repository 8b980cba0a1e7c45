"""Replicas that lag: what a read, a list or a write meets meanwhile."""

from collections.abc import Callable

import pytest

from tests.conformance.graph.steering import faults, wait
from tests.conformance.graph_client import Graph, refused, role

fact = pytest.mark.fact


@fact("reads after a create", source="TF consistency.go", grade="C")
def test_lag(emulated: Graph) -> None:
    """Under lag a new application is 404 and missing in lists, then both show it."""
    faults(emulated, lag={"applications": 30})
    app = emulated.application()
    path = f"/applications/{app['id']}"
    refused(emulated.get(path), 404, "Request_ResourceNotFound")
    refused(emulated.patch(path, {"notes": "x"}), 404, "Request_ResourceNotFound")
    query = f"/applications?$filter=appId eq '{app['appId']}'"
    assert emulated.get(query).json()["value"] == []
    wait(emulated, 31)
    assert emulated.get(path).status_code == 200
    assert len(emulated.get(query).json()["value"]) == 1


@fact(
    "what is expanded is as old as the object beside it",
    source="Microsoft Entra architecture documentation",
    grade="D",
)
def test_lag_of_what_is_expanded(emulated: Graph) -> None:
    """One replica gives one answer: a federated credential beside its application is as late as that, its
    own list is not.
    """
    app = emulated.application()
    faults(emulated, lag={"applications": 30, "federatedIdentityCredentials": 0})
    body = {
        "name": "one",
        "issuer": "https://token.example",
        "subject": "x",
        "audiences": ["api://AzureADTokenExchange"],
    }
    path = f"/applications/{app['id']}"
    assert emulated.post(f"{path}/federatedIdentityCredentials", body).status_code == 201
    assert len(emulated.get(f"{path}/federatedIdentityCredentials").json()["value"]) == 1
    whole = f"{path}?$select=id&$expand=federatedIdentityCredentials"
    assert emulated.get(whole).json()["federatedIdentityCredentials"] == []
    wait(emulated, 31)
    assert [each["name"] for each in emulated.get(whole).json()["federatedIdentityCredentials"]] == ["one"]


@fact(
    "an object that is linked is as old as its link",
    source="Microsoft Entra architecture documentation",
    grade="D",
)
def test_lag_of_what_is_linked(emulated: Graph) -> None:
    """One replica gives one answer: an owner that was created seconds ago is listed as soon as the list shows
    new owners, even if reads of service principals do not show it yet.
    """
    app = emulated.application()
    faults(emulated, lag={"servicePrincipals": 0})
    owner = emulated.principal(emulated.application())["id"]
    path = f"/applications/{app['id']}/owners"
    link = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{owner}"}
    assert emulated.post(f"{path}/$ref", link).status_code == 204
    faults(emulated, lag={"servicePrincipals": 30})
    refused(emulated.get(f"/servicePrincipals/{owner}"), 404, "Request_ResourceNotFound")
    assert owner in [each["id"] for each in emulated.get(path).json()["value"]]
    assert owner in [each["id"] for each in emulated.get(f"{path}?$select=id").json()["value"]]


@fact("lists lag behind reads by key", source="oauth2permissiongrant-list documentation", grade="D")
def test_list_lag(emulated: Graph) -> None:
    """Reads by key are fresh while lists show the past, deleted objects included."""
    faults(emulated, list_lag={"*": 30})
    app = emulated.application(tags=["conf:lag"])
    query = "/applications?$filter=tags/any(t:t eq 'conf:lag')"
    assert emulated.get(f"/applications/{app['id']}").status_code == 200
    assert emulated.get(query).json()["value"] == []
    wait(emulated, 31)
    emulated.patch(f"/applications/{app['id']}", {"notes": "new"})
    assert [item["notes"] for item in emulated.get(query).json()["value"]] == [None]
    emulated.delete(f"/applications/{app['id']}")
    assert len(emulated.get(query).json()["value"]) == 1
    wait(emulated, 31)
    assert emulated.get(query).json()["value"] == []


@fact("writes to what only a stale read shows", source="", grade="S", verdict="uncertain")
def test_stale_writes(emulated: Graph) -> None:
    """A second delete, a change, a restore or a purge of what is gone is 404, and revives nothing."""
    app = emulated.application()
    principal = emulated.principal(app)
    faults(emulated, lag={"*": 30})
    paths = [f"/applications/{app['id']}", f"/servicePrincipals/{principal['id']}"]
    assert emulated.delete(paths[0]).status_code == 204
    for path in paths:
        assert emulated.get(path).status_code == 200
        refused(emulated.delete(path), 404, "Request_ResourceNotFound")
        refused(emulated.patch(path, {"notes": "x"}), 404, "Request_ResourceNotFound")
    bin_ = f"/directory/deletedItems/{app['id']}"
    refused(emulated.get(bin_), 404, "Request_ResourceNotFound")
    wait(emulated, 31)
    assert emulated.delete(bin_).status_code == 204
    refused(emulated.post(f"{bin_}/restore"), 404, "Request_ResourceNotFound")
    refused(emulated.delete(bin_), 404, "Request_ResourceNotFound")


@fact("service principal before its application is there", source="TF, azure-cli", grade="C")
def test_backing_application_lag(emulated: Graph) -> None:
    """NoBackingApplicationObject passes with time."""
    faults(emulated, lag={"applications": 10})
    app = emulated.application()
    text = "does not reference a valid application object."
    refused(emulated.post("/servicePrincipals", {"appId": app["appId"]}), 400, "Request_BadRequest", text)
    wait(emulated, 11)
    assert emulated.principal(app)["appId"] == app["appId"]


@fact("the misleading 403 passes with time", source="TF service_principal_resource.go", grade="C")
def test_misleading_denial(emulated: Graph, as_app: Callable[..., Graph]) -> None:
    """An OwnedBy caller is denied only until its application is there."""
    owned = as_app("Application.ReadWrite.OwnedBy")
    faults(emulated, lag={"applications": 10})
    app = owned.application()
    refused(
        owned.post("/servicePrincipals", {"appId": app["appId"]}),
        403,
        "Authorization_RequestDenied",
        "backing application",
    )
    wait(emulated, 11)
    assert owned.principal(app)["appId"] == app["appId"]


@fact(
    "assignments wait for role and ends",
    source="TF app_role_assignment_resource.go",
    grade="C",
)
def test_assignment_lag(emulated: Graph) -> None:
    """A new role and a new service principal are not assignable at once."""
    app = emulated.application()
    target = emulated.principal(app)
    user = emulated.get("/users?$top=1").json()["value"][0]["id"]
    faults(emulated, lag={"servicePrincipals": 10})
    new = role("Late")
    emulated.patch(f"/applications/{app['id']}", {"appRoles": [new]})
    body = {"principalId": user, "resourceId": target["id"], "appRoleId": new["id"]}
    path = f"/servicePrincipals/{target['id']}/appRoleAssignedTo"
    refused(
        emulated.post(path, body),
        400,
        "Request_BadRequest",
        "Permission being assigned was not found on application",
    )
    wait(emulated, 11)
    assert emulated.post(path, body).status_code == 201
    client = emulated.principal(emulated.application())
    refused(
        emulated.post(path, {**body, "principalId": client["id"]}),
        400,
        "Request_BadRequest",
        "Not a valid reference update.",
    )
