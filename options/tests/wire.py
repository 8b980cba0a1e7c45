"""A request as bytes in, what a server answered out: no client tidies up an attack."""

import http.client
import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

SECONDS = 60
Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Door:
    """Where to connect to, by TLS where `ca` is the authority behind it; `host` is the name asked."""

    port: int
    host: str
    ca: Path | None = None
    address: str = "127.0.0.1"


@dataclass(frozen=True)
class Response:
    """What came back; status 0 where the server closed the connection without a word."""

    status: int
    headers: Headers = field(default_factory=list)
    body: str = ""

    def all(self, name: str) -> list[str]:
        """Return each value of a header."""
        return [value for known, value in self.headers if known.lower() == name.lower()]

    def first(self, name: str) -> str:
        """Return the first value of a header, empty where there is none."""
        return next(iter(self.all(name)), "")

    @property
    def whole(self) -> str:
        """Return headers and body as one text."""
        return "\n".join([*(f"{name}: {value}" for name, value in self.headers), self.body])


def send(
    door: Door, method: str, path: str, headers: Iterable[tuple[str, str]] = (), body: bytes = b""
) -> Response:
    """Send one request. A Host among the headers takes the place of the door's own; the connection ends."""
    given = list(headers)
    names = {name.lower() for name, _ in given}
    lines = [f"{method} {path} HTTP/1.1"]
    if "host" not in names:
        lines.append(f"Host: {door.host}")
    lines += [f"{name}: {value}" for name, value in given]
    if (body or method not in {"GET", "HEAD", "OPTIONS"}) and not names & {
        "content-length",
        "transfer-encoding",
    }:
        lines.append(f"Content-Length: {len(body)}")
    lines.append("Connection: close")
    return _exchanged(door, method, "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)


def _exchanged(door: Door, method: str, sent: bytes) -> Response:
    with socket.create_connection((door.address, door.port), SECONDS) as plain:
        talking = _trust(door.ca).wrap_socket(plain, server_hostname="localhost") if door.ca else plain
        with talking:
            # A server may answer, and close, before it has read all of it.
            with suppress(OSError):
                talking.sendall(sent)
            return _read(talking, method)


def _read(talking: socket.socket, method: str) -> Response:
    response = http.client.HTTPResponse(talking, method=method)
    try:
        response.begin()
        text = response.read().decode("utf-8", "replace")
    except (http.client.HTTPException, OSError):
        return Response(0)
    return Response(response.status, response.getheaders(), text)


def cookie_domain(origin: str) -> str:
    """Return what a jar of `http.cookiejar` calls the host of an origin."""
    host = urlsplit(origin).hostname or ""
    return host if "." in host else f"{host}.local"


@cache
def _trust(ca: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(ca))
