"""`create`: settings in, the ASGI application out."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute

from api.auth import discovery
from api.auth.alb import AlbReader, ByHost, Vouching
from api.auth.alb_keys import AlbKeys
from api.auth.claims import Rules
from api.auth.keys import KeyStore, Timing
from api.auth.proxy import ProxyReader
from api.auth.readers import BearerReader, Reader
from api.auth.tokens import TokenVerifier
from api.auth.verified import VerifiedTokens
from api.docs.routes import router as docs
from api.middleware import CORRELATION_HEADER, RequestContext, UnexpectedErrors
from api.openapi import describe
from api.problems import handle_errors
from api.records.store import RecordStore
from api.routes import account, health, records, session
from api.routes.root import router as root
from api.settings import Settings, SettingsError

if TYPE_CHECKING:
    from api.mcp_server.routes import McpServer

log = logging.getLogger("api")

MAX_BODY_BYTES = 64 * 1024
FETCH_TIMEOUT_SECONDS = 5
# What an MCP client in a browser sends besides (MCP, streamable HTTP); its page is one of `CORS_ORIGINS`.
MCP_HEADERS = ("Mcp-Protocol-Version", "Mcp-Method", "Mcp-Name")


def create(
    settings: Settings,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    now: Callable[[], float] = time.time,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    new_id: Callable[[], str] = lambda: str(uuid4()),
) -> FastAPI:
    """Build the application; keys come through `transport`, time and ids from the arguments."""
    entra, server = settings.entra, settings.server
    keys = _keys(settings, _fetcher(transport, entra.jwks_url), monotonic)
    mcp = _mcp(settings, lambda: app.state.store)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        store = RecordStore(server.database, now=lambda: datetime.fromtimestamp(now(), UTC), new_id=new_id)
        with closing(store) as app.state.store:
            async with AsyncExitStack() as running:
                await running.enter_async_context(_fresh(keys, sleep))
                if mcp is not None:
                    await running.enter_async_context(mcp.endpoint.running())
                if keys.ready:
                    await discovery.compare(_fetcher(transport, entra.openid_configuration_url), entra)
                log.info("started", extra={"environment": entra.environment, "issuer": entra.issuer})
                yield
        log.info("stopped")

    app = FastAPI(
        title="MyApp API",
        version="1.0.0",
        description="Records, guarded by the scopes and app roles of Microsoft Entra ID.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json" if server.docs else None,
        max_body_size=MAX_BODY_BYTES,
    )
    app.state.settings = settings
    app.state.keys = keys
    verifier = TokenVerifier(Rules.of(entra), keys, VerifiedTokens(keys, server.token_cache_size), now)
    app.state.reader = _reader(settings, verifier, transport, now, monotonic)
    app.state.routes = _add_routes(app, settings, mcp)
    handle_errors(app)
    describe(app, app.state.routes, entra)
    _wrap(app, entra.cors_origins, new_id, MCP_HEADERS if mcp is not None else ())
    return app


def _reader(
    settings: Settings,
    verifier: TokenVerifier,
    transport: httpx.AsyncBaseTransport | None,
    now: Callable[[], float],
    monotonic: Callable[[], float],
) -> Reader:
    """Return the one way of knowing who calls that this process has."""
    callers, entra = settings.server.callers, settings.entra
    if callers == "proxy":
        return ProxyReader(verifier, now)
    if callers == "bearer":
        return BearerReader(verifier)
    vouching = Vouching(str(settings.server.alb_arn), entra.alb_client_id, entra.issuer, entra.alb_page_url)
    keys = AlbKeys(lambda kid: _fetcher(transport, f"{settings.alb_keys}/{kid}")(), monotonic=monotonic)
    page = AlbReader(vouching, keys, verifier, now)
    return ByHost(urlsplit(entra.alb_page_url).netloc, page, BearerReader(verifier))


def _keys(
    settings: Settings, fetch: Callable[[], Awaitable[bytes]], monotonic: Callable[[], float]
) -> KeyStore:
    server = settings.server
    timing = Timing(server.keys_refresh_seconds, server.keys_refetch_seconds, server.keys_max_age_seconds)
    return KeyStore(fetch, tenant_id=settings.entra.tenant_id, monotonic=monotonic, timing=timing)


def _mcp(settings: Settings, store: Callable[[], RecordStore]) -> "McpServer | None":
    """Return the MCP server that the operator asks for; the SDK behind it is imported for nobody else."""
    if settings.server.mcp is None:
        return None
    try:
        from api.mcp_server.routes import serve
    except ModuleNotFoundError as error:
        message = f"SERVER_MCP needs the extra `api-mcp` ({error.name} is not installed)"
        raise SettingsError(message) from error
    return serve(settings.server.mcp, settings.entra, store)


def _add_routes(app: FastAPI, settings: Settings, mcp: "McpServer | None") -> list[BaseRoute]:
    routers = [health.router, account.router, account.admin, records.router]
    routers.append(root(documented=settings.server.docs))
    if settings.server.docs:
        routers.append(docs(settings.entra))
    if isinstance(app.state.reader, ByHost):
        routers += [session.router, session.userinfo]
    for router in routers:
        app.include_router(router)
    routes = [route for router in routers for route in router.routes]
    if mcp is not None:
        app.state.mcp = mcp.metadata
        app.router.routes.extend(mcp.routes)
        routes += mcp.routes
    return routes


@asynccontextmanager
async def _fresh(keys: KeyStore, sleep: Callable[[float], Awaitable[None]]) -> AsyncIterator[None]:
    """Fetch the keys, and keep them fresh meanwhile."""
    # Without Entra the API starts all the same, not ready, and tries again.
    await keys.refresh()
    refreshing = asyncio.create_task(keys.keep_fresh(sleep))
    try:
        yield
    finally:
        refreshing.cancel()
        with suppress(asyncio.CancelledError):
            await refreshing


def _wrap(app: FastAPI, origins: tuple[str, ...], new_id: Callable[[], str], more: tuple[str, ...]) -> None:
    # The last one added is the outermost: a bug's answer has CORS headers too,
    # or the browser would hide it from the SPA.
    app.add_middleware(UnexpectedErrors)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=["GET", "POST", "PUT", "DELETE"],
        allow_headers=["Authorization", "Content-Type", CORRELATION_HEADER, *more],
        expose_headers=["WWW-Authenticate", "Retry-After", "Location", CORRELATION_HEADER],
        max_age=600,
    )
    app.add_middleware(RequestContext, new_id=new_id)


def _fetcher(transport: httpx.AsyncBaseTransport | None, url: str) -> Callable[[], Awaitable[bytes]]:
    async def fetch() -> bytes:
        # A connection of its own: the next fetch is an hour away. httpx limits each
        # wait, not their sum, and requests may be waiting for this one.
        async with asyncio.timeout(FETCH_TIMEOUT_SECONDS), httpx.AsyncClient(transport=transport) as client:
            response = await client.get(url)
            response.raise_for_status()
            return response.content

    return fetch
