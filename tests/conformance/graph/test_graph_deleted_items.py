"""Soft-deleted applications and service principals: listed, restored, purged."""

import pytest

from tests.conformance.graph_client import Graph, refused, role

fact = pytest.mark.fact


@fact("soft delete takes the service principal along", source="AZ-APP", grade="R")
def test_delete(graph: Graph) -> None:
    """After a delete neither application nor service principal is found."""
    app = graph.application()
    principal = graph.principal(app)
    assert graph.delete(f"/applications/{app['id']}").status_code == 204
    refused(graph.get(f"/applications/{app['id']}"), 404, "Request_ResourceNotFound")
    refused(graph.get(f"/servicePrincipals/{principal['id']}"), 404, "Request_ResourceNotFound")
    assert graph.get(f"/applications?$filter=appId eq '{app['appId']}'").json()["value"] == []
    assert (
        graph.get(f"/directory/deletedItems/{principal['id']}").json()["@odata.type"]
        == "#microsoft.graph.servicePrincipal"
    )


@fact(
    "restore does not restore the service principal",
    source="directory-deleteditems-restore documentation",
    grade="D",
)
def test_restore(graph: Graph) -> None:
    """Application and service principal are restored one by one, with owners, roles and assignments."""
    app = graph.application(appRoles=[role("Reader", members=("User", "Application"))])
    principal = graph.principal(app)
    other = graph.principal(graph.application())
    given = {"principalId": other["id"], "resourceId": principal["id"], "appRoleId": app["appRoles"][0]["id"]}
    assert graph.post(f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", given).status_code == 201
    graph.delete(f"/applications/{app['id']}")
    response = graph.post(f"/directory/deletedItems/{app['id']}/restore")
    assert response.status_code == 200
    assert response.json()["@odata.context"].endswith("#directoryObjects/$entity")
    assert response.json()["@odata.type"] == "#microsoft.graph.application"
    assert graph.get(f"/applications/{app['id']}").json()["deletedDateTime"] is None
    refused(graph.get(f"/servicePrincipals/{principal['id']}"), 404, "Request_ResourceNotFound")
    assert graph.post(f"/directory/deletedItems/{principal['id']}/restore").status_code == 200
    revived = graph.get(f"/servicePrincipals/{principal['id']}/appRoleAssignedTo").json()["value"]
    assert [item["principalId"] for item in revived] == [other["id"]]


@fact(
    "a service principal is restored with what its application changed to meanwhile",
    source="no document says it",
    grade="S",
    verdict="uncertain",
)
def test_restore_of_a_changed_application(graph: Graph) -> None:
    """What an application changes while its service principal is deleted is on it once it is restored."""
    app = graph.application()
    principal = graph.principal(app)
    graph.delete(f"/servicePrincipals/{principal['id']}")
    graph.patch(f"/applications/{app['id']}", {"displayName": "renamed", "appRoles": [role("New")]})
    assert graph.post(f"/directory/deletedItems/{principal['id']}/restore").status_code == 200
    read = graph.get(f"/servicePrincipals/{principal['id']}").json()
    assert (read["displayName"], [each["value"] for each in read["appRoles"]]) == ("renamed", ["New"])


@fact(
    "no restore of a service principal without its application",
    source="howto-restore-app documentation",
    grade="D",
)
@pytest.mark.parametrize("purged", [False, True])
def test_restore_alone(graph: Graph, *, purged: bool) -> None:
    """While the application is deleted, or gone for good, its service principal stays deleted; which error
    says so is a guess.
    """
    app = graph.application()
    principal = graph.principal(app)
    graph.delete(f"/applications/{app['id']}")
    if purged:
        graph.delete(f"/directory/deletedItems/{app['id']}")
    refused(graph.post(f"/directory/deletedItems/{principal['id']}/restore"), 400, "Request_BadRequest")
    refused(graph.get(f"/servicePrincipals/{principal['id']}"), 404, "Request_ResourceNotFound")
    assert graph.get(f"/directory/deletedItems/{principal['id']}").status_code == 200


@fact(
    "each type of deleted item comes back as it was",
    source="directory-deleteditems-list documentation",
    grade="D",
)
@pytest.mark.parametrize("kind", ["application", "servicePrincipal", "group", "user"])
def test_each_type(graph: Graph, kind: str) -> None:
    """It is listed and counted by its type alone, read by its id in any case, and restored."""
    made = {"application": graph.application(), "group": graph.group()}
    made["servicePrincipal"] = graph.principal(made["application"])
    made["user"] = graph.get("/users/alice@contoso.com").json()
    path, deleted = f"/{kind}s/{made[kind]['id']}", "/directory/deletedItems"
    before = graph.get(path).json()
    assert graph.delete(path).status_code == 204
    for other in made:
        listed = graph.get(f"{deleted}/microsoft.graph.{other}".upper()).json()["value"]
        assert (made[kind]["id"] in {item["id"] for item in listed}) == (other == kind)
        counted = graph.advanced(f"{deleted}/microsoft.graph.{other}/$count")
        assert counted.text == str(len(listed))
    shown = graph.get(f"{deleted}/{made[kind]['id'].upper()}").json()
    assert (shown["id"], shown["@odata.type"]) == (made[kind]["id"], f"#microsoft.graph.{kind}")
    assert graph.post(f"{deleted}/{made[kind]['id']}/restore").status_code == 200
    assert graph.get(path).json() == before
    refused(graph.get(f"{deleted}/{made[kind]['id']}"), 404, "Request_ResourceNotFound")


@fact("deleted items need a cast", source="AZ-SMR, AZ-GRANT", grade="R")
def test_deleted_items(graph: Graph) -> None:
    """Deleted items are listed by type only, filtered like the type, and purged with 204."""
    app = graph.application()
    graph.delete(f"/applications/{app['id']}")
    assert graph.get("/directory/deletedItems").status_code == 400
    listed = graph.get(
        f"/directory/deletedItems/microsoft.graph.application?$filter=displayName eq '{app['displayName']}'"
    )
    assert [item["id"] for item in listed.json()["value"]] == [app["id"]]
    assert listed.json()["value"][0]["deletedDateTime"]
    assert graph.delete(f"/directory/deletedItems/{app['id']}").status_code == 204
    refused(graph.get(f"/directory/deletedItems/{app['id']}"), 404, "Request_ResourceNotFound")
