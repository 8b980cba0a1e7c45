"""What every answer has: headers, correlation ids, problems, log lines; and what it never has."""

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient

from api import middleware
from api.app import create
from api.logs import JsonLines
from api.tests.conftest import V2, settings
from api.tests.issuer import ALICE, SPA, Clock, KeyServer, kid_of, sign, user_claims

BEARER = {"Authorization": f"Bearer {sign(user_claims(roles=['Admin', 'Writer']))}"}
ORIGIN = {"Origin": "https://app.example.com"}


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Catch the log as it would be written."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    root = logging.getLogger("api")
    before = root.level
    root.setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


def _log(written: io.StringIO, logger: str) -> list[dict[str, Any]]:
    parsed: list[dict[str, Any]] = [json.loads(line) for line in written.getvalue().splitlines()]
    return [line for line in parsed if line["logger"] == logger]


@pytest.mark.parametrize("path", ["/", "/healthz", "/me", "/records", "/nowhere", "/openapi.json", "/docs"])
def test_security_headers(client: TestClient, path: str) -> None:
    """Each answer, an error too, forbids sniffing, framing, caching and plain http."""
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Strict-Transport-Security"].startswith("max-age=")
    assert "Server" not in headers


def test_the_spa_may_call(client: TestClient) -> None:
    """The SPA's origin is allowed, may send a token, and may read why it was refused."""
    requested = {
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    preflight = client.options("/records", headers=ORIGIN | requested)
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == ORIGIN["Origin"]
    assert preflight.headers["Access-Control-Max-Age"] == "600"
    refused = client.get("/me", headers=ORIGIN)
    assert refused.headers["Access-Control-Allow-Origin"] == ORIGIN["Origin"]
    assert "WWW-Authenticate" in refused.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in refused.headers


@pytest.mark.parametrize("origin", ["https://evil.example", "https://app.example.com.evil.example", "null"])
def test_other_origins_may_not(client: TestClient, origin: str) -> None:
    """Another page gets no permission to read."""
    requested = {"Origin": origin, "Access-Control-Request-Method": "GET"}
    assert client.options("/records", headers=requested).status_code == 400
    assert "Access-Control-Allow-Origin" not in client.get("/me", headers={"Origin": origin}).headers


def test_correlation_ids(client: TestClient) -> None:
    """A caller's id is kept if it is one, and replaced if it could harm a log."""
    given = "3f2c9a52-7d1e-4a55-9f34-0f8f2f3c9e11"
    assert client.get("/healthz", headers={"X-Correlation-ID": given}).headers["X-Correlation-ID"] == given
    for bad in ("short", 'x"}{"level":"INFO"', "a" * 65, "../../../etc"):
        assert client.get("/healthz", headers={"X-Correlation-ID": bad}).headers["X-Correlation-ID"] != bad


def test_a_bug_is_answered_with_nothing_but_its_id(client: TestClient, lines: io.StringIO) -> None:
    """An unexpected error is a problem with CORS headers and an id, and its trace is in the log alone."""
    client.app.state.store.close()  # type: ignore[attr-defined]  # the FastAPI app behind the client
    response = client.get("/records", headers=BEARER | ORIGIN)
    assert response.status_code == 500
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN["Origin"]
    assert "sqlite" not in response.text.lower()
    [line] = [line for line in _log(lines, "api.requests") if line["message"] == "unexpected error"]
    assert line["correlationId"] == response.json()["correlationId"]
    assert "sqlite3.ProgrammingError" in line["traceback"]


def test_what_breaks_in_the_middle_of_an_answer_begins_no_other_one(client: TestClient) -> None:
    """The server ends the connection: whoever reads it must not take half for the whole."""

    async def halves() -> AsyncIterator[bytes]:
        yield b"half"
        yield b" and more"
        raise LookupError("in the middle")

    app: Any = client.app
    app.add_api_route("/halves", lambda: StreamingResponse(halves()))
    with pytest.raises(LookupError, match="in the middle"):
        TestClient(app).get("/halves")


def test_readiness(client: TestClient, lines: io.StringIO) -> None:
    """The API is ready while keys and database are there; why it is not stands in the log."""
    assert client.get("/readyz").json() == {"status": "ready", "keys": True, "database": True}
    client.app.state.store.close()  # type: ignore[attr-defined]  # the FastAPI app behind the client
    response = client.get("/readyz")
    assert (response.status_code, response.json()["database"]) == (503, False)
    [line] = _log(lines, "api.health")
    assert (line["level"], "closed database" in line["error"]) == ("ERROR", True)
    assert client.get("/healthz").json() == {"status": "ok"}


def test_a_refusal_is_logged_with_what_helps(client: TestClient, lines: io.StringIO) -> None:
    """The log names reason, key, client and correlation id."""
    token = sign(user_claims(aud="other"))
    response = client.get("/me", headers={"Authorization": f"Bearer {token}"})
    [line] = _log(lines, "api.auth")
    assert {name: line[name] for name in ("reason", "kid", "client", "correlationId", "level")} == {
        "reason": "audience",
        "kid": kid_of("one"),
        "client": SPA,
        "correlationId": response.headers["X-Correlation-ID"],
        "level": "WARNING",
    }
    assert token.rpartition(".")[2] not in lines.getvalue()


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({}, []),
        ({"Authorization": "Bearer one two"}, [("token refused", "authorization_header", None)]),
        (
            {"Authorization": f"Bearer {sign(user_claims(scp='openid', roles=[]))}"},
            [("forbidden", "This needs the scope", SPA)],
        ),
        (BEARER, []),
    ],
)
def test_each_refusal_is_logged_once_and_nothing_else(
    client: TestClient, lines: io.StringIO, headers: dict[str, str], said: list[tuple[str, str, str | None]]
) -> None:
    """Who sent no token at all is no attack; who may not is named by its client alone."""
    client.get("/records", headers=headers)
    found = _log(lines, "api.auth")
    assert [(line["message"], line.get("client")) for line in found] == [(each[0], each[2]) for each in said]
    for line, (_, reason, _) in zip(found, said, strict=True):
        assert line["reason"].startswith(reason)
        assert line["level"] == "WARNING"


def test_a_request_s_line_has_its_milliseconds_and_who_asked_where_somebody_did(
    client: TestClient, lines: io.StringIO
) -> None:
    """Hundredths are exact enough; nobody is left out, not named empty."""
    client.get("/me")
    client.get("/me", headers=BEARER)
    nobody, alice = _log(lines, "api.requests")
    for line in (nobody, alice):
        assert 0 < line["milliseconds"] < 60_000
        assert line["milliseconds"] == round(line["milliseconds"], 2)
    assert (nobody["status"], "user" in nobody, "client" in nobody) == (401, False, False)
    assert (alice["status"], alice["user"], alice["client"]) == (200, ALICE, SPA)


def test_requests_are_logged_without_their_query(client: TestClient, lines: io.StringIO) -> None:
    """A log line says who asked for what and how it went; a token in the query is not repeated."""
    client.get("/records?access_token=secret", headers=BEARER)
    client.get("/healthz")
    request, health = _log(lines, "api.requests")
    assert (request["method"], request["path"], request["status"], request["user"], request["client"]) == (
        "GET",
        "/records",
        200,
        ALICE,
        SPA,
    )
    assert "secret" not in lines.getvalue()
    assert (request["level"], health["level"]) == ("INFO", "DEBUG")


def test_a_token_in_the_query_is_no_token(client: TestClient) -> None:
    """Tokens are read from the header alone (RFC 6750 advises against the query)."""
    token = BEARER["Authorization"].removeprefix("Bearer ")
    response = client.get(f"/me?access_token={token}")
    assert (response.status_code, "error=" in response.headers["WWW-Authenticate"]) == (401, False)


@pytest.mark.parametrize("path", ["/me", "/records"])
def test_a_person_who_opens_an_address_is_told_where_to_sign_in(client: TestClient, path: str) -> None:
    """As JSON, the page's address; whose token is refused is told why instead."""
    opened = client.get(path, headers={"Accept": "text/html"})
    assert (opened.status_code, opened.json()["signInPage"]) == (401, "https://app.example.com")
    assert opened.headers["content-type"] == "application/problem+json"
    refused = client.get(path, headers={"Authorization": "Bearer x"})
    assert (refused.status_code, "signInPage" in refused.json()) == (401, False)


def test_an_api_without_a_page_names_none(tmp_path: Path) -> None:
    """A service that programs alone call."""
    alone = create(settings(tmp_path, {**V2, "CORS_ORIGINS": ()}), transport=KeyServer().transport())
    with TestClient(alone) as client:
        assert "signInPage" not in client.get("/me").json()


def test_invalid_input_is_explained_not_echoed(client: TestClient) -> None:
    """A developer reads which field is wrong; text that is no Unicode does not break the answer."""
    body = '{"title": "\\ud800", "extra": 1}'
    response = client.post("/records", content=body, headers=BEARER | {"Content-Type": "application/json"})
    assert response.status_code == 422
    assert {error["field"] for error in response.json()["errors"]} == {"body.title", "body.extra"}


def test_a_body_that_is_no_text_is_refused(client: TestClient) -> None:
    """Bytes that are no UTF-8 are a bad request."""
    headers = BEARER | {"Content-Type": "application/json"}
    assert client.post("/records", content=b"\xff\xfe\xfd", headers=headers).status_code == 400


def test_documentation_can_be_switched_off(tmp_path: Path) -> None:
    """Without documentation there is no page and no document."""
    app = create(settings(tmp_path, docs=False), transport=KeyServer().transport(), now=Clock())
    with TestClient(app) as client:
        assert {client.get(path).status_code for path in ("/docs", "/openapi.json", "/docs/start.js")} == {
            404
        }


def test_a_line_s_milliseconds_are_thousandths(caplog: pytest.LogCaptureFixture) -> None:
    """Whoever searches a log for what takes long looks for a number."""
    with caplog.at_level("INFO", "api.requests"):
        middleware._log_request({"path": "/me", "method": "GET"}, 200, 0.25)
    assert [vars(line)["milliseconds"] for line in caplog.records] == [250.0]


def test_what_breaks_outside_of_a_request_is_no_response() -> None:
    """A start that fails ends the server, and is no problem document."""

    async def broken(*_: Any) -> None:
        raise OSError("no port")

    async def unused(*_: Any) -> Any:
        raise AssertionError("nothing is sent")

    with pytest.raises(OSError, match="no port"):
        asyncio.run(middleware.UnexpectedErrors(broken)({"type": "lifespan"}, unused, unused))
