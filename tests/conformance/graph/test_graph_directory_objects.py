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


GOOD = {"entityType": "Group", "displayName": "Good", "mailNickname": "good"}


@fact(
    "names of a group that are tried out",
    source="directoryobject-validateproperties documentation",
    grade="D",
)
@pytest.mark.parametrize("of_group", [True, False])
@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, []),
        ({"displayName": None, "mailNickname": None}, []),
        ({"displayName": "x" * 256, "mailNickname": "x" * 64}, []),
        ({"displayName": "a b"}, []),
        ({"displayName": ""}, ["displayName InvalidLength"]),
        (
            {"displayName": "x" * 257, "mailNickname": "x" * 65},
            ["displayName InvalidLength", "mailNickname InvalidLength"],
        ),
        ({"mailNickname": "a b"}, ["mailNickname InvalidCharacters"]),
    ],
)
def test_validate_properties(graph: Graph, *, of_group: bool, body: dict[str, str], wrong: list[str]) -> None:
    """Names that would do are 204, others 422 with a reason for each."""
    base, sent = "/directoryObjects", GOOD | body
    if of_group:
        base = f"/groups/{graph.group()['id']}"
        del sent["entityType"]
    response = graph.post(f"{base}/validateProperties", sent)
    if not wrong:
        assert response.status_code == 204, response.text
        return
    error = refused(response, 422, "Request_UnprocessableEntity")
    assert [f"{detail['target']} {detail['code']}" for detail in error["details"]] == wrong


@fact(
    "what is wrong with a request to try out names",
    source="directoryobject-validateproperties documentation",
    grade="D",
)
@pytest.mark.parametrize(
    ("body", "status", "code", "text"),
    [
        ({"entityType": "User"}, 400, "Request_BadRequest", "specified for parameter 'entityType'."),
        ({"displayName": 1}, 400, "Request_BadRequest", "to the expected type 'Edm.String'."),
        ({"onBehalfOfUserId": "none"}, 404, "Request_ResourceNotFound", "Resource 'none' does not exist"),
    ],
)
def test_who_tries_out_names(graph: Graph, body: dict[str, str], status: int, code: str, text: str) -> None:
    """The type, the values and the user who is named are looked at; a group has to be there."""
    path = "/directoryObjects/validateProperties"
    refused(graph.post(path, GOOD | body), status, code, text)
    bob = graph.get("/users?$top=1&$select=id").json()["value"][0]["id"]
    for user in (None, bob.upper()):
        assert graph.post(path, GOOD | {"onBehalfOfUserId": user}).status_code == 204
    refused(graph.post(f"/groups/{NOBODY}/validateProperties", {}), 404, "Request_ResourceNotFound", NOBODY)


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
