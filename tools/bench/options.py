"""`python -m tools.bench options`: one call of the API by each option, beside option D, as Markdown rows.

All parts are the worlds of the options' own tests, real but for the load balancer and STS, and answer `GET
/me` of the same API: with a token, or with the cookie of somebody who is signed in. The load balancer's
stand-in is Python, so option B is set beside D through that same stand-in. Connections are kept open, as a
load balancer keeps them; rounds take turns, since a busy machine slows all of them.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from options.alb.tests import world as alb_world
from options.bff.tests import world as bff_world
from options.httpd.tests import world as httpd_world
from tests.e2e import loopback

CLIENTS = (1, 32)
CALLS = {1: 300, 32: 1600}
ROUNDS, WARM = 7, 20
USER, SCOPES = alb_world.USERS["writer"], ("user.read", "user.write")
INTRODUCTION = "A call of the API by each option, rounds in turn; medians of rounds.\n"
HEAD = (
    "| way of a call | HTTP requests a call | 1 client: ms, p50 | p99 | beside | 32 clients: ms, p50 | p99 | "
    "beside | calls measured |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|"
)
D, THROUGH = "D: the API, by a token", "D through the stand-in for a load balancer"


class UnexpectedError(Exception):
    """An answer is not what it should be."""


@dataclass
class Way:
    """One way to reach the handler; `requests` are HTTP requests that one call makes, its own among them."""

    name: str
    requests: int
    url: str
    headers: dict[str, str]
    trust: ssl.SSLContext | None = None
    beside: str = D
    taken: dict[int, list[list[float]]] = field(default_factory=lambda: {each: [] for each in CLIENTS})

    @property
    def message(self) -> bytes:
        """Return the request."""
        parts = urlsplit(self.url)
        headers = {"Host": parts.netloc, "Accept": "application/json", **self.headers}
        lines = [f"GET {parts.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def at(self, clients: int, share: float) -> float:
        """Return a percentile of each round in milliseconds, the median of all rounds."""
        rounds = [sorted(each) for each in self.taken[clients]]
        return statistics.median(each[min(len(each) - 1, int(share * len(each)))] for each in rounds)


class Connection:
    """A connection that is kept open until the other side closes it."""

    def __init__(self, way: Way) -> None:
        self._way, self._message = way, way.message
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._used = False

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect, where it is not."""
        if self._streams is None:
            parts = urlsplit(self._way.url)
            self._streams = await asyncio.open_connection(
                parts.hostname, parts.port, ssl=self._way.trust if parts.scheme == "https" else None
            )
        return self._streams

    async def call(self) -> float:
        """Return how many milliseconds one call took, on an open connection."""
        try:
            return await self._call()
        except asyncio.IncompleteReadError as error:
            # The other side let go of a connection that had been used: clients send the request again.
            if error.partial or not self._used:
                raise UnexpectedError(f"{self._way.name}: no whole answer") from error
            await self.close()
            return await self._call()

    async def _call(self) -> float:
        reader, writer = await self.open()
        start = time.perf_counter()
        writer.write(self._message)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        body = await _body(head, reader)
        taken = (time.perf_counter() - start) * 1000
        if b" 200 " not in head.partition(b"\r\n")[0] or USER.encode() not in body:
            raise UnexpectedError(f"{self._way.name}: {head[:60]!r} {body[:200]!r}")
        self._used = True
        if b"\r\nconnection: close" in head:
            await self.close()
        return taken

    async def close(self) -> None:
        """Let it go."""
        streams, self._streams, self._used = self._streams, None, False
        if streams is not None:
            streams[1].close()
            with suppress(OSError):
                await streams[1].wait_closed()


async def _body(head: bytes, reader: asyncio.StreamReader) -> bytes:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name == b"content-length":
            return await reader.readexactly(int(value))
    parts = []
    while size := int(await reader.readline(), 16):
        parts.append(await reader.readexactly(size))
        await reader.readline()
    await reader.readline()
    return b"".join(parts)


async def measure(way: Way, clients: int, calls: int) -> list[float]:
    """Return the milliseconds of each call that so many clients made side by side."""
    connections = [Connection(way) for _ in range(clients)]
    taken: list[float] = []

    async def work(connection: Connection) -> None:
        taken.extend([await connection.call() for _ in range(calls // clients)])

    try:
        for each in connections:
            await each.open()
        await asyncio.gather(*map(work, connections))
    finally:
        for each in connections:
            await each.close()
    return taken


@contextmanager
def ways(folder: Path) -> Iterator[list[Way]]:
    """Run every option until the block ends, and tell how each is called."""
    with ExitStack() as ending:
        direct = ending.enter_context(loopback.running(folder / "d", page=False))
        direct.deployment.assign(USER, "Writer")
        found = [_by_token(D, 1, direct, direct.api)]
        found += ending.enter_context(_load_balancer(folder / "b"))
        server = ending.enter_context(bff_world.running(folder / "c"))
        browser = server.browser()
        browser.sign_in(USER)
        found.append(
            _by_cookie(
                "C: the page's call, by the BFF",
                2,
                f"http://127.0.0.1:{server.port}",
                server.origin,
                browser.client.cookies,
            )
        )
        found += ending.enter_context(_httpd(folder / "e"))
        yield found


@contextmanager
def _load_balancer(folder: Path) -> Iterator[list[Way]]:
    with alb_world.running(folder) as world:
        browser = world.browser()
        browser.sign_in(USER)
        (port, keys) = loopback.free_ports(2)
        forward = {"Type": "forward", "Order": 1, "TargetGroupArn": _group(world)}
        everything = {"RuleArn": "rule/all", "Priority": "default", "IsDefault": True, "Actions": [forward]}
        place = world.base.folder / "forwarding.json"
        place.write_text(json.dumps({**world.rules, "Rules": [everything]}, default=str), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "options.alb.stand_in",
            "--deployed",
            str(place),
            "--port",
            str(port),
        ]
        command += ["--keys-port", str(keys), "--certificate", str(world.base.tls.certificate)]
        log = world.base.folder / "forwarding.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                [*command, "--key", str(world.base.tls.key)], cwd=alb_world.ROOT, stdout=output, stderr=output
            )
        try:
            plain = f"https://127.0.0.1:{port}"
            bff_world.wait_for(f"{plain}/healthz", process, log, world.base.tls.ca)
            page = _by_cookie("B: the page's call", 2, world.origin, world.origin, browser.client.cookies)
            page.trust, page.beside = _trust(world.base), THROUGH
            yield [_by_token(THROUGH, 2, world.base, plain), page]
        finally:
            process.terminate()
            process.wait(30)


def _group(world: alb_world.Alb) -> str:
    """Return the target group that has the API."""
    groups = world.rules["TargetHealthDescriptions"].items()
    return str(next(arn for arn, targets in groups if targets[0]["Target"]["Port"] == world.api_port))


@contextmanager
def _httpd(folder: Path) -> Iterator[list[Way]]:
    with httpd_world.running(folder) as world:
        browser = world.browser()
        browser.sign_in(USER)
        # The stand-in is Python, and would be what is measured: here is none between the two httpd.
        text = (world.base.settings / "httpd-web.conf").read_text(encoding="utf-8")
        behind = f"http://127.0.0.1:{world.api_httpd_port}"
        (port,) = loopback.free_ports(1)
        environment = {"SESSION_KEYS": world.keys[0], "BACKEND": f"http://127.0.0.1:{world.page_port}"}
        moved = text.replace(world.base.api, behind)
        if moved == text:
            raise UnexpectedError("httpd-web.conf does not name the API's address")
        world.start("web", {**environment, **world.credential}, port, moved)
        yield [
            _by_token("E: other programs, by httpd", 2, world.base, behind),
            _by_cookie(
                "E: the page's call, by two httpd",
                3,
                f"http://127.0.0.1:{port}",
                world.origin,
                browser.client.cookies,
            ),
        ]


def _by_token(name: str, requests: int, base: loopback.Loopback, origin: str) -> Way:
    token = base.token(USER, "devClient", *SCOPES)
    return Way(name, requests, f"{origin}/me", {"Authorization": f"Bearer {token}"}, _trust(base))


def _by_cookie(name: str, requests: int, to: str, page: str, kept: httpx.Cookies) -> Way:
    cookies = {each.name: each.value or "" for each in kept.jar if _of_a_session(each.name)}
    headers = {
        "Host": urlsplit(page).netloc,
        "X-Forwarded-Proto": "https",
        "Sec-Fetch-Site": "same-origin",
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
    }
    return Way(name, requests, f"{to}/api/me", headers)


def _of_a_session(name: str) -> bool:
    return name.startswith(("__Host-session", "AWSELBAuthSessionCookie"))


def _trust(base: loopback.Loopback) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(base.tls.ca))


def report(*, quick: bool) -> Iterator[str]:
    """Yield a row for each way, after all rounds."""
    with tempfile.TemporaryDirectory() as folder, ways(Path(folder)) as found:
        for way in found:
            asyncio.run(measure(way, 1, WARM))
        for _ in range(1 if quick else ROUNDS):
            for clients in CLIENTS:
                for way in found:
                    calls = CALLS[clients] // (5 if quick else 1)
                    way.taken[clients].append(asyncio.run(measure(way, clients, calls)))
        yield from rows(found)


def rows(found: list[Way]) -> Iterator[str]:
    """Yield the rows of the table."""
    by_name = {way.name: way for way in found}
    for way in found:
        cells = [way.name, str(way.requests)]
        for clients in CLIENTS:
            middle, most = way.at(clients, 0.5), way.at(clients, 0.99)
            ratio = middle / by_name[way.beside].at(clients, 0.5)
            of = "D" if way.beside == D else "the row above"
            said = "" if way.name == D else f"{ratio:.1f} × {of}"
            cells += [f"{middle:.1f}", f"{most:.1f}", said]
        cells.append(str(sum(len(each) for rounds in way.taken.values() for each in rounds)))
        yield "| " + " | ".join(cells) + " |"
