"""Who made an object, by which keys it is found, who owns it from its first moment, and what nobody may
take away.
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.graph_client import BASE, NOBODY, Graph, refused

fact = pytest.mark.fact
ADMIN = "d0000000-0000-4000-8000-000000000003"
GRAPH = "00000003-0000-0000-c000-000000000000"


def owners(graph: Graph, path: str) -> list[str]:
    """Give the ids of an object's owners."""
    return [item["id"] for item in graph.get(f"{path}/owners").json()["value"]]


@fact("createdByAppId: the appId of the client that created, never another", source="CSDL", grade="D")
@pytest.mark.parametrize("collection", ["applications", "servicePrincipals"])
def test_creator(graph: Graph, collection: str) -> None:
    """An object that a client made says so on $select, and nobody can say otherwise."""
    app = graph.application()
    made = app if collection == "applications" else graph.principal(app)
    path = f"/{collection}/{made['id']}"
    assert graph.get(f"{path}?$select=createdByAppId").json()["createdByAppId"] == ADMIN
    refused(graph.patch(path, {"createdByAppId": NOBODY}), 400, "Request_BadRequest", "read-only")
    body = (
        {"appId": graph.application()["appId"]} if collection == "servicePrincipals" else {"displayName": "x"}
    )
    refused(
        graph.post(f"/{collection}", {**body, "createdByAppId": NOBODY}),
        400,
        "Request_BadRequest",
        "read-only",
    )
    assert graph.get(f"{path}?$select=createdByAppId").json()["createdByAppId"] == ADMIN


@fact(
    "createdByAppId of what a user makes is the user's client",
    source="CSDL",
    grade="D",
    verdict="uncertain",
)
def test_creator_is_the_client(as_user: Callable[..., Graph]) -> None:
    """A user who creates leaves the appId of the client that he came through."""
    alice = as_user("alice@contoso.com", "Application.ReadWrite.All")
    app = alice.application()
    token_client = alice.get(f"/applications/{app['id']}?$select=createdByAppId").json()["createdByAppId"]
    assert token_client
    assert token_client != ADMIN


@fact(
    "createdByAppId and isDisabled come without $select", source="recorded answers", grade="R", seen="2026-09"
)
def test_creator_is_shown_by_default(graph: Graph) -> None:
    """The creator survives deletion and restore."""
    app = graph.application()
    for path in (f"/applications/{app['id']}", f"/servicePrincipals/{graph.principal(app)['id']}"):
        read = graph.get(path).json()
        assert (read["createdByAppId"], read["isDisabled"]) == (ADMIN, None)
    graph.delete(f"/applications/{app['id']}")
    listed = graph.get(
        "/directory/deletedItems/microsoft.graph.application?$select=id,createdByAppId"
    ).json()["value"]
    assert {"id": app["id"], "createdByAppId": ADMIN} in listed
    graph.post(f"/directory/deletedItems/{app['id']}/restore")
    assert graph.get(f"/applications/{app['id']}?$select=createdByAppId").json()["createdByAppId"] == ADMIN


@fact("a group's uniqueName is set once and free of others'", source="CSDL, BICEP", grade="D")
def test_unique_name_of_a_group(graph: Graph) -> None:
    """A group's name is set while it is null, found by, never changed, and nobody else's."""
    group = graph.group()
    path = f"/groups/{group['id']}"
    assert graph.patch(path, {"uniqueName": "conformance.group"}).status_code == 204
    assert graph.get("/groups(uniqueName='conformance.group')").json()["id"] == group["id"]
    refused(graph.patch(path, {"uniqueName": "conformance.else"}), 400, "Request_BadRequest", "read-only")
    refused(graph.patch(path, {"uniqueName": None}), 400, "Request_BadRequest", "read-only")
    refused(
        graph.patch(f"/groups/{graph.group()['id']}", {"uniqueName": "conformance.group"}),
        400,
        "Request_BadRequest",
    )
    same = {"uniqueName": "conformance.group", "description": "d"}
    assert graph.patch("/groups(uniqueName='conformance.group')", same).status_code == 204
    refused(graph.patch(path, {"owners@odata.bind": []}), 400, "Request_BadRequest", "'owners@odata.bind'")


@fact(
    "a deleted object's uniqueName is listed, not filtered by",
    source="APPDOC",
    grade="D",
    verdict="uncertain",
)
def test_unique_name_among_the_deleted(graph: Graph) -> None:
    """A soft-deleted holder of a name is found in the list of its type; its alternate key finds nothing."""
    app = graph.application(uniqueName="conformance.gone")
    graph.delete(f"/applications/{app['id']}")
    path = "/directory/deletedItems/microsoft.graph.application"
    held = {
        item["uniqueName"]: item["id"] for item in graph.get(f"{path}?$select=id,uniqueName").json()["value"]
    }
    assert held["conformance.gone"] == app["id"]
    refused(graph.get(f"{path}?$filter=uniqueName eq 'conformance.gone'"), 400, "Request_UnsupportedQuery")
    refused(
        graph.get("/applications(uniqueName='conformance.gone')"),
        404,
        "Request_ResourceNotFound",
        "conformance.gone",
    )


@fact("alternate keys, each of its own type", source="CSDL", grade="D")
def test_alternate_keys(graph: Graph) -> None:
    """Each type is found by the keys that it declares, whatever their case, and by no other property."""
    app = graph.application(uniqueName="Conformance.Key")
    principal = graph.principal(app)
    found = graph.get("/applications(uniqueName='conformance.KEY')?$select=id,uniqueName").json()
    assert (found["id"], found["uniqueName"]) == (app["id"], "Conformance.Key")
    assert graph.get(f"/servicePrincipals(appId='{app['appId']}')").json()["id"] == principal["id"]
    alice = graph.get("/users(userPrincipalName='alice@contoso.com')").json()
    assert graph.get("/users/alice@contoso.com").json() == alice
    for path in ("applications(displayName='x')", "servicePrincipals(uniqueName='x')", "users(mail='x')"):
        refused(graph.get(f"/{path}"), 400, "BadRequest")


@fact("isVerified of a domain, and the organization's verified domains", source="KNOWN, CSDL", grade="D")
def test_domains(reader: Graph) -> None:
    """Each domain says whether it is verified; the organization names those that are."""
    domains = reader.get("/domains").json()["value"]
    verified = {
        domain["name"] for domain in reader.get("/organization").json()["value"][0]["verifiedDomains"]
    }
    assert {domain["id"] for domain in domains if domain["isVerified"]} == verified


def bound(graph: Graph, *ids: str) -> dict[str, Any]:
    """Write owners that come with a create."""
    return {"owners@odata.bind": [f"{BASE}/directoryObjects/{owner}" for owner in ids]}


@fact(
    "owners@odata.bind at creation of a service principal",
    source="terraform-provider-azuread 3.9.0",
    grade="R",
)
def test_bound_owners(graph: Graph) -> None:
    """Owners come with the create, are listed, and are removed by reference."""
    app = graph.application()
    users = [user["id"] for user in graph.get("/users?$top=2").json()["value"]]
    path = f"/servicePrincipals/{graph.principal(app, **bound(graph, *users))['id']}"
    assert owners(graph, path) == users
    assert graph.delete(f"{path}/owners/{users[0]}/$ref").status_code == 204
    assert owners(graph, path) == [users[1]]


@fact(
    "owners@odata.bind: unknown owners, more than twenty",
    source="TF; for service principals not seen",
    grade="C",
    verdict="uncertain",
)
def test_bound_owners_refused(graph: Graph) -> None:
    """An owner that is not there is 404, a twenty-first is 400, and nothing is made."""
    app = graph.application()
    refused(
        graph.post("/servicePrincipals", {"appId": app["appId"], **bound(graph, NOBODY)}),
        404,
        "Request_ResourceNotFound",
        NOBODY,
    )
    user = graph.get("/users?$top=1").json()["value"][0]["id"]
    refused(
        graph.post("/servicePrincipals", {"appId": app["appId"], **bound(graph, *[user] * 21)}),
        400,
        "Request_BadRequest",
    )
    assert graph.get(f"/servicePrincipals(appId='{app['appId']}')").status_code == 404


@fact(
    "upsert by appId, with a name of its own",
    source="serviceprincipal-upsert documentation",
    grade="D",
    verdict="uncertain",
)
def test_upsert_with_own_name(graph: Graph) -> None:
    """An upsert names the service principal by itself, until its application is named anew; a plain change
    may not.
    """
    app = graph.application()
    path = f"/servicePrincipals(appId='{app['appId']}')"
    made = graph.patch(path, {"displayName": "My instance"}, Prefer="create-if-missing")
    assert made.status_code == 201, made.text
    assert (made.json()["displayName"], made.json()["appDisplayName"]) == ("My instance", app["displayName"])
    graph.patch(f"/applications/{app['id']}", {"notes": "n"})
    assert graph.get(path).json()["displayName"] == "My instance"
    assert graph.patch(path, {"displayName": "Another"}, Prefer="create-if-missing").status_code == 204
    assert graph.get(path).json()["displayName"] == "Another"
    refused(graph.patch(path, {"displayName": "Third"}), 400, "Request_BadRequest")
    graph.patch(f"/applications/{app['id']}", {"displayName": "Renamed"})
    assert graph.get(path).json()["displayName"] == "Renamed"


@fact(
    "Microsoft's own service principals cannot be deleted, Microsoft Graph's not be closed",
    source="no document says it; some can be deleted",
    grade="S",
    verdict="uncertain",
)
def test_microsofts_own(graph: Graph) -> None:
    """A client cannot take Microsoft Graph away from the tenant: all go on reading."""
    microsofts = graph.get("/servicePrincipals?$select=id,appId,appOwnerOrganizationId&$top=999").json()[
        "value"
    ]
    microsofts = [
        item
        for item in microsofts
        if item["appOwnerOrganizationId"] == "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
    ]
    assert GRAPH in {item["appId"] for item in microsofts}
    for item in microsofts:
        refused(graph.delete(f"/servicePrincipals/{item['id']}"), 403, "Authorization_RequestDenied")
    path = f"/servicePrincipals(appId='{GRAPH}')"
    for change in ({"accountEnabled": False}, {"appRoleAssignmentRequired": True}):
        refused(graph.patch(path, change), 403, "Authorization_RequestDenied")
    assert graph.patch(path, {"notes": "ours"}).status_code == 204
    assert graph.get("/applications?$top=1").status_code == 200
