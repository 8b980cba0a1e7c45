"""App role assignments: made, counted, refused, removed."""

import base64
import uuid
from typing import Any

import pytest

from tests.conformance.graph_client import Graph, refused, resource, role, user_id

fact = pytest.mark.fact
DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000"


def assign(graph: Graph, principal: str, target: dict[str, Any], role_id: str = DEFAULT_ACCESS) -> Any:
    """Assign a role from the resource's side."""
    body = {"principalId": principal, "resourceId": target["id"], "appRoleId": role_id}
    return graph.post(f"/servicePrincipals/{target['id']}/appRoleAssignedTo", body)


@fact("assignment shape and id", source="PNP, DOC21", grade="R")
def test_assignment(graph: Graph) -> None:
    """An assignment is 201; its id begins with the principal's GUID, little-endian."""
    target = resource(graph, role("Reader"))
    user = user_id(graph)
    response = assign(graph, user, target, target["appRoles"][0]["id"])
    assert response.status_code == 201
    body = response.json()
    assert [name for name in body if name[0] != "@"] == [
        "id",
        "deletedDateTime",
        "appRoleId",
        "createdDateTime",
        "principalDisplayName",
        "principalId",
        "principalType",
        "resourceDisplayName",
        "resourceId",
    ]
    assert body["principalType"] == "User"
    raw = base64.urlsafe_b64decode(body["id"] + "=")
    assert (len(raw), raw[:16]) == (32, uuid.UUID(user).bytes_le)
    listed = graph.get(f"/servicePrincipals/{target['id']}/appRoleAssignedTo").json()
    assert [item["id"] for item in listed["value"]] == [body["id"]]
    assert listed["@odata.context"].endswith("#appRoleAssignments")
    assert (
        graph.get(f"/servicePrincipals/{target['id']}/appRoleAssignedTo/{body['id']}").json()["id"]
        == body["id"]
    )
    assert body["id"] in {
        item["id"] for item in graph.get(f"/users/{user}/appRoleAssignments").json()["value"]
    }
    other = f"/users/{graph.get('/users?$top=2').json()['value'][1]['id']}/appRoleAssignments"
    refused(graph.get(f"{other}/{body['id']}"), 404, "Request_ResourceNotFound")
    refused(graph.post(other, body_of(body)), 400, "Request_BadRequest", "Not a valid reference update.")
    assert (
        graph.delete(f"/servicePrincipals/{target['id']}/appRoleAssignedTo/{body['id']}").status_code == 204
    )


def body_of(assignment: dict[str, Any]) -> dict[str, Any]:
    """Return what makes an assignment again."""
    return {name: assignment[name] for name in ("principalId", "resourceId", "appRoleId")}


@fact(
    "context of assignments: `#appRoleAssignments`, whichever end the path names",
    source="recorded answers",
    grade="R",
    seen="2026-06",
)
def test_context(graph: Graph) -> None:
    """The same for a list and for one of it, by the resource and by the principal."""
    target = resource(graph, role("Reader"))
    user = user_id(graph)
    made = assign(graph, user, target, target["appRoles"][0]["id"]).json()
    assert made["@odata.context"].endswith("$metadata#appRoleAssignments/$entity")
    for path in (f"/servicePrincipals/{target['id']}/appRoleAssignedTo", f"/users/{user}/appRoleAssignments"):
        assert graph.get(path).json()["@odata.context"].endswith("$metadata#appRoleAssignments")
        one = graph.get(f"{path}/{made['id']}").json()
        assert one["@odata.context"] == made["@odata.context"]


@fact("assignment that exists", source="ONEFUZZ", grade="C")
def test_assignment_twice(graph: Graph) -> None:
    """The same assignment again is refused."""
    target = resource(graph, role("Reader"))
    user = user_id(graph)
    assign(graph, user, target, target["appRoles"][0]["id"])
    response = assign(graph, user, target, target["appRoles"][0]["id"])
    refused(response, 400, "Request_BadRequest", "Permission being assigned already exists on the object")


@fact("numbers of assignments", source="CSDL; not documented", grade="D", verdict="uncertain")
def test_assignments_counted(graph: Graph) -> None:
    """They are counted at both ends, all or those of a filter, with advanced queries only."""
    target = resource(graph, role("Reader"))
    path, users = (
        f"/servicePrincipals/{target['id']}",
        [row["id"] for row in graph.get("/users?$top=2").json()["value"]],
    )
    for user in users:
        assign(graph, user, target, target["appRoles"][0]["id"])
    assert graph.advanced(f"{path}/appRoleAssignedTo/$count").text == "2"
    assert graph.advanced(f"{path}/appRoleAssignedTo/$COUNT?$filter=principalId eq {users[0]}").text == "1"
    assert graph.advanced(f"{path}/appRoleAssignments/$count").text == "0"
    query = f"$filter=resourceId eq {target['id']}"
    assert graph.advanced(f"/users/{users[0]}/appRoleAssignments/$count?{query}").text == "1"
    refused(
        graph.get(f"{path}/appRoleAssignedTo/$count"),
        400,
        "Request_BadRequest",
        "$count is not currently supported.",
    )


@fact(
    "role that the resource lacks, or that is disabled",
    source="azure-docs#111697",
    grade="C",
)
def test_assignment_of_no_role(graph: Graph) -> None:
    """Unknown, disabled and unfitting roles, and default access beside roles, are refused."""
    text = "Permission being assigned was not found on application"
    off = role("Off", isEnabled=False)
    target = resource(graph, role("Apps", members=("Application",)), off)
    user = user_id(graph)
    apps = next(item for item in target["appRoles"] if item["value"] == "Apps")
    for role_id in (str(uuid.uuid4()), off["id"], apps["id"], DEFAULT_ACCESS):
        refused(assign(graph, user, target, role_id), 400, "Request_BadRequest", text)


@fact("default access", source="BICEP", grade="D")
def test_default_access(graph: Graph) -> None:
    """A resource without roles, or without one that is enabled, gives default access."""
    for target in (resource(graph), resource(graph, role("Off", isEnabled=False))):
        assert assign(graph, user_id(graph), target).status_code == 201


@fact("mismatched or unknown ends", source="graph-docs-contrib#4628", grade="R")
def test_invalid_reference(graph: Graph) -> None:
    """Ends that do not fit the path, or do not exist, are no valid reference."""
    target, other = resource(graph, role("Reader")), resource(graph, role("Reader"))
    role_id = target["appRoles"][0]["id"]
    body = {"principalId": user_id(graph), "resourceId": target["id"], "appRoleId": role_id}
    text = "Not a valid reference update."
    refused(
        graph.post(f"/servicePrincipals/{other['id']}/appRoleAssignedTo", body),
        400,
        "Request_BadRequest",
        text,
    )
    refused(assign(graph, str(uuid.uuid4()), target, role_id), 400, "Request_BadRequest", text)


@fact("DELETE of an absent assignment", source="msgraph-sdk-dotnet#968", grade="R")
def test_absent_assignment(graph: Graph) -> None:
    """What is gone already is refused with 400."""
    target = resource(graph)
    made = assign(graph, user_id(graph), target).json()
    path = f"/servicePrincipals/{target['id']}/appRoleAssignedTo/{made['id']}"
    assert graph.delete(path).status_code == 204
    refused(
        graph.delete(path),
        400,
        "Request_BadRequest",
        "EntitlementGrant being updated or deleted is not found.",
    )


@fact("a removed role leaves its assignments", source="NAIS application.go", grade="C", verdict="uncertain")
def test_assignment_of_removed_role(graph: Graph) -> None:
    """A disabled role may leave without its assignments; they stay and mean the role again if its id comes
    back.
    """
    app = graph.application(appRoles=[role("Reader")])
    target = graph.principal(app)
    user = user_id(graph)
    assign(graph, user, target, app["appRoles"][0]["id"])
    sent = {key: value for key, value in app["appRoles"][0].items() if key != "origin"}
    graph.patch(f"/applications/{app['id']}", {"appRoles": [{**sent, "isEnabled": False}]})
    assert graph.patch(f"/applications/{app['id']}", {"appRoles": []}).status_code == 204
    kept = graph.get(f"/servicePrincipals/{target['id']}/appRoleAssignedTo").json()["value"]
    assert [item["principalId"] for item in kept] == [user]
