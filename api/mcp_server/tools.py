"""What each tool of the MCP server needs of its caller, and what it does."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from mcp.server.mcpserver import MCPServer

from api.auth.requirements import Requirement, require
from api.auth.user import CurrentUser
from api.generated.authorization import Operation
from api.records.model import RecordInput
from api.records.people import person
from api.records.store import RecordStore

#: Who the request in hand is from: verified with it, and gone with it.
caller: ContextVar[CurrentUser] = ContextVar("caller")

# The same as GET and POST /records, so that no tool is a way around a route.
REQUIRED: dict[str, Requirement] = {
    "list_records": require(Operation.READ_RECORDS),
    "create_record": require(Operation.CREATE_RECORD),
}


def server(name: str, store: Callable[[], RecordStore]) -> MCPServer:
    """Build the server with its tools; no token reaches one, so none can be passed on."""
    built = MCPServer(name)

    def list_records(limit: int = 50) -> list[dict[str, Any]]:
        """List the newest records."""
        REQUIRED["list_records"].admit(caller.get())
        page = store().page(min(max(limit, 1), 200))
        return [record.model_dump() for record in page.items]

    def create_record(title: str, text: str = "") -> dict[str, Any]:
        """Create a record in the caller's name."""
        user = caller.get()
        REQUIRED["create_record"].admit(user)
        return store().create(RecordInput(title=title, text=text), person(user)).model_dump()

    built.add_tool(list_records)
    built.add_tool(create_record)
    return built
