"""What the stand-ins of sinks share: a request and an answer as plain values, served in this process or
over HTTPS.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from entra_emulator import tls


@dataclass(frozen=True)
class Requested:
    """One request."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any = None


@dataclass(frozen=True)
class Said:
    """One answer."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Requested], Said]


def requested(method: str, url: httpx.URL, headers: Mapping[str, str], content: bytes) -> Requested:
    """Return a request as the stand-ins take it."""
    named = {name.lower(): value for name, value in headers.items()}
    return Requested(method, url.path, dict(url.params), named, json.loads(content) if content else None)


def transport(handler: Handler) -> httpx.MockTransport:
    """Return what serves it in this process."""

    def response(request: httpx.Request) -> httpx.Response:
        said = handler(requested(request.method, request.url, request.headers, request.content))
        return (
            httpx.Response(said.status, json=said.body, headers=dict(said.headers))
            if said.body is not None
            else httpx.Response(said.status)
        )

    return httpx.MockTransport(response)


@dataclass(frozen=True)
class Served:
    """A stand-in that listens on this machine, over HTTPS."""

    port: int
    ca: Path

    @property
    def url(self) -> str:
        """Return its address."""
        return f"https://localhost:{self.port}"


@contextmanager
def served(handler: Handler, folder: Path) -> Iterator[Served]:
    """Serve it over HTTPS with a certificate of its own CA while the block runs."""

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            url = httpx.URL(f"https://localhost{self.path}")
            said = handler(requested(self.command, url, dict(self.headers.items()), content))
            data = b"" if said.body is None else json.dumps(said.body).encode()
            self.send_response(said.status)
            for name, value in {"Content-Type": "application/json", **said.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815  # the names that the library calls

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    files = tls.ensure(folder, datetime.now(UTC))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Served(server.server_port, files.ca)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
