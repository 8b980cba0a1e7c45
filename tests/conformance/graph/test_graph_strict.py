"""Requests that are almost Graph's: each is read as what it says, or refused; none is taken for something
else.
"""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.graph_client import BASE, Graph, refused

fact = pytest.mark.fact
EXPIRED = "The specified page token value has expired and can no longer be used."


@fact(
    "page tokens are opaque",
    source="paging documentation; a made-up one: the answer was not seen",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize(
    "path",
    [
        "/users",
        "/users?$orderby=displayName",
        "/applications",
        "/auditLogs/directoryAudits",
        "/groups/{group}/members",
    ],
)
def test_tokens(graph: Graph, path: str) -> None:
    """A token goes on in the list that it came with; one that was made up, changed, or taken from another
    question is refused.
    """
    users = [row["id"] for row in graph.get("/users?$top=3").json()["value"]]
    bound = [f"{BASE}/users/{user}" for user in users]
    path = path.format(group=graph.group(**{"members@odata.bind": bound})["id"])
    for _ in range(2):
        graph.application()
    mark = "&" if "?" in path else "?"
    first = graph.get(f"{path}{mark}$top=1").json()
    token = first["@odata.nextLink"].partition("skiptoken=")[2]
    second = graph.get(f"{path}{mark}$top=1&$skiptoken={token}").json()["value"]
    assert second != first["value"]
    assert graph.get(f"{path}{mark}top=1&skiptoken={token}").json()["value"] == second
    old = base64.urlsafe_b64encode(json.dumps({"after": "1"}).encode()).decode().rstrip("=")
    for forged in (
        "x",
        "",
        "1",
        old,
        token[:-1],
        f"{token}A",
        f"{token[:4]}!{token[4:]}",
        token.swapcase(),
        "%FF",
        "%C3%A4",
    ):
        refused(graph.get(f"{path}{mark}$skiptoken={forged}"), 400, "Directory_ExpiredPageToken", EXPIRED)
    more = f"{path}{mark}$skiptoken={token}&$filter=id eq '{users[0]}'"
    assert graph.get(more).status_code == 400
    for other in ("/servicePrincipals", f"/users/{users[0]}/memberOf"):
        refused(graph.get(f"{other}?$skiptoken={token}"), 400, "Directory_ExpiredPageToken", EXPIRED)


@fact(
    "names of types in bodies",
    source="msgraph-beta-sdk-dotnet#523, OData libraries' texts",
    grade="R",
    verdict="uncertain",
)
def test_types(graph: Graph) -> None:
    """A body may name its type, and those of its parts, if they are these; case and the leading # mean
    nothing.
    """
    for named in (
        "#microsoft.graph.application",
        "microsoft.graph.application",
        "#Microsoft.Graph.Application",
    ):
        app = graph.application(
            **{"@odata.type": named, "web": {"@odata.type": "#microsoft.graph.webApplication"}}
        )
    path = f"/applications/{app['id']}"
    bodies: list[tuple[dict[str, Any], str]] = [
        ({"@odata.type": "#microsoft.graph.user"}, "A resource with type 'microsoft.graph.user' was found"),
        ({"@ODATA.Type": "#microsoft.graph.group"}, "A resource with type 'microsoft.graph.group' was found"),
        (
            {"@odata.type": "#microsoft.graph.unknown"},
            "A type named '#microsoft.graph.unknown' could not be resolved",
        ),
        ({"@odata.type": "application"}, "A type named 'application' could not be resolved"),
        (
            {"web": {"@odata.type": "#microsoft.graph.spaApplication"}},
            "A resource with type 'microsoft.graph.spaApplication'",
        ),
        ({"appRoles": [{"@odata.type": "x"}]}, "A type named 'x' could not be resolved"),
    ]
    for body, text in bodies:
        refused(graph.patch(path, {"notes": "x", **body}), 400, "Request_BadRequest", text)
    for value in (None, "", 5, ["#microsoft.graph.application"]):
        refused(
            graph.patch(path, {"notes": "x", "@odata.type": value}),
            400,
            "BadRequest",
            "The 'odata.type' instance annotation",
        )
    assert graph.get(path).json()["notes"] is None


@fact(
    "numbers, days and words that are none",
    source="OData; for $levels=0 and empty words the answer was not seen",
    grade="D",
)
@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/users?$top=５", "BadRequest"),
        ("/users?$top=+5", "BadRequest"),
        ("/users?$top=1e1", "BadRequest"),
        ('/users?$search="displayName:"', "BadRequest"),
        ("/users?$expand=manager($levels=0)", "BadRequest"),
        ("/users?$expand=manager($levels=５)", "BadRequest"),
        ("/users?$filter=createdDateTime ge 2020-13-01", "BadRequest"),
        ("/users?$filter=createdDateTime ge 2026-02-30T00:00:00Z", "BadRequest"),
        ("/users?$filter=createdDateTime ge 2026-01-01T25:00:00Z", "BadRequest"),
    ],
)
def test_values(reader: Graph, path: str, code: str) -> None:
    """What cannot be counted, dated or looked for is refused."""
    refused(reader.advanced(path), 400, code)


@fact("an empty text in a filter", source="microsoft-graph-docs-contrib#8302", grade="R")
@pytest.mark.parametrize(
    "clause", ["displayName eq ''", "displayName in ('a','')", "startsWith(displayName,'')", "id eq ''"]
)
def test_empty(reader: Graph, clause: str) -> None:
    """No property is ever empty: it is null; asking for an empty one is not served."""
    refused(reader.get(f"/users?$filter={clause}"), 400, "Request_UnsupportedQuery")


@fact("no metadata", source="OData, nometadata of the SDKs", grade="D")
def test_no_metadata(graph: Graph) -> None:
    """By header or by option: what says how many there are and where it goes on stays, every other note is
    left away.
    """
    path = "/groups/" + graph.group(**{"members@odata.bind": [f"{BASE}/users/alice@contoso.com"]})["id"]
    accept = "application/json; odata.metadata=none"
    for response in (
        graph.get(f"{path}/members", Accept=accept),
        graph.get(f"{path}/members?$format=application/json;odata.metadata=none"),
        graph.get(
            f"{path}/members?format=json;odata.metadata=NONE",
            Accept="application/json;odata.metadata=minimal",
        ),
    ):
        assert response.headers["content-type"].startswith("application/json;odata.metadata=none;")
        [member] = response.json()["value"]
        assert (list(response.json()), member["userPrincipalName"]) == (["value"], "alice@contoso.com")
        assert "@odata.type" not in member
    page = graph.get("/users?$top=1&$count=true", Accept=accept, ConsistencyLevel="eventual").json()
    assert list(page) == ["@odata.count", "@odata.nextLink", "value"]
    part = {"id": "1", "method": "GET", "url": path, "headers": {"Accept": accept}}
    responded = graph.batch(part)["1"]
    assert "odata.metadata=none" in responded["headers"]["Content-Type"]
    assert "@odata.context" not in responded["body"]
    assert "@odata.context" in graph.get(path, Accept="application/json;odata.metadata=minimal").json()


@fact(
    "keys of paths",
    source="OData; azure-cli recordings have names of functions and paths in any case",
    grade="D",
)
def test_keys(graph: Graph) -> None:
    """Names of keys have no case, an id may be named; what is no key of a collection is refused."""
    app = graph.application()
    key = app["appId"]
    for path in (
        f"applications(appId='{key}')",
        f"applications(APPID='{key}')",
        f"Applications(id='{app['id']}')",
    ):
        assert graph.get(f"/{path}").json()["id"] == app["id"]
    text = "is not declared for this type."
    for path in (
        f"applications(displayName='{app['displayName']}')",
        f"groups(appId='{key}')",
        f"directoryObjects(appId='{key}')",
        f"directory/deletedItems(appId='{key}')",
        f"applications/{app['id']}/federatedIdentityCredentials(subject='x')",
        f"applications/{app['id']}/owners(appId='{key}')/$ref",
        "tenantRelationships/findTenantInformationByDomainName(tenantId='contoso.com')",
    ):
        refused(graph.get(f"/{path}"), 400, "BadRequest", text)


@fact("the roots of the service", source="this project", grade="C", verdict="differs: Graph serves them")
def test_roots(reader: Graph) -> None:
    """The service document and the schema are not served, and say so."""
    for path, what in (
        ("/v1.0", "service document"),
        ("/beta/", "service document"),
        ("/v1.0/$metadata", "schema document"),
    ):
        refused(reader.get(path), 501, "NotImplemented", f"The emulator does not serve the {what}.")


@fact("deleted items that cannot be", source="directory-deleteditems-list documentation", grade="D")
def test_deleted_items(as_app: Callable[..., Graph]) -> None:
    """A type that is not served here is 501, one that Graph has not is no segment, and what is no id is
    told so.
    """
    reader = as_app("Directory.Read.All")
    path = "/directory/deletedItems"
    refused(reader.get(f"{path}/microsoft.graph.administrativeUnit"), 501, "NotImplemented")
    refused(reader.get(f"{path}/microsoft.graph.device/$count"), 501, "NotImplemented")
    refused(
        reader.get(f"{path}/microsoft.graph.nonsense"),
        400,
        "BadRequest",
        "Resource not found for the segment",
    )
    refused(
        reader.get(f"{path}/nonsense"), 400, "Request_BadRequest", "Invalid object identifier 'nonsense'."
    )
    counted = reader.advanced(f"{path}/microsoft.graph.user/$COUNT")
    assert (counted.text, counted.headers["content-type"]) == ("0", "text/plain")
