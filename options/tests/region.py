"""What stands around the places: keys of load balancers, option D's balancer, a host that nobody may ask."""

import json
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from entra_config.emulator.tls import TlsFiles
from options.alb.stand_in.app import LoadBalancer
from options.alb.stand_in.claims import Signer
from options.alb.stand_in.deployed import Deployed
from options.alb.tests.world import ARN
from tests.e2e.loopback import Loopback


class Trap:
    """A host of the attacker's: whoever asks it has been made to."""

    def __init__(self, port: int) -> None:
        """Begin unasked."""
        self.port = port
        self.asked: list[str] = []


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler], tls: TlsFiles | None = None) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls.certificate, tls.key)
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
        def do_GET(self) -> None:
            found.asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class names it so
            """Say nothing."""

    with _serving(Handler) as port:
        found.port = port
        yield found


@contextmanager
def keys(tls: TlsFiles, signers: Sequence[Signer]) -> Iterator[int]:
    """Serve the keys of several load balancers, as a region of AWS does of all that are in it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            pem = next((each.pem() for each in signers if self.path == f"/{each.kid}"), "")
            self.send_response(200 if pem else 404)
            self.send_header("Content-Length", str(len(pem)))
            self.end_headers()
            self.wfile.write(pem.encode())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class names it so
            """Say nothing."""

    with _serving(Handler, tls) as port:
        yield port


def from_outside(app: ASGIApp, address: str) -> ASGIApp:
    """Return the application as if its port were open to a network, from which everybody comes."""

    async def there(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "client": (address, 40_000)} if scope["type"] == "http" else scope, receive, send)

    return there


def deployed(host: str, task: int) -> dict[str, Any]:
    """Return what elbv2 would describe of option D's API: a rule that forwards, and checks nothing."""
    forward = {"Type": "forward", "Order": 1, "TargetGroupArn": "tg/api"}
    missing = {
        "Type": "fixed-response",
        "FixedResponseConfig": {"StatusCode": "404", "ContentType": "text/plain"},
    }
    rule = {
        "Conditions": [{"Field": "host-header", "HostHeaderConfig": {"Values": [host]}}],
        "Actions": [forward],
    }
    return {
        "LoadBalancer": {"LoadBalancerArn": ARN},
        "Attributes": [{"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"}],
        "Listener": {"Protocol": "HTTPS"},
        "Rules": [
            {"RuleArn": "rule/10", "Priority": "10", "IsDefault": False, **rule},
            {"RuleArn": "rule/default", "Priority": "default", "IsDefault": True, "Actions": [missing]},
        ],
        "TargetGroups": [{"TargetGroupArn": "tg/api", "Protocol": "HTTP", "Port": 80}],
        "TargetHealthDescriptions": {"tg/api": [{"Target": {"Id": "127.0.0.1", "Port": task}}]},
    }


@contextmanager
def balancer(base: Loopback, port: int, task: int) -> Iterator[None]:
    """Run the stand-in before option D's API."""
    made = Deployed.read(json.loads(json.dumps(deployed("localhost", task))))
    client = httpx.AsyncClient(timeout=30)
    config = uvicorn.Config(
        LoadBalancer(made, client),
        host="127.0.0.1",
        port=port,
        ssl_certfile=str(base.tls.certificate),
        ssl_keyfile=str(base.tls.key),
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
    )
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        thread.join(0.05)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(20)
