"""What stands around the places: keys of load balancers, a host that nobody may be made to ask."""

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from entra_emulator.api import tls
from options.alb.stand_in.claims import Signer


class Trap:
    """A host of the attacker's: whoever asks it has been made to."""

    def __init__(self, port: int) -> None:
        """Begin unasked."""
        self.port = port
        self.requested: list[str] = []


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler], files: tls.TlsFiles | None = None) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if files is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(files.certificate, files.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def trap() -> Iterator[Trap]:
    """Run it."""
    found = Trap(0)

    class Handler(BaseHTTPRequestHandler):
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            found.requested.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class names it so
            """Say nothing."""

    with _serving(Handler) as port:
        found.port = port
        yield found


@contextmanager
def keys(files: tls.TlsFiles, signers: Sequence[Signer]) -> Iterator[int]:
    """Serve the keys of several load balancers, as a region of AWS does of all that are in it."""

    class Handler(BaseHTTPRequestHandler):
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            pem = next((each.pem() for each in signers if self.path == f"/{each.kid}"), "")
            self.send_response(200 if pem else 404)
            self.send_header("Content-Length", str(len(pem)))
            self.end_headers()
            self.wfile.write(pem.encode())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class names it so
            """Say nothing."""

    with _serving(Handler, files) as port:
        yield port


def from_outside(app: ASGIApp, address: str) -> ASGIApp:
    """Return the application as if its port were open to a network, from which everybody comes."""

    async def there(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "client": (address, 40_000)} if scope["type"] == "http" else scope, receive, send)

    return there
