"""The metadata of the MCP server, as settings write it, and the headers of a message to it."""

import json
from pathlib import Path
from typing import Any

from api.tests.conftest import V2

URL = "https://mcp.example.com/mcp"
METADATA = {
    "resource": URL,
    "authorization_servers": [f"{V2['AUTHORITY']}/v2.0"],
    "scopes_supported": [f"{URL}/user.read", f"{URL}/user.write"],
    "bearer_methods_supported": ["header"],
    "resource_name": "MyApp API",
}
JSON = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}


def written(folder: Path, **changes: Any) -> Path:
    """Write the metadata as `entra-config settings` does."""
    file = folder / "oauth-protected-resource.json"
    file.write_text(json.dumps({**METADATA, **changes}), encoding="utf-8")
    return file
