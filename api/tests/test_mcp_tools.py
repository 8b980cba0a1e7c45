"""The MCP server's tools by themselves: how much one lists, and how long a caller is known."""

import asyncio
import json
from pathlib import Path
from typing import Any, NoReturn

import pytest
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.testclient import TestClient

from api.app import create
from api.auth.claims import Rules, check
from api.auth.user import CurrentUser
from api.mcp_server import tools
from api.mcp_server.guard import McpEndpoint, _replayed
from api.mcp_server.metadata import ResourceMetadata
from api.records.model import RecordPage
from api.settings import EntraSettings
from api.tests.conftest import V2, settings
from api.tests.issuer import NOW, KeyServer, sign, user_claims
from api.tests.mcp_metadata import JSON, METADATA, written

ALICE = check(user_claims(), Rules.of(EntraSettings(**V2)), NOW)


@pytest.mark.parametrize(
    ("arguments", "listed"),
    [
        ({}, 50),
        ({"limit": -1}, 1),
        ({"limit": 0}, 1),
        ({"limit": 1}, 1),
        ({"limit": 2}, 2),
        ({"limit": 200}, 200),
        ({"limit": 201}, 200),
    ],
)
def test_a_tool_lists_no_more_than_a_page_of_the_api(arguments: dict[str, int], listed: int) -> None:
    """A number out of bounds is the nearest that is not; without one a page is as long as the route's."""
    limits: list[int] = []

    class Store:
        def page(self, limit: int) -> RecordPage:
            limits.append(limit)
            return RecordPage(items=[], next=None)

    async def run() -> None:
        tools.caller.set(ALICE)
        store: Any = Store()
        await tools.server("x", lambda: store).call_tool("list_records", arguments)

    asyncio.run(run())
    assert limits == [listed]


def test_who_called_is_known_until_the_answer_and_no_longer(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever runs after it in the same task has no caller."""
    seen: list[CurrentUser] = []

    async def handled(*_: Any) -> None:
        seen.append(tools.caller.get())

    async def unused(*_: Any) -> NoReturn:
        raise AssertionError("nothing is sent")

    async def received() -> dict[str, Any]:
        return {"type": "http.request", "body": b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}'}

    monkeypatch.setattr(StreamableHTTPSessionManager, "handle_request", handled)
    sent = JSON | {"Host": "mcp.example.com", "Authorization": f"Bearer {sign(user_claims())}"}
    scope = {
        "type": "http",
        "app": client.app,
        "method": "POST",
        "path": "/mcp",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in sent.items()],
    }

    async def run() -> CurrentUser | None:
        endpoint = McpEndpoint(ResourceMetadata.model_validate(METADATA), (), _none)
        await endpoint(scope, received, unused)
        return tools.caller.get(None)

    assert asyncio.run(run()) is None
    assert [user.object_id for user in seen] == [ALICE.object_id]


def _none() -> NoReturn:
    raise AssertionError("no tool is called")


def test_what_is_read_of_the_metadata_stays(tmp_path: Path) -> None:
    """Nothing changes it at run time."""
    found = ResourceMetadata.read(written(tmp_path), EntraSettings(**V2))
    with pytest.raises(ValueError, match="frozen"):
        found.resource_name = "Another"


def test_the_message_is_handed_on_once_and_then_what_the_client_does() -> None:
    """The SDK hears of a client that leaves."""
    said = {"jsonrpc": "2.0", "id": 1, "method": "ping"}

    async def leaving() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def run() -> list[Any]:
        again = _replayed(said, leaving)
        return [await again() for _ in range(3)]

    first, *others = asyncio.run(run())
    assert (first["type"], json.loads(first["body"]), first["more_body"]) == ("http.request", said, False)
    assert others == [{"type": "http.disconnect"}] * 2


def test_the_document_of_the_routes_leaves_the_server_out(tmp_path: Path) -> None:
    """Its clients learn of it from its metadata."""
    app = create(settings(tmp_path, mcp=written(tmp_path)), transport=KeyServer().transport())
    with TestClient(app) as client:
        paths = client.get("/openapi.json").json()["paths"]
    assert "/records" in paths
    assert not [path for path in paths if "mcp" in path or "well-known" in path]
