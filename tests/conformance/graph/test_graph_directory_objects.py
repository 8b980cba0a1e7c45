"""Objects of any type: found by their ids, validated, deleted."""

from collections.abc import Callable

import pytest

from tests.conformance.graph_client import NOBODY, Graph, refused

fact = pytest.mark.fact


@fact("getByIds of every collection", source="directoryobject-getbyids documentation, CSDL", grade="D")
@pytest.mark.parametrize(
    "collection", ["directoryObjects", "applications", "servicePrincipals", "groups", "users"]
)
@pytest.mark.parametrize("action", ["getByIds", "microsoft.graph.getByIds"])
def test_get_by_ids(graph: Graph, collection: str, action: str) -> None:
    """Objects of the asked types come by their ids, and only what is selected."""
    app, group = graph.application(), graph.group()
    body = {"ids": [app["id"], group["id"], NOBODY], "types": ["group"]}
    found = graph.post(f"/{collection}/{action}?$select=id", body).json()["value"]
    assert found == [{"@odata.type": "#microsoft.graph.group", "id": group["id"]}]
    refused(
        graph.post(f"/{collection}/{action}", {"ids": [app["id"]], "kinds": []}), 400, "BadRequest", "'kinds'"
    )


@fact(
    "names of a group that are tried out",
    source="directoryobject-validateproperties documentation",
    grade="D",
)
def test_validate_properties(graph: Graph) -> None:
    """Names that would do are 204, others 422 with a reason for each."""
    path = "/directoryObjects/validateProperties"
    good = {"entityType": "Group", "displayName": "Good", "mailNickname": "good"}
    assert graph.post(path, good).status_code == 204
    error = refused(
        graph.post(path, {**good, "displayName": "x" * 257, "mailNickname": "a b"}),
        422,
        "Request_UnprocessableEntity",
    )
    assert [each["target"] for each in error["details"]] == ["displayName", "mailNickname"]
    assert (
        graph.post(f"/groups/{graph.group()['id']}/validateProperties", {"mailNickname": "good"}).status_code
        == 204
    )
    assert graph.post(path, {**good, "entityType": "User"}).status_code == 400


@fact("deletion by DELETE /directoryObjects", source="directoryobject-delete documentation", grade="D")
def test_delete_directory_object(graph: Graph, as_app: Callable[..., Graph]) -> None:
    """An object of any type is deleted as its own collection would, with that one's permission."""
    app, group = graph.application(), graph.group()
    refused(
        as_app("User.ReadWrite.All").delete(f"/directoryObjects/{app['id']}"),
        403,
        "Authorization_RequestDenied",
    )
    for each, kind in (
        (app, "application"),
        (group, "group"),
        (graph.principal(graph.application()), "servicePrincipal"),
    ):
        read = graph.get(f"/directoryObjects/{each['id'].upper()}?$select=id").json()
        assert read.pop("@odata.context").endswith("#directoryObjects(id)/$entity")
        assert read == {"@odata.type": f"#microsoft.graph.{kind}", "id": each["id"]}
        assert graph.delete(f"/directoryObjects/{each['id']}").status_code == 204
        assert graph.get(f"/directoryObjects/{each['id']}").status_code == 404
    assert graph.get(f"/directory/deletedItems/{app['id']}").status_code == 200
    refused(graph.delete(f"/directoryObjects/{NOBODY}"), 404, "Request_ResourceNotFound")
