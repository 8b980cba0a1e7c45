"""Names of properties have no case, wherever a client writes them."""

from typing import Any

import pytest

from tests.conformance.graph_client import BASE, Graph, refused, role

fact = pytest.mark.fact
CASE = "names of properties have no case"


@fact(CASE, source="directory-deleteditems-list documentation", grade="D")
def test_select(graph: Graph) -> None:
    """What is selected comes under the schema's own name."""
    app = graph.application()
    body = graph.get(f"/applications/{app['id']}?$Select=ID,displayname,AppRoles").json()
    assert set(body) == {"@odata.context", "id", "displayName", "appRoles"}
    assert body["@odata.context"].endswith("#applications(id,displayName,appRoles)/$entity")
    listed = graph.get("/users?$select=USERPRINCIPALNAME&$top=1").json()["value"]
    assert list(listed[0]) == ["userPrincipalName"]


@fact(CASE, source="directory-deleteditems-list documentation", grade="D")
@pytest.mark.parametrize(
    "query",
    [
        "$filter=DisplayName eq '{name}'",
        "$filter=startsWith(DISPLAYNAME,'{name}')",
        "filter=displayname in ('{name}')",
        "$filter=APPROLES/ANY(r:r/Value eq 'Reader')&$count=true",
        "$filter=Tags/any(x:x eq 'conf:case')",
        "$FILTER=tags/Any(x:startswith(x,'conf:case'))",
        '$search="DisplayName:{name}"&$count=true',
    ],
)
def test_filter(graph: Graph, query: str) -> None:
    """A filter or a search finds by names in any case, in lambdas too."""
    app = graph.application(displayName="conf-case", tags=["conf:case"], appRoles=[role("Reader")])
    if "APPROLES" in query:
        refused(
            graph.advanced(f"/applications?{query}"),
            400,
            "Request_UnsupportedQuery",
            "'appRoles' of resource 'Application'",
        )
        return
    found = graph.advanced(f"/applications?{query.format(name='conf-case')}").json()["value"]
    assert [item["id"] for item in found] == [app["id"]]


@fact(CASE, source="directory-deleteditems-list documentation", grade="D")
def test_order_and_expand(graph: Graph) -> None:
    """So do order and expansion."""
    listed = [item["displayName"] for item in graph.get("/groups?$orderBy=DISPLAYNAME DESC").json()["value"]]
    assert listed == sorted(listed, key=str.casefold, reverse=True)
    app = graph.application(
        **{
            "owners@odata.bind": [
                f"{BASE}/directoryObjects/{graph.get('/users?$top=1').json()['value'][0]['id']}"
            ]
        }
    )
    body = graph.get(f"/applications/{app['id']}?$expand=OWNERS($select=Id)").json()
    assert [set(item) for item in body["owners"]] == [{"@odata.type", "id"}]


@fact(CASE, source="directory-deleteditems-list documentation", grade="D")
def test_bodies(graph: Graph) -> None:
    """A body's names are the schema's in any case, nested ones too, and annotations."""
    user = graph.get("/users?$top=1").json()["value"][0]["id"]
    body: dict[str, Any] = {
        "DisplayName": "conf-case",
        "WEB": {"RedirectUris": ["https://x.example/"]},
        "approles": [{name.upper(): value for name, value in role("Reader").items()}],
        "OWNERS@odata.bind": [f"{BASE}/directoryObjects/{user}"],
    }
    made = graph.post("/applications", body)
    assert made.status_code == 201, made.text
    assert made.json()["web"]["redirectUris"] == ["https://x.example/"]
    assert made.json()["appRoles"][0]["value"] == "Reader"
    path = f"/applications/{made.json()['id']}"
    assert [item["id"] for item in graph.get(f"{path}/owners").json()["value"]] == [user]
    assert (
        graph.patch(path, {"NOTES": "n", "SPA": {"redirecturis": ["https://y.example/"]}}).status_code == 204
    )
    assert graph.get(path).json()["notes"] == "n"
    key = graph.post(f"{path}/addPassword", {"PasswordCredential": {"DisplayName": "d"}}).json()
    assert key["displayName"] == "d"
    assert graph.post(f"{path}/removePassword", {"KEYID": key["keyId"]}).status_code == 204


@fact("a name given twice, in two cases", source="OData", grade="D", verdict="uncertain")
def test_twice(graph: Graph) -> None:
    """A property that stands in a body twice is refused."""
    body = {"displayName": "x", "DisplayName": "y"}
    refused(graph.post("/applications", body), 400, "BadRequest", "found more than once")


@fact("a name given twice, in one case", source="OData", grade="D", verdict="uncertain")
@pytest.mark.parametrize(
    "body", ['{"displayName": "x", "displayName": "y"}', '{"displayName": "x", "web": {"a": 1, "a": 1}}']
)
def test_twice_in_one_case(graph: Graph, body: str) -> None:
    """So is one that stands there twice in the same case, nested too, and nothing is made."""
    before = graph.get("/applications?$top=999&$select=id").json()["value"]
    headers = {"Content-Type": "application/json"}
    refused(
        graph.send("POST", "/applications", None, headers, content=body),
        400,
        "BadRequest",
        "found more than once",
    )
    assert graph.get("/applications?$top=999&$select=id").json()["value"] == before
