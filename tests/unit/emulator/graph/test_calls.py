"""Paths and their routes, and what a replica that lags behind shows of a table."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.graph import options
from entra_emulator.graph.call import AlternateKey, Call, CollectionResponse
from entra_emulator.graph.errors import ODataError
from entra_emulator.graph.permissions import RequiredPermissions
from entra_emulator.graph.routing import Route, Router, split
from tests.unit.emulator.graph.sending import World, refusal

BY_APP = AlternateKey("appId", "a")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (["users", "a%20b"], ["users", "a b"]),
        (["users('a')"], ["users", "a"]),
        (["users(a)"], ["users", "a"]),
        (["users('a''b')"], ["users", "a'b"]),
        (["users('a%27b')"], ["users", "a'b"]),
        (["users('a'b')"], ["users", "a'b"]),
        (["users(')"], ["users", "'"]),
        (["users('')"], ["users", ""]),
        (["users('a)"], ["users", "'a"]),
        (["users%28'a'%29"], ["users", "a"]),
        (["users%28'a%2Fb'%29"], ["users", "a/b"]),
        (["users(id='a')"], ["users", "a"]),
        (["users(ID='a')"], ["users", "a"]),
        (["applications(APPID='a')"], ["applications", BY_APP]),
        (["applications(other='a')"], ["applications", AlternateKey("other", "a")]),
        (["applications(appId=)"], ["applications", AlternateKey("appId", "")]),
        (["delta()", "x"], ["delta", "x"]),
        (["microsoft.graph.delta()"], ["delta"]),
        (["a b(c)"], ["a b(c)"]),
        (["users(uniqueName='(a)')"], ["users", AlternateKey("uniqueName", "(a)")]),
        ([], []),
    ],
)
def test_segments(raw: list[str], expected: list[Any]) -> None:
    """Hold how keys are read, quoted and unquoted."""
    assert split(raw) == expected


def handled(_: Call) -> CollectionResponse:
    """Respond nothing."""
    return CollectionResponse()


ROUTES = {
    (method, template): Route(handled, RequiredPermissions(frozenset({f"{method} {template}"})))
    for method, template in (
        ("GET", "applications"),
        ("GET", "applications/*"),
        ("PATCH", "applications/*"),
        ("GET", "applications/*/owners/$ref"),
        ("GET", "applications/*/microsoft.graph.things/*"),
        ("GET", "microsoft.graph.devices/*"),
    )
}


@pytest.mark.parametrize(
    ("method", "segments", "expected"),
    [
        ("GET", ["APPLICATIONS"], ("GET applications", [])),
        ("GET", ["applications", "A"], ("GET applications/*", ["A"])),
        ("PATCH", ["applications", "*"], ("PATCH applications/*", ["*"])),
        ("GET", ["applications", BY_APP], ("GET applications/*", [BY_APP])),
        ("GET", ["microsoft.graph.devices", AlternateKey("deviceId", "a")],
         ("GET microsoft.graph.devices/*", [AlternateKey("deviceId", "a")])),
        ("GET", ["applications", "a", "Owners", "$REF"], ("GET applications/*/owners/$ref", ["a"])),
        ("GET", ["applications", AlternateKey("deviceId", "a")],
         "400 BadRequest: The key property 'deviceId' is not declared for this type."),
        ("GET", ["applications", "a", "microsoft.graph.things", AlternateKey("appId", "b")],
         "400 BadRequest: The key property 'appId' is not declared for this type."),
        ("GET", ["applications", "$x"], "400 BadRequest: Resource not found for the segment '$x'."),
        ("GET", ["nothing"], "400 BadRequest: Resource not found for the segment 'nothing'."),
        ("GET", [BY_APP], "400 BadRequest: Resource not found for the segment 'a'."),
        ("GET", ["applications", "a", "owners"], ("501 NotImplemented: The emulator does not serve "
                                                 "applications/{id}/owners.")),
        ("PUT", ["applications", "a"],
         "405 Request_BadRequest: Specified HTTP method is not allowed for the request target."),
        ("DELETE", ["applications", "a"], ("501 NotImplemented: The emulator does not serve "
                                         "applications/{id}.")),
        ("GET", ["identity"], "501 NotImplemented: The emulator does not serve identity."),
        ("GET", ["applications", "a", "synchronization"], ("501 NotImplemented: The emulator does "
                                                          "not serve applications/{id}/synchronization.")),
        ("GET", ["applications", "$count"], ("501 NotImplemented: The emulator does not serve "
                                            "applications/$count.")),
    ],
)  # fmt: skip
def test_routes(method: str, segments: list[Any], expected: Any) -> None:
    """Hold which route a path has, and how each other is refused."""
    router = Router(ROUTES)
    try:
        route, params = router.find(method, segments)
        found: Any = (next(iter(route.access.any)), params)
    except ODataError as error:
        found = refusal(error)
    assert found == expected
    assert router.templates() == list(ROUTES)


STRANGE = (
    "400 BadRequest: The query specified in the URI is not valid. Query option '{}' cannot be "
    "applied to the requested "
    "resource."
)
TWICE = (
    "400 BadRequest: Query option '$top' was specified more than once, but it must be specified at most once."
)
TYPE = (
    "400 Request_BadRequest: A supported MIME type could not be found that matches the acceptable "
    "MIME types for the "
    "request."
)


@pytest.mark.parametrize(
    ("method", "query", "expected"),
    [
        ("GET", {"$TOP": "1", "filter": "a", "other": "x"}, {"$top": "1", "$filter": "a"}),
        ("GET", {"$top": "1", "TOP": "2"}, TWICE),
        ("GET", {"$other": "x"}, "400 BadRequest: The query parameter '$other' is not supported."),
        ("GET", {"$skip": "1"}, "400 Request_BadRequest: '$skip' is not supported by the service."),
        ("GET", {"$format": "JSON;odata.metadata=none"}, {"$format": "JSON;odata.metadata=none"}),
        ("GET", {"$format": "application/json"}, {"$format": "application/json"}),
        ("GET", {"$format": "atom"}, TYPE),
        ("POST", {"$select": "id", "$format": "json"}, {"$select": "id", "$format": "json"}),
        ("POST", {"$select": "id", "$top": "1"}, STRANGE.format("$top")),
        ("POST", {"other": "x"}, {}),
    ],
)
def test_query_options(method: str, query: dict[str, str], expected: Any) -> None:
    """Hold which a read and a write may have."""
    call = World().call(method, "/x")
    call.query = query
    try:
        parsed = options.parse(call, frozenset({"$select"}))
        found: Any = {name: parsed.get(name) for name in ("$top", "$filter", "$select", "$format")}
    except ODataError as error:
        found = refusal(error)
    assert found == ({**dict.fromkeys(("$top", "$filter", "$select", "$format")), **expected} if isinstance(
        expected, dict) else expected)  # fmt: skip


PARAMETER = (
    "400 BadRequest: The parameter '{}' in the request payload is not a valid parameter for the "
    "operation 'act'."
)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"FIRST": 1, "second": 2}, {"first": 1, "second": 2}),
        ({"first@odata.type": "x", "second": 2}, {"second": 2}),
        ({"first": 1, "First": 2}, PARAMETER.format("First")),
        ({"third": 1}, PARAMETER.format("third")),
        (
            [],
            "400 BadRequest: Unable to read JSON request payload. Please ensure Content-Type header is set.",
        ),
        (
            None,
            "400 BadRequest: Unable to read JSON request payload. Please ensure Content-Type header is set.",
        ),
        (b"x", "400 BadRequest: Entity only allows writes with a JSON Content-Type header."),
    ],
)
def test_parameters(body: Any, expected: Any) -> None:
    """Hold that those of an action have no case, and that others are refused."""
    call = World().call("POST", "/x/act", body)
    try:
        found: Any = call.parameters("first", "second")
    except ODataError as error:
        found = refusal(error)
    assert found == expected
