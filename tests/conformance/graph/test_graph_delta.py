"""Delta queries: everything first, then what changed since, page by page."""

from typing import Any

import pytest

from tests.conformance.graph_client import BASE, Graph, refused

fact = pytest.mark.fact
COLLECTIONS = ["applications", "servicePrincipals", "groups", "users", "devices", "oauth2PermissionGrants"]


def follow(graph: Graph, url: str) -> tuple[list[dict[str, Any]], str]:
    """Read all pages from a link on; give the items and the link to the changes after them."""
    found: list[dict[str, Any]] = []
    while True:
        body = graph.get(url).json()
        found += body["value"]
        if "@odata.deltaLink" in body:
            return found, str(body["@odata.deltaLink"])
        url = body["@odata.nextLink"]


@fact(
    "delta queries: all objects, then none",
    source="DOC21, delta-query-overview documentation",
    grade="D",
)
@pytest.mark.parametrize("collection", COLLECTIONS)
def test_everything_first(graph: Graph, collection: str) -> None:
    """The first round has every object of the collection, the next one nothing."""
    graph.principal(graph.application())
    found, link = follow(graph, f"/{collection}/delta")
    listed = graph.get(f"/{collection}?$top=999").json()["value"]
    assert {item["id"] for item in found} == {item["id"] for item in listed}
    assert follow(graph, link)[0] == []


@fact(
    "delta is a function: the SDKs call it with parentheses",
    source="CSDL, msgraph-sdk-python",
    grade="C",
)
@pytest.mark.parametrize(
    "name", ["delta", "delta()", "microsoft.graph.delta", "microsoft.graph.delta()", "Delta%28%29"]
)
def test_spellings(graph: Graph, name: str) -> None:
    """Each way to write the function is the same round."""
    app = graph.application()
    found, link = follow(graph, f"/applications/{name}?$select=displayName")
    assert app["id"] in {item["id"] for item in found}
    assert follow(graph, link)[0] == []


@fact("delta queries: what changed", source="DOC21, delta-query-overview documentation", grade="D")
def test_changes(graph: Graph) -> None:
    """New and changed objects come whole; a soft-deleted one is removed as changed, a purged one as
    deleted.
    """
    kept, gone, purged = graph.application(), graph.application(), graph.application()
    _, link = follow(graph, "/applications/delta")
    graph.patch(f"/applications/{kept['id']}", {"notes": "n"})
    for app in (gone, purged):
        graph.delete(f"/applications/{app['id']}")
    graph.delete(f"/directory/deletedItems/{purged['id']}")
    made = graph.application()
    found = {item["id"]: item for item in follow(graph, link)[0]}
    assert set(found) == {kept["id"], gone["id"], purged["id"], made["id"]}
    assert found[kept["id"]]["notes"] == "n"
    assert found[gone["id"]] == {"id": gone["id"], "@removed": {"reason": "changed"}}
    assert found[purged["id"]] == {"id": purged["id"], "@removed": {"reason": "deleted"}}


@fact(
    "delta queries: pages, select, one object, from now on",
    source="DOC21, delta-query-overview documentation",
    grade="D",
)
def test_options(graph: Graph) -> None:
    """Pages have the asked size; links remember the selection; a filter by id is the only one; `latest`
    skips what is.
    """
    app = graph.application()
    first = graph.get("/users/delta?$top=2&$select=displayName,jobTitle").json()
    assert len(first["value"]) == 2
    assert set(first["value"][0]) == {"displayName", "jobTitle", "id"}
    assert set(graph.get(first["@odata.nextLink"]).json()["value"][0]) == {"displayName", "jobTitle", "id"}
    assert not any("members@delta" in each for each in follow(graph, "/groups/delta?$select=displayName")[0])
    one, _ = follow(graph, f"/applications/delta?$filter=id eq '{app['id']}'")
    assert [item["id"] for item in one] == [app["id"]]
    refused(graph.get("/applications/delta?$filter=displayName eq 'x'"), 400, "Request_UnsupportedQuery")
    nothing, link = follow(graph, "/applications/delta?$deltatoken=latest")
    assert nothing == []
    graph.patch(f"/applications/{app['id']}", {"notes": "n"})
    assert [item["id"] for item in follow(graph, link)[0]] == [app["id"]]


@fact("delta of groups tells members", source="group-delta documentation", grade="D")
def test_members(graph: Graph) -> None:
    """Members that came and went stand beside their group."""
    group = graph.group()
    users = [item["id"] for item in graph.get("/users?$top=2").json()["value"]]
    path = f"/groups/{group['id']}/members"
    graph.post(f"{path}/$ref", {"@odata.id": f"{BASE}/directoryObjects/{users[0]}"})
    found, link = follow(graph, "/groups/delta")
    changes = {item["id"]: item for item in found}[group["id"]]["members@delta"]
    assert changes == [{"@odata.type": "#microsoft.graph.user", "id": users[0]}]
    graph.post(f"{path}/$ref", {"@odata.id": f"{BASE}/directoryObjects/{users[1]}"})
    graph.delete(f"{path}/{users[0]}/$ref")
    [changed] = follow(graph, link)[0]
    of_user = {"@odata.type": "#microsoft.graph.user"}
    assert changed["members@delta"] == [
        {**of_user, "id": users[1]},
        {**of_user, "id": users[0], "@removed": {"reason": "deleted"}},
    ]
    _, link = follow(graph, link)
    graph.post(f"{path}/$ref", {"@odata.id": f"{BASE}/directoryObjects/{users[0]}"})
    graph.delete(f"{path}/{users[0]}/$ref")
    assert follow(graph, link)[0] == []
    graph.patch(f"/groups/{group['id']}", {"description": "d"})
    assert ["members@delta" in each for each in follow(graph, link)[0]] == [False]


@fact(
    "delta links that are no longer known",
    source="delta-query-overview documentation",
    grade="D",
    verdict="uncertain",
)
def test_unknown_link(graph: Graph) -> None:
    """A link that nobody remembers begins anew; a token that is none is refused."""
    _, link = follow(graph, "/applications/delta")
    graph.post("/_emulator/reset")
    refused(graph.get(link), 410, "syncStateNotFound")
    for number in ("x", "", link.partition("=")[2][:-2] + "AA"):
        refused(
            graph.get(f"/applications/delta?$deltatoken={number}"),
            400,
            "Request_BadRequest",
            "Badly formed token.",
        )


@fact(
    "a delta link is good for its own list",
    source="delta-query-overview documentation",
    grade="D",
    verdict="uncertain",
)
def test_foreign_links(graph: Graph) -> None:
    """One list's link does not go on in another, nor a link to a page where the changes are."""
    graph.application()
    page = graph.get("/applications/delta?$top=1").json()["@odata.nextLink"].partition("skiptoken=")[2]
    changes = follow(graph, "/applications/delta")[1].partition("deltatoken=")[2]
    for path in (
        f"/users/delta?$skiptoken={page}",
        f"/users/delta?$deltatoken={changes}",
        f"/applications/delta?$skiptoken={changes}",
        f"/applications/delta?$deltatoken={page}",
    ):
        refused(graph.get(path), 400, "Request_BadRequest", "Badly formed token.")
