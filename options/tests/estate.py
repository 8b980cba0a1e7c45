"""Three running worlds in, every host and task of options B, C, D and E as somebody may reach it, out.

A place is what is attacked: a host behind the load balancer's stand-in, or a task past it. In each of them a
Reader and a Writer are at home, by the way that this place has of knowing who calls.
"""

from __future__ import annotations

import json
import logging
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
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
from options.tests import oracle, region
from options.tests.tokens import Json, Tenant, read
from options.tests.wire import Answer, Door, Headers, send
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
        return _token(self.base, user, self.client)

    def ask(
        self, method: str, path: str, headers: Headers, body: bytes = b"", door: Door | None = None
    ) -> Answer:
        """Send one request here."""
        return send(door or self.door, method, path, headers, body)


class Lines(logging.Handler):
    """What the tasks in this process log."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__(logging.INFO)
        self.kept: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        self.kept.append(
            json.dumps({"message": record.getMessage(), "reason": getattr(record, "reason", None)})
        )


@dataclass
class Estate:
    """All places, the tenants' keys by the folder of a world, and a port that nobody may be made to ask."""

    places: dict[str, Place]
    tenants: dict[Path, Tenant]
    signer: Signer
    other: Signer
    trap: region.Trap
    lines: Lines
    region: str
    worlds: tuple[Alb, Bff, Httpd]
    folder: Path
    kept: dict[tuple[str, str], Headers] = field(default_factory=dict)

    def forget(self, host: str) -> None:
        """Forget the sessions of a host and of its task: another server than before knows none of them."""
        for key in [each for each in self.kept if each[0].rstrip("!") == host]:
            del self.kept[key]

    def at_home(self, place: Place, user: str) -> Headers:
        """Return what proves to a place who calls; a session is begun once for each person."""
        if place.key == "B page!":
            return place.identity(user)  # A load balancer's word ends after two minutes.
        found = self.kept.get((place.key, user))
        if found is None:
            found = self.kept[place.key, user] = place.identity(user)
        return list(found)


def _userinfo(token: str) -> Json:
    claims = read(token)
    return {name: claims[name] for name in ("sub", "oid", "tid", "name", "preferred_username")}


def _settings(file: Path, **server: Any) -> api_settings.Settings:
    given = {"settings_file": file, "emulator": True, **server}
    return api_settings.Settings(api_settings.read(file), api_settings.ServerSettings(**given))


@contextmanager
def of(alb: Alb, bff: Bff, httpd: Httpd, folder: Path) -> Iterator[Estate]:
    """Open all places until the block ends."""
    with ExitStack() as ending:
        signer, other = Signer(ARN), Signer(ARN.replace("/myapp/", "/theirs/"))
        lines = Lines()
        logging.getLogger("api").addHandler(lines)
        ending.callback(logging.getLogger("api").removeHandler, lines)
        trap = ending.enter_context(region.trap())
        keys = ending.enter_context(region.keys(alb.base.tls, (signer, other)))
        places: list[Place] = []
        places += _of_b(ending, alb, folder, keys, signer)
        places += _of_c(bff)
        places += _of_d(bff)
        places += _of_e(ending, httpd, folder)
        tenants = {
            world.base.folder: Tenant.of(world.base.folder / "emulator") for world in (alb, bff, httpd)
        }
        known = {each.key: each for each in places}
        estate = Estate(
            known, tenants, signer, other, trap, lines, f"https://localhost:{keys}", (alb, bff, httpd), folder
        )
        for place in places:
            _inhabit(estate, place)
        yield estate


def _inhabit(estate: Estate, place: Place) -> None:
    """Write a record that nobody but who is signed in may read: what is attacked serves who may be served."""
    if place.key == "E API!":
        return
    headers = [*estate.at_home(place, WRITER), ("Content-Type", "application/json")]
    body = json.dumps({"title": oracle.SECRET, "text": ""}).encode()
    answer = place.ask("POST", place.address("/records"), headers, body)
    assert answer.status == 201, f"{place.key}: {answer}"


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


def _token(base: Loopback, user: str, client: str) -> str:
    """Return a token, got once: it lives for an hour."""
    key = (base.folder, user, client)
    if key not in _TOKENS:
        _TOKENS[key] = base.token(user, client, *SCOPES)
    return _TOKENS[key]


def _bearer(base: Loopback) -> Callable[[str], Headers]:
    return lambda user: [("Authorization", f"Bearer {_token(base, user, 'devClient')}")]


def _cookies(browser: Any, origin: str) -> Headers:
    kept = "; ".join(
        f"{each.name}={each.value}"
        for each in browser.client.cookies.jar
        if each.domain.startswith("localhost")
    )
    return [
        ("Cookie", kept),
        ("Origin", origin),
        ("X-CSRF-Token", browser.csrf),
        ("Sec-Fetch-Site", "same-origin"),
    ]


def _session(world: Any) -> Callable[[str], Headers]:
    def identity(user: str) -> Headers:
        browser = world.browser()
        browser.sign_in(user)
        return _cookies(browser, world.origin)

    return identity


def _of_b(ending: ExitStack, alb: Alb, folder: Path, keys: int, signer: Signer) -> list[Place]:
    base, origin = alb.base, alb.origin
    host = origin.removeprefix("https://")
    port = int(host.rpartition(":")[2])
    region_url = f"https://localhost:{keys}"
    server = {"callers": "alb", "alb_arn": ARN, "alb_keys_url": region_url}
    task, records = run_task(ending, base, folder, "b", **server)
    real = base.folder / "records.sqlite3"
    logs = (base.folder / "api-alb.log", base.folder / "balancer.log")
    settings = _settings(base.settings / "api.env").entra

    def vouched(user: str) -> Headers:
        token = _token(base, user, "alb")
        said = signer.data(
            _userinfo(token), issuer=settings.issuer, client=settings.alb_client_id, now=time.time()
        )
        given: Headers = [
            ("x-amzn-oidc-data", said),
            ("x-amzn-oidc-accesstoken", token),
            ("x-amzn-oidc-identity", read(token)["sub"]),
        ]
        door = Door(task, host)
        answer = send(door, "GET", "/session", given)
        cookie = answer.first("set-cookie").partition(";")[0]
        return [
            *given,
            ("Cookie", cookie),
            ("Origin", origin),
            ("X-CSRF-Token", json.loads(answer.body)["csrf"] or ""),
            ("Sec-Fetch-Site", "same-origin"),
        ]

    programs = f"127.0.0.1:{port}"
    ca = base.tls.ca
    return [
        Place(
            "B page",
            "page",
            Door(port, host, ca),
            base,
            real,
            _session(alb),
            "/api",
            origin,
            logs,
            alb.browser,
            "alb",
        ),
        Place("B page!", "page", Door(task, host), base, records, vouched, "", origin, client="alb"),
        Place("B api", "api", Door(port, programs, ca), base, real, _bearer(base), origin=origin, logs=logs),
        Place("B api!", "api", Door(task, programs), base, records, _bearer(base), origin=origin),
    ]


def _of_c(bff: Bff) -> list[Place]:
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


def _of_d(bff: Bff) -> list[Place]:
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


def _of_e(ending: ExitStack, httpd: Httpd, folder: Path) -> list[Place]:
    base, origin = httpd.base, httpd.origin
    host, api_host = (each.removeprefix("https://") for each in (origin, base.api))
    port, api_port = (int(each.rpartition(":")[2]) for each in (host, api_host))
    records = base.folder / "records.sqlite3"
    logs = (base.folder / "proxied-api.log",)
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
