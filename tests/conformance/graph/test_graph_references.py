"""Links in bodies: which are read, what they may lead to, and that a refused one leaves nothing behind."""

from typing import Any

import pytest

from tests.conformance.graph_client import BASE, Graph, refused

fact = pytest.mark.fact
SOURCE = "msgraph-sdk-powershell#3150, microsoft-graph-docs#9319; for other hosts the answer was not seen"
NO_URL = "Invalid URL format specified in payload."


def _user(graph: Graph, number: int = 0) -> str:
    return str(graph.get("/users?$top=5").json()["value"][number]["id"])


@fact(
    "references: what a link looks like",
    source="azure-cli recordings, group-post-members documentation",
    grade="R",
)
@pytest.mark.parametrize(
    "form",
    [
        "https://graph.microsoft.com/v1.0/directoryObjects/{id}",
        "https://graph.microsoft.com/beta/users/{id}",
        "HTTPS://Graph.Microsoft.com/v1.0/DIRECTORYOBJECTS/{ID}/",
        "https://graph.microsoft.us/v1.0/directoryObjects/{id}",
        "https://graph.microsoft.com/v1.0/{tenant}/directoryObjects/{id}",
        "https://graph.microsoft.com/v1.0/directoryObjects('{id}')",
        "https://graph.microsoft.com/v1.0/users({id})",
        "https://graph.microsoft.com/v1.0/users/{name}",
        "https://graph.microsoft.com/v2/{tenant}/directoryObjects/{id}/Microsoft.DirectoryServices.User",
    ],
)
def test_read(graph: Graph, form: str) -> None:
    """A link of any of Graph's clouds, to the object as such or by its collection, also as a list of
    references writes it.
    """
    user = graph.get("/users?$top=1").json()["value"][0]
    tenant = graph.get("/organization").json()["value"][0]["id"]
    link = form.format(id=user["id"], ID=user["id"].upper(), name=user["userPrincipalName"], tenant=tenant)
    group = graph.group()["id"]
    assert (
        graph.post(f"/groups/{group}/members/$ref", {"@OData.Id": link, "@odata.context": "x"}).status_code
        == 204
    )
    assert [row["id"] for row in graph.get(f"/groups/{group}/members").json()["value"]] == [user["id"]]


@fact("references: what is no link", source=SOURCE, grade="R", verdict="uncertain")
@pytest.mark.parametrize(
    "form",
    [
        "{id}",
        "directoryObjects/{id}",
        "directoryObjects('{id}')",
        "/v1.0/directoryObjects/{id}",
        "https:graph.microsoft.comv1.0users{id}",
        "https://graph.microsoft.comv1.0/directoryObjects/{id}",
        "https://evil.example/v1.0/directoryObjects/{id}",
        "https://graph.microsoft.com.evil.example/v1.0/directoryObjects/{id}",
        "https://graph.microsoft.com@evil.example/v1.0/directoryObjects/{id}",
        "ftp://graph.microsoft.com/v1.0/directoryObjects/{id}",
        "https://graph.microsoft.com/v1.0/{id}",
        "https://graph.microsoft.com/v1.0/unknown/{id}",
        "https://graph.microsoft.com/v3.0/directoryObjects/{id}",
        "https://graph.microsoft.com/v1.0/groups/{id}/members/{id}",
        "https://graph.microsoft.com/v1.0/00000000-0000-0000-0000-00000000000a/directoryObjects/{id}",
        "https://graph.microsoft.com/v1.0/directoryObjects/{id}?$select=id",
        "https://[/v1.0/directoryObjects/{id}",
        "",
        None,
        7,
        ["https://graph.microsoft.com/v1.0/directoryObjects/{id}"],
    ],
)
def test_no_link(graph: Graph, form: Any) -> None:
    """Half a link, another host's, or something else: refused in a reference and in a bind, and nothing is
    linked or made.
    """
    user = _user(graph)
    link = form.format(id=user) if isinstance(form, str) else form
    app, group = graph.application()["id"], graph.group()["id"]
    refused(graph.post(f"/applications/{app}/owners/$ref", {"@odata.id": link}), 400, "BadRequest", NO_URL)
    refused(graph.post(f"/groups/{group}/members/$ref", {"@odata.id": link}), 400, "BadRequest", NO_URL)
    refused(graph.send("PUT", f"/users/{user}/manager/$ref", {"@odata.id": link}), 400, "BadRequest", NO_URL)
    text = "Invalid URL format specified in @odata.bind for owners."
    body = {"displayName": "never made", "owners@odata.bind": [link]}
    refused(graph.post("/applications", body), 400, "BadRequest", text)
    text = "Invalid URL format specified in @odata.bind for members."
    refused(
        graph.patch(f"/groups/{group}", {"description": "x", "members@odata.bind": [link]}),
        400,
        "BadRequest",
        text,
    )
    assert graph.get("/applications?$filter=displayName eq 'never made'").json()["value"] == []
    assert graph.get(f"/groups/{group}").json()["description"] is None
    assert graph.get(f"/groups/{group}/members").json()["value"] == []


@fact(
    "references: a body that says more, or nothing",
    source="OData 4.01; the answer was not seen",
    grade="D",
    verdict="uncertain",
)
def test_bodies(graph: Graph) -> None:
    """Nothing but a link, once, stands in the body of a reference."""
    path = f"/groups/{graph.group()['id']}/members/$ref"
    link = f"{BASE}/directoryObjects/{_user(graph)}"
    refused(graph.post(path, {}), 400, "BadRequest")
    refused(graph.post(path, {"@odata.id": link, "@OData.ID": link}), 400, "BadRequest")
    refused(
        graph.post(path, {"@odata.id": link, "id": "x"}), 400, "Request_BadRequest", "Invalid property 'id'."
    )
    refused(graph.post(path, [link]), 400, "BadRequest")


@fact("references: bound lists", source="PnP-Sites-Core#1987, microsoft-graph-docs#9319", grade="R")
@pytest.mark.parametrize("links", [None, "https://graph.microsoft.com/v1.0/users/x", {}, [None]])
def test_bound(graph: Graph, links: Any) -> None:
    """Owners and members that are bound are a list, and not an empty one."""
    body = {"displayName": "x", "mailEnabled": False, "mailNickname": "x", "securityEnabled": True}
    for name in ("owners", "members"):
        text = f"Invalid URL format specified in @odata.bind for {name}."
        refused(graph.post("/groups", {**body, f"{name}@odata.bind": links}), 400, "BadRequest", text)
        empty = graph.post("/groups", {**body, f"{name}@odata.bind": []})
        refused(
            empty,
            400,
            "Request_BadRequest",
            "The value of 'odata.bind' property annotation is an empty array.",
        )


@fact(
    "references: of the wrong kind",
    source="MicrosoftDocs/feedback#718, application, group, user documentation",
    grade="R",
)
def test_kinds(graph: Graph) -> None:
    """Owners are people and service principals, no application is a member, a manager is a user; a
    collection has its own.
    """
    app, group = graph.application(), graph.group()["id"]
    principal, user = graph.principal(app)["id"], _user(graph)

    def link(object_id: str, collection: str = "directoryObjects") -> dict[str, str]:
        return {"@odata.id": f"{BASE}/{collection}/{object_id}"}

    for path, object_id, kind, name in (
        (f"/applications/{app['id']}/owners/$ref", group, "Group", "owners"),
        (f"/groups/{group}/owners/$ref", app["id"], "Application", "owners"),
        (f"/groups/{group}/members/$ref", app["id"], "Application", "members"),
    ):
        text = (
            f"The reference target '{kind}_{object_id}' of type '{kind}' is invalid for the '{name}' "
            "reference."
        )
        refused(graph.post(path, link(object_id)), 400, "Request_BadRequest", text)
    refused(
        graph.send("PUT", f"/users/{user}/manager/$ref", link(principal)),
        400,
        "Request_BadRequest",
        "The reference target",
    )
    body = {"displayName": "x", "owners@odata.bind": [link(group)["@odata.id"]]}
    refused(graph.post("/applications", body), 400, "Request_BadRequest", "The reference target 'Group_")
    refused(
        graph.post(f"/groups/{group}/members/$ref", link(user, "groups")), 404, "Request_ResourceNotFound"
    )
    refused(
        graph.post(f"/groups/{group}/members/$ref", link("nobody@contoso.com", "users")),
        404,
        "Request_ResourceNotFound",
    )
    for object_id, collection in ((principal, "servicePrincipals"), (user, "users")):
        assert (
            graph.post(f"/applications/{app['id']}/owners/$ref", link(object_id, collection)).status_code
            == 204
        )


@fact("references: doubles, and what is there already", source="AZ-GROUP", grade="R", verdict="uncertain")
def test_doubles(graph: Graph) -> None:
    """An object that is bound twice, or is bound already, is refused with the whole write: no group is
    left, none changed.
    """
    first, second = (f"{BASE}/directoryObjects/{_user(graph, number)}" for number in (0, 1))
    name = f"doubles of {graph.group()['displayName']}"
    body = {"displayName": name, "mailEnabled": False, "mailNickname": "x", "securityEnabled": True}
    for relation in ("owners", "members"):
        doubled = {**body, f"{relation}@odata.bind": [first, second, first]}
        refused(graph.post("/groups", doubled), 400, "Request_BadRequest", "already exist")
    assert graph.get(f"/groups?$filter=displayName eq '{name}'").json()["value"] == []
    group = graph.group(**{"members@odata.bind": [first]})["id"]
    bound = {"description": "x", "members@odata.bind": [second, first]}
    refused(graph.patch(f"/groups/{group}", bound), 400, "Request_BadRequest", "already exist")
    invalid = {"displayName": "", "members@odata.bind": [second]}
    refused(graph.patch(f"/groups/{group}", invalid), 400, "Request_BadRequest")
    found = graph.get(f"/groups/{group}").json()
    assert (found["description"], len(graph.get(f"/groups/{group}/members").json()["value"])) == (None, 1)
    assert (
        graph.patch(f"/groups/{group}", {"description": "x", "Members@odata.bind": [second]}).status_code
        == 204
    )
    assert len(graph.get(f"/groups/{group}/members").json()["value"]) == 2
