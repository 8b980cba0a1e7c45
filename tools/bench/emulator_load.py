"""An emulator on one core in; what sign-ins and Graph calls, and a large directory, cost it, out."""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import html
import json
import os
import re
import secrets
import ssl
import statistics
import tempfile
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from entra_emulator import api, background, server
from entra_emulator.api import Run, ServerOptions, Tenants, seed
from entra_emulator.generated import generate
from tools.bench.directory_cost import directory_costs
from tools.bench.load import HEAD, UnexpectedError, line, run

SIGN_INS, CALLS, MINUTE = 200, 2000, 60.0
LARGE = (10_000, 100_000)
CLIENT, REDIRECT = "10ad0000-0000-4000-8000-000000000001", "http://localhost/callback"
FORM = {
    "grant_type": "client_credentials",
    "client_id": seed.DEPLOYER_APP_ID,
    "client_secret": seed.DEPLOYER_SECRET,
    "scope": "https://graph.microsoft.com/.default",
}
SCOPE = "openid profile offline_access User.Read"
PEOPLE = [f"{name}@contoso.com" for name in ("alice", "bob", "carol", "grace", "heidi")]
_HIDDEN = re.compile(
    r'<form method="post" action="([^"]+)">\s*<input type="hidden" name="flow" value="([^"]+)">'
)
_PERSON = re.compile(r'name="user" value="([^"]+)"[^>]*>[^<]*\s*<small>([^< ·]+)')
_CHALLENGE_BYTES = 32


class Target:
    """A running emulator, held to one core."""

    def __init__(self, state: Path, running: Run) -> None:
        self.pid, self.origin = running.pid, running.origin
        self.trust: ssl.SSLContext = background.trust_of(state)

    def cpu(self) -> float:
        """Return the CPU seconds used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak_mebibytes(self) -> float:
        """Return the most memory that the process ever held."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1024

    def browser(self) -> httpx.AsyncClient:
        """Return a browser without cookies; it follows no redirect by itself."""
        return httpx.AsyncClient(base_url=self.origin, verify=self.trust, timeout=60)

    async def graph(self) -> httpx.AsyncClient:
        """Return a client of Graph that is signed in as the deployer."""
        async with self.browser() as client:
            token = await self.token(client)
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        return httpx.AsyncClient(
            base_url=f"{self.origin}/v1.0", verify=self.trust, timeout=60, headers=headers
        )

    async def token(self, client: httpx.AsyncClient) -> dict[str, Any]:
        """Return a token response for the deployer, with which it may call Graph."""
        return await _ok(client.post(f"{self.origin}/{seed.CONTOSO}/oauth2/v2.0/token", data=FORM))


@contextmanager
def emulator(size: tuple[int, int] | None) -> Iterator[tuple[Target, float]]:
    """Run an emulator on the first core that we may use; also tells how long its start took."""

    def prepare(directory: Tenants) -> None:
        if size is not None:
            directory.replace(generate(*size))
        tenant = directory.default
        client = seed.add_application(
            tenant, "Load", app_id=CLIENT, publicClient={"redirectUris": [REDIRECT]}
        )
        seed.add_service_principal(tenant, client)

    cores = os.sched_getaffinity(0)
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        server.Host(ServerOptions(state, port=0), prepare).save()
        # A child inherits this, with all of its threads.
        os.sched_setaffinity(0, {min(cores)})
        start = time.perf_counter()
        try:
            running = api.start(ServerOptions(state, port=0))
        finally:
            os.sched_setaffinity(0, cores - {min(cores)} or cores)
        try:
            yield Target(state, running), time.perf_counter() - start
        finally:
            api.end(state)
            os.sched_setaffinity(0, cores)


async def sign_in(target: Target, number: int) -> None:
    """Sign in as a browser does: authorize, the page's form, consent where it is asked for, code for
    tokens.
    """
    who = PEOPLE[number % len(PEOPLE)]
    verifier, state = secrets.token_urlsafe(_CHALLENGE_BYTES), secrets.token_urlsafe(8)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    query = {
        "client_id": CLIENT,
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": SCOPE,
        "state": state,
    }
    query |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    async with target.browser() as browser:
        shown = await browser.get(f"/{seed.CONTOSO}/oauth2/v2.0/authorize", params=query)
        action, flow = _form(shown)
        people = {name: user for user, name in _PERSON.findall(shown.text)}
        # With many users the page lists some, and takes a name for the others.
        chosen = {"user": people[who]} if who in people else {"username": who}
        response = await browser.post(action, data={"flow": flow, **chosen})
        if response.status_code == 200:
            action, flow = _form(response)
            user = re.findall(r'name="user" value="([^"]+)"', response.text)[0]
            response = await browser.post(action, data={"flow": flow, "user": user, "decision": "accept"})
        back = parse_qs(urlsplit(response.headers.get("location", "")).query)
        if back.get("state") != [state] or "code" not in back:
            raise UnexpectedError(f"no code for {who}: {response.status_code}")
        form = {"grant_type": "authorization_code", "client_id": CLIENT, "code": back["code"][0]}
        form |= {"redirect_uri": REDIRECT, "code_verifier": verifier}
        tokens = await browser.post(f"/{seed.CONTOSO}/oauth2/v2.0/token", data=form)
        if {"access_token", "id_token", "refresh_token"} - set(tokens.raise_for_status().json()):
            raise UnexpectedError(f"tokens are missing for {who}")


def _form(response: httpx.Response) -> tuple[str, str]:
    found = _HIDDEN.search(response.text)
    if response.status_code != 200 or found is None:
        raise UnexpectedError(f"{response.request.url.path} shows no form: {response.status_code}")
    return html.unescape(found[1]), html.unescape(found[2])


async def call(graph: httpx.AsyncClient, number: int) -> None:
    """Send one of ten kinds of call in turn: seven reads, a batch of reads, a change, a creation with its
    deletion.
    """
    match number % 10:
        case 0 | 1:
            await _ok(graph.get("/applications?$top=20"))
        case 2 | 3:
            await _ok(graph.get(f"/applications(appId='{CLIENT}')"))
        case 4 | 5:
            await _ok(graph.get(f"/servicePrincipals?$filter=appId eq '{CLIENT}'"))
        case 6:
            await _ok(graph.get("/users?$filter=userPrincipalName eq 'alice@contoso.com'"))
        case 7:
            parts = [{"id": str(place), "method": "GET", "url": "/groups?$top=5"} for place in range(5)]
            body = await _ok(graph.post("/$batch", json={"requests": parts}))
            if {part["status"] for part in body["responses"]} != {200}:
                raise UnexpectedError("a part of a batch failed")
        case 8:
            await _ok(graph.patch(f"/applications(appId='{CLIENT}')", json={"notes": f"change {number}"}))
        case 9:
            made = await _ok(graph.post("/applications", json={"displayName": f"Load {number}"}))
            await _ok(graph.delete(f"/applications/{made['id']}"))


async def _ok(sent: Awaitable[httpx.Response]) -> dict[str, Any]:
    response = await sent
    if not response.is_success:
        raise UnexpectedError(
            f"{response.request.method} {response.request.url}: {response.status_code} {response.text[:200]}"
        )
    return response.json() if response.content else {}


async def drive(target: Target, over: float, share: float) -> list[str]:
    """Sign in and call at the same time; return a line of the table for each."""
    async with await target.graph() as graph:
        sign_ins, calls = max(1, int(SIGN_INS * share)), max(10, int(CALLS * share))
        cpu, start = target.cpu(), time.perf_counter()
        loads = await asyncio.gather(
            run("sign-ins", sign_ins, over, lambda number: sign_in(target, number)),
            run("Graph calls", calls, over, lambda number: call(graph, number)),
        )
        wall, used = time.perf_counter() - start, target.cpu() - cpu
    return [line(load, wall, used, target.peak_mebibytes(), "a minute" if over else "fast") for load in loads]


async def longest_wait(target: Target, seconds: float = 4.0) -> float:
    """Return the longest time in milliseconds that a small answer took while a change was saved."""
    worst = 0.0
    async with await target.graph() as graph:
        await _ok(graph.patch(f"/applications(appId='{CLIENT}')", json={"notes": "saved"}))
        end = time.perf_counter() + seconds
        while (start := time.perf_counter()) < end:
            await _ok(graph.get(f"{target.origin}/_emulator/health"))
            worst = max(worst, (time.perf_counter() - start) * 1000)
    return worst


def measure_one_connection(target: Target, count: int) -> list[str]:
    """Return how long requests take that follow one another on one connection, which stays open.

    The client is that of the standard library: httpx alone takes longer than the emulator.
    """
    authority = urlsplit(target.origin)
    connection = HTTPSConnection(authority.hostname or "", authority.port, context=target.trust)
    form = urlencode(FORM)
    application, token = list[float](), list[float]()
    sent_form = {"Content-Type": "application/x-www-form-urlencoded"}
    bearer = ""
    for _ in range(count):
        path = f"/{seed.CONTOSO}/oauth2/v2.0/token"
        answer = _time(connection, token, "POST", path, headers=sent_form, body=form)
        bearer = bearer or f"Bearer {answer['access_token']}"
        path = f"/v1.0/applications(appId='{CLIENT}')"
        _time(connection, application, "GET", path, headers={"Authorization": bearer})
    connection.close()
    return [
        f"{name} {statistics.median(spent):.1f} ms, {1000 * count / sum(spent):.0f} a second, least "
        f"{min(spent):.2f} ms"
        for name, spent in (("GET of an application", application), ("a token", token))
    ]


def _time(
    connection: HTTPSConnection,
    spent: list[float],
    method: str,
    path: str,
    *,
    headers: dict[str, str],
    body: str | None = None,
) -> Any:
    """Send one request, add its milliseconds to `spent` and return its answer."""
    start = time.perf_counter()
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    content = response.read()
    spent.append((time.perf_counter() - start) * 1000)
    if response.status != 200:
        raise SystemExit(
            f"bench: {path}: {response.status} {content[:200]!r}; the figures would mean nothing"
        )
    return json.loads(content)


def report(*, quick: bool) -> Iterator[str]:
    """Yield the lines of all figures; a quick run sends a tenth, fast, and counts a tenth of the large
    directory.
    """
    yield (
        "An emulator over HTTPS on one core; sign-ins and Graph calls side by side, a tenth of the calls "
        "batches of five.\n"
    )
    yield HEAD
    large = (LARGE[0] // 10, LARGE[1] // 10) if quick else LARGE
    for name, size in (("contoso", None), (f"{large[0]} applications", large)):
        with emulator(size) as (target, started):
            waited = asyncio.run(longest_wait(target))
            alone = measure_one_connection(target, 100 if quick else 1000)
            yield f"| {name} | one connection, kept open: {'; '.join(alone)} |||||||||"
            for over in (0.0,) if quick else (0.0, MINUTE):
                for text in asyncio.run(drive(target, over, 0.1 if quick else 1.0)):
                    yield f"| {name} {text}"
            begun = time.perf_counter()
        ended = time.perf_counter() - begun
        yield (
            f"| {name} | start {started:.1f} s, end {ended:.1f} s, longest wait in a save {waited:.0f} "
            "ms |||||||||"
        )
    yield ""
    yield from directory_costs(large)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of all")
    for text in report(quick=parser.parse_args().quick):
        print(text, flush=True)


if __name__ == "__main__":
    main()
