"""No endpoint reads more of a body than it can use."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from entra_emulator.graph.reading import LARGEST
from entra_emulator.login.site import ENDPOINTS
from entra_emulator.server import Host
from entra_emulator.server_options import ServerOptions

Message = MutableMapping[str, Any]
CHUNK = 1024 * 1024
POSTS = [path.replace("{tenant}", "common") for path, _, methods in ENDPOINTS if "POST" in methods.split()]
PATHS = ["/v1.0/applications", "/v1.0/$batch", "/beta/users", "/_emulator/faults", "/_emulator/clock", *POSTS]


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Host:
    """Make one emulator for all."""
    return Host(ServerOptions(tmp_path_factory.mktemp("bodies") / "state", port=0, seed="bodies"), None)


@pytest.mark.parametrize("path", PATHS)
def test_a_body_without_end_is_refused_after_four_megabytes(host: Host, path: str) -> None:
    """Graph, control and sign-in answer 413, or refuse who sends it, and read no further."""
    read, sent = 0, list[Message]()

    async def receive() -> Message:
        nonlocal read
        read += CHUNK
        assert read <= LARGEST + 2 * CHUNK, "it reads on"
        return {"type": "http.request", "body": b"x" * CHUNK, "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost:8443"), (b"content-type", b"application/x-www-form-urlencoded")]
    scope = {
        "type": "http",
        "method": "PUT" if path == "/_emulator/faults" else "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "scheme": "https",
        "server": ("localhost", 8443),
        "headers": headers,
    }
    asyncio.run(host(scope, receive, send))

    # Graph asks for a token before it looks at the body.
    assert sent[0]["status"] == (401 if path.startswith(("/v1.0/", "/beta/")) else 413)
