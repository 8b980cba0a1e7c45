"""The MCP server's tools by themselves: how much one lists, and how long a caller is known."""

import asyncio
from pathlib import Path
from typing import Any, NoReturn

import pytest
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.testclient import TestClient

from api.auth.claims import Rules, check
from api.auth.user import CurrentUser
from api.mcp_server import tools
from api.mcp_server.guard import McpEndpoint
from api.mcp_server.metadata import ResourceMetadata
from api.records.model import RecordPage
from api.settings import EntraSettings
from api.tests.conftest import V2
from api.tests.issuer import NOW, sign, user_claims
from api.tests.test_mcp_server import JSON, METADATA, written

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
