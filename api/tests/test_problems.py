"""Problem answers one by one: their status, what their headers tell a client, and the one line in the log."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import APIRouter, HTTPException
from starlette.routing import Match
from starlette.testclient import TestClient

from api import problems
from api.auth.failures import BadRequestError, ForbiddenError, ForeignRequestError, KeysUnavailableError
from api.generated.authorization import Scope
from api.refusals import RefusedRequestError
from api.settings import EntraSettings
from api.tests.balancer import PAGE
from api.tests.conftest import V2
from api.tests.issuer import SPA, URI

Line = tuple[str, dict[str, Any]]
REFUSALS: list[tuple[Exception, int, str, dict[str, str], Line]] = [
    (
        KeysUnavailableError("k1"),
        503,
        "keys_unavailable",
        {"Retry-After": "30"},
        ("token not verified", {"reason": "keys_unavailable", "kid": "k1", "levelname": "ERROR"}),
    ),
    (
        ForeignRequestError("From elsewhere."),
        403,
        "foreign_request",
        {},
        ("foreign request", {"reason": "From elsewhere.", "levelname": "WARNING"}),
    ),
    (
        BadRequestError("Two tokens."),
        400,
        "invalid_request",
        {
            "WWW-Authenticate": (
                f'Bearer realm="{URI}", error="invalid_request", error_description="Two tokens."'
            )
        },
        ("token refused", {"reason": "authorization_header", "levelname": "WARNING"}),
    ),
    (
        ForbiddenError("Not you.", client="c"),
        403,
        "forbidden",
        {
            "WWW-Authenticate": (
                f'Bearer realm="{URI}", error="insufficient_scope", error_description="Not you."'
            )
        },
        ("forbidden", {"reason": "Not you.", "client": "c", "levelname": "WARNING"}),
    ),
    (
        ForbiddenError("More.", client="c", scopes=(Scope.USER_READ, Scope.USER_WRITE)),
        403,
        "insufficient_scope",
        {
            "WWW-Authenticate": (
                f'Bearer realm="{URI}", error="insufficient_scope", error_description="More.", '
                f'scope="{URI}/user.read {URI}/user.write"'
            )
        },
        ("forbidden", {"reason": "More.", "client": "c", "levelname": "WARNING"}),
    ),
    (
        RefusedRequestError(405, "verb", "Only POST."),
        405,
        "verb",
        {"Allow": "POST"},
        ("request refused", {"reason": "verb", "levelname": "WARNING"}),
    ),
    (
        RefusedRequestError(415, "media_type", "Send application/json."),
        415,
        "media_type",
        {},
        ("request refused", {"reason": "media_type", "levelname": "WARNING"}),
    ),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda each: repr(each[0]))
def test_a_refusal_has_its_status_its_headers_and_one_line_in_the_log(
    client: TestClient,
    caplog: pytest.LogCaptureFixture,
    refusal: tuple[Exception, int, str, dict[str, str], Line],
) -> None:
    """Whoever operates the API reads what was refused and why; the caller what to do."""
    error, status, code, headers, line = refusal

    async def fails() -> None:
        raise error

    app: Any = client.app
    app.add_api_route("/fails", fails)
    with caplog.at_level(logging.WARNING, "api.auth"):
        response = client.get("/fails")
    assert (response.status_code, response.json()["type"]) == (status, f"urn:problem:{code}")
    told = {name: response.headers.get(name) for name in ("Allow", "Retry-After", "WWW-Authenticate")}
    assert {name: value for name, value in told.items() if value} == headers
    (found,) = [record for record in caplog.records if record.name == "api.auth"]
    assert found.getMessage() == line[0]
    assert {name: getattr(found, name) for name in line[1]} == line[1]


def test_a_method_that_no_route_of_a_path_has_names_those_of_all(client: TestClient) -> None:
    """Of several routes of one path all methods are told, in order; a path that is not there has none."""
    refused = client.delete("/records")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, POST")
    assert refused.json()["type"] == "urn:problem:method_not_allowed"
    nowhere = client.get("/nowhere")
    assert (nowhere.status_code, "Allow" in nowhere.headers) == (404, False)


def test_the_methods_of_a_path_are_those_of_its_routes_in_order() -> None:
    """Other paths have theirs."""

    def route(match: Match, *methods: str) -> SimpleNamespace:
        return SimpleNamespace(matches=lambda _: (match, {}), methods=set(methods))

    routes = [
        route(Match.PARTIAL, "PUT", "PATCH", "DELETE"),
        route(Match.NONE, "TRACE"),
        route(Match.FULL, "POST", "HEAD", "GET"),
    ]
    state = SimpleNamespace(routes=routes)
    request: Any = SimpleNamespace(app=SimpleNamespace(state=state), scope={})
    assert problems._allowed(request) == ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"]


def test_headers_of_an_error_reach_the_caller(client: TestClient) -> None:
    """What a route says of its own error is not lost on the way."""
    router = APIRouter()

    @router.get("/teapot")
    async def teapot() -> None:
        raise HTTPException(418, "No coffee.", headers={"X-Short": "stout"})

    app: Any = client.app
    app.include_router(router)
    response = client.get("/teapot")
    assert (response.status_code, response.json()["detail"]) == (418, "No coffee.")
    assert response.headers["X-Short"] == "stout"


@pytest.mark.parametrize(
    ("change", "page"),
    [
        ({"ALB_CLIENT_ID": SPA, "ALB_PAGE_URL": PAGE, "CORS_ORIGINS": ("https://other.example.com",)}, PAGE),
        ({"CORS_ORIGINS": ("https://one.example.com", "https://two.example.com")}, "https://one.example.com"),
        ({"CORS_ORIGINS": ()}, ""),
    ],
)
def test_the_page_to_sign_in_at(change: dict[str, Any], page: str) -> None:
    """The load balancer's before any that may call from elsewhere."""
    assert problems._page(EntraSettings(**(V2 | change))) == page


@pytest.mark.parametrize("path", ["/records", "/mcp/other", "/"])
def test_only_what_is_asked_at_an_mcp_server_s_own_path_is_told_of_its_metadata(path: str) -> None:
    """Everything else has the API's realm, beside an MCP server too."""
    mcp = SimpleNamespace(
        path="/mcp", resource="https://api.example.com/mcp", url="https://api.example.com/well"
    )
    for there, asked in ((None, path), (mcp, path), (None, "/mcp")):
        assert problems._whose(_request(there, asked)) == {"realm": URI}
    found = problems._whose(_request(mcp, "/mcp"))
    assert found == {"realm": mcp.resource, "resource_metadata": mcp.url}


def _request(mcp: object, path: str) -> Any:
    entra = SimpleNamespace(api_app_id_uri=URI)
    state = SimpleNamespace(settings=SimpleNamespace(entra=entra), mcp=mcp)
    return SimpleNamespace(app=SimpleNamespace(state=state), url=SimpleNamespace(path=path))
