"""What stands behind or beside an httpd in a test: a server that says what it was sent, one that has the keys
of tokens that a test signs, the API in this very process.
"""

import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import uvicorn

from entra_emulator.api import tls


@contextmanager
def _serving(response: Any, files: tls.TlsFiles | None = None) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            body = json.dumps(response(self)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_OPTIONS = do_GET  # noqa: N815  # the base class looks for it by this name

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class names it so
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if files is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(files.certificate, files.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def echo() -> Iterator[int]:
    """Answer each request with its path and headers."""

    def said(handler: BaseHTTPRequestHandler) -> dict[str, Any]:
        names = [(name.lower(), value) for name, value in handler.headers.items()]
        return {"path": handler.path, "headers": dict(names), "names": [name for name, _ in names]}

    with _serving(said) as port:
        yield port


@contextmanager
def keys(files: tls.TlsFiles, published: list[dict[str, Any]]) -> Iterator[int]:
    """Publish keys over TLS."""
    with _serving(lambda _: {"keys": published}, files) as port:
        yield port


@contextmanager
def application(app: Any) -> Iterator[int]:
    """Serve an ASGI application on loopback, as `python -m api` does."""
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, access_log=False, proxy_headers=False)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.05)
    try:
        yield int(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(120)
