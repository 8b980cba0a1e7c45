"""A running world of an option in; its hosts and tasks, as somebody may reach them, out.

A place is what is attacked: a host behind the load balancer's stand-in, or a task past it. In each of them a
Reader and a Writer are at home, by the way that this place has of knowing who calls.
"""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from api import app as api_app
from api import settings as api_settings
from options.alb.stand_in.claims import Signer
from options.alb.tests.world import ARN, Alb
from options.bff.tests.world import USERS, Bff
from options.httpd.tests import backend
from options.httpd.tests.world import Httpd
from options.tests import region
from options.tests.tokens import Json, read
from options.tests.wire import Door, Headers, Response, cookie_domain, send
from tests.e2e.loopback import Loopback

READER, WRITER = USERS["reader"], USERS["writer"]
SCOPES = ("user.read", "user.write")
OUTSIDE = "192.0.2.7"


@dataclass(frozen=True)
class Place:
    """One host or task. `style` is `page` where a session says who calls, `api` where a token does."""

    key: str
    style: str
    door: Door
    base: Loopback
    database: Path
    identity: Callable[[str], Headers]
    prefix: str = ""
    origin: str = ""
    logs: tuple[Path, ...] = ()
    browser: Callable[[], Any] | None = None
    client: str = "devClient"

    @property
    def past(self) -> bool:
        """Tell whether it is a task, past the stand-in."""
        return self.key.endswith("!")

    def address(self, path: str) -> str:
        """Return a path of the API as it is called here; some are of the host's own."""
        own = ("/session", "/auth/", "/oauth2/", "/healthz", "/config", "/docs", "/openapi", "/api/")
        return path if not self.prefix or path.startswith(own) or path == "/" else self.prefix + path

    def token(self, user: str) -> str:
        """Return an access token of somebody's for the API, as a client here has it."""
        return token_of(self.base, user, self.client)

    def ask(
        self, method: str, path: str, headers: Headers, body: bytes = b"", door: Door | None = None
    ) -> Response:
        """Send one request here."""
        return send(door or self.door, method, path, headers, body)


def _userinfo(token: str) -> Json:
    claims = read(token)
    return {name: claims[name] for name in ("sub", "oid", "tid", "name", "preferred_username")}


def _settings(file: Path, **server: Any) -> api_settings.Settings:
    given = {"settings_file": file, "emulator": True, **server}
    return api_settings.Settings(api_settings.read(file), api_settings.ServerSettings(**given))


def run_task(
    ending: ExitStack, base: Loopback, folder: Path, name: str, peer: str = "", **server: Any
) -> tuple[int, Path]:
    """Run the API in this process with what a world's API is set to; return its port and its records."""
    database = folder / f"{name}.sqlite3"
    trust = ssl.create_default_context(cafile=str(base.tls.ca))
    settings = _settings(base.settings / "api.env", database=database, **server)
    app: Any = api_app.create(settings, transport=httpx.AsyncHTTPTransport(verify=trust))
    if peer:
        app = region.from_outside(app, peer)
    return ending.enter_context(backend.application(app)), database


_TOKENS: dict[tuple[Path, str, str], str] = {}


def token_of(base: Loopback, user: str, client: str) -> str:
    """Return a token, got once: it lives for an hour."""
    key = (base.folder, user, client)
    if key not in _TOKENS:
        _TOKENS[key] = base.token(user, client, *SCOPES)
    return _TOKENS[key]


def _bearer(base: Loopback) -> Callable[[str], Headers]:
    return lambda user: [("Authorization", f"Bearer {token_of(base, user, 'devClient')}")]


def _of_page(cookies: str, origin: str, csrf: str) -> Headers:
    return [
        ("Cookie", cookies),
        ("Origin", origin),
        ("X-CSRF-Token", csrf),
        ("Sec-Fetch-Site", "same-origin"),
    ]


def _cookies(browser: Any, origin: str) -> Headers:
    domain = cookie_domain(origin)
    kept = "; ".join(
        f"{each.name}={each.value}" for each in browser.client.cookies.jar if each.domain == domain
    )
    return _of_page(kept, origin, browser.csrf)


def _session(world: Any) -> Callable[[str], Headers]:
    def identity(user: str) -> Headers:
        browser = world.browser()
        browser.sign_in(user)
        return _cookies(browser, world.origin)

    return identity


def _vouched(alb: Alb, door: Door, signer: Signer) -> Callable[[str], Headers]:
    """Return what the load balancer would send of somebody, and what its page then proves a write with."""
    settings = _settings(alb.base.settings / "api.env").entra

    def identity(user: str) -> Headers:
        token = token_of(alb.base, user, "alb")
        said = signer.data(
            _userinfo(token), issuer=settings.issuer, client=settings.alb_client_id, now=time.time()
        )
        given: Headers = [
            ("x-amzn-oidc-data", said),
            ("x-amzn-oidc-accesstoken", token),
            ("x-amzn-oidc-identity", read(token)["sub"]),
        ]
        response = send(door, "GET", "/session", given)
        cookie = response.first("set-cookie").partition(";")[0]
        return [*given, *_of_page(cookie, alb.origin, json.loads(response.body)["csrf"] or "")]

    return identity


def of_b(ending: ExitStack, alb: Alb, folder: Path, keys_url: str, signer: Signer) -> list[Place]:
    """Return the page's host and that of programs, and for each the task: its own, whose signer is known."""
    base, origin = alb.base, alb.origin
    host = origin.removeprefix("https://")
    port = int(host.rpartition(":")[2])
    server = {"callers": "alb", "alb_arn": ARN, "alb_keys_url": keys_url}
    task, records = run_task(ending, base, folder, "b", **server)
    real = base.folder / "records.sqlite3"
    logs = (base.folder / "api-alb.log", base.folder / "balancer.log")
    programs, ca = f"127.0.0.1:{port}", base.tls.ca
    front, behind = Door(port, host, ca), Door(task, host)
    said, vouched = _session(alb), _vouched(alb, behind, signer)
    return [
        Place("B page", "page", front, base, real, said, "/api", origin, logs, alb.browser, "alb"),
        Place("B page!", "page", behind, base, records, vouched, "", origin, client="alb"),
        Place("B api", "api", Door(port, programs, ca), base, real, _bearer(base), origin=origin, logs=logs),
        Place("B api!", "api", Door(task, programs), base, records, _bearer(base), origin=origin),
    ]


def of_c(bff: Bff) -> list[Place]:
    """Return the page's host, and the server behind it."""
    base, origin = bff.base, bff.origin
    host = origin.removeprefix("https://")
    port = int(host.rpartition(":")[2])
    records = base.folder / "records.sqlite3"
    logs = tuple(base.folder / f"{name}.log" for name in ("bff", "api", "balancer"))
    session = _session(bff)
    return [
        Place(
            "C",
            "page",
            Door(port, host, base.tls.ca),
            base,
            records,
            session,
            "/api",
            origin,
            logs,
            bff.browser,
        ),
        Place("C!", "page", Door(bff.port, host), base, records, session, "/api", origin, logs, bff.browser),
    ]


def of_d(bff: Bff) -> list[Place]:
    """Return the API's host, which stands beside option C, and its task."""
    base, edge = bff.base, bff.edge
    host = edge.api_origin.removeprefix("https://")
    doors = {
        "D": Door(int(host.rpartition(":")[2]), host, base.tls.ca),
        "D!": Door(edge.api_port, host),
    }
    records = base.folder / "records.sqlite3"
    logs = (base.folder / "api.log", base.folder / "balancer.log")
    return [
        Place(key, "api", door, base, records, _bearer(base), origin=edge.origin, logs=logs)
        for key, door in doors.items()
    ]


def of_e(ending: ExitStack, httpd: Httpd, folder: Path) -> list[Place]:
    """Return both hosts, the httpd of each, and the API past its own."""
    base, origin = httpd.base, httpd.origin
    host, api_host = (each.removeprefix("https://") for each in (origin, base.api))
    port, api_port = (int(each.rpartition(":")[2]) for each in (host, api_host))
    records = base.folder / "records.sqlite3"
    logs = (base.folder / "proxied-api.log", base.folder / "balancer.log")
    session, ca = _session(httpd), base.tls.ca
    outside, own = run_task(ending, base, folder, "e", OUTSIDE, callers="proxy")
    pages = {"E page": Door(port, host, ca), "E page!": Door(httpd.web_port, host)}
    apis = {"E api": Door(api_port, api_host, ca), "E api!": Door(httpd.api_httpd_port, api_host)}
    return [
        *(
            Place(key, "page", door, base, records, session, "/api", origin, logs, httpd.browser)
            for key, door in pages.items()
        ),
        *(
            Place(key, "api", door, base, records, _bearer(base), origin=origin, logs=logs)
            for key, door in apis.items()
        ),
        Place("E API!", "api", Door(outside, api_host), base, own, _bearer(base), origin=origin),
    ]
