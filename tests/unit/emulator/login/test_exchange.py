"""What every endpoint of sign-in does with HTTP: forms, credentials, headers, and refusals as JSON."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.requests import Request

from entra_emulator.login import exchange
from entra_emulator.login.errors import LoginError
from tests.conformance.login.login_world import World


def request(
    headers: dict[str, str] | None = None, *, form: Any = (), query: str = "", **more: Any
) -> Request:
    """Return a request with headers and a form."""
    given = {"content-type": "application/x-www-form-urlencoded", **(headers or {})}
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "scheme": "https",
        "server": ("emulator.test", 8443),
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        **more,
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": urlencode(form).encode(), "more_body": False}

    return Request(scope, receive)


@pytest.mark.parametrize("header", ["Basic a", "Basic /////w=="])
def test_credentials_that_are_none(header: str) -> None:
    """They are refused as what cannot be read."""
    with pytest.raises(LoginError) as caught:
        exchange.basic_credentials(header)
    assert caught.value.code == 9002313


PLAIN = {
    "cache-control": "no-store, no-cache",
    "pragma": "no-cache",
    "x-content-type-options": "nosniff",
    "content-length": "7",
    "content-type": "application/json",
}


@pytest.mark.parametrize(
    ("origin", "more"),
    [
        (None, {}),
        (
            "https://a.test",
            {
                "access-control-allow-origin": "https://a.test",
                "access-control-allow-methods": "POST, OPTIONS",
                "access-control-allow-headers": "content-type, client-request-id",
                "vary": "Origin",
            },
        ),
        (
            "*",
            {
                "access-control-allow-origin": "*",
                "access-control-allow-methods": "POST, OPTIONS",
                "access-control-allow-headers": "*",
                "vary": "Origin",
            },
        ),
    ],
)
def test_an_answer_that_no_cache_keeps(origin: str | None, more: dict[str, str]) -> None:
    """A page of the origin may read it."""
    response = exchange.json_response({"a": 1}, cors=origin)
    assert (response.status_code, dict(response.headers)) == (200, {**PLAIN, **more})
    assert response.body == b'{"a":1}'
    assert exchange.json_response({}, status=418).status_code == 418


@pytest.mark.parametrize(
    ("headers", "query", "form", "correlation"),
    [
        ({"client-request-id": "h"}, "client-request-id=q", {"client-request-id": "f"}, "h"),
        ({}, "client-request-id=q", {"client-request-id": "f"}, "q"),
        ({}, "", {"client-request-id": "f"}, "f"),
        ({}, "", {}, None),
    ],
)
def test_a_refusal_names_the_request(
    headers: dict[str, str], query: str, form: dict[str, str], correlation: str | None
) -> None:
    """By the id that the client gave it, wherever it did; pages may read it too."""
    world = World()
    given = request({**headers, "origin": "https://a.test", "host": "localhost"}, query=query)
    response = exchange.refusal(world.service, given, LoginError(7000215, app_id="a"), form)
    body = json.loads(response.body)
    assert (response.status_code, body["error"]) == (401, "invalid_client")
    assert body["error_uri"].startswith("https://localhost/error")
    assert response.headers["access-control-allow-origin"] == "https://a.test"
    if correlation:
        assert body["correlation_id"] == correlation
    else:
        assert len(body["correlation_id"]) == 36
    assert body["trace_id"].endswith("00")
    assert len(body["trace_id"]) == 36
