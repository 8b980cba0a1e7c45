"""An API's entry of the manifest in; with `mcp` in the place of the identifier URI that is an MCP server's
address out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from entra_config.importing.tenant import Json
from entra_config.manifest.sections.mcp import wrong_url


def recognized(made: dict[str, Any], scopes: Iterable[Json], labels: Mapping[str, str]) -> None:
    """Write the first identifier URI whose path ends in `mcp` as the server's address, where clients have a
    scope to ask for.
    """
    url = next((str(uri) for uri in made.get("identifierUris") or () if _is_server(str(uri))), None)
    enabled = [scope for scope in scopes if scope.get("isEnabled", True)]
    requested = [labels[scope["id"]] for scope in enabled]
    if url is None or not requested:
        return
    left = [uri for uri in made["identifierUris"] if uri != url]
    made["identifierUris"] = left
    if not left:
        del made["identifierUris"]
    # Absent, `mcp.scopes` are those that users may consent to.
    users = any(scope.get("type") == "User" for scope in enabled)
    made["mcp"] = {"url": url} if users else {"url": url, "scopes": requested}


def _is_server(uri: str) -> bool:
    return uri.startswith("https://") and not any(wrong_url(uri)) and urlsplit(uri).path.endswith("/mcp")
