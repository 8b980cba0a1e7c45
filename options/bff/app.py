"""`create`: settings in, the ASGI application out."""

import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
from fastapi import FastAPI, Request, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from options.bff import proxy, responses, routes, store
from options.bff.context import Context
from options.bff.entra import Entra
from options.bff.seal import Seal
from options.bff.sessions import Sessions
from options.bff.settings import Settings

log = logging.getLogger("bff")

API_TIMEOUT_SECONDS = 30
HEADERS = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


def create(settings: Settings, *, now: Callable[[], float] = time.time) -> FastAPI:
    """Build the application; `now` is in seconds since 1970."""
    server = settings.server
    kept = store.of(settings)
    sessions = Sessions(
        kept,
        Seal(settings.keys),
        seconds=server.session_seconds,
        idle_seconds=server.session_idle_seconds,
        now=now,
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if not settings.redis_url:
            log.warning("sessions are in this process's memory: run one task, or set REDIS_URL")
        # A cookie of the API's would be sent with the next person's call: none is kept.
        nothing = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        async with httpx.AsyncClient(timeout=API_TIMEOUT_SECONDS, cookies=nothing) as api:
            app.state.context = Context(settings, sessions, Entra(settings.entra), api)
            yield
        await kept.close()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/healthz")
    async def healthz() -> Response:
        """Tell that the process answers."""
        return Response("ok\n", media_type="text/plain")

    @app.get("/readyz")
    async def readyz() -> Response:
        """Tell whether sessions can be read."""
        if await kept.ready():
            return Response("ready\n", media_type="text/plain")
        return responses.problem(503, "The store of sessions does not answer.")

    @app.exception_handler(store.StoreError)
    async def down(_: Request, error: store.StoreError) -> Response:
        """Tell that sessions cannot be read; nobody is signed out by it."""
        log.error("the store of sessions does not answer: %s", error)
        return responses.problem(503, "The store of sessions does not answer.")

    app.include_router(routes.router)
    app.include_router(proxy.router)
    app.add_middleware(Outermost)
    return app


class Outermost:
    """Gives each answer its headers, and each request one line of the log."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, started = 500, time.perf_counter()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            level = logging.DEBUG if scope["path"] in {"/healthz", "/readyz"} else logging.INFO
            # The query is left out: a code stands there, or what callers put there against all advice.
            spent = round((time.perf_counter() - started) * 1000, 1)
            log.log(level, "%s %s %d %.1f ms", scope["method"], scope["path"], status, spent)
