"""A folder in; option C on loopback out: emulator, API, the server that signs in, the page, Redis, and
stand-ins for STS and the load balancer, whose rules are those of the deployed stacks. All else is real.
"""

import base64
import html
import os
import re
import secrets
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.clients import sts as stand_in
from tests.e2e import loopback
from tests.e2e.loopback import Loopback
from tests.infra.behind import AtOneListener, Behind

ROOT = Path(__file__).parents[3]
HERE = ROOT / "options" / "bff"
PYTHON = ROOT / ".venv" / "tools" / "bff" / "bin" / "python"
USERS = {"writer": "alice@contoso.com", "reader": "bob@contoso.com", "stranger": "mallory@contoso.com"}


# As `infra/bff.yaml` names it.
ROLE = "arn:aws:iam::123456789012:role/myapp-dev-bff"


class WithBff(AtOneListener):
    """The example's manifest with what this option brings."""

    def root(self) -> str:
        """Return the root file with the variables and settings of the option."""
        shutil.copy(HERE / "manifest" / "bff.yaml", self.folder / "applications" / "bff.yaml")
        more = f'suffix: " (e2e)", awsIssuer: "{stand_in.ISSUER}", bffRole: "{ROLE}"'
        root = super().root().replace('suffix: " (e2e)"', more, 1)
        return root.rstrip() + "\n" + (HERE / "manifest" / "settings.yaml").read_text(encoding="utf-8")


@dataclass
class Bff:
    """What runs, and what a test may change meanwhile."""

    base: Loopback
    edge: Behind
    sts: stand_in.Sts
    port: int
    keys: list[str]
    redis_url: str = ""
    more: dict[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = ("-m", "options.bff")
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def origin(self) -> str:
        """Return the one origin that the browser sees."""
        return self.base.spa

    @property
    def log(self) -> str:
        """Return what it logged."""
        return (self.base.folder / "bff.log").read_text(encoding="utf-8")

    def start(self) -> None:
        """Start it and wait until it is ready."""
        settings = self.base.settings / "bff.env"
        env = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SERVER_"))}
        env |= {
            "PYTHONPATH": str(ROOT),
            "SSL_CERT_FILE": str(self.base.tls.ca),
            "REQUESTS_CA_BUNDLE": str(self.base.tls.ca),
            "SERVER_SETTINGS_FILE": str(settings),
            "SERVER_SESSION_KEYS": ",".join(self.keys),
            "SERVER_PORT": str(self.port),
            "SERVER_EMULATOR": "1",
            "AWS_REGION": stand_in.REGION,
            "AWS_ACCESS_KEY_ID": "ASIAEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_SESSION_TOKEN": "session",
            "AWS_ENDPOINT_URL_STS": self.sts.url,
            "AWS_CONFIG_FILE": "/nowhere",
            "AWS_SHARED_CREDENTIALS_FILE": "/nowhere",
            **({"REDIS_URL": self.redis_url} if self.redis_url else {}),
            **self.more,
        }
        with (self.base.folder / "bff.log").open("ab") as output:
            self._process = subprocess.Popen(
                [str(PYTHON), *self.command],
                env=env,
                cwd=self.base.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        wait_for(f"http://127.0.0.1:{self.port}/readyz", self._process, self.base.folder / "bff.log")

    def stop(self) -> None:
        """End it, as a task is ended."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(120)
        self._process = None

    def browser(self) -> "Browser":
        """Return a browser without a cookie."""
        return Browser(self)


class Browser:
    """What a browser does with addresses, cookies and headers, for what Chromium would not send."""

    def __init__(self, world: Bff) -> None:
        """Open it."""
        self._world = world
        context = ssl.create_default_context(cafile=str(world.base.tls.ca))
        self.client = httpx.Client(verify=context, timeout=60)
        self.csrf = ""

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Load something of the page's origin, as the page does."""
        return self.client.get(
            self._world.origin + path, headers={"Sec-Fetch-Site": "same-origin", **headers}
        )

    def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """Send something as the page does, or with other headers; an empty one is left out."""
        sent = {
            "Origin": self._world.origin,
            "X-CSRF-Token": self.csrf,
            "Sec-Fetch-Site": "same-origin",
        } | headers
        kept = {name: value for name, value in sent.items() if value}
        return self.client.post(self._world.origin + path, json=body or {}, headers=kept)

    def to_entra(self, back: str = "/", **requested: str) -> str:
        """Begin a sign-in; return the address of Entra's page."""
        response = self.client.get(
            f"{self._world.origin}/auth/sign-in", params={"return": back, **requested}, follow_redirects=False
        )
        assert response.status_code == 302, response.text
        return response.headers["location"]

    def at_entra(self, address: str, user: str) -> str:
        """Sign in on Entra's page, where it asks; return the address that leads back."""
        response = self.client.get(address, follow_redirects=False)
        if response.status_code == 200:
            flow = re.search(r'name="flow" value="([^"]+)"', response.text)
            assert flow is not None, response.text
            form = {"flow": html.unescape(flow[1]), "username": user}
            action = re.search(r'<form[^>]* action="([^"]+)"', response.text)
            there = response.url.join(html.unescape(action[1])) if action else response.url
            response = self.client.post(there, data=form, follow_redirects=False)
        assert response.status_code in {302, 303}, response.text[:2000]
        return response.headers["location"]

    def sign_in(self, user: str, back: str = "/") -> httpx.Response:
        """Sign in whole; return the answer that leads back to the page."""
        response = self.client.get(self.at_entra(self.to_entra(back), user), follow_redirects=False)
        self.csrf = str(self.session()["csrf"] or "")
        return response

    def session(self) -> dict[str, Any]:
        """Return what the page is told."""
        found: dict[str, Any] = self.get("/session").raise_for_status().json()
        return found

    @property
    def cookie(self) -> str:
        """Return the session's cookie that was set last."""
        return [each.value or "" for each in self.client.cookies.jar if each.name == "__Host-session"][-1]


def wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path, ca: Path | None = None) -> None:
    """Wait until it answers well, with a certificate of `ca` where one is given."""
    trusted = ssl.create_default_context(cafile=str(ca)) if ca else True
    for _ in range(1200):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        try:
            if httpx.get(url, timeout=5, verify=trusted).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{url} does not answer: {log.read_text(encoding='utf-8')}")


def key() -> str:
    """Return a new key for sessions."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


@contextmanager
def redis_server(folder: Path, secured: Loopback | None = None) -> Iterator[str]:
    """Run a real Redis that nothing else uses; give its address. Secured, it has the others' certificate
    and takes the user `bff` alone, whose password it cannot check, as it is no cache of AWS.
    """
    if shutil.which("redis-server") is None:
        pytest.fail("needs redis-server: apt-get install redis-server")
    (port,) = loopback.free_ports(1)
    folder.mkdir()
    command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder), "--save", ""]
    if secured is not None:
        tls = secured.tls
        files = ["--tls-cert-file", tls.certificate, "--tls-key-file", tls.key, "--tls-ca-cert-file", tls.ca]
        command[command.index("--port") : command.index("--port") + 2] = [
            "--port",
            "0",
            "--tls-port",
            str(port),
        ]
        command += [*map(str, files), "--tls-auth-clients", "no"]
        command += ["--user", "default", "off", "--user", "bff", "on", "nopass", "~*", "&*", "+@all"]
    with (folder / "redis.log").open("ab") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        for _ in range(1200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield f"redis://127.0.0.1:{port}/0" if secured is None else f"rediss://bff@localhost:{port}/0"
    finally:
        process.terminate()
        process.wait(120)


@contextmanager
def running(folder: Path, *, redis: bool = True, port: int = 0) -> Iterator[Bff]:
    """Run all of it, the page at this port, until the block ends; a Writer and a Reader have their roles."""
    with ExitStack() as ending:
        sts = ending.enter_context(stand_in.running())
        sts.role = ROLE
        keys = {stand_in.ISSUER: sts.jwks()}
        base = ending.enter_context(
            loopback.running(folder, page=False, api=False, kind=WithBff, issuer_keys=keys, port=port)
        )
        assert isinstance(base.deployment, WithBff)
        url = ending.enter_context(redis_server(folder / "redis")) if redis else ""
        server, api, page, keys_port = loopback.free_ports(4)
        edge = Behind(base, api, page, keys_port)
        world = Bff(base, edge, sts, server, [key()], url)
        base.deployment.holders["Writer"].add(USERS["writer"])
        base.deployment.assign(USERS["reader"], "Reader")
        ending.callback(edge.stop)
        edge.start_api()
        edge.start_page("config-cookie.json")
        parameters = base.deployment.stack_parameters("webs", "bff")
        edge.serve(edge.deployed(parameters, targets={"BffTargets": server}), f"{world.origin}/config.json")
        ending.callback(world.stop)
        world.start()
        yield world
