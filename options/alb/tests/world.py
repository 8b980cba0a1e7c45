"""A folder in; option B on loopback out: emulator, API and page are real, the load balancer is a stand-in."""

import copy
import html
import json
import re
import shutil
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.e2e import loopback
from tests.infra.behind import Behind, secret_kept
from tests.infra.page_world import Validated
from tests.infra.templates import Json

ROOT = Path(__file__).parents[3]
HERE = ROOT / "options" / "alb"
USERS = {"writer": "alice@contoso.com", "reader": "bob@contoso.com", "stranger": "mallory@contoso.com"}
ARN = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/myapp/50dc6c495c0c9188"
SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:myapp-dev/alb-AbCdEf"
KEPT = {"secret": SECRET, "account": "123456789012"}
COOKIE = "AWSELBAuthSessionCookie-0"


class WithAlb(Validated):
    """The example's manifest with what this option brings; the API is at the load balancer's other name,
    where that checks tokens.
    """

    def root(self) -> str:
        """Return the root file with the settings of the option and the place of its secret."""
        shutil.copy(HERE / "manifest" / "alb.yaml", self.folder / "applications" / "alb.yaml")
        sink: dict[str, Any] = {"file": str(self.folder.parent.parent / "alb-secret")}  # never written
        if not self.here:
            sink = {"aws": KEPT}
        sinks = json.dumps({"alb": sink})
        root = super().root().replace("    overrides:", f"    sinks: {sinks}\n    overrides:", 1)
        return root.rstrip() + "\n" + (HERE / "manifest" / "settings.yaml").read_text(encoding="utf-8")


@dataclass
class Alb(Behind):
    """What runs."""

    rules: Json = field(default_factory=dict)

    @property
    def action(self) -> dict[str, Any]:
        """Return how the deployed rules sign in; they differ in what a stranger meets alone."""
        found = [
            {key: value for key, value in config.items() if key != "OnUnauthenticatedRequest"}
            for config in _sign_ins(self.rules)
        ]
        assert all(each == found[0] for each in found)
        return found[0]

    def start_balancer(self, **changes: Any) -> None:
        """Start the stand-in with the deployed rules; `changes` are made to how it signs in."""
        rules = copy.deepcopy(self.rules)
        for config in _sign_ins(rules):
            config.update(changes)
        self.serve(rules, f"{self.origin}/signed-out")

    def browser(self) -> "Browser":
        """Return a browser without a cookie."""
        return Browser(self)


def _sign_ins(rules: Json) -> list[dict[str, Any]]:
    return [
        action["AuthenticateOidcConfig"]
        for rule in rules["Rules"]
        for action in rule["Actions"]
        if action["Type"] == "authenticate-oidc"
    ]


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
        response = self.client.get(self.world.origin + path)
        assert response.status_code == 302, response.text
        return response.headers["location"]

    def at_entra(self, address: str, user: str) -> str:
        """Sign in on Entra's page, where it asks; return the address that leads back."""
        response = self.client.get(address)
        if response.status_code == 200:
            flow = re.search(r'name="flow" value="([^"]+)"', response.text)
            assert flow is not None, response.text
            action = re.search(r'<form[^>]* action="([^"]+)"', response.text)
            there = response.url.join(html.unescape(action[1])) if action else response.url
            response = self.client.post(there, data={"flow": html.unescape(flow[1]), "username": user})
        assert response.status_code in {302, 303}, response.text[:2000]
        return response.headers["location"]

    def sign_in(self, user: str, path: str = "/") -> httpx.Response:
        """Sign in whole; return the load balancer's answer, which leads back to the page."""
        response = self.client.get(self.at_entra(self.leave(path), user))
        if response.status_code == 302:
            self.csrf = str(self.session()["csrf"] or "")
        return response

    def session(self) -> dict[str, Any]:
        """Return what the page is told."""
        found: dict[str, Any] = self.get("/session").raise_for_status().json()
        return found


@contextmanager
def running(folder: Path, *, port: int = 0) -> Iterator[Alb]:
    """Run all of it, the page at this port, until the block ends; a Writer and a Reader have their roles."""
    with ExitStack() as ending:
        base = ending.enter_context(loopback.running(folder, page=False, api=False, kind=WithAlb, port=port))
        assert isinstance(base.deployment, WithAlb)
        base.deployment.holders["Writer"].add(USERS["writer"])
        base.deployment.assign(USERS["reader"], "Reader")
        api, page, keys_port = loopback.free_ports(3)
        world = Alb(base, api, page, keys_port)
        ending.callback(world.stop)
        kept = secret_kept(base, "alb", KEPT)
        parameters = base.deployment.stack_parameters("webs", "alb")
        # MiniStack's ids are no hexadecimal digits, which the API in ALB mode wants.
        deployed = world.deployed(parameters, secrets={SECRET: kept})
        world.rules = {**deployed, "LoadBalancer": {"LoadBalancerArn": ARN}}
        world.start_balancer()
        keys = {"SERVER_ALB_KEYS_URL": f"https://localhost:{world.keys_port}"}
        world.start_api("api-alb", SERVER_CALLERS="alb", SERVER_ALB_ARN=ARN, **keys)
        world.start_page("config-cookie.json")
        yield world
