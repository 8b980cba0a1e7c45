"""A cloud's name, perhaps a credential and a transport in; a Graph that is signed in out."""

from __future__ import annotations

import asyncio
import random
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entra_config.errors import SignInError, UsageError
from entra_config.graph import clouds, credentials, endpoint, unreachable
from entra_config.graph.client import CALLS_IN_FLIGHT, Graph
from entra_config.graph.clouds import Cloud
from entra_config.graph.endpoint import Endpoint
from entra_config.graph.http import HttpDoor
from entra_config.graph.pacing import QUOTAS, Quota
from entra_config.graph.token import TokenSource

if TYPE_CHECKING:
    import httpx

TIMEOUT = 100.0  # seconds; Graph itself gives up earlier


async def connect(
    cloud: str | Cloud = "global",
    *,
    credential: str | TokenSource | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    tenant_id: str | None = None,
    client_id: str | None = None,
    emulator: Endpoint | None = None,
    quotas: Sequence[Quota] = QUOTAS,
    in_flight: int = CALLS_IN_FLIGHT,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    jitter: Callable[[], float] = random.random,
    now: Callable[[], float] = time.time,
) -> Graph:
    """Sign in and return Graph.

    `credential` is one of `credentials.NAMES`, a source of tokens, or None for what the environment offers.
    `transport` takes the network's place: a real run, a run against the emulator and an in-process test
    differ in this argument alone. `emulator` is the one to reach if `cloud` is "emulator"; in-process tests
    need none.
    """
    if (cloud if isinstance(cloud, str) else cloud.name) != clouds.EMULATOR:
        emulator = None
    elif transport is None or credential is None:
        emulator = endpoint.require(emulator)
    where = emulator.cloud if emulator else cloud if isinstance(cloud, Cloud) else _in_process(cloud)
    if isinstance(credential, str) or credential is None:
        source = credentials.source(
            where, credential, tenant_id=tenant_id, emulator=emulator, client_id=client_id, now=now
        )
    else:
        source = credential
    client = _client(where, transport, emulator.ca if emulator else None)
    try:
        token = await source.token()
    except BaseException:
        await client.aclose()
        raise
    door = HttpDoor(client, where.base_url, source, token, now)
    return Graph(door, quotas=quotas, in_flight=in_flight, clock=clock, sleep=sleep, jitter=jitter, now=now)


def _in_process(name: str) -> Cloud:
    # No socket is opened: the emulator in this process answers to Graph's own name.
    return clouds.GLOBAL if name == clouds.EMULATOR else clouds.named(name)


def _client(cloud: Cloud, transport: httpx.AsyncBaseTransport | None, ca: Path | None) -> httpx.AsyncClient:
    """Build the client. It follows no redirect, which would take the token along, and repeats nothing:
    `Graph` does.
    """
    import httpx

    limits = httpx.Limits(max_connections=CALLS_IN_FLIGHT * 2, keepalive_expiry=60)
    options: dict[str, Any] = {"timeout": TIMEOUT, "limits": limits, "follow_redirects": False}
    if transport is not None:
        return httpx.AsyncClient(transport=transport, **options)
    if cloud.name == clouds.EMULATOR:
        # Loopback needs no proxy, and only the emulator's own CA can vouch for it.
        return httpx.AsyncClient(verify=trust(ca), trust_env=False, **options)
    unreachable.check_proxies()
    try:
        return httpx.AsyncClient(http2=True, **options)
    except ImportError as error:
        raise UsageError(
            'a SOCKS proxy needs two more packages: pip install "httpx[socks]" "requests[socks]"'
        ) from error


def trust(ca: Path | None) -> ssl.SSLContext:
    """Return a TLS context that trusts one CA and nothing else, or the system's."""
    try:
        return ssl.create_default_context(cafile=str(ca) if ca else None)
    except (OSError, ssl.SSLError) as error:
        raise SignInError(
            f"{ca}: the emulator's CA certificate cannot be read ({error}); restart the emulator"
        ) from error
