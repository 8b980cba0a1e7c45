"""A file of metadata in; the MCP endpoint and what leads clients to it, as routes, out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from api.mcp_server.guard import McpEndpoint
from api.mcp_server.metadata import WELL_KNOWN, ResourceMetadata
from api.records.store import RecordStore
from api.settings import EntraSettings


@dataclass(frozen=True)
class McpServer:
    """What an API has of it: the metadata, the endpoint, to be run with the API, and the routes."""

    metadata: ResourceMetadata
    endpoint: McpEndpoint
    routes: list[BaseRoute]


def serve(file: Path, entra: EntraSettings, store: Callable[[], RecordStore]) -> McpServer:
    """Return the server that a file of metadata describes."""
    metadata = ResourceMetadata.read(file, entra)
    endpoint = McpEndpoint(metadata, entra.cors_origins, store)
    document = metadata.model_dump(mode="json")

    async def described(_request: Request) -> Response:
        return JSONResponse(document)

    # Clients try the address with the path first, and then without (RFC 9728, section 3.1).
    places = (f"{WELL_KNOWN}{metadata.path}", WELL_KNOWN)
    found: list[BaseRoute] = [Route(place, described, methods=["GET"]) for place in places]
    return McpServer(metadata, endpoint, [*found, Route(metadata.path, endpoint)])
