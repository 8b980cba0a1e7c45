"""The MCP endpoint: what it serves to whom, and the table of attacks on it."""

import asyncio
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi import FastAPI
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.testclient import TestClient

from api.app import create
from api.auth.failures import ForbiddenError
from api.auth.user import CurrentUser
from api.mcp_server import tools
from api.records.store import RecordStore
from api.settings import SettingsError
from api.tests import issuer
from api.tests.conftest import V2, settings
from api.tests.forgery import forge
from api.tests.issuer import Clock, KeyServer, jwk
from api.tests.mcp_metadata import JSON, METADATA, URL, written

CASES: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("mcp_attacks.yaml").read_text(encoding="utf-8")
)
LEARN = 'resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"'


def api(folder: Path, clock: Clock) -> TestClient:
    """Start the API with its MCP server."""
    app = create(
        settings(folder, mcp=written(folder)),
        transport=KeyServer([jwk("one"), jwk("two")]).transport(),
        now=clock,
        monotonic=clock,
        sleep=clock.sleep,
    )
    return TestClient(app, base_url="https://mcp.example.com", raise_server_exceptions=False)


@pytest.fixture(scope="module")
def mcp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Start it once for all cases."""
    with api(tmp_path_factory.mktemp("mcp"), Clock()) as client:
        yield client


def calling(tool: str, **arguments: Any) -> dict[str, Any]:
    """Write the message that calls a tool."""
    return {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": tool, "arguments": arguments},
    }


def total(mcp: TestClient) -> int:
    """Count the records."""
    assert isinstance(mcp.app, FastAPI)
    store: RecordStore = mcp.app.state.store
    return sum(owner.records for owner in store.owners())


def bodied(case: dict[str, Any]) -> str:
    """Write the body of a case."""
    call = json.dumps(calling(case.get("call", "list_records")))
    raw = case.get("raw", call)
    known = {"65k": json.dumps("x" * 65 * 1024), "deep": "[" * 30_000}
    return str(known.get(raw, raw.replace("{call}", call)))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_attack(case: dict[str, Any], mcp: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    """Refused with this status, for this reason, before a tool runs; nothing holds the token."""
    token = forge(case.get("token", {}))
    headers = [(name, value.encode()) for name, value in (JSON | case.get("headers", {})).items()]
    headers += [
        ("Authorization", text.replace("{token}", token).encode())
        for text in case.get("send", ["Bearer {token}"])
    ]
    query = case.get("query", "").replace("{token}", token)
    before = total(mcp)
    with caplog.at_level(logging.DEBUG):
        response = mcp.request(
            case.get("method", "POST"),
            f"/mcp?{query}" if query else "/mcp",
            headers=headers,
            content=bodied(case),
        )
    reported = [vars(line)["reason"] for line in caplog.records if line.getMessage() == "token refused"]
    code = "too_large" if response.status_code == 413 else response.json()["type"].rpartition(":")[2]
    reason = reported[0] if response.status_code == 401 and reported else code
    assert f"{response.status_code} {reason}" == case["refused"], response.text
    assert total(mcp) == before
    if response.status_code in (401, 403) and "Bearer" in response.headers.get("WWW-Authenticate", ""):
        assert LEARN in response.headers["WWW-Authenticate"]
    seen = "\n".join(
        [
            response.text,
            *(json.dumps(vars(line), default=str) for line in caplog.records if line.name.startswith("api")),
        ]
    )
    assert not any(len(segment) > 16 and segment in seen for segment in token.split("."))


def test_the_table_is_long_and_each_name_is_one() -> None:
    """There are at least 30 attacks, no two of one name."""
    names = [case["name"] for case in CASES]
    assert len(names) >= 30
    assert len(set(names)) == len(names)


def requested(mcp: TestClient, message: dict[str, Any], **claims: Any) -> Any:
    """Send a message with a person's good token."""
    token = issuer.sign(issuer.user_claims(**claims))
    response = mcp.post("/mcp", headers=JSON | {"Authorization": f"Bearer {token}"}, json=message)
    assert response.status_code == 200, response.text
    return response.json()


def test_both_tools_do_what_the_routes_do(mcp: TestClient) -> None:
    """What a writer creates, a reader lists, in the name of who created it."""
    writer = {"scp": "user.read user.write", "roles": ["Writer"]}
    made = requested(mcp, calling("create_record", title="By a tool"), **writer)["result"]
    assert not made.get("isError"), made
    listed = requested(mcp, calling("list_records"), scp="user.read")["result"]
    assert "By a tool" in json.dumps(listed)
    assert issuer.ALICE in json.dumps(listed)
    assert (
        mcp.get("/records", headers={"Authorization": f"Bearer {issuer.sign(issuer.user_claims())}"}).json()[
            "items"
        ][0]["title"]
        == "By a tool"
    )


def test_a_client_begins_and_finds_the_tools(mcp: TestClient) -> None:
    """Without a session: no answer names one."""
    begin = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}
    token = issuer.sign(issuer.user_claims())
    message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": begin}
    response = mcp.post("/mcp", headers=JSON | {"Authorization": f"Bearer {token}"}, json=message)
    assert response.status_code == 200
    assert "mcp-session-id" not in response.headers
    found = requested(mcp, {"jsonrpc": "2.0", "id": 2, "method": "tools/list"})["result"]["tools"]
    assert [each["name"] for each in found] == ["list_records", "create_record"]


def test_each_request_is_held_to_its_own_token(tmp_path: Path) -> None:
    """A token that worked a moment ago works no longer than it lives."""
    clock = Clock()
    with api(tmp_path, clock) as client:
        token = issuer.sign(issuer.user_claims(clock()))
        send: dict[str, Any] = {
            "headers": JSON | {"Authorization": f"Bearer {token}"},
            "json": calling("list_records"),
        }
        assert client.post("/mcp", **send).status_code == 200
        clock.time += 2 * 3600
        assert client.post("/mcp", **send).status_code == 401


def test_a_body_without_a_length_is_cut(mcp: TestClient) -> None:
    """By the bytes that came, whatever is said of them."""
    token = issuer.sign(issuer.user_claims())
    chunks = (b"[" * 8192 for _ in range(20))
    response = mcp.post("/mcp", headers=JSON | {"Authorization": f"Bearer {token}"}, content=chunks)
    assert response.status_code == 413


def test_the_sdk_hears_of_no_token(mcp: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it does not have it can neither keep nor pass on."""
    heard: list[str] = []
    original = StreamableHTTPSessionManager.handle_request

    async def listening(self: Any, scope: Any, receive: Any, send: Any) -> None:
        heard.append(f"{scope['headers']} {scope['query_string']} {scope['state']}")
        await original(self, scope, receive, send)

    monkeypatch.setattr(StreamableHTTPSessionManager, "handle_request", listening)
    requested(mcp, calling("list_records"))
    assert len(heard) == 1
    assert "authorization" not in heard[0].lower()
    assert "eyJ" not in heard[0]


@pytest.mark.parametrize("path", ["", "/mcp"])
def test_the_metadata_is_served_to_anybody(mcp: TestClient, path: str) -> None:
    """As the file has it."""
    response = mcp.get(f"/.well-known/oauth-protected-resource{path}")
    assert (response.status_code, response.json()) == (200, METADATA)


@pytest.mark.parametrize("path", ["/mcp", "/.well-known/oauth-protected-resource/mcp"])
def test_a_page_of_a_known_origin_may_call_it_and_no_other(mcp: TestClient, path: str) -> None:
    """Before a browser sends what the SDK's client sends, it asks; it reads where to learn who signs in."""
    sent = "authorization,content-type,mcp-method,mcp-name,mcp-protocol-version"
    requested = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": sent}
    known = V2["CORS_ORIGINS"][0]
    response = mcp.options(path, headers={**requested, "Origin": known})
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (200, known)
    evil = mcp.options(path, headers={**requested, "Origin": "https://evil.example"})
    assert evil.status_code == 400
    assert "access-control-allow-origin" not in evil.headers
    refused = mcp.post("/mcp", headers={**JSON, "Origin": known}, content="{}")
    assert refused.status_code == 401
    assert "WWW-Authenticate" in refused.headers["access-control-expose-headers"]
    assert LEARN in refused.headers["www-authenticate"]


def test_without_the_setting_no_such_header_is_allowed(client: TestClient) -> None:
    """The API alone allows what its page sends."""
    requested = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "mcp-protocol-version",
    }
    response = client.options("/records", headers={**requested, "Origin": V2["CORS_ORIGINS"][0]})
    assert response.status_code == 400


def test_without_the_setting_there_is_none(client: TestClient) -> None:
    """Neither the endpoint nor the metadata, and the other routes' challenges are as they were."""
    assert client.post("/mcp").status_code == 404
    assert client.get("/.well-known/oauth-protected-resource").status_code == 404
    assert "resource_metadata" not in client.get("/me").headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"resource": f"{URL}/"}, "is no metadata"),
        ({"resource": "http://mcp.example.com/mcp"}, "is no metadata"),
        (
            {"resource": "https://mcp.example.com", "scopes_supported": ["https://mcp.example.com/x"]},
            "without a path",
        ),
        ({"authorization_servers": ["https://evil.example/v2.0"]}, "other authorization servers"),
        ({"scopes_supported": ["https://graph.microsoft.com/User.Read"]}, "do not begin with its resource"),
        ({"scopes_supported": [f"{URL}/user.read", "https://x.example/y"]}, "do not begin with its resource"),
        ({"jwks_uri": "https://evil.example"}, "is no metadata"),
    ],
)
def test_metadata_that_does_not_fit_stops_the_start(
    tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    """An operator hears of it before a client does."""
    with pytest.raises(SettingsError, match=says):
        create(settings(tmp_path, mcp=written(tmp_path, **changes)))


@pytest.mark.parametrize("tool", ["list_records", "create_record"])
def test_each_tool_admits_by_itself_whatever_stands_before_it(tmp_path: Path, tool: str) -> None:
    """Who reaches a tool without what its route needs is refused there too, and nothing is made."""
    store = RecordStore(tmp_path / "records.sqlite3", now=lambda: datetime.now(UTC), new_id=lambda: "1")
    nobody = CurrentUser("user", "1", "2", "3", "4", None, None, frozenset(), frozenset(), frozenset(), 0)
    token = tools.caller.set(nobody)
    try:
        with pytest.raises(Exception, match="Error executing tool") as refused:
            asyncio.run(tools.server("x", lambda: store).call_tool(tool, {"title": "By a tool"}))
    finally:
        tools.caller.reset(token)
    assert isinstance(refused.value.__cause__, ForbiddenError)
    assert store.page(10).items == []
