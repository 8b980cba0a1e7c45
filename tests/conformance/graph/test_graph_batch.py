"""JSON batches."""

from typing import Any

import pytest

from tests.conformance.graph_client import Graph, refused

fact = pytest.mark.fact
ABSENT = "/applications/00000000-0000-4000-8000-00000000dead"


def get(part_id: Any, url: str = "/applications?$top=1", **more: Any) -> dict[str, Any]:
    """Write a reading part."""
    return {"id": part_id, "method": "GET", "url": url, **more}


@fact("statuses and bodies by part", source="json-batching documentation", grade="D")
def test_parts(reader: Graph) -> None:
    """Each part has its own status and body; the batch itself is 200."""
    responses = reader.batch(get("a"), get("b", ABSENT), get("c", "applications"))
    assert {key: response["status"] for key, response in responses.items()} == {"a": 200, "b": 404, "c": 200}
    assert responses["b"]["body"]["error"]["code"] == "Request_ResourceNotFound"


@fact("at most twenty", source="json-batching documentation", grade="D")
def test_too_many(reader: Graph) -> None:
    """The twenty-first part refuses the batch."""
    requests = [get(str(n)) for n in range(21)]
    assert reader.post("/$batch", {"requests": requests}).status_code == 400
    assert reader.post("/$batch", {"requests": requests[:20]}).status_code == 200


@fact("ids are unique without regard to case", source="json-batching documentation", grade="D")
@pytest.mark.parametrize(
    "requests", [[get("a"), get("A")], [get("")], [], [{"method": "GET", "url": "/x"}], ["x"], "x"]
)
def test_malformed(reader: Graph, requests: Any) -> None:
    """A batch that cannot be read is refused as a whole."""
    assert reader.post("/$batch", {"requests": requests}).status_code == 400


@fact("two parts with one id", source="microsoft-graph-docs#4449, msgraph-sdk-java#559", grade="R")
@pytest.mark.parametrize("ids", [("a", "A"), ("1", 1), (7, 7)])
def test_one_id_twice(reader: Graph, ids: tuple[Any, Any]) -> None:
    """The later one is named."""
    response = reader.post("/$batch", {"requests": [get(ids[0]), get(ids[1])]})
    refused(response, 400, "BadRequest", f"Request Id {ids[1]} has to be unique in a batch.")


@fact(
    "ids of parts may be numbers",
    source="PNP; the documentation has strings",
    grade="C",
    verdict="uncertain",
)
def test_numbers_as_ids(reader: Graph) -> None:
    """The answer has them as text."""
    parts = [get(1), get(2, dependsOn=[1])]
    responses = reader.post("/$batch", {"requests": parts}).json()["responses"]
    assert {each["id"]: each["status"] for each in responses} == {"1": 200, "2": 200}


@fact(
    "a name that a part has twice",
    source="OData; the answer was not seen",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize(
    "part",
    [
        '{"id": "1", "id": "2", "method": "GET", "url": "/users"}',
        '{"id": "1", "method": "GET", "url": "/users", "url": "/groups"}',
        (
            '{"id": "1", "method": "PATCH", "url": "/me", "body": {"city": "x", "city": "y"}, "headers": '
            '{"Content-Type": "a/json"}}'
        ),
    ],
)
def test_twice(reader: Graph, part: str) -> None:
    """A batch in which a member of a part, or of its body, stands twice is refused whole: which was meant,
    nobody can tell.
    """
    content = f'{{"requests": [{part}, {{"id": "3", "method": "GET", "url": "/users"}}]}}'
    headers = {"Content-Type": "application/json"}
    refused(
        reader.send("POST", "/$batch", None, headers, content=content),
        400,
        "BadRequest",
        "found more than once",
    )


@fact(
    "a header that a part has twice",
    source="OData; the answer was not seen",
    grade="D",
    verdict="uncertain",
)
def test_header_twice(reader: Graph) -> None:
    """In two cases, with two values: the part is refused, its neighbour answered."""
    headers = {"ConsistencyLevel": "eventual", "consistencylevel": "session"}
    responses = reader.batch(get("1", headers=headers), get("2"))
    assert (responses["1"]["status"], responses["2"]["status"]) == (400, 200)


@fact("a batch's own address", source="RFC 3986: an escaped sub-delimiter", grade="D")
def test_address(reader: Graph) -> None:
    """`$batch` in any case, or with its dollar escaped, is the same place."""
    for name in ("$batch", "$BATCH", "%24batch"):
        assert reader.post(f"/{name}", {"requests": [get("1")]}).status_code == 200


@fact("a failed dependency is 424", source="json-batching documentation", grade="D")
@pytest.mark.parametrize(
    ("needs", "statuses"),
    [([[], ["1"], ["2"]], [404, 424, 424]), ([[], ["1"], [], ["1"]], [404, 424, 200, 424])],
)
def test_dependencies(graph: Graph, needs: list[list[str]], statuses: list[int]) -> None:
    """What depends on a failure is not tried, and neither is what depends on that: in a row, or all on the
    same one.
    """
    parts = [get(str(n), ABSENT if n == 1 else "/users", dependsOn=need) for n, need in enumerate(needs, 1)]
    responses = graph.batch(*parts)
    assert [responses[str(n)]["status"] for n in range(1, len(needs) + 1)] == statuses


@fact(
    "order by dependency",
    source="json-batching documentation, microsoft-graph-docs#16280, msgraph-sdk-dotnet-core#891",
    grade="R",
)
def test_order(graph: Graph) -> None:
    """A part runs after what it depends on, which stands before it; any other shape refuses the batch, of
    which nothing runs.
    """
    app = graph.application(notes="before")
    path = f"/applications/{app['id']}"
    patch = {"id": "1", "method": "PATCH", "url": path, "body": {"notes": "after"}}
    responses = graph.batch(patch, get("2", path, dependsOn=["1"]))
    assert responses["2"]["body"]["notes"] == "after"
    assert responses["1"]["status"] == 204
    assert "body" not in responses["1"]
    patch["body"] = {"notes": "later"}
    patch["headers"] = {"Content-Type": "application/json"}
    for parts in (
        [get("2", dependsOn=["1"]), patch],
        [patch, get("2", dependsOn=["9"])],
        [patch, get("2", dependsOn=["2"])],
        [get("2", dependsOn=["3"]), get("3", dependsOn=["2"]), patch],
    ):
        refused(
            graph.post("/$batch", {"requests": parts}), 400, "BadRequest", "Invalid dependency for request Id"
        )
    for parts in (
        [patch, get("2", dependsOn=["1"]), get("3", dependsOn=["2"]), get("4")],
        [patch, get("2"), get("3", dependsOn=["1", "2"])],
        [patch, get("2"), get("3", dependsOn=["1"]), get("4", dependsOn=["2"])],
    ):
        text = "Batch should be either fully sequential or fully parallel."
        refused(graph.post("/$batch", {"requests": parts}), 400, "BadRequest", text)
    assert graph.get(path).json()["notes"] == "after"


@fact(
    "content type of parts with a body",
    source="json-batching documentation, ms-365-mcp-server#677",
    grade="R",
)
def test_content_type(graph: Graph) -> None:
    """A write with a body names its content type, else the batch is refused; one that is not JSON is
    refused alone.
    """
    part = {"id": "1", "method": "POST", "url": "/applications", "body": {"displayName": "x"}}
    for headers in ({}, {"Content-Type": ""}, {"Accept": "application/json"}):
        response = graph.post("/$batch", {"requests": [{**part, "headers": headers}, get("2")]})
        refused(
            response, 400, "BadRequest", "Write request with id '1' does not contain a Content-Type header."
        )
    responses = graph.batch({**part, "headers": {"Content-Type": "text/plain"}}, get("2"))
    assert (responses["1"]["status"], responses["2"]["status"]) == (400, 200)
    assert (
        responses["1"]["body"]["error"]["message"]
        == "Entity only allows writes with a JSON Content-Type header."
    )
    for more in (
        {"headers": {"Content-Type": ["application/json"]}},
        {"headers": []},
        {"headers": ""},
        {"dependsOn": ""},
        {"dependsOn": {}},
    ):
        odd = graph.post("/$batch", {"requests": [{**get("1"), **more}]})
        refused(odd, 400, "BadRequest", "Invalid batch payload format.")
    anchored = graph.batch(get("1", "/users#x"))["1"]
    assert (anchored["status"], anchored["body"]["error"]["message"]) == (
        400,
        "Resource not found for the segment 'users#x'.",
    )


@fact("ConsistencyLevel belongs to the part", source="json-batching documentation", grade="D")
def test_consistency(reader: Graph) -> None:
    """The header counts in the part, not on the batch."""
    url = "/applications?$filter=displayName ne 'x'&$count=true&$top=1"
    responses = reader.batch(get("1", url), get("2", url, headers={"ConsistencyLevel": "eventual"}))
    assert (responses["1"]["status"], responses["2"]["status"]) == (400, 200)


@fact("upserts and keys inside a batch", source="json-batching documentation", grade="D")
def test_upsert(graph: Graph) -> None:
    """Alternate keys and the Prefer header work in parts."""
    headers = {"Content-Type": "application/json", "Prefer": "create-if-missing"}
    url = "/applications(uniqueName='conf.batch')"
    responses = graph.batch({"method": "PATCH", "url": url, "headers": headers, "body": {"displayName": "x"}})
    assert responses["1"]["status"] == 201
    found = graph.batch(get("1", url))["1"]["body"]["id"]
    graph.delete(f"/applications/{found}")
    graph.delete(f"/directory/deletedItems/{found}")


@fact(
    "absolute URLs in a batch are refused",
    source=(
        "msgraph-sdk-python#1015; other reports have the whole batch refused, 400 (docs-contrib#8576) or "
        "500 (pnpjs#294)"
    ),
    grade="R",
    verdict="uncertain",
)
@pytest.mark.parametrize(
    "url", ["https://graph.microsoft.com/v1.0/applications", "https://localhost:8443/beta/users", "//x/users"]
)
def test_absolute_url(reader: Graph, url: str) -> None:
    """An absolute URL of a part is refused as a path, and its neighbours are answered."""
    responses = reader.batch(get("1", url), get("2"))
    assert {key: response["status"] for key, response in responses.items()} == {"1": 400, "2": 200}
    assert responses["1"]["body"]["error"]["message"].startswith("Resource not found for the segment '")


@fact(
    "a version in a part's URL is a segment that is not there",
    source="msgraph-sdk-javascript#1178",
    grade="R",
)
def test_version_in_url(reader: Graph) -> None:
    """A part's URL begins behind the version."""
    error = reader.batch(get("1", "/v1.0/groups"))["1"]["body"]["error"]
    assert error["message"] == "Resource not found for the segment 'v1.0'."


@fact("a batch is posted", source="json-batching documentation", grade="D")
def test_method(reader: Graph) -> None:
    """Reading a batch is not allowed."""
    refused(reader.get("/$batch"), 405, "Request_BadRequest")
