"""Filters, selection, search, order, paging and counts."""

import pytest

from tests.conformance.graph_client import BASE, Graph, refused, role

fact = pytest.mark.fact
UNSUPPORTED = "Request_UnsupportedQuery"


@pytest.fixture
def some(graph: Graph) -> Graph:
    """Make five applications that the queries of this module find."""
    for number in range(5):
        graph.application(
            displayName=f"conf-query {number}",
            tags=["conf:all", f"conf:{number % 2}"],
            description=f"number {number}",
        )
    return graph


def names(graph: Graph, query: str, *, advanced: bool = False) -> list[str]:
    """Give the display names that a query finds."""
    path = f"/applications?{query}"
    response = graph.advanced(path) if advanced else graph.get(path)
    assert response.status_code == 200, response.text
    return sorted(item["displayName"] for item in response.json()["value"])


@fact("filters that work by default", source="filter-directory-objects documentation, APPDOC", grade="D")
@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("$filter=displayName eq 'CONF-query 1'", 1),
        ("$filter=startswith(displayName,'conf-query')", 5),
        ("$filter=startswith(displayName,'conf-query') and tags/any(t:t eq 'conf:1')", 2),
        ("$filter=displayName in ('conf-query 1','conf-query 2')", 2),
        ("$filter=tags/any(t:t eq 'conf:0')", 3),
        ("$filter=tags/any(t:t eq 'conf:0' or t eq 'conf:1')", 5),
        ("$filter=tags/any(t:startswith(t,'conf:a'))", 5),
        (
            (
                "$filter=(displayName eq 'conf-query 1' or displayName eq 'conf-query 2') and "
                "signInAudience eq 'AzureADMyOrg'"
            ),
            2,
        ),
        ("$filter=tags/any(t:t eq 'conf:all') and createdDateTime ge 2020-01-01T00:00:00Z", 5),
        ("%24filter=displayName+eq+%27conf-query+1%27", 1),
    ],
)
def test_default_filters(some: Graph, query: str, count: int) -> None:
    """Equality, prefixes, membership and lambdas need no header; text is compared without regard to case."""
    assert len(names(some, query)) == count


@fact("filters that need advanced queries", source="aad-advanced-queries documentation", grade="D")
@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("$filter=tags/any(t:t eq 'conf:all') and not(displayName eq 'conf-query 1')", 4),
        ("$filter=tags/any(t:t eq 'conf:all') and displayName ne 'conf-query 1'", 4),
        ("$filter=tags/any(t:t eq 'conf:all') and endswith(displayName,'1')", 1),
        ("$filter=tags/any(t:t eq 'conf:all') and description eq 'number 2'", 1),
        ("$filter=tags/any(t:t eq 'conf:all') and owners/$count eq 0", 5),
        ("$filter=tags/any(t:t eq 'conf:all')&$orderby=displayName", 5),
    ],
)
def test_advanced_filters(some: Graph, query: str, count: int) -> None:
    """Without header and $count they are refused, with both they work."""
    refused(some.get(f"/applications?{query}"), 400, UNSUPPORTED)
    refused(some.advanced(f"/applications?{query}"), 400, UNSUPPORTED)
    assert len(names(some, f"{query}&$count=true", advanced=True)) == count


@fact("limits of filters", source="KNOWN, msgraph-sdk-dotnet#159", grade="D")
def test_filter_limits(reader: Graph) -> None:
    """At most fifteen values of `in`, at most 120 characters in a literal."""
    values = ",".join(f"'{n}'" for n in range(16))
    assert reader.get(f"/applications?$filter=displayName in ({values})").status_code == 400
    refused(
        reader.get(f"/groups?$filter=displayName eq '{'x' * 121}'"),
        400,
        UNSUPPORTED,
        "'displayName' of resource 'Group'",
    )


@fact("uniqueName is not listed as filterable", source="APPDOC", grade="D", verdict="uncertain")
def test_unique_name_filter(reader: Graph) -> None:
    """A unique name is a key, not a filter."""
    refused(reader.get("/applications?$filter=uniqueName eq 'x'"), 400, UNSUPPORTED)


@fact("unknown properties and broken filters", source="", grade="S", verdict="uncertain")
@pytest.mark.parametrize(
    "text", ["nothing eq 'x'", "displayName eq", "displayName eq 'x", "((", "tags/any(t:u eq 'x')", ""]
)
def test_broken_filters(reader: Graph, text: str) -> None:
    """A filter that cannot be read is refused with 400."""
    assert reader.get(f"/applications?$filter={text}").status_code == 400


@fact("paging", source="application-list documentation, AZ-USER", grade="D")
def test_paging(some: Graph) -> None:
    """Pages follow each other by absolute links that repeat the query; the last has none; the link comes
    before the value.
    """
    path = "/applications?$filter=startswith(displayName,'conf-query')&$top=2&$select=displayName"
    found: list[str] = []
    sizes = []
    while path:
        body = some.get(path).json()
        found += [item["displayName"] for item in body["value"]]
        sizes.append(len(body["value"]))
        if "@odata.nextLink" in body:
            assert list(body) == ["@odata.context", "@odata.nextLink", "value"]
        path = body.get("@odata.nextLink", "")
    assert sizes == [2, 2, 1]
    assert sorted(found) == [f"conf-query {n}" for n in range(5)]


@fact("page sizes", source="application-list documentation", grade="D")
@pytest.mark.parametrize(("top", "status"), [("999", 200), ("1000", 400), ("0", 400), ("x", 400)])
def test_page_size(reader: Graph, top: str, status: int) -> None:
    """$top is at most 999."""
    assert reader.get(f"/applications?$top={top}").status_code == status


@fact("default page of 100", source="application-list documentation", grade="D")
def test_default_page(emulated: Graph) -> None:
    """Without $top a page has 100 objects."""
    known = len(emulated.get("/applications").json()["value"])
    for start in range(0, 120, 20):
        parts = [
            {"method": "POST", "url": "/applications", "body": {"displayName": f"many {start + n}"}}
            for n in range(20)
        ]
        emulated.batch(*parts)
    first = emulated.get("/applications").json()
    assert len(first["value"]) == 100
    assert len(emulated.get(first["@odata.nextLink"]).json()["value"]) == known + 20


@fact("counts", source="aad-advanced-queries documentation, KNOWN", grade="D")
def test_count(some: Graph) -> None:
    """$count is ignored without the header; with it the number is on the first page only."""
    path = "/applications?$filter=startswith(displayName,'conf-query')&$top=3&$count=true"
    assert "@odata.count" not in some.get(path).json()
    first = some.advanced(path).json()
    assert first["@odata.count"] == 5
    assert "@odata.count" not in some.advanced(first["@odata.nextLink"]).json()
    refused(some.get("/applications/$count"), 400, "Request_BadRequest", "$count is not currently supported.")
    number = some.advanced("/applications/$count")
    assert number.headers["content-type"] == "text/plain"
    assert int(number.text) >= 5


@fact("search needs the header", source="aad-advanced-queries documentation", grade="D")
def test_search(some: Graph) -> None:
    """$search finds words of a name, with the header alone."""
    path = '/applications?$search="displayName:conf-query"'
    text = "only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'"
    refused(some.get(path), 400, UNSUPPORTED, text)
    assert len(some.advanced(path).json()["value"]) == 5
    refused(some.advanced('/applications?$search="createdDateTime:x"'), 400, UNSUPPORTED, "is not searchable")
    for name in ("nonsense", "owners"):
        text = f"Could not find a property named '{name}'"
        assert text in some.advanced(f'/applications?$search="{name}:x"').text


@fact("order", source="aad-advanced-queries documentation", grade="D")
def test_order(some: Graph) -> None:
    """Groups and users are ordered by name by default, applications by advanced queries only."""
    listed = [item["displayName"] for item in some.get("/groups?$orderby=displayName").json()["value"]]
    assert listed == sorted(listed, key=str.casefold)
    refused(some.get("/applications?$orderby=displayName"), 400, UNSUPPORTED)
    path = "/applications?$orderby=displayName desc&$count=true&$top=2"
    first = some.advanced(path).json()
    second = some.advanced(first["@odata.nextLink"]).json()
    ordered = [item["displayName"].casefold() for item in first["value"] + second["value"]]
    assert ordered == sorted(ordered, reverse=True)


@fact("select", source="query-parameters documentation", grade="D")
def test_select(graph: Graph) -> None:
    """Only the selected properties come; an unknown one is refused."""
    app = graph.application(appRoles=[role("Reader")])
    body = graph.get(f"/applications/{app['id']}?$select=id,appRoles").json()
    assert set(body) == {"@odata.context", "id", "appRoles"}
    assert graph.get(f"/applications/{app['id']}?$select=nonsense").status_code == 400


@fact("terraform: beta properties on select", source="terraform-provider-azuread 3.9.0", grade="R")
def test_beta_select(graph: Graph) -> None:
    """The provider's two beta reads are served."""
    app = graph.application()
    principal = graph.principal(app)
    body = graph.get(f"/beta/applications/{app['id']}?$select=oauth2RequirePostResponse").json()
    assert body["oauth2RequirePostResponse"] is False
    assert (
        "samlMetadataUrl"
        in graph.get(f"/beta/servicePrincipals/{principal['id']}?$select=samlMetadataUrl").json()
    )


@fact("expand", source="KNOWN", grade="D")
def test_expand(graph: Graph) -> None:
    """Owners come with $expand, at most twenty."""
    user = graph.get("/users?$top=1").json()["value"][0]["id"]
    app = graph.application(**{"owners@odata.bind": [f"{BASE}/directoryObjects/{user}"]})
    body = graph.get(f"/applications/{app['id']}?$expand=owners($select=id)").json()
    assert [item["id"] for item in body["owners"]] == [user]
    listed = graph.get(f"/applications?$filter=appId eq '{app['appId']}'&$expand=owners").json()["value"]
    assert listed[0]["owners"][0]["@odata.type"] == "#microsoft.graph.user"
    for _ in range(20):
        owner = graph.principal(graph.application())["id"]
        graph.post(
            f"/applications/{app['id']}/owners/$ref", {"@odata.id": f"{BASE}/directoryObjects/{owner}"}
        )
    assert len(graph.get(f"/applications/{app['id']}/owners").json()["value"]) == 21
    assert len(graph.get(f"/applications/{app['id']}?$expand=owners").json()["owners"]) == 20


@fact("expand", source="KNOWN", grade="D")
@pytest.mark.parametrize("collection", ["applications", "servicePrincipals", "groups", "users"])
def test_unknown_expand(graph: Graph, collection: str) -> None:
    """What is no relationship is refused, of one object and of a list."""
    listed = graph.get(f"/{collection}?$top=1").json()["value"]
    for path in (f"/{collection}", f"/{collection}/{listed[0]['id']}"):
        response = graph.get(f"{path}?$expand=nonsense")
        assert response.status_code == 400, response.text
        assert "nonsense" in response.json()["error"]["message"]


@fact("expand", source="KNOWN", grade="D")
@pytest.mark.parametrize(
    "name", ["owners", "appRoleAssignedTo", "appRoleAssignments", "oauth2PermissionGrants", "memberOf"]
)
def test_expand_of_principals(graph: Graph, name: str) -> None:
    """A service principal brings what was asked for with it, read alone or in a list."""
    principal = graph.principal(graph.application())
    one = graph.get(f"/servicePrincipals/{principal['id']}?$expand={name}").json()
    (listed,) = graph.get(
        f"/servicePrincipals?$filter=appId eq '{principal['appId']}'&$expand={name}"
    ).json()["value"]
    assert (one[name], listed[name]) == ([], [])


@fact("service principals by tag", source="no document says it", grade="S", verdict="uncertain")
def test_principals_by_tag(graph: Graph) -> None:
    """Service principals are filtered by tag without advanced headers."""
    principal = graph.principal(graph.application(tags=["conf:tagged"]))
    found = graph.get("/servicePrincipals?$filter=tags/any(t:t eq 'conf:tagged')").json()["value"]
    assert [item["id"] for item in found] == [principal["id"]]


@fact("azure-cli's filters", source="azure-cli 2.91.0", grade="R")
@pytest.mark.parametrize(
    "path",
    [
        "/applications?$filter=startswith(displayName,'x')",
        "/applications?$filter=appId eq '00000000-0000-0000-0000-000000000001'",
        "/groups?$filter=displayName eq 'x' and mailNickname eq 'y'",
        "/oauth2PermissionGrants?$filter=clientId eq '00000000-0000-0000-0000-000000000001'",
        "/servicePrincipals?$filter=servicePrincipalNames/any(c:c eq '00000000-0000-0000-0000-000000000001')",
        "/servicePrincipals?$filter=displayName eq 'x'",
        "/applications?$filter=identifierUris/any(s:s eq 'api://x')",
        "/users?$filter=startswith(displayName,'x')",
    ],
)
def test_azure_cli_filters(reader: Graph, path: str) -> None:
    """What azure-cli sends is answered."""
    response = reader.get(path)
    assert (response.status_code, response.json()["value"]) == (200, [])
