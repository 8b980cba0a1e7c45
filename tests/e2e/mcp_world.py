"""A folder in; the emulator and the API as an MCP server, from one manifest, running on loopback out."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from mcp.client.auth import OAuthClientProvider
from mcp.shared.auth import (
    AuthorizationCodeResult,
    OAuthClientInformationFull,
    OAuthClientMetadata,
    OAuthToken,
)

from entra_emulator import background
from entra_emulator.server_options import ServerOptions
from entra_emulator.state import state_files
from tests.e2e.deployment import ROOT, app_ids
from tests.e2e.loopback import _end, _environment, _graph, _trust, free_ports, start, wait_for

HOST = "mcp.contoso.com"
URL = f"https://{HOST}/mcp"
BACK = "http://localhost/callback"
MANIFEST: dict[str, Any] = {
    "project": "mcp",
    "environments": {"dev": {"tenantId": "11111111-1111-1111-1111-111111111111"}},
    "applications": {
        "api": {
            "type": "api",
            "displayName": "MCP server",
            "identifierUris": ["api://${appId}"],
            "scopes": {
                name: {"displayName": name, "description": name, "whoCanConsent": "adminsAndUsers"}
                for name in ("user.read", "user.write")
            },
            "appRoles": {"Writer": {"description": "Writes.", "allowedMemberTypes": ["User", "Application"]}},
            "mcp": {"url": URL, "clients": ["VS Code"]},
        },
        "bare": {
            "type": "api",
            "displayName": "MCP server by its appId alone",
            "identifierUris": ["api://${appId}"],
            "scopes": {
                "user.read": {"displayName": "x", "description": "x", "whoCanConsent": "adminsAndUsers"}
            },
        },
        "client": {
            "type": "publicClient",
            "displayName": "A client of MCP",
            "redirectUris": [BACK],
            "apiPermissions": {"api": {"delegated": ["user.read", "user.write"], "adminConsent": True}},
        },
    },
    "appRoleAssignments": {"api": {"Writer": {"users": ["alice@contoso.com"]}}},
    "settings": {
        "folder": "settings",
        "apis": {"api": {"url": f"https://{HOST}", "json": "api.json", "protectedResource": "resource.json"}},
    },
}


@dataclass
class McpWorld:
    """What runs, and what a client of it is."""

    origin: str
    ca: Path
    port: int
    app_ids: dict[str, str]
    metadata: dict[str, Any]

    @property
    def trust(self) -> ssl.SSLContext:
        """Return what trusts emulator and API."""
        return _trust(self.ca)


@contextmanager
def running(folder: Path) -> Iterator[McpWorld]:
    """Apply the manifest, write its settings and serve the API on them, until the block ends."""
    state, settings = folder / "emulator", folder / "settings"
    (folder / "manifests").mkdir()
    (folder / "manifests" / "entra-config.yaml").write_text(json.dumps(MANIFEST), encoding="utf-8")
    with ExitStack() as ending:
        emulator = background.start(ServerOptions(state=state, port=0, seed="mcp"))
        ending.callback(background.end, state)
        where = ("-e", "dev", "-f", str(folder / "manifests"), "--cloud", "emulator")
        program = str(Path(sys.executable).with_name("entra-config"))
        env = {**os.environ, "ENTRA_CONFIG_EMULATOR_STATE": str(state)}
        for arguments in (("apply", "--auto-approve"), ("settings", "--values", "--output", str(settings))):
            subprocess.run([program, *arguments, *where], env=env, check=True, capture_output=True)
        (port,) = free_ports(1)
        with _graph(emulator.origin, state / state_files.CA_FILE) as graph:
            known = app_ids(graph)
        metadata = json.loads((settings / "resource.json").read_text(encoding="utf-8"))
        world = McpWorld(emulator.origin, state / state_files.CA_FILE, port, known, metadata)
        server = _environment(
            world.ca,
            SERVER_SETTINGS_FILE=str(settings / "api.json"),
            SERVER_DATABASE=str(folder / "records.sqlite3"),
            SERVER_MCP=str(settings / "resource.json"),
            SERVER_EMULATOR="1",
        )
        files = [
            "--ssl-certfile",
            str(state / state_files.CERTIFICATE_FILE),
            "--ssl-keyfile",
            str(state / state_files.KEY_FILE),
        ]
        command = [sys.executable, "-m", "uvicorn", "api.main:app", "--port", str(port), *files]
        process = start(command, server, folder / "api.log", ROOT)
        ending.callback(_end, process)
        wait_for(f"https://localhost:{port}/healthz", world.ca, process, folder / "api.log")
        yield world


class Reached(httpx2.AsyncBaseTransport):
    """Reaches the server by its name, as a name server would lead there."""

    def __init__(self, world: McpWorld) -> None:
        """Lead the server's name to this machine."""
        self._world = world
        self._wire = httpx2.AsyncHTTPTransport(verify=world.trust)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request."""
        if request.url.host == HOST:
            there = request.url.copy_with(host="localhost", port=self._world.port)
            request = httpx2.Request(
                request.method,
                there,
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions,
            )
        return await self._wire.handle_async_request(request)

    async def aclose(self) -> None:
        """Close what is open."""
        await self._wire.aclose()


class Stored:
    """A client's storage, with the registration that somebody declared: Entra registers none by itself."""

    def __init__(self, client_id: str) -> None:
        """Begin without tokens."""
        self.client = OAuthClientInformationFull(
            client_id=client_id, redirect_uris=[BACK], token_endpoint_auth_method="none"
        )
        self.tokens: OAuthToken | None = None

    async def get_tokens(self) -> OAuthToken | None:
        """Return the tokens of an earlier sign-in."""
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        """Keep the tokens of a sign-in."""
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        """Return who the client is."""
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        """Refuse to be another."""
        raise AssertionError("the client registers itself")


def provider(stored: Stored, opened: Any, came_back: Any) -> OAuthClientProvider:
    """Return the SDK's sign-in: `opened` takes the address, `came_back` gives code and state."""

    async def redirect(url: str) -> None:
        await opened(url)

    async def callback() -> AuthorizationCodeResult:
        return AuthorizationCodeResult(**await came_back())

    metadata = OAuthClientMetadata(
        client_name="A client", redirect_uris=[BACK], grant_types=["authorization_code"]
    )
    return OAuthClientProvider(URL, metadata, stored, redirect, callback)
