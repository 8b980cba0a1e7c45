"""The certificate of one process: made at start, on no disk, and the health check that asks by it."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.error import URLError

import pytest

from api import alive, certificate

ROOT = Path(__file__).parents[2]


class _Alive(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
        """Say nothing."""


@contextmanager
def serving(context: ssl.SSLContext | None) -> Iterator[str]:
    """Serve a health check, by TLS or not; give its port."""
    server = HTTPServer(("127.0.0.1", 0), _Alive)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield str(server.server_port)
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("tls", [True, False])
def test_a_health_check_asks_as_the_server_answers(monkeypatch: pytest.MonkeyPatch, *, tls: bool) -> None:
    """By TLS where that is on, and only then."""
    with serving(certificate.context() if tls else None) as port:
        monkeypatch.setenv("SERVER_PORT", port)
        monkeypatch.setenv("SERVER_TLS", "on" if tls else "off")
        alive.main()
        monkeypatch.setenv("SERVER_TLS", "off" if tls else "on")
        with pytest.raises((URLError, ConnectionError)):
            alive.main()


def test_a_key_is_of_one_start_and_on_no_disk() -> None:
    """Two starts have two keys; while one serves, no file that is open or was made has it."""
    before = set(Path("/proc/self/fd").iterdir())
    seen = set()
    for _ in range(2):
        with serving(certificate.context()) as port:
            seen.add(ssl.get_server_certificate(("127.0.0.1", int(port))))

    assert len(seen) == 2
    assert set(Path("/proc/self/fd").iterdir()) <= before


def test_nothing_older_than_tls_1_2_is_spoken() -> None:
    """A client of before is refused."""
    assert certificate.context().minimum_version == ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("name", ["certificate.py", "alive.py"])
def test_the_server_of_option_c_has_the_same(name: str) -> None:
    """An option imports nothing of the API, and writes nothing else."""
    mine, others = ((ROOT / folder / name).read_text(encoding="utf-8") for folder in ("api", "options/bff"))
    assert mine == others.replace("options.bff", "api").replace("its BFF", "its API")
