"""An emulator with all its routes, and what a request of a stranger has that the portal's own has not."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from entra_emulator import seed
from entra_emulator.portal.door import FIELD, HEADER
from entra_emulator.portal.proposals import PROPOSALS
from entra_emulator.server import Host
from entra_emulator.server_options import ServerOptions
from entra_emulator.site import SitePages

ORIGIN = "https://localhost:8443"
EVIL = "https://evil.example"
# What every form of the portal could say, so that whatever is let in changes something.
ANYTHING = {
    "latency_ms": "77", "seconds": "3600", "name": "evil", "upn": "evil@contoso.com", "sure": "yes",
    "token": "a.b.c", "back": "/", "as": "",
}  # fmt: skip
# What every control endpoint could be told.
BODIES: Mapping[tuple[str, str], dict[str, Any]] = {
    ("PUT", "faults"): {"latency_ms": 77},
    ("PATCH", "choices"): {"*": {"usersMayConsent": False}},
    ("POST", "clock"): {"advance": 3600},
    ("PUT", "requests"): {"size": 3},
    ("POST", "snapshots"): {"save": "evil"},
    ("PUT", "labels"): {"tenant": seed.CONTOSO, "source": "evil/dev", "labels": [], "applied": True},
}


@dataclass
class Attack:
    """What a request of a stranger has that the portal's own has not."""

    headers: dict[str, str | None] = field(default_factory=dict)
    cookie: bool = True
    token: str | None = "own"
    reason: str = ""


ATTACKS: Mapping[str, Attack] = {
    "a rebound name": Attack({"Host": "evil.example:8443", "Origin": "https://evil.example:8443"}),
    "another name of this machine": Attack({"Host": "evil.localhost:8443"}, reason="The portal is at"),
    "its address": Attack({"Host": "127.0.0.1:8443"}, reason="The portal is at"),
    "another port in Host": Attack({"Host": "localhost:9443"}, reason="The portal is at"),
    "a page of another site": Attack({"Origin": EVIL, "Sec-Fetch-Site": "cross-site"}, reason="It came from"),
    "a page of another port": Attack(
        {"Origin": "https://localhost:5173", "Sec-Fetch-Site": "same-site"}, reason="It came from"
    ),
    "a sandboxed frame": Attack({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, reason="It came from"),
    "plain http": Attack({"Origin": "http://localhost:8443"}, reason="It came from"),
    "no origin": Attack({"Origin": None}, reason="It came from"),
    "another case of the origin": Attack({"Origin": ORIGIN.upper()}, reason="It came from"),
    "cross-site": Attack({"Sec-Fetch-Site": "cross-site"}, reason="Sec-Fetch-Site"),
    "same-site": Attack({"Sec-Fetch-Site": "same-site"}, reason="Sec-Fetch-Site"),
    "typed by hand": Attack({"Sec-Fetch-Site": "none"}, reason="Sec-Fetch-Site"),
    "no Sec-Fetch-Site": Attack({"Sec-Fetch-Site": None}, reason="Sec-Fetch-Site"),
    "no cookie": Attack(cookie=False, reason="cookie"),
    "no token": Attack(token=None, reason="token"),
    "an empty token": Attack(token="", reason="token"),
    "the token of another process": Attack(token="x" * 43, reason="token"),
}
# What tells a control endpoint that a page asks; the rest of the list a program may be.
OF_PAGES = [
    name for name, attack in ATTACKS.items() if attack.headers and name not in (
        "another name of this machine", "its address", "another port in Host", "no origin", "typed by hand",
        "no Sec-Fetch-Site",
    )
]  # fmt: skip


class Running:
    """An emulator with its files as it is served, but for the socket."""

    def __init__(self, folder: Path) -> None:
        """Make it, with a request to look at and a snapshot to go back to."""
        self.host = Host(ServerOptions(folder))
        self.host.sign_in.origin = ORIGIN
        self.browser = TestClient(self.host, base_url=ORIGIN, follow_redirects=False)
        page = self.browser.get("/portal/contoso.onmicrosoft.com").text
        found = re.search(rf'name="{FIELD}" value="([^"]+)"', page)
        assert found
        self.token = found[1]
        self.browser.get("/v1.0/users")

    @property
    def site(self) -> Starlette:
        """Give the app of all that is neither Graph nor control."""
        assert isinstance(self.host.app.site, SitePages)
        made = self.host.app.site.make()
        assert isinstance(made, Starlette)
        return made

    def digest(self) -> str:
        """Give all that a request could have changed."""
        app = self.host.app
        return json.dumps(
            [
                self.host.directory.dump(), app.faults.describe(), str(self.host.clock.offset),
                [(each.name, each.taken.isoformat()) for each in app.snapshots.kept()],
                app.labels.describe(), app.requests.size, self.host.sign_in.keys.current.kid,
                {name: one.choices.describe() for name, one in self.host.directory.tenants.items()},
            ],
            sort_keys=True,
        )  # fmt: skip

    def routes(self) -> Iterator[tuple[str, str]]:
        """Give method and path of all routes but Graph's and control's, with something in their holes."""
        for route in self.site.routes:
            # Nothing else is there: a mount would hide routes from this list.
            assert isinstance(route, Route), route
            for method in sorted((route.methods or set()) - {"HEAD"}):
                yield from ((method, path) for path in _filled(route.path))

    def changing(self) -> list[tuple[str, str]]:
        """Give what changes or streams of the portal's."""
        return [
            (method, path) for method, path in self.routes() if path.startswith("/portal") and method != "GET"
        ]

    def send(self, method: str, path: str, attack: Attack, *, in_header: bool = False) -> httpx.Response:
        """Send what a page of the portal would, but for the attack."""
        headers = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
        form = dict(ANYTHING)
        token = self.token if attack.token == "own" else attack.token
        if token is not None and in_header:
            headers[HEADER] = token
        elif token is not None:
            form[FIELD] = token
        headers |= {name: value for name, value in attack.headers.items() if value is not None}
        for name, value in attack.headers.items():
            if value is None:
                headers.pop(name, None)
        client = self.browser
        if not attack.cookie:
            client = TestClient(self.host, base_url=ORIGIN, follow_redirects=False)
        return client.request(method, path, data=form, headers=headers)


def _filled(path: str) -> list[str]:
    """Put something that is there into the holes of a path."""
    path = path.replace("{tenant}", "contoso.onmicrosoft.com").replace("{number}", "1")
    path = path.replace("{rest:path}", "contoso.onmicrosoft.com/nothing").replace("{name}", "portal.js")
    many = {"{edit}": list(PROPOSALS), "{action}": ["save", "drop", "restore"]}
    for hole, values in many.items():
        if hole in path:
            return [path.replace(hole, value) for value in values]
    return [re.sub(r"\{[^}]+\}", "something", path)]
