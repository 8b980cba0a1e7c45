"""Schema extensions: what an application defines, and the values that objects then have."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.graph_client import Graph, refused

fact = pytest.mark.fact
SOURCE = "schemaextension resource, extensibility-overview documentation"
PATH = "/schemaExtensions"
COURSES = {
    "id": "courses",
    "targetTypes": ["User", "Group"],
    "properties": [{"name": "courseId", "type": "Integer"}, {"name": "courseType", "type": "String"}],
}
Caller = Callable[..., Graph]


def define(graph: Graph, **properties: Any) -> dict[str, Any]:
    """Define an extension and give what the create answered."""
    response = graph.post(PATH, {**COURSES, **properties})
    assert response.status_code == 201, response.text
    return dict(response.json())


@fact("schema extensions: a definition and its names", source=SOURCE, grade="D")
def test_definition(graph: Graph) -> None:
    """A bare name gets random characters in front, a verified domain's name stays; the creator owns it, in
    development.
    """
    made = define(graph, description="d")
    prefix, _, name = made["id"].partition("_")
    assert (len(prefix), prefix[:3], name) == (11, "ext", "courses")
    assert (made["status"], made["description"], made["targetTypes"]) == (
        "InDevelopment",
        "d",
        ["User", "Group"],
    )
    assert (
        made["owner"]
        == graph.get("/applications?$filter=displayName eq 'Emulator admin'").json()["value"][0]["appId"]
    )
    assert define(graph, id="contoso_courses")["id"] == "contoso_courses"
    for text in (f"id eq '{made['id']}'", "description eq 'd'"):
        assert [row["id"] for row in graph.get(f"{PATH}?$filter={text}").json()["value"]] == [made["id"]]
    assert graph.get(f"{PATH}/{made['id'].upper()}?$select=id").json()["id"] == made["id"]
    refused(
        graph.post(PATH, {**COURSES, "id": "fabrikam_courses"}),
        400,
        "Request_BadRequest",
        "own the namespace fabrikam",
    )
    refused(
        graph.post(PATH, {**COURSES, "id": "contoso_courses"}), 400, "Request_BadRequest", "already exists"
    )


@fact("schema extensions: values", source=f"{SOURCE}, user-list documentation", grade="D")
def test_values(graph: Graph) -> None:
    """Values are merged, shown where they are selected and set, filtered by, and gone when all of them are
    null.
    """
    name = define(graph)["id"]
    user = f"/users/{graph.get('/users?$top=1').json()['value'][0]['id']}"
    group = graph.group(**{name: {"courseId": 7}})
    assert name not in group
    assert graph.get(f"/groups/{group['id']}?$select={name}").json()[name]["courseId"] == 7
    assert name not in graph.get(f"{user}?$select={name}").json()
    assert graph.patch(user, {name: {"courseId": 1, "COURSETYPE": "Online"}}).status_code == 204
    assert graph.patch(user, {name.upper(): {"courseId": None}}).status_code == 204
    shown = graph.get(f"{user}?$select={name}").json()[name]
    assert shown == {"@odata.type": "#microsoft.graph.ComplexExtensionValue", "courseType": "Online"}
    assert name not in graph.get(user).json()
    found = graph.get(f"/users?$select=id,{name}&$filter={name}/CourseType eq 'online'").json()["value"]
    assert [item["id"] for item in found] == [user.rpartition("/")[2]]
    listed = graph.get(f"/users?$select={name}").json()["value"]
    assert [item for item in listed if item] == [{name: shown}]
    refused(
        graph.get(f"/users?$filter=startswith({name}/courseType,'On')"), 400, "Request_UnsupportedQuery", name
    )
    refused(
        graph.advanced(f"/users?$filter={name}/courseType ne 'On'&$count=true"),
        400,
        "Request_UnsupportedQuery",
        name,
    )
    refused(graph.get(f"/users?$filter={name}/nothing eq 'On'"), 400, "BadRequest", name)
    refused(graph.get(f"/users?$filter={name} eq 'On'"), 400, "BadRequest", name)
    assert graph.patch(user, {name: {"courseType": None}}).status_code == 204
    assert graph.get(f"{user}?$select={name}").json().keys() == {"@odata.context"}


@fact(
    "schema extensions: values that do not fit",
    source=f"{SOURCE}; the answers were not seen",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize(
    "value",
    [
        {"courseId": "many"},
        {"courseId": True},
        {"courseId": 2**31},
        {"courseType": 1},
        {"courseType": "x" * 257},
        {"x": 1},
        "x",
    ],
)
def test_wrong_values(graph: Graph, value: Any) -> None:
    """A value of another type, too long or undefined is refused, as is one for a type that was not named."""
    name = define(graph, targetTypes=["group"])["id"]
    group = f"/groups/{graph.group()['id']}"
    refused(graph.patch(group, {name: value}), 400, "Request_BadRequest")
    assert name not in graph.get(f"{group}?$select={name}").json()
    user = graph.get("/users?$top=1").json()["value"][0]["id"]
    refused(graph.patch(f"/users/{user}", {name: {"courseId": 1}}), 400, "Request_BadRequest", name)
    refused(graph.get(f"/users/{user}?$select={name}"), 400, "BadRequest", name)


@fact("schema extensions: additive changes, and one state after the other", source=SOURCE, grade="D")
def test_changes(graph: Graph) -> None:
    """Properties are added and never taken away; what is available is nobody's to delete, what is
    deprecated to change.
    """
    path = f"{PATH}/{define(graph)['id']}"
    more = [*COURSES["properties"], {"name": "since", "type": "datetime"}]
    assert (
        graph.patch(path, {"properties": more, "targetTypes": ["User", "Group", "Device"]}).status_code == 204
    )
    assert [each["name"] for each in graph.get(path).json()["properties"]] == [
        "courseId",
        "courseType",
        "since",
    ]
    refused(
        graph.patch(path, {"properties": COURSES["properties"]}), 400, "Request_BadRequest", "'properties'"
    )
    refused(graph.patch(path, {"targetTypes": ["User"]}), 400, "Request_BadRequest", "'targetTypes'")
    refused(graph.patch(path, {"id": "other"}), 400, "Request_BadRequest", "'id'")
    refused(graph.patch(path, {"status": "Deprecated"}), 400, "Request_BadRequest", "'status'")
    assert graph.patch(path, {"status": "Available"}).status_code == 204
    refused(graph.delete(path), 403, "Authorization_RequestDenied", "extension schema write operation")
    assert graph.patch(path, {"status": "Deprecated"}).status_code == 204
    refused(
        graph.patch(path, {"description": "x"}),
        403,
        "Authorization_RequestDenied",
        "extension schema write operation",
    )
    other = f"{PATH}/{define(graph)['id']}"
    assert graph.delete(other).status_code == 204
    refused(graph.get(other), 404, "Request_ResourceNotFound")


@fact("schema extensions: other tenants", source=SOURCE, grade="D")
def test_other_tenants(graph: Graph, elsewhere: Caller) -> None:
    """What is available is seen and used in every tenant, and its values are each tenant's own."""
    stranger = elsewhere("Application.ReadWrite.All", "Group.ReadWrite.All")
    name = define(graph)["id"]
    own = f"/groups/{graph.group(**{name: {'courseId': 1}})['id']}?$select={name}"
    group = f"/groups/{stranger.group()['id']}"
    refused(stranger.patch(group, {name: {"courseId": 2}}), 400, "Request_BadRequest", name)
    assert stranger.get(f"{PATH}?$filter=id eq '{name}'").json()["value"] == []
    assert graph.patch(f"{PATH}/{name}", {"status": "Available"}).status_code == 204
    assert [row["id"] for row in stranger.get(f"{PATH}?$filter=id eq '{name}'").json()["value"]] == [name]
    assert stranger.patch(group, {name: {"courseId": 2}}).status_code == 204
    assert stranger.get(f"{group}?$select={name}").json()[name]["courseId"] == 2
    assert graph.get(own).json()[name]["courseId"] == 1
    refused(stranger.patch(f"{PATH}/{name}", {"description": "x"}), 403, "Authorization_RequestDenied")


@fact("schema extensions: whose they are", source=f"{SOURCE}, microsoft-graph-docs-contrib#4081", grade="R")
def test_owners(graph: Graph, as_app: Caller, as_user: Caller) -> None:
    """Only its owner changes a definition; a user, through another's application, names the one that he
    owns.
    """
    stranger = as_app("Application.ReadWrite.All")
    name = define(graph)["id"]
    refused(stranger.get(f"{PATH}/{name}"), 404, "Request_ResourceNotFound")
    assert graph.patch(f"{PATH}/{name}", {"status": "Available"}).status_code == 204
    assert stranger.get(f"{PATH}/{name}").json()["id"] == name
    refused(
        stranger.patch(f"{PATH}/{name}", {"description": "x"}),
        403,
        "Authorization_RequestDenied",
        "extension schema write",
    )
    alice = as_user("alice@contoso.com", "Application.ReadWrite.All", "Directory.AccessAsUser.All")
    own, other = alice.application()["appId"], graph.application()["appId"]
    refused(alice.post(PATH, {**COURSES, "owner": other}), 403, "Authorization_RequestDenied")
    path = f"{PATH}/{define(alice, owner=own)['id']}"
    refused(
        alice.patch(path, {"description": "x"}),
        403,
        "Authorization_RequestDenied",
        "extension schema write operation",
    )
    assert alice.patch(path, {"description": "x", "owner": own}).status_code == 204
    assert alice.delete(path).status_code == 204
    for number in range(5):
        define(alice, owner=own, id=f"courses{number}")
    refused(alice.post(PATH, {**COURSES, "owner": own}), 403, "Authorization_RequestDenied", "at most 5")


@fact(
    "schema extensions: definitions that are refused",
    source=f"{SOURCE}; the answers were not seen",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize(
    "change",
    [
        {"id": "9x"},
        {"id": "a b"},
        {"properties": []},
        {"properties": [{"name": "x", "type": "Float"}]},
        {"properties": [{"name": "x", "type": "String"}, {"name": "X", "type": "String"}]},
        {"targetTypes": ["Nobody"]},
        {"targetTypes": []},
        {"status": "Available"},
        {"nonsense": 1},
    ],
)
def test_wrong_definitions(graph: Graph, change: dict[str, Any]) -> None:
    """Names, types, targets and states are Graph's."""
    refused(graph.post(PATH, {**COURSES, **change}), 400, "Request_BadRequest")
