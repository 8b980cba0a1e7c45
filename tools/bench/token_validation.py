"""Access tokens in, what validating them costs out: beside fastapi-azure-auth and the bare RSA verify, in
one run.
"""

import argparse
import asyncio
import base64
import gc
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from fastapi import FastAPI, Security
from fastapi.security import SecurityScopes
from fastapi_azure_auth import SingleTenantAzureAuthorizationCodeBearer
from starlette.requests import Request
from starlette.types import Message

from api.auth.claims import Rules
from api.auth.keys import KeyStore
from api.auth.readers import BearerReader
from api.auth.requirements import authenticate
from api.auth.tokens import TokenVerifier
from api.auth.verified import VerifiedTokens
from api.tests.conftest import settings
from api.tests.issuer import API, TENANT, KeyServer, kid_of, sign, user_claims

TOKENS = 500
Call = Callable[[str], Awaitable[object]]


@dataclass
class Subject:
    """One thing that is measured: each call takes one token."""

    name: str
    prepare: Callable[[], Call]
    #: Call it with tokens that it has seen before.
    known: bool = False
    nanoseconds: list[int] = field(default_factory=list)

    async def run(self, tokens: list[str]) -> None:
        """Measure one round."""
        call = self.prepare()
        if self.known:
            for token in tokens:
                await call(token)
        clock = time.perf_counter_ns
        for token in tokens:
            started = clock()
            await call(token)
            self.nanoseconds.append(clock() - started)

    def microseconds(self, quantile: float) -> float:
        """Return a quantile of all rounds."""
        ordered = sorted(self.nanoseconds)
        return ordered[min(int(quantile * len(ordered)), len(ordered) - 1)] / 1000

    @property
    def per_second(self) -> float:
        """Return how many calls fit into a second, all rounds together."""
        return len(self.nanoseconds) * 1e9 / sum(self.nanoseconds)


def bare(key: RSAPublicKey) -> Call:
    """Verify the signature and nothing else; the token is taken apart before."""
    taken_apart: dict[str, tuple[bytes, bytes]] = {}
    padding, digest = PKCS1v15(), SHA256()

    async def call(token: str) -> None:
        signature, message = taken_apart[token]
        key.verify(signature, message, padding, digest)

    async def first(token: str) -> None:
        if token not in taken_apart:
            message, _, signature = token.rpartition(".")
            taken_apart[token] = (base64.urlsafe_b64decode(signature + "=="), message.encode())
            return
        await call(token)

    return first


def verifier(keys: KeyStore) -> TokenVerifier:
    """Make this API's verifier, with an empty cache."""
    entra = settings(Path()).entra
    return TokenVerifier(Rules.of(entra), keys, VerifiedTokens(keys, 4096), time.time)


def peer(key: RSAPublicKey) -> SingleTenantAzureAuthorizationCodeBearer:
    """Make fastapi-azure-auth's dependency, its keys loaded as it would load them."""
    scheme = SingleTenantAzureAuthorizationCodeBearer(app_client_id=API, tenant_id=TENANT)
    config = scheme.openid_config
    config.authorization_endpoint = config.token_endpoint = "https://login.microsoftonline.com"
    config.issuer = f"https://login.microsoftonline.com/{TENANT}/v2.0"
    config.signing_keys = {kid_of("one"): key}
    config._config_timestamp = datetime.now()  # noqa: SLF001, DTZ005  # as its load_config does
    return scheme


def ours_alone(keys: KeyStore) -> Call:
    """Call this API's dependency."""
    app = FastAPI()
    app.state.reader = BearerReader(verifier(keys))

    async def call(token: str) -> object:
        return await authenticate(Request(_scope(token, app)))

    return call


def peer_alone(key: RSAPublicKey) -> Call:
    """Call the peer's dependency."""
    scheme, scopes, app = peer(key), SecurityScopes(), FastAPI()

    async def call(token: str) -> object:
        return await scheme(Request(_scope(token, app)), scopes)

    return call


def request(dependency: Callable[..., Any] | None, state: TokenVerifier | None = None) -> Call:
    """Call a FastAPI route that depends on it, without a socket."""
    app = FastAPI(openapi_url=None)
    app.state.reader = BearerReader(state) if state else None

    @app.get("/", dependencies=[Security(dependency)] if dependency else [])
    async def route() -> str:
        return "ok"

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def call(token: str) -> None:
        statuses: list[int] = []

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        await app(_scope(token, app), receive, send)
        if statuses != [200]:
            raise RuntimeError(f"answered {statuses}")

    return call


def _scope(token: str, app: FastAPI) -> dict[str, Any]:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "https",
        "path": "/",
        "raw_path": b"/",
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"api"), (b"authorization", b"Bearer " + token.encode())],
        "server": ("api", 443),
        "client": ("127.0.0.1", 1),
        "app": app,
        "state": {},
    }


def subjects(keys: KeyStore, key: RSAPublicKey) -> list[Subject]:
    """List what is measured: the dependency alone, then a whole request."""
    return [
        Subject("bare RSA-2048 verify", lambda: bare(key), known=True),
        Subject("api, new token", lambda: ours_alone(keys)),
        Subject("api, known token", lambda: ours_alone(keys), known=True),
        Subject("fastapi-azure-auth", lambda: peer_alone(key)),
        Subject("request without authentication", lambda: request(None)),
        Subject("request, api, new token", lambda: request(authenticate, verifier(keys))),
        Subject("request, api, known token", lambda: request(authenticate, verifier(keys)), known=True),
        Subject("request, fastapi-azure-auth", lambda: request(peer(key))),
    ]


async def measure(rounds: int) -> dict[str, Subject]:
    """Run all subjects in turn, round after round, so that a busy machine slows all alike."""
    server = KeyServer()
    keys = KeyStore(server.fetch, tenant_id=TENANT, monotonic=time.monotonic)
    await keys.refresh()
    key = await keys.find(kid_of("one"))
    tokens = [sign(user_claims(time.time(), uti=f"{number:022}")) for number in range(TOKENS)]
    measured = subjects(keys, key)
    gc.disable()
    for subject in measured:  # what is done once per process is not measured
        await subject.run(tokens[:20])
        subject.nanoseconds.clear()
    for _ in range(rounds):
        for subject in measured:
            gc.collect()
            await subject.run(tokens)
    gc.enable()
    return {subject.name: subject for subject in measured}


def table(measured: dict[str, Subject]) -> Iterator[str]:
    """Render one line per subject."""
    yield f"{'':32} {'per second':>10} {'p50 µs':>9} {'p99 µs':>9}"
    for subject in measured.values():
        p50, p99 = subject.microseconds(0.5), subject.microseconds(0.99)
        yield f"{subject.name:32} {subject.per_second:10.0f} {p50:9.1f} {p99:9.1f}"


def aims(measured: dict[str, Subject]) -> list[tuple[str, float, bool]]:
    """Compare with what was aimed at; medians, because the machine is shared."""
    p50 = {name: subject.microseconds(0.5) for name, subject in measured.items()}
    new, known, floor = p50["api, new token"], p50["api, known token"], p50["bare RSA-2048 verify"]
    times_floor, times_faster, known_floor = new / floor, p50["fastapi-azure-auth"] / new, known / floor
    return [
        ("a new token costs at most 5 × the bare verify", times_floor, times_floor <= 5),
        ("a new token is at least 2 × faster than the peer", times_faster, times_faster >= 2),
        ("a known token costs less than the bare verify", known_floor, known_floor < 1),
    ]


def main() -> int:
    """Measure, print, and fail if an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help=f"rounds of {TOKENS} tokens per subject")
    rounds = parser.parse_args().rounds
    measured = asyncio.run(measure(rounds))
    print("\n".join(table(measured)))
    print()
    results = aims(measured)
    for text, ratio, held in results:
        print(f"{'held  ' if held else 'MISSED'} {text}: {ratio:.2f}")
    return 0 if all(held for _, _, held in results) else 1


if __name__ == "__main__":
    raise SystemExit(main())
