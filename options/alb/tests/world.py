"""A folder in; option B on loopback out: emulator, API and page are real, the load balancer is a stand-in."""

import html
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dotenv
import httpx

from options.alb import rules
from options.bff.tests.world import wait_for
from tests.e2e import loopback
from tests.e2e.deployment import Deployment
from tests.e2e.loopback import Loopback

ROOT = Path(__file__).parents[3]
HERE = ROOT / "options" / "alb"
USERS = {"writer": "alice@contoso.com", "reader": "bob@contoso.com", "stranger": "mallory@contoso.com"}
ARN = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/myapp/50dc6c495c0c9188"
COOKIE = "AWSELBAuthSessionCookie-0"


class WithAlb(Deployment):
    """The example's manifest with what this option brings; the API is at the load balancer's other name."""

    def root(self) -> str:
        """Return the root file with the settings of the option and the place of its secret."""
        shutil.copy(HERE / "manifest" / "alb.yaml", self.folder / "applications" / "alb.yaml")
        self.api = self.spa.replace("localhost", "127.0.0.1")
        place = json.dumps({"alb": {"file": str(self.folder.parent.parent / "alb-secret")}})
        root = super().root().replace("    overrides:", f"    sinks: {place}\n    overrides:", 1)
        return root.rstrip() + "\n" + (HERE / "manifest" / "settings.yaml").read_text(encoding="utf-8")


@dataclass
class Alb:
    """What runs."""

    base: Loopback
    api_port: int
    page_port: int
    keys_port: int
    action: dict[str, Any] = field(default_factory=dict)
    _running: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict, repr=False)

    @property
    def origin(self) -> str:
        """Return the one origin that a browser sees."""
        return self.base.spa

    @property
    def api_origin(self) -> str:
        """Return the host that programs call."""
        return self.origin.replace("localhost", "127.0.0.1")

    def log(self, name: str) -> str:
        """Return what a process logged."""
        return (self.base.folder / f"{name}.log").read_text(encoding="utf-8")

    def start_api(self) -> None:
        """Start the API in ALB mode, as a task behind the load balancer."""
        settings = {
            "SERVER_SETTINGS_FILE": str(self.base.settings / "api.env"),
            "SERVER_DATABASE": str(self.base.folder / "records.sqlite3"),
            "SERVER_EMULATOR": "1",
            "SERVER_PORT": str(self.api_port),
            "SERVER_CALLERS": "alb",
            "SERVER_ALB_ARN": ARN,
            "SERVER_ALB_KEYS_URL": f"https://localhost:{self.keys_port}",
        }
        self._start(
            "api-alb", [sys.executable, "-m", "api"], settings, f"http://127.0.0.1:{self.api_port}/readyz"
        )

    def start_page(self) -> None:
        """Serve the page, with the configuration that `settings` wrote."""
        config = str(self.base.settings / "config-cookie.json")
        command = ["node", str(ROOT / "spa" / "serve.mjs"), "--config", config, "--port", str(self.page_port)]
        self._start("page", command, {}, f"http://127.0.0.1:{self.page_port}/config.json")

    def start_balancer(self, **changes: Any) -> None:
        """Start the stand-in with the rules of the option; `changes` are made to how it signs in."""
        deployed = self.base.folder / "deployed.json"
        deployed.write_text(json.dumps(self.deployed({**self.action, **changes})), encoding="utf-8")
        command = [sys.executable, "-m", "options.alb.stand_in", "--deployed", str(deployed)]
        command += ["--port", str(urlsplit(self.origin).port), "--keys-port", str(self.keys_port)]
        command += ["--certificate", str(self.base.tls.certificate), "--key", str(self.base.tls.key)]
        self._start("balancer", command, {}, f"{self.origin}/signed-out")

    def deployed(self, action: dict[str, Any]) -> dict[str, Any]:
        """Return what elbv2 would describe."""
        api = dotenv.dotenv_values(self.base.settings / "api.env")
        validation = {
            "JwksEndpoint": api["JWKS_URL"],
            "Issuer": api["ISSUER"],
            "AdditionalClaims": [
                {"Name": "aud", "Format": "single-string", "Values": [api["API_CLIENT_ID"]]},
                {"Name": "tid", "Format": "single-string", "Values": [api["TENANT_ID"]]},
            ],
        }
        groups = {"tg/spa": self.page_port, "tg/api": self.api_port}
        return {
            "LoadBalancer": {"LoadBalancerArn": ARN},
            "Attributes": [{"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"}],
            "Listener": {"Protocol": "HTTPS"},
            "Rules": rules.of(
                action,
                app_host="localhost",
                api_host="127.0.0.1",
                spa="tg/spa",
                api="tg/api",
                validation=validation,
            ),
            "TargetGroups": [{"TargetGroupArn": arn, "Protocol": "HTTP", "Port": 80} for arn in groups],
            "TargetHealthDescriptions": {
                arn: [{"Target": {"Id": "127.0.0.1", "Port": port}}] for arn, port in groups.items()
            },
        }

    def stop(self, name: str) -> None:
        """End one process."""
        process = self._running.pop(name, None)
        if process is not None:
            process.terminate()
            process.wait(30)

    def stop_all(self) -> None:
        """End all."""
        for name in list(self._running):
            self.stop(name)

    def browser(self) -> "Browser":
        """Return a browser without a cookie."""
        return Browser(self)

    def _start(self, name: str, command: list[str], settings: dict[str, str], ready: str) -> None:
        env = {key: value for key, value in os.environ.items() if not key.startswith("SERVER_")}
        env |= {"PYTHONPATH": str(ROOT), "SSL_CERT_FILE": str(self.base.tls.ca), **settings}
        log = self.base.folder / f"{name}.log"
        with log.open("ab") as output:
            self._running[name] = subprocess.Popen(
                command,
                env=env,
                cwd=self.base.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        wait_for(ready, self._running[name], log, self.base.tls.ca)


class Browser:
    """What a browser does with addresses, cookies and headers, for what Chromium would not send."""

    def __init__(self, world: Alb) -> None:
        """Open it."""
        self.world = world
        self.client = httpx.Client(
            verify=ssl.create_default_context(cafile=str(world.base.tls.ca)), timeout=60
        )
        self.csrf = ""

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Load something of the page's origin, as the page does."""
        return self.client.get(self.world.origin + path, headers={"Sec-Fetch-Site": "same-origin", **headers})

    def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """Send something as the page does, or with other headers; an empty one is left out."""
        sent = {
            "Origin": self.world.origin,
            "X-CSRF-Token": self.csrf,
            "Sec-Fetch-Site": "same-origin",
        } | headers
        kept = {name: value for name, value in sent.items() if value}
        return self.client.post(self.world.origin + path, json=body or {}, headers=kept)

    def leave(self, path: str = "/") -> str:
        """Open an address of the page; return the one of Entra's page that the load balancer leads to."""
        answer = self.client.get(self.world.origin + path)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    def at_entra(self, address: str, user: str) -> str:
        """Sign in on Entra's page, where it asks; return the address that leads back."""
        answer = self.client.get(address)
        if answer.status_code == 200:
            flow = re.search(r'name="flow" value="([^"]+)"', answer.text)
            assert flow is not None, answer.text
            action = re.search(r'<form[^>]* action="([^"]+)"', answer.text)
            there = answer.url.join(html.unescape(action[1])) if action else answer.url
            answer = self.client.post(there, data={"flow": html.unescape(flow[1]), "username": user})
        assert answer.status_code in {302, 303}, answer.text[:2000]
        return answer.headers["location"]

    def sign_in(self, user: str, path: str = "/") -> httpx.Response:
        """Sign in whole; return the load balancer's answer, which leads back to the page."""
        answer = self.client.get(self.at_entra(self.leave(path), user))
        if answer.status_code == 302:
            self.csrf = str(self.session()["csrf"] or "")
        return answer

    def session(self) -> dict[str, Any]:
        """Return what the page is told."""
        found: dict[str, Any] = self.get("/session").raise_for_status().json()
        return found


@contextmanager
def running(folder: Path, *, port: int = 0) -> Iterator[Alb]:
    """Run all of it, the page at this port, until the block ends; a Writer and a Reader have their roles."""
    with ExitStack() as ending:
        base = ending.enter_context(loopback.running(folder, page=False, api=False, kind=WithAlb, port=port))
        base.deployment.run("lock", "--accept", f"alb={base.app_ids['alb']}")
        base.deployment.run("credentials", "rotate", "alb")
        base.deployment.assign(USERS["writer"], "Writer")
        base.deployment.assign(USERS["reader"], "Reader")
        api, page, keys = loopback.free_ports(3)
        world = Alb(base, api, page, keys)
        written = json.loads((base.settings / "alb.json").read_text(encoding="utf-8"))
        secret = (base.folder.parent / "alb-secret").read_text(encoding="utf-8")
        world.action = {**written, "ClientSecret": secret.strip()}
        ending.callback(world.stop_all)
        world.start_balancer()
        world.start_api()
        world.start_page()
        yield world
