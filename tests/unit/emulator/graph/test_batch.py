"""JSON batches: which are refused whole, which parts alone, who waits for whom, and what is sent of each."""

from __future__ import annotations

import json
from typing import Any

import pytest

from entra_emulator.graph import batch
from entra_emulator.graph.call import CollectionResponse, HttpCall
from entra_emulator.graph.errors import ODataError
from entra_emulator.graph.reading import read_body, read_query
from tests.unit.emulator.graph.sending import ADVANCED, World, http, refusal, short

JSON = {"Content-Type": "application/json"}
FORMAT = "400 BadRequest: Invalid batch payload format."
UNIQUE = "400 BadRequest: Batch request id must be unique and not empty."
SHAPE = "400 BadRequest: Batch should be either fully sequential or fully parallel."
MINIMAL = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
Part = dict[str, Any]


def sent(requests: Any, made: World | None = None) -> tuple[CollectionResponse, HttpCall]:
    """Return the response to a batch, and the call that it was."""
    made = made or World()
    call = http("POST", "/v1.0/$batch", json.dumps(requests).encode(), content_type="application/json")
    call.caller = made.as_app()
    try:
        return batch.run(made.service, call, call.caller), call
    except ODataError as error:
        return made.service.refuse({}, error), call


def part(part_id: str = "1", url: str = "/users?$top=1", *needs: str, **more: Any) -> Part:
    """Return a read."""
    return {
        "id": part_id,
        "method": "GET",
        "url": url,
        **({"dependsOn": list(needs)} if needs else {}),
        **more,
    }


def statuses(*parts: Part) -> dict[str, int] | str:
    """Return the status of each part, or the refusal of the batch."""
    found, _ = sent({"requests": list(parts)})
    if found.status != 200:
        return short(found)
    return {each["id"]: each["status"] for each in (found.body or {})["responses"]}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ([], FORMAT),
        ({}, FORMAT),
        ({"requests": None}, FORMAT),
        ({"requests": {}}, FORMAT),
        ({"requests": []}, FORMAT),
        ({"requests": [part(), "x"]}, FORMAT),
        ({"requests": [part(str(number)) for number in range(21)]},
         "400 BadRequest: Number of batch request steps exceeds the maximum value of 20."),
        ({"requests": [part(str(number)) for number in range(20)]}, "200"),
        ({"requests": [part("")]}, UNIQUE),
        ({"requests": [{**part(), "id": 1}]}, "200"),
        ({"requests": [{**part(), "id": True}]}, UNIQUE),
        ({"requests": [part("a"), part("A")]}, "400 BadRequest: Request Id A has to be unique in a batch."),
        ({"requests": [part(dependsOn="1")]}, FORMAT),
        ({"requests": [part(), part("2", dependsOn=[1])]}, "200"),
        ({"requests": [part(), part("2", dependsOn=[True])]}, FORMAT),
        ({"requests": [part(dependsOn=None)]}, "200"),
        ({"requests": [part(method=1)]}, FORMAT),
        ({"requests": [{"id": "1", "method": "GET"}]}, FORMAT),
        ({"requests": [part(headers="x")]}, FORMAT),
        ({"requests": [part(headers={"a": "b", "c": 1})]}, FORMAT),
        ({"requests": [part(headers=None)]}, "200"),
        ({"requests": [part("7", method="post", body={})]},
         "400 BadRequest: Write request with id '7' does not contain a Content-Type header."),
        ({"requests": [part(body={})]}, "200"),
        ({"requests": [part("7", method="DELETE", body={})]}, "200"),
        ({"requests": [part("7", "/users", method="PATCH")]}, "200"),
    ],
)  # fmt: skip
def test_what_is_refused_whole(body: Any, expected: str) -> None:
    """Hold which batches cannot be read."""
    found, _ = sent(body)
    assert short(found) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([part("A"), part("b", "/users", "a"), part("c", "/users", "B")], {"A": 200, "b": 200, "c": 200}),
        ([part("a"), part("b", "/users", "A"), part("c", "/users", "a")], {"a": 200, "b": 200, "c": 200}),
        ([part("a"), part("b"), part("c", "/users", "a")], {"a": 200, "b": 200, "c": 200}),
        ([part("a", "/nothing"), part("b", "/users", "a")], {"a": 400, "b": 424}),
        ([part("a", "/nothing"), part("b", "/users", "a"), part("c", "/users", "b")],
         {"a": 400, "b": 424, "c": 424}),
        ([part("a", "/nothing"), part("b")], {"a": 400, "b": 200}),
        ([part("a", "https://a.test/users"), part("b", "/users", "a")], {"a": 400, "b": 424}),
        ([part("a", "/users", "b"), part("b")], "400 BadRequest: Invalid dependency for request Id 'a'."),
        ([part("a", "/users", "a")], "400 BadRequest: Invalid dependency for request Id 'a'."),
        ([part("a", "/users", "none")], "400 BadRequest: Invalid dependency for request Id 'a'."),
        ([part("a"), part("b"), part("c", "/users", "a", "b")], SHAPE),
        ([part("a"), part("b"), part("c", "/users", "a"), part("d", "/users", "b")], SHAPE),
        ([part("a"), part("b", "/users", "a"), part("c", "/users", "a"), part("d", "/users", "c")], SHAPE),
        ([part("a"), part("b", "/users", "a"), part("c"), part("d", "/users", "a")],
         {"a": 200, "b": 200, "c": 200, "d": 200}),
    ],
)  # fmt: skip
def test_who_waits_for_whom(parts: list[Part], expected: dict[str, int] | str) -> None:
    """Hold the shapes that dependencies have, and that a failed part fails what waits for it."""
    assert statuses(*parts) == expected


BROKEN = "400 BadRequest: Resource not found for the segment '{}'."


@pytest.mark.parametrize(
    ("broken", "expected", "path"),
    [
        ({"headers": {"a": "1", "A": "2"}}, ("400 BadRequest: A header of the request was found more "
                                            "than once."),
         "/users"),
        ({"url": "https://[a/users"}, FORMAT, "https://[a/users"),
        ({"url": "https://graph.microsoft.com/v1.0/users"}, BROKEN.format("https:"),
         "https://graph.microsoft.com/v1.0/users"),
        ({"url": "//a.test/users"}, BROKEN.format("a.test"), "//a.test/users"),
        ({"url": "mailto:users"}, BROKEN.format("mailto:"), "mailto:users"),
        ({"url": "/users#top"}, BROKEN.format("users#top"), "/users#top"),
        ({"url": "#top"}, BROKEN.format("#top"), "#top"),
        ({"url": "/users?$top=1&$top=2"}, ("400 BadRequest: Query option '$top' was specified more than "
                                          "once, but it "
                                          "must be specified at most once."), "/users?$top=1&$top=2"),
        ({"method": "post", "body": "x", "headers": {"content-type": "text/plain"}},
         "400 BadRequest: Entity only allows writes with a JSON Content-Type header.", "/users"),
        ({"method": "PATCH", "body": {}, "headers": {"Content-Type": "APPLICATION/JSON; charset=utf-8"}},
         "405 Request_BadRequest: Specified HTTP method is not allowed for the request target.", "/users"),
        ({"url": "nothing"}, BROKEN.format("nothing"), "/nothing"),
        ({"url": "/users//"}, "200", "/users"),
    ],
)  # fmt: skip
def test_what_one_part_is_refused_for(broken: Part, expected: str, path: str) -> None:
    """Hold that the others are served, and what the log of requests says."""
    requests = [part("1", "/users") | broken, part("2", "/users")]
    found, call = sent({"requests": requests})
    second, first = (found.body or {})["responses"]
    error = (first["body"] or {}).get("error")
    assert (f"{first['status']} {error['code']}: {error['message']}" if error else "200") == expected
    assert (first["id"], second["id"], second["status"]) == ("1", "2", 200)
    method = str(broken.get("method", "GET"))
    shown = method.upper() if expected[:3] != "400" or "JSON" in expected else method
    assert call.parts == [f"{shown} {path} {expected[:3]}", "GET /users 200"]


def test_what_is_sent_of_each() -> None:
    """Hold that responses come backwards, with headers and what they carry: a body, a number, nothing."""
    made = World()
    alice = made.user("alice")["id"]
    requests = [
        part("1", f"/users/{alice}?$select=id"),
        part("2", "/users/$count", headers=ADVANCED),
        part("3", f"/users/{alice}", method="patch", body={"city": "x"}, headers=JSON),
        part("4", "/nothing"),
        part("5", f"/users/{alice}?$select=id", headers={"Accept": "application/json;odata.metadata=none"}),
    ]
    found, _ = sent({"requests": requests}, made)
    assert found.status == 200
    five, four, three, two, one = (found.body or {})["responses"]
    context = "https://graph.microsoft.com/v1.0/$metadata#users(id)/$entity"
    shown = {"@odata.context": context, "id": alice}
    assert one == {"id": "1", "status": 200, "headers": {"Content-Type": MINIMAL}, "body": shown}
    assert two == {"id": "2", "status": 200, "headers": {}, "body": 13}
    assert three == {"id": "3", "status": 204, "headers": {}}
    assert (four["id"], four["status"], four["headers"]["Content-Type"]) == ("4", 400, "application/json")
    assert five["headers"] == {"Content-Type": MINIMAL.replace("minimal", "none")}
    assert made.user("alice")["city"] == "x"


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (CollectionResponse(400, {}), {"headers": {"Content-Type": "application/json"}, "body": {}}),
        (CollectionResponse(399, {}), {"headers": {"Content-Type": MINIMAL}, "body": {}}),
        (CollectionResponse(201, None, headers=(("a", "b"),)), {"headers": {"a": "b"}}),
        (CollectionResponse(200, picture=(b"abc", "image/png")),
         {"headers": {"Content-Type": "image/png"}, "body": "YWJj"}),
    ],
)  # fmt: skip
def test_kinds_of_responses(response: CollectionResponse, expected: dict[str, Any]) -> None:
    """Hold that an error has its own type, and a picture is in base64."""
    assert batch._response("1", response) == {"id": "1", "status": response.status, **expected}


NO_JSON = (
    "400 BadRequest: Unable to read JSON request payload. Please ensure Content-Type header is set and "
    "payload is "
    "of valid JSON format."
)
NOT_JSON = "400 BadRequest: Entity only allows writes with a JSON Content-Type header."
NO_TYPE = (
    "400 BadRequest: Write requests (excluding DELETE) must contain the Content-Type header declaration."
)


def body(method: str, content: bytes, kind: str) -> Any:
    """Return what is read of a body, or the refusal."""
    try:
        return read_body(http(method, body=content, content_type=kind))
    except ODataError as error:
        return refusal(error)


@pytest.mark.parametrize(
    ("method", "content", "kind", "expected"),
    [
        ("POST", b'{"a": [1]}', "application/json", {"a": [1]}),
        ("PUT", b'\xef\xbb\xbf{"a": 1}', "Application/JSON ; charset=utf-8", {"a": 1}),
        ("POST", b'"\\ud83d\\ude00"', "application/json", "\U0001f600"),
        ("POST", b"", "", None),
        ("GET", b"x", "", None),
        ("DELETE", b"x", "", None),
        ("PATCH", b"{}", "", NO_TYPE),
        ("PATCH", b"{}", " ;charset=utf-8", NO_TYPE),
        ("PATCH", b"{}", "text/plain", NOT_JSON),
        ("PUT", b"picture", "image/png", b"picture"),
        ("POST", b"{", "application/json", NO_JSON),
        ("POST", b"NaN", "application/json", NO_JSON),
        ("POST", b"\xff", "application/json", NO_JSON),
        ("POST", b'"\\ud83d"', "application/json", NO_JSON),
        ("POST", b"[" * 100_000, "application/json", NO_JSON),
        ("POST", b'{"b": 1, "a": 1, "a": 2}', "application/json",
         "400 BadRequest: A property with name 'a' was found more than once in the request body."),
        ("POST", b" " * 4 * 1024 * 1024 + b"1", "application/json",
         "413 BadRequest: The maximum request length supported is 4MB."),
        ("POST", b" " * (4 * 1024 * 1024 - 1) + b"1", "application/json", 1),
    ],
    ids=lambda value: repr(value)[:30],
)  # fmt: skip
def test_bodies(method: str, content: bytes, kind: str, expected: Any) -> None:
    """Hold what is read of a body: JSON, a picture, or nothing."""
    assert body(method, content, kind) == expected


def test_an_option_stands_there_once() -> None:
    """Hold that the one that comes twice is named."""
    with pytest.raises(ODataError, match=r"Query option '\$skip' was specified more than once"):
        read_query("a=1&a=2&$top=1&$skip=1&$skip=1")
