"""A request and what came back: addresses, errors in Graph's words, pictures, and what it cost."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.graph.request import Request, Response, Usage, picture

BASE = "https://graph.microsoft.com/v1.0"


def test_the_beta_endpoint_stands_beside_the_other() -> None:
    """Hold the address, and what people read before a path."""
    plain, beta = Request("GET", "/users"), Request("GET", "/users", beta=True)

    assert [(each.endpoint, each.at(BASE)) for each in (plain, beta)] == [
        ("", BASE),
        ("/beta", "https://graph.microsoft.com/beta"),
    ]


@pytest.mark.parametrize(
    ("status", "ok"),
    [(0, False), (199, False), (200, True), (204, True), (299, True), (300, False), (404, False)],
)
def test_what_graph_did(status: int, ok: bool) -> None:
    """Hold that a response that never came is none."""
    assert Response(status).ok is ok


ERROR = {
    "code": "Code",
    "message": "Words.",
    "details": [{"code": "A"}, {"code": None}, "text", {}, {"code": "B"}],
    "innerError": {"request-id": "inner"},
}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"error": ERROR}, ("Code", "Words.", ("A", "", "", "B"), "inner")),
        ({"error": {"code": None, "message": None, "details": {"code": "A"}}}, ("", "", (), "")),
        ({"error": "text"}, ("", "", (), "")),
        ({"error": {"innerError": "text"}}, ("", "", (), "")),
        ("text", ("", "", (), "")),
        (None, ("", "", (), "")),
    ],
)
def test_an_error_is_read_as_far_as_it_is_one(body: Any, expected: tuple[Any, ...]) -> None:
    """Hold code, message, codes of details and the id; what has another form is empty."""
    found = Response(400, body)
    assert (found.code, found.message, found.detail_codes, found.request_id) == expected


@pytest.mark.parametrize(
    ("inner", "headers", "expected"),
    [
        ({"request-id": "inner"}, {"request-id": "head", "client-request-id": "ours"}, "inner"),
        ({}, {"request-id": "head", "client-request-id": "ours"}, "head"),
        (None, {"client-request-id": "ours"}, "ours"),
        (None, {}, ""),
    ],
)
def test_the_id_for_support_is_graph_s_own_first(inner: Any, headers: dict[str, str], expected: str) -> None:
    """Hold where it is looked for, in order."""
    assert Response(400, {"error": {"innerError": inner}}, headers).request_id == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [(b"png", b"png"), ("cG5n", b"png"), ("cG5", None), ("no base64!", None), ({"a": 1}, None), (None, None)],
)
def test_a_picture_is_bytes_alone_and_base64_in_a_batch(body: Any, expected: bytes | None) -> None:
    """Hold that anything else is no picture."""
    assert picture(Response(200, body)) == expected


def test_what_was_spent_since() -> None:
    """Hold each number by itself."""
    assert Usage(10, 7, 5).since(Usage(4, 2, 1)) == Usage(6, 5, 4)
