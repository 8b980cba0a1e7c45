"""An ASGI app in, the same app with correlation ids, an access log, safe headers and no bare 500 out."""

import logging
import re
import time
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from api.logs import correlation_id

log = logging.getLogger("api.requests")

CORRELATION_HEADER = "X-Correlation-ID"
# A caller's id goes into our log: only what cannot break a line or a query.
_CORRELATION_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

SECURITY_HEADERS = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


class RequestContext:
    """Gives each request a correlation id, one log line, and each answer its headers."""

    def __init__(self, app: ASGIApp, new_id: Callable[[], str]) -> None:
        """Wrap the app; `new_id` makes correlation ids."""
        self._app = app
        self._new_id = new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(CORRELATION_HEADER, "")
        request_id = given if _CORRELATION_ID.fullmatch(given) else self._new_id()
        token = correlation_id.set(request_id)
        started = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers[CORRELATION_HEADER] = request_id
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        finally:
            _log_request(scope, status, time.perf_counter() - started)
            correlation_id.reset(token)


class UnexpectedErrors:
    """Turns a bug into a problem answer that tells nothing, and a log line that tells all."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception:  # whatever a route raises that no handler knows
            if scope["type"] != "http" or started:
                raise
            log.exception("unexpected error")
            detail = "Something went wrong here. Quote the correlation id when you report it."
            await problems.response(500, "internal", detail)(scope, receive, send)


def _log_request(scope: Scope, status: int, seconds: float) -> None:
    user = scope.get("user")
    level = logging.DEBUG if scope["path"] in {"/healthz", "/readyz"} else logging.INFO
    log.log(
        level,
        "request",
        extra={
            # The query is left out: callers put tokens there, against all advice.
            "method": scope["method"],
            "path": scope["path"],
            "status": status,
            "milliseconds": round(seconds * 1000, 2),
            "client": user.client_id if user else None,
            "user": user.object_id if user else None,
        },
    )
