"""A folder in; the emulator, the API and the built SPA running on loopback over HTTPS out, all ended on
close.
"""

import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from entra_emulator import background, tls
from entra_emulator.seed import CONTOSO, DEPLOYER_APP_ID, DEPLOYER_SECRET
from entra_emulator.server_options import ServerOptions
from entra_emulator.state import state_files
from tests.e2e.deployment import ROOT, Deployment, app_ids

READY_SECONDS = 90.0


@dataclass
class Loopback:
    """What runs, where, and what a story may change meanwhile."""

    folder: Path
    emulator: str
    deployment: Deployment
    app_ids: dict[str, str]
    spa: str
    api: str
    _api_process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def state(self) -> Path:
        """Return the emulator's state folder."""
        return self.folder / "emulator"

    @property
    def settings(self) -> Path:
        """Return the folder of what `entra-config settings` wrote."""
        return self.folder / "settings"

    @property
    def tls(self) -> tls.TlsFiles:
        """Return the certificate for localhost that all three serve with."""
        return tls.TlsFiles.of(self.folder / "emulator")

    def token(self, user: str, client: str, *scopes: str) -> str:
        """Return the token that a client gets for a user, as grants and assignments allow."""
        uri = f"api://{self.app_ids['api']}"
        wanted = {
            "client_id": self.app_ids[client],
            "user": user,
            "scope": " ".join(f"{uri}/{scope}" for scope in scopes),
        }
        response = httpx.post(
            f"{self.emulator}/emulator/token", json=wanted, verify=_trust(self.tls.ca)
        ).raise_for_status()
        return str(response.json()["access_token"])

    def secret(self, client: str, name: str = "") -> str:
        """Add a secret to an application, as its owner does for a day, or as a rotation names one."""
        with _graph(self.emulator, self.tls.ca) as graph:
            path = f"/applications(appId='{self.app_ids[client]}')/addPassword"
            body = {"passwordCredential": {"displayName": name} if name else {}}
            return str(graph.post(path, json=body).raise_for_status().json()["secretText"])

    def start_api(self) -> None:
        """Start the API and wait until it is ready."""
        env = _environment(
            self.tls.ca,
            SERVER_SETTINGS_FILE=str(self.settings / "api.env"),
            SERVER_DATABASE=str(self.folder / "records.sqlite3"),
            SERVER_EMULATOR="1",
        )
        files = ["--ssl-certfile", str(self.tls.certificate), "--ssl-keyfile", str(self.tls.key)]
        port = str(urlsplit(self.api).port)
        command = [sys.executable, "-m", "uvicorn", "api.main:app", "--port", port, *files]
        self._api_process = start(command, env, self.folder / "api.log", ROOT)
        wait_for(f"{self.api}/healthz", self.tls.ca, self._api_process, self.folder / "api.log")

    def stop_api(self) -> None:
        """Stop the API, so that its port refuses connections."""
        _end(self._api_process)
        self._api_process = None


@contextmanager
def running(
    folder: Path,
    *,
    page: bool = True,
    api: bool = True,
    kind: type[Deployment] = Deployment,
    issuer_keys: Mapping[str, Any] | None = None,
    port: int = 0,
    managed_identity: bool = False,
) -> Iterator[Loopback]:
    """Run all three, or without the page or the API, until the block ends; `kind` brings what is deployed
    besides, `issuer_keys` who else signs tokens that the emulator takes, `port` is the page's, 0 any.
    """
    state = folder / "emulator"
    with ExitStack() as ending:
        options = ServerOptions(
            state=state,
            port=0,
            seed="spa",
            issuer_keys=dict(issuer_keys or {}),
            managed_identity=managed_identity,
        )
        emulator = background.start(options)
        ending.callback(background.end, state)
        mine, other = free_ports(2)
        spa, api_url = f"https://localhost:{port or mine}", f"https://localhost:{other}"
        deployment = kind.begin(folder / "manifests", state, spa, api_url)
        with _graph(emulator.origin, state / state_files.CA_FILE) as graph:
            world = Loopback(
                folder, emulator.origin, deployment, app_ids(graph), deployment.spa, deployment.api
            )
        deployment.write_settings(world.settings)
        if api:
            world.start_api()
            ending.callback(world.stop_api)
        if page:
            ending.callback(_end, _serve_spa(world))
        yield world


@contextmanager
def control(actions: Mapping[str, Callable[..., None]]) -> Iterator[str]:
    """Let another process do what the actions do: `POST /name?argument=value`."""

    class Handler(BaseHTTPRequestHandler):
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            url = urlsplit(self.path)
            try:
                actions[url.path.lstrip("/")](**dict(parse_qsl(url.query)))
                status, text = 204, ""
            except (KeyError, TypeError, AssertionError, httpx.HTTPError, RuntimeError) as error:
                # The story's own process must learn what failed in this one.
                status, text = 500, f"{type(error).__name__}: {error}"
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class names it so
            """Say nothing: the story reports its own steps."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


@contextmanager
def _graph(origin: str, ca: Path) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{origin}/v1.0", verify=_trust(ca), timeout=120) as client:
        form = {
            "grant_type": "client_credentials",
            "client_id": DEPLOYER_APP_ID,
            "client_secret": DEPLOYER_SECRET,
            "scope": "https://graph.microsoft.com/.default",
        }
        response = client.post(f"{origin}/{CONTOSO}/oauth2/v2.0/token", data=form).raise_for_status().json()
        client.headers["Authorization"] = f"Bearer {response['access_token']}"
        yield client


def _serve_spa(world: Loopback) -> "subprocess.Popen[bytes]":
    command = [
        "node",
        "serve.mjs",
        "--config",
        str(world.settings / "config.json"),
        "--port",
        str(urlsplit(world.spa).port),
    ]
    command += ["--cert", str(world.tls.certificate), "--key", str(world.tls.key)]
    log = world.folder / "spa.log"
    process = start(command, dict(os.environ), log, ROOT / "spa")
    wait_for(f"{world.spa}/config.json", world.tls.ca, process, log)
    return process


def free_ports(count: int) -> list[int]:
    """Return ports on which nothing listens."""
    # Held until all are known, so that no two are the same.
    with ExitStack() as held:
        listeners = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [int(listener.getsockname()[1]) for listener in listeners]


def _environment(ca: Path, **variables: str) -> dict[str, str]:
    return {**os.environ, "SSL_CERT_FILE": str(ca), "REQUESTS_CA_BUNDLE": str(ca), **variables}


def _trust(ca: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(ca))


def start(command: list[str], env: dict[str, str], log: Path, folder: Path) -> "subprocess.Popen[bytes]":
    """Start a process in a folder, with its output at the end of a log."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command, env=env, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )


def wait_for(url: str, ca: Path | None, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until a process answers well at an address, with a certificate of `ca` where one is given; else
    RuntimeError with what it logged.
    """
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(httpx.TransportError):
            if httpx.get(url, verify=_trust(ca) if ca else False).is_success:
                return
        time.sleep(0.1)
    _end(process)
    message = f"{url} does not answer: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}"
    raise RuntimeError(message)


def _end(process: "subprocess.Popen[bytes] | None") -> None:
    if process is None:
        return
    process.terminate()
    try:
        process.wait(timeout=120)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
