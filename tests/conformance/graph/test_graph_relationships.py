"""Lists of what an object is linked to: every query option is honoured or refused, in every form of the
path.
"""

from dataclasses import dataclass

import pytest

from tests.conformance.graph_client import BASE, Graph, refused

fact = pytest.mark.fact
UNSUPPORTED = "Request_UnsupportedQuery"


@dataclass
class Linked:
    """A group with two groups and two users in it, itself in another, and who owns it."""

    graph: Graph
    path: str
    users: dict[str, str]
    group: str

    def names(self, tail: str) -> list[str]:
        """Give the display names that an advanced query lists, in their order."""
        response = self.graph.advanced(f"{self.path}/{tail}")
        assert response.status_code == 200, response.text
        return [item["displayName"] for item in response.json()["value"]]


@pytest.fixture
def linked(graph: Graph) -> Linked:
    """Make the group and its links."""
    people = graph.get("/users?$select=id,displayName").json()["value"]
    users = {item["displayName"]: item["id"] for item in people}
    group = graph.group(displayName="conf linked")["id"]
    inner = [graph.group(displayName=f"conf inner {name}")["id"] for name in ("one", "two")]
    outer = graph.group(displayName="conf outer")["id"]
    for member in (users["Bob Baker"], users["Alice Archer"], *inner):
        graph.post(f"/groups/{group}/members/$ref", {"@odata.id": f"{BASE}/directoryObjects/{member}"})
    graph.post(
        f"/groups/{inner[0]}/members/$ref", {"@odata.id": f"{BASE}/directoryObjects/{users['Carol Clark']}"}
    )
    graph.post(f"/groups/{outer}/members/$ref", {"@odata.id": f"{BASE}/directoryObjects/{group}"})
    for owner in ("Bob Baker", "Alice Archer"):
        graph.post(f"/groups/{group}/owners/$ref", {"@odata.id": f"{BASE}/directoryObjects/{users[owner]}"})
    return Linked(graph, f"/groups/{group}", users, group)


@fact("filter on a relationship, cast or not", source="group-list-members documentation", grade="D")
@pytest.mark.parametrize(
    ("tail", "names"),
    [
        ("members?$count=true&$filter=startswith(displayName,'conf inner o')", ["conf inner one"]),
        ("members/microsoft.graph.user?$count=true&$filter=displayName eq 'alice archer'", ["Alice Archer"]),
        ("members/microsoft.graph.group?$count=true&$filter=displayName eq 'Alice Archer'", []),
        (
            "transitiveMembers/microsoft.graph.user?$count=true&$filter=startswith(displayName,'C')",
            ["Carol Clark"],
        ),
        ("owners?$count=true&$filter=displayName ne 'Bob Baker'", ["Alice Archer"]),
        ("memberOf?$count=true&$filter=displayName eq 'conf outer'", ["conf outer"]),
        ("memberOf/microsoft.graph.group?$count=true&$filter=startswith(displayName,'x')", []),
        ("transitiveMemberOf?$count=true&$filter=securityEnabled eq false", []),
    ],
)
def test_filter(linked: Linked, tail: str, names: list[str]) -> None:
    """Only what matches is listed."""
    assert linked.names(tail) == names


@fact("order and search on a relationship", source="group-list-members documentation", grade="D")
def test_order_and_search(linked: Linked) -> None:
    """Members come in the order that is asked for, and a search finds words of names."""
    people = "members/microsoft.graph.user?$count=true&$orderby=displayName"
    assert linked.names(people) == ["Alice Archer", "Bob Baker"]
    assert linked.names(f"{people} desc") == ["Bob Baker", "Alice Archer"]
    assert linked.names('members?$count=true&$search="displayName:inner"') == [
        "conf inner one",
        "conf inner two",
    ]
    assert linked.names('transitiveMembers/microsoft.graph.user?$search="displayName:clark"') == [
        "Carol Clark"
    ]


@fact("filter on a relationship without advanced queries", source="msgraph-sdk-java#1841", grade="R")
@pytest.mark.parametrize(
    "tail", ["members", "memberOf/microsoft.graph.group", "owners", "transitiveMembers/microsoft.graph.user"]
)
def test_filter_is_advanced(linked: Linked, tail: str) -> None:
    """Without header and count a filter is refused, not ignored."""
    text = "The specified filter to the reference property query is currently not supported."
    refused(linked.graph.get(f"{linked.path}/{tail}?$filter=displayName eq 'x'"), 400, UNSUPPORTED, text)
    refused(linked.graph.advanced(f"{linked.path}/{tail}?$filter=displayName eq 'x'"), 400, UNSUPPORTED, text)


@fact(
    "terraform: an owner looked up by id",
    source="terraform-provider-azuread 3.9.0",
    grade="R",
    verdict="uncertain",
)
def test_filter_by_id(linked: Linked) -> None:
    """A filter by id works without advanced queries: the provider sends it."""
    alice = linked.users["Alice Archer"]
    found = linked.graph.get(f"{linked.path}/owners?$filter=id eq '{alice}'").json()["value"]
    assert [item["id"] for item in found] == [alice]
    assert linked.graph.get(f"{linked.path}/owners?$filter=id eq '{linked.group}'").json()["value"] == []


@fact(
    "order and search on a relationship need advanced queries",
    source="aad-advanced-queries documentation",
    grade="D",
)
def test_order_is_advanced(linked: Linked) -> None:
    """Neither is ignored without them."""
    refused(linked.graph.get(f"{linked.path}/members?$orderby=displayName"), 400, UNSUPPORTED)
    refused(linked.graph.get(f'{linked.path}/members?$search="displayName:x"'), 400, UNSUPPORTED)


@fact(
    "$count of relationships and casts",
    source="group-list-members, user-list-memberof documentation",
    grade="D",
)
@pytest.mark.parametrize(
    ("tail", "number"),
    [
        ("members/$count", 4),
        ("members/microsoft.graph.user/$count", 2),
        ("members/microsoft.graph.group/$count?$filter=startswith(displayName,'conf inner t')", 1),
        ("transitiveMembers/$count", 5),
        ("transitiveMembers/microsoft.graph.group/$count", 2),
        ("memberOf/microsoft.graph.group/$count", 1),
        ("transitiveMemberOf/$count", 1),
        ("owners/$count", 2),
    ],
)
def test_count(linked: Linked, tail: str, number: int) -> None:
    """A count is a plain number, with the header alone, and a filter is heeded."""
    refused(
        linked.graph.get(f"{linked.path}/{tail}"),
        400,
        "Request_BadRequest",
        "$count is not currently supported.",
    )
    response = linked.graph.advanced(f"{linked.path}/{tail}")
    assert (response.text, response.headers["content-type"]) == (str(number), "text/plain")


@fact(
    "$count of a collection heeds filter and search",
    source="aad-advanced-queries documentation",
    grade="D",
)
def test_count_of_collections(linked: Linked) -> None:
    """The number is of the matches, not of all."""
    assert linked.graph.advanced("/groups/$count?$filter=startswith(displayName,'conf inner')").text == "2"
    assert linked.graph.advanced('/users/$count?$search="displayName:alice"').text == "1"
    everybody = int(linked.graph.advanced("/users/$count").text)
    assert everybody == len(linked.graph.get("/users?$top=999").json()["value"])


@fact("/oauth2PermissionGrants/$count", source="CSDL; not documented", grade="D", verdict="uncertain")
def test_count_of_grants(graph: Graph) -> None:
    """Grants are counted as other collections are."""
    listed = graph.get("/oauth2PermissionGrants").json()["value"]
    assert graph.advanced("/oauth2PermissionGrants/$count").text == str(len(listed))
    assert graph.advanced("/oauth2PermissionGrants/$count?$filter=consentType eq 'Principal'").text == "0"


@fact("contexts of casts", source="group-list-members, group-list-memberof documentation", grade="D")
@pytest.mark.parametrize(
    ("tail", "context"),
    [
        ("members", "directoryObjects"),
        ("members/microsoft.graph.user", "users"),
        ("members/microsoft.graph.user?$select=displayName,id", "users(displayName,id)"),
        ("memberOf/microsoft.graph.group", "groups"),
        ("owners/microsoft.graph.user", "users"),
    ],
)
def test_contexts(linked: Linked, tail: str, context: str) -> None:
    """A cast has the context of its type, and its items do not name it again."""
    body = linked.graph.get(f"{linked.path}/{tail}").json()
    assert body["@odata.context"].endswith(f"/$metadata#{context}")
    assert all(("@odata.type" in item) == (context == "directoryObjects") for item in body["value"])


@fact(
    "references of a relationship",
    source="group-list-members documentation, OData",
    grade="D",
    verdict="uncertain",
)
def test_references(linked: Linked) -> None:
    """`$ref` lists links, not objects."""
    body = linked.graph.get(f"{linked.path}/members/$ref?$top=2").json()
    assert body["@odata.context"].endswith("#Collection($ref)")
    assert [set(item) for item in body["value"]] == [{"@odata.id"}, {"@odata.id"}]
    assert f"/directoryObjects/{linked.users['Bob Baker']}/" in body["value"][0]["@odata.id"]
    assert "@odata.nextLink" in body


@fact("select on lists of mixed objects", source="query-parameters documentation", grade="D")
def test_select(linked: Linked) -> None:
    """A property that only some of the objects have is shown of those; one that none can have is refused."""
    body = linked.graph.get(
        f"{linked.path}/members?$select=displayName,userPrincipalName,accountEnabled"
    ).json()
    shown = {item["displayName"]: item for item in body["value"]}
    assert shown["Bob Baker"]["accountEnabled"] is True
    assert set(shown["conf inner one"]) == {"@odata.type", "displayName"}
    refused(linked.graph.get(f"{linked.path}/members?$select=nonsense"), 400, "BadRequest", "nonsense")


@fact("unknown casts", source="OData", grade="D", verdict="uncertain")
def test_unknown_cast(linked: Linked) -> None:
    """A cast that no such list has is no path."""
    refused(linked.graph.get(f"{linked.path}/members/microsoft.graph.nonsense"), 400, "BadRequest")
    refused(linked.graph.get(f"{linked.path}/memberOf/microsoft.graph.message"), 400, "BadRequest")


@fact(
    "created objects",
    source="serviceprincipal-list-createdobjects documentation",
    grade="D",
    verdict="uncertain",
)
def test_created_objects(graph: Graph) -> None:
    """A service principal lists what it made."""
    me = graph.get("/servicePrincipals(appId='d0000000-0000-4000-8000-000000000003')").json()["id"]
    made = graph.principal(graph.application())
    found = graph.get(f"/servicePrincipals/{me}/createdObjects").json()["value"]
    assert made["id"] in {item["id"] for item in found}
