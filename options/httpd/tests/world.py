"""A folder in; option E on loopback out: emulator, API in proxy mode, the page, and two real httpd, one
before each, behind a stand-in for the load balancer, whose rules are those of the deployed stacks.
"""

import json
import os
import pwd
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from options.bff.tests.world import USERS, wait_for
from options.bff.tests.world import Browser as CookieBrowser
from tests.e2e import loopback
from tests.e2e.loopback import Loopback
from tests.infra.behind import AtOneListener, Behind
from tests.infra.templates import read

ROOT = Path(__file__).parents[3]
HERE = ROOT / "options" / "httpd"
SYSTEM_STORE = "/etc/ssl/certs/ca-certificates.crt"
NOBODY = pwd.getpwnam("nobody").pw_uid
# Where the stacks find the key pair.
PAIR = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:myapp-dev/web-AbCdEf"


class WithHttpd(AtOneListener):
    """The example's manifest with what this option brings; its key pair is made by the tool."""

    # httpd calls the API, and of a certificate it reads names alone: an address is none.
    names = ("127.0.0.1", "localhost")

    @property
    def kept(self) -> Path:
        """Return where the key pair is kept: outside the checkout."""
        return self.folder.parent.with_name(f"{self.folder.parent.name}-client.pem")

    def root(self) -> str:
        """Return the root file with the sink and the settings of the option."""
        shutil.copy(HERE / "manifest" / "httpd.yaml", self.folder / "applications" / "httpd.yaml")
        sink: dict[str, Any] = {"file": str(self.kept)}
        if not self.here:
            sink = {"aws": {"secret": PAIR, "account": "123456789012"}}
        sinks = json.dumps({"web": sink})
        root = super().root().replace("    overrides:", f"    sinks: {sinks}\n    overrides:", 1)
        root = root.replace(
            "      dotenv: api.env\n", "      dotenv: api.env\n      httpd: httpd-api.conf\n", 1
        )
        return root.rstrip() + "\n" + (HERE / "manifest" / "settings.yaml").read_text(encoding="utf-8")


@dataclass
class Httpd:
    """What runs, and what a test may change meanwhile."""

    base: Loopback
    edge: Behind
    folder: Path  # that httpd may read, as nobody
    web_port: int
    api_httpd_port: int
    api_port: int
    page_port: int
    keys: list[str]
    credential: dict[str, str] = field(default_factory=dict)
    _running: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict, repr=False)

    @property
    def origin(self) -> str:
        """Return the one origin that the browser sees."""
        return self.base.spa

    def log(self, site: str) -> str:
        """Return what one of them logged."""
        return (self.base.folder / f"{site}.log").read_text(encoding="utf-8", errors="replace")

    def start(self, site: str, env: Mapping[str, str], port: int, settings_text: str = "") -> None:
        """Start one httpd as its container does: as nobody, with the system's certificates."""
        name = f"{site}-{port}" if settings_text else site
        run = self.folder / f"run-{name}"
        shutil.rmtree(run, ignore_errors=True)
        run.mkdir()
        settings = self.folder / f"{name}.settings.conf"
        written = self.base.settings / f"httpd-{site}.conf"
        settings.write_text(settings_text or written.read_text(encoding="utf-8"), encoding="utf-8")
        for path in (run, settings):
            os.chown(path, NOBODY, NOBODY)
        started = {
            "PATH": os.environ["PATH"],
            "SITE": site,
            "RUN": str(run),
            "LISTEN": f"127.0.0.1:{port}",
            "SETTINGS_FILE": str(settings),
            **env,
        }
        # The store that holds the emulator's authority is the system's, for these processes alone.
        trust = f'mount --bind "{self.folder}/ca.pem" {SYSTEM_STORE} && exec setpriv "$@"'
        who = [
            "--reuid",
            str(NOBODY),
            "--regid",
            str(NOBODY),
            "--clear-groups",
            str(self.folder / "start.sh"),
        ]
        with (self.base.folder / f"{name}.log").open("ab") as output:
            os.chown(output.fileno(), NOBODY, NOBODY)  # /dev/stderr is opened anew
            self._running[name] = subprocess.Popen(
                ["unshare", "--mount", "sh", "-c", trust, "sh", *who],
                env=started,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        wait_for(f"http://127.0.0.1:{port}/healthz", self._running[name], self.base.folder / f"{name}.log")

    def start_web(self) -> None:
        """Start the one before the page."""
        session = {"SESSION_KEYS": ",".join(self.keys)}
        backend = {"BACKEND": f"http://127.0.0.1:{self.page_port}"}
        self.start("web", {**session, **backend, **self.credential}, self.web_port)

    def start_api(self) -> None:
        """Start the API in proxy mode and, when it answers, the one before it."""
        self.run_api("proxied-api", self.api_port, self.base.settings / "api.env", "proxy")
        self.start("api", {"BACKEND": f"http://127.0.0.1:{self.api_port}"}, self.api_httpd_port)

    def start_page(self) -> None:
        """Serve the page's own files."""
        command = ["node", "serve.mjs", "--config", str(self.base.settings / "config-cookie.json")]
        log = self.base.folder / "page.log"
        serving = loopback.start(
            [*command, "--port", str(self.page_port)], dict(os.environ), log, ROOT / "spa"
        )
        self._running["page"] = serving
        wait_for(f"http://127.0.0.1:{self.page_port}/config.json", serving, log)

    def run_api(self, name: str, port: int, settings: Path, callers: str) -> None:
        """Start an API and wait until it would get traffic."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SERVER_")}
        environment |= {
            "SSL_CERT_FILE": str(self.base.tls.ca),
            "SERVER_SETTINGS_FILE": str(settings),
            "SERVER_DATABASE": str(self.base.folder / "records.sqlite3"),
            "SERVER_EMULATOR": "1",
            "SERVER_CALLERS": callers,
            "SERVER_PORT": str(port),
        }
        log = self.base.folder / f"{name.replace(' ', '-')}.log"
        with log.open("ab") as output:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", "api"],
                env=environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        wait_for(f"http://127.0.0.1:{port}/readyz", self._running[name], log)

    def stop(self, *names: str) -> None:
        """End some of them, or all."""
        for name in names or tuple(self._running):
            process = self._running.pop(name, None)
            if process is not None:
                process.terminate()
                process.wait(120)

    def browser(self) -> "Browser":
        """Return a browser without a cookie."""
        return Browser(self)


class Browser(CookieBrowser):
    """What a browser does with addresses, cookies and headers, for what Chromium would not send."""

    def __init__(self, world: Httpd) -> None:
        """Open it."""
        super().__init__(world)  # type: ignore[arg-type]  # it needs an origin and certificates

    def sign_in(self, user: str, back: str = "/") -> httpx.Response:
        """Sign in whole; return the answer that leads back to the page."""
        response = self.client.get(self.at_entra(self.to_entra(back), user), follow_redirects=False)
        assert response.status_code == 302, response.text
        response = self.client.get(response.headers["location"], follow_redirects=False)
        self.csrf = str(self.session()["csrf"] or "")
        return response


@contextmanager
def running(folder: Path, *, port: int = 0) -> Iterator[Httpd]:
    """Run all of it, the page at this port, until the block ends; a Writer and a Reader have their roles."""
    if shutil.which("apache2") is None:
        pytest.fail("needs httpd: apt-get install apache2 libapache2-mod-auth-openidc libapache2-mod-oauth2")
    if os.geteuid() != 0:
        pytest.fail("needs root: the emulator's authority is put over the system's for httpd alone")
    with ExitStack() as ending:
        base = ending.enter_context(
            loopback.running(folder, page=False, api=False, kind=WithHttpd, port=port)
        )
        assert isinstance(base.deployment, WithHttpd)
        kept = base.deployment.kept
        base.deployment.run("lock", "--accept", f"web={base.app_ids['web']}")
        base.deployment.run("credentials", "rotate", "web", "--pins", "write")
        # pytest's folders are for root alone.
        public = Path(ending.enter_context(tempfile.TemporaryDirectory()))
        public.chmod(0o755)
        for name in ("start.sh", "common.conf", "web.conf", "api.conf", "session.lua"):
            shutil.copy(HERE / name, public / name)
        shutil.copytree(HERE / "problems", public / "problems")
        shutil.copy(base.tls.ca, public / "ca.pem")
        (public / "ca.pem").chmod(0o644)
        certificate = kept.read_text(encoding="utf-8")
        web, before_api, api, page, keys_port = loopback.free_ports(5)
        edge = Behind(base, before_api, web, keys_port)
        world = Httpd(base, edge, public, web, before_api, api, page, [secrets.token_urlsafe(32)])
        world.credential = {"CLIENT_CERTIFICATE": certificate}
        base.deployment.assign(USERS["writer"], "Writer")
        base.deployment.assign(USERS["reader"], "Reader")
        ending.callback(edge.stop)
        ending.callback(world.stop)
        world.start_api()
        world.start_page()
        world.start_web()
        deployed = edge.deployed(base.deployment.stack_parameters("webs", "web"))
        edge.serve(deployed, f"{world.origin}/config.json")
        yield world


def counted(metric_filter: str, log: str) -> int:
    """Return how many lines of a log an alarm of the stacks counts: those with one of the pattern's texts."""
    wanted = re.findall(r'"([^"]+)"', read()["services"].the(metric_filter)["FilterPattern"])
    assert wanted
    return sum(any(each in line for each in wanted) for line in log.splitlines())


def set_by(response: httpx.Response, prefix: str) -> dict[str, set[str]]:
    """Return the attributes of each cookie that an answer sets and does not delete."""
    found = {}
    for line in response.headers.get_list("set-cookie"):
        first, *attributes = [part.strip() for part in line.split(";")]
        name, _, value = first.partition("=")
        if name.startswith(prefix) and value:
            found[name] = {each.lower() for each in attributes}
    return found
